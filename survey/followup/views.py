"""/staff/followup: the follow-up group reads the published rounds, place by place, and takes the figures home."""

from flask import Blueprint, Response, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.followup import pages, rights
from survey.followup.reading import Body, Reading, newest, read
from survey.store import places
from survey.store.engine import reading
from survey.web import house
from survey.web.language import STAFF_LANGUAGES, current_language
from survey.web.language import languages as all_languages
from survey.web.signin import requires, signed_in

blueprint = Blueprint("followup", __name__, url_prefix="/staff/followup")


@blueprint.app_template_filter()
def capitalised(text: str) -> str:
    """With a capital letter first, and the rest as it is."""
    return text[:1].upper() + text[1:]


@blueprint.get("/")
@requires()
def start() -> ResponseReturnValue:
    """The newest edition at the person's own place; before the first edition, a page that says so."""
    with reading(house.engine()) as connection:
        edition = newest(connection)
        if edition is None:
            return render_template("followup/empty.html")
        place = rights.home(signed_in().place, edition, _readable(connection, edition))
    return redirect(pages.address(edition["number"], place))


@blueprint.get("/<int:number>/<node>")
@requires()
def page(number: int, node: str) -> str:
    """A place in an edition, with the rounds before it."""
    with reading(house.engine()) as connection:
        found, may_read = _open(connection, number, node)
    return render_template("followup/page.html", **pages.page(found, may_read, house.versions()))


@blueprint.get("/<int:number>/<node>/figures.csv")
@requires()
def figures(number: int, node: str) -> Response:
    """The place's published figures, all rounds up to this edition, as a file for a spreadsheet."""
    from analysis.exports import EXPORTS

    with reading(house.engine()) as connection:
        found, _may_read = _open(connection, number, node)
    export = EXPORTS["csv"]
    return Response(export(found.cells, found.gaps), mimetype="text/csv", headers=_saved_as(f"{node}-{number}.csv"))


@blueprint.get("/<int:number>/<node>/<chart>.<language>.<theme>.svg")
@requires()
def drawn(number: int, node: str, chart: str, language: str, theme: str) -> Response:
    """A picture of the place, as it was drawn once for this edition."""
    from survey.publication import drawings

    if chart not in pages.CHARTS or language not in STAFF_LANGUAGES or theme not in ("light", "dark"):
        abort(404)
    with reading(house.engine()) as connection:
        _open(connection, number, node)
    picture = drawings.picture(house.engine(), number, node, chart, all_languages()[language], theme)
    answer = Response(picture, mimetype="image/svg+xml")
    answer.cache_control.update({"private": True, "max_age": 86_400, "immutable": True})
    return answer


def _open(connection: Connection, number: int, node: str) -> tuple[Reading, set[str]]:
    found = read(connection, number, node, current_language())
    may_read = _readable(connection, found.edition)
    if node not in may_read:
        abort(403)
    return found, may_read


def _readable(connection: Connection, edition: Body) -> set[str]:
    person = signed_in()
    return rights.readable(person.role, person.place, edition, places.all_places(connection))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@blueprint.errorhandler(403)
def not_yours(_error: Exception) -> ResponseReturnValue:
    """A published place that is not this person's to read."""
    text = _("Ditt konto visar den egna enheten, dess kommun och regionen. Behöver du se fler, vänd dig till samordnaren.")
    return render_template("web/stopped.html", heading=_("Den här platsen hör inte till ditt konto"), text=text), 403


@blueprint.errorhandler(404)
def not_here(_error: Exception) -> ResponseReturnValue:
    """No such edition, or no such place in it."""
    text = _("Mätomgången är inte publicerad, eller så fanns platsen inte i den. Börja om från första sidan.")
    return render_template("web/stopped.html", heading=_("Sidan finns inte"), text=text), 404
