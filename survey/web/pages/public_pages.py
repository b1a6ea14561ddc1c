"""Pages that all may read: how answers are protected, how accessible this is, how to help somebody to answer.

Also what every template may name: the look, the sender, the trial banner, the languages and the way to each.
"""

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_decimal, gettext
from markupsafe import escape

from survey.domain.disclosure.thresholds import MIN_ANSWERS, MIN_RESIDENT_GROUP
from survey.domain.rounds import round_names
from survey.domain.text.number_words import NUMBER_WORDS
from survey.web.i18n.language import current_language, offered, offered_languages
from survey.web.i18n.region_texts import texts
from survey.web.pages.kept_pages import cached_page, compressed_response
from survey.web.pages.lookalike_warnings import lookalike_warnings
from survey.web.pages.page_cache import inline_assets, is_kiosk, reading_aids
from survey.web.pages.sign_films import has_films
from survey.web.pages.stacked_tables import stack_table
from survey.web.request import services
from survey.web.request.sessions import is_staff

blueprint = Blueprint("pages", __name__)
# When the accessibility statement was last assessed and written: both change with what the pages can.
ASSESSED = date(2026, 11, 29)
blueprint.add_app_template_filter(stack_table)
blueprint.add_app_template_filter(lookalike_warnings)


@blueprint.app_context_processor
def _named_in_templates() -> dict[str, Any]:
    settings, words = services.settings(), texts()
    return {
        "look": inline_assets(),
        "style": inline_assets().kiosk_css if request and is_kiosk(request.path) else inline_assets().css,
        "language": current_language(),
        "languages": offered_languages(),
        "elsewhere": elsewhere,
        "padding": padding,
        "demo": settings.demo,
        "region": words.region,
        "unit_word": words.unit_word,
        "contact": words.contact,
        "words": words,
    }


def elsewhere(tag: str) -> str:
    """Return the address of this same page in another language; the staff's have theirs in no address."""
    named = request.view_args or {}
    if request.endpoint and named.get("language") and not is_staff(request.path):
        return url_for(request.endpoint, **{**named, "language": tag})
    return f"?language={tag}"


@blueprint.app_template_filter()
def day(value: date) -> str:
    """Return a day in the reader's language, written out."""
    return str(format_date(value, current_language().day_pattern))


@blueprint.app_template_filter()
def number(value: int) -> str:
    """Return a number in the reader's language."""
    return str(format_decimal(value))


@blueprint.app_template_filter()
def number_in_words(value: int) -> str:
    """Return a number as a sentence says it: a word where we have one, else figures."""
    return str(gettext(NUMBER_WORDS[value])) if value in NUMBER_WORDS else number(value)


def swedish(words: str) -> str:
    """Return words marked as Swedish whatever the page is in, for a text that a template will draw."""
    return str(current_app.jinja_env.filters["swedish"](words))


@blueprint.app_template_filter()
def round_in_sentence(name: str) -> str:
    """Return a round's name inside a sentence: a half-year in the reader's language, any other name in Swedish."""
    localised = round_names.localised_round_name(name, gettext)
    return localised if localised != round_names.localised_round_name(name, str) else swedish(localised)


def unit_name(name: str) -> str:
    """Return the name of the unit whose page it is, in an element of its own, for a text that a template will draw."""
    return str(current_app.jinja_env.filters["unit_name"](name))


def padding(value: str, room: int) -> str:
    """Return the white space that makes a mark as wide as any other, whatever its value."""
    return " " * (room - len(str(escape(value)).encode()))


@blueprint.get("/privacy")
@blueprint.get("/privacy/<language>")
def privacy(language: str | None = None) -> ResponseReturnValue:
    """Show how the answers are protected, what the promise does not cover, and what the reader's rights are."""
    return _page("pages.privacy", "web/privacy.html", language, **promised())


def promised() -> dict[str, Any]:
    """Return the numbers that hold for every round: one of its own may only be higher."""
    others = {role: least - 1 for role, least in MIN_ANSWERS.items()}
    return {"others": others, "smallest_group": MIN_RESIDENT_GROUP}


@blueprint.get("/accessibility")
@blueprint.get("/accessibility/<language>")
def accessibility(language: str | None = None) -> ResponseReturnValue:
    """Show how accessible the survey is, and where to turn when it is not."""
    return _page(
        "pages.accessibility", "web/accessibility.html", language, assessed=ASSESSED, films=has_films(current_app)
    )


@blueprint.get("/helping")
@blueprint.get("/helping/<language>")
def helping(language: str | None = None) -> ResponseReturnValue:
    """Show how to help somebody to answer without seeing or steering the answers."""
    return _page("pages.helping", "web/helping.html", language)


@blueprint.get("/reading-aids.js")
def aids() -> Response:
    """Give the script that reads aloud and draws pictures to who presses for it; like a page, it is stored nowhere."""
    reply = compressed_response(reading_aids())
    reply.content_type = "text/javascript; charset=utf-8"
    return reply


def _page(endpoint: str, template: str, language: str | None, **named: Any) -> ResponseReturnValue:
    if language is not None and offered(language) is None:
        return redirect(url_for(endpoint))
    return cached_page(template, lambda: render_template(template, **named))
