"""/staff/translation/pages: the pages as residents meet them, in the translator's language and in Swedish."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.translation import resident_pages
from survey.translation.approving import read_desk
from survey.web.i18n.language_files import SOURCE
from survey.web.signin.views import requires


def add_to(blueprint: Blueprint) -> None:
    """Add these pages to the blueprint of translations."""
    blueprint.add_url_rule("/pages/", "list_pages", list_pages, methods=["GET"])
    blueprint.add_url_rule("/pages/<page>/<shown>", "show_page", show_page, methods=["GET"])
    blueprint.add_url_rule("/pages/<page>/<shown>", "turn_page", turn_page, methods=["POST"])


@requires("translate")
def list_pages() -> str:
    """List the pages that residents meet."""
    return render_template("translation/pages.html", pages=resident_pages.PAGES, spoken=read_desk().language)


@requires("translate")
def show_page(page: str, shown: str) -> str:
    """Show a page as a resident meets it, in the language or in Swedish."""
    here = read_desk()
    if page not in resident_pages.PAGES or shown not in (SOURCE, here.language.tag):
        abort(404)
    return resident_pages.draw(page, resident_pages.newest(here.language, here.texts), shown)


@requires("translate")
def turn_page(page: str, shown: str) -> ResponseReturnValue:
    """Lead on from a form on such a page: to the same page in the other language, or to the thanks; nothing is read."""
    chosen = request.form.get("lang")
    if chosen is None:
        return redirect(
            url_for("translation.show_page", page="thanks" if "form_id" in request.form else page, shown=shown)
        )
    return redirect(url_for("translation.show_page", page=page, shown=chosen))
