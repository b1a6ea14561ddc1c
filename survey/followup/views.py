"""/staff/followup: the follow-up group reads the published rounds, place by place, and takes the figures home."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Connection

from survey.domain.questionnaire import QUESTIONS
from survey.followup import (
    about,
    back,
    decided,
    marked,
    packs,
    pages,
    plan,
    residents,
    rights,
    taking,
    targets,
    unit_groups,
)
from survey.followup.reading import Body, Chosen, choose, choose_region, newest, read
from survey.publication import drawings
from survey.publication.texts import BabelTexts
from survey.store import editions, places, reflections, rounds
from survey.store.engine import reading
from survey.web import audit, house
from survey.web.language import STAFF_LANGUAGES, current_language
from survey.web.rendered import Shelf
from survey.web.signin import fresh, requires, signed_in

if TYPE_CHECKING:
    import pandas as pd

blueprint = Blueprint("followup", __name__, url_prefix="/staff/followup")
for _part in (back, marked, packs, plan, targets, unit_groups):
    blueprint.register_blueprint(_part.blueprint)
ROLES = ("unit", "followup", "coordinator")
OF_REGION = "residents"


@blueprint.record
def _make_shelf(state: BlueprintSetupState) -> None:
    # an edition never changes, so neither does what a page says of it
    state.app.extensions["followup_pages"] = Shelf()


@blueprint.context_processor
def _formats() -> dict[str, object]:
    return {"exports": taking.formats}


@blueprint.app_template_filter()
def capitalised(text: str) -> str:
    """With a capital letter first, and the rest as it is."""
    return text[:1].upper() + text[1:]


@blueprint.get("/")
@requires(*ROLES)
def start() -> ResponseReturnValue:
    """The newest edition at the person's own place; before the first edition, a page that says so."""
    with reading(house.engine()) as connection:
        edition = newest(connection)
        if edition is None:
            return render_template("followup/empty.html")
        place = rights.home(signed_in().place, edition, _readable(connection, edition))
    return redirect(pages.address(edition["number"], place))


@blueprint.get("/<int:number>/<node>")
@requires(*ROLES)
def page(number: int, node: str) -> str:
    """A place in an edition, with the rounds before it."""
    with reading(house.engine()) as connection:
        chosen, may_read = _open(connection, number, node)

        def draw() -> str:
            found = read(connection, chosen, current_language())
            return render_template("followup/_place.html", **pages.page(found, may_read, house.versions()))

        key = number, node, current_language().tag, frozenset(may_read), len(editions.heads(connection))
        shelf: Shelf = current_app.extensions["followup_pages"]
        content = shelf.get(key, draw).plain().decode()
        outside = {each.question: each for each in targets.beside_all(connection, QUESTIONS)}
        beside = {"words": _words(connection, chosen), "decided": decided.recent(connection), "outside": outside}
        beside["held"] = about.held(connection, chosen, may_read)
    round_name = BabelTexts(current_language(), [chosen.edition]).round_name(chosen.edition["round"]["key"])
    named = {
        "place": chosen.place,
        "round_name": round_name,
        "marked": url_for(".marked.page", number=number, node=node),
    }
    may = {"may_write": False, "today": house.today(), **targets.WORDS}
    return render_template("followup/page.html", **named, **beside, **may, parts=pages.parts(content))


@blueprint.get("/<int:number>/<node>/more")
@requires(*ROLES)
def more(number: int, node: str) -> str:
    """More pictures: how answers are spread, what is more than chance, units and municipalities beside each other."""
    with reading(house.engine()) as connection:
        chosen, may_read = _open(connection, number, node)

        def table(chart: str) -> "pd.DataFrame":
            from analysis.charts import table_of

            return table_of(chart, drawings.bodies_for(connection, number, node, chart), node)

        def draw() -> str:
            found = read(connection, chosen, current_language())
            return render_template("followup/_more.html", **pages.deeper(found, may_read, table))

        key = "more", number, node, current_language().tag, frozenset(may_read), len(editions.heads(connection))
        shelf: Shelf = current_app.extensions["followup_pages"]
        content = shelf.get(key, draw).plain().decode()
    return render_template("followup/more.html", place=chosen.place, content=Markup(content))  # noqa: S704


@blueprint.get("/residents/<int:number>")
@requires(*ROLES)
def of_residents(number: int) -> str:
    """The region's shares by gender, age, language and help."""
    with reading(house.engine()) as connection:
        found = read(connection, choose_region(connection, number), current_language())
    return render_template("followup/residents.html", **residents.described(found))


@blueprint.get("/<int:number>/<node>/<name>.csv", defaults={"kind": "csv"})
@blueprint.get("/<int:number>/<node>/<name>.<kind>")
@requires(*ROLES)
@fresh()
def figures(number: int, node: str, name: str, kind: str) -> Response:
    """Published figures of the place, all rounds up to this edition, as a file for a spreadsheet or a program."""
    if name not in ("figures", OF_REGION, *drawings.names()) or kind not in taking.formats():
        abort(404)
    with reading(house.engine()) as connection:
        chosen = _open_for(connection, number, node, name)
        if name == OF_REGION and chosen.place["level"] != "region":
            abort(404)
        found = read(connection, chosen, current_language(), drawings.bodies_for(connection, number, node, name))
    export, content = taking.formats()[kind], taking.as_file(found, name, kind, house.versions())
    audit.note("figures_taken", edition=number, place=node, file=name)
    saved_as = {"Content-Disposition": f'attachment; filename="{node}-{number}-{name}{export.suffix}"'}
    return Response(content, content_type=export.media_type, headers=saved_as)


@blueprint.get("/<int:number>/<node>/<chart>.<language>.<theme>.svg")
@requires(*ROLES)
def drawn(number: int, node: str, chart: str, language: str, theme: str) -> Response:
    """A picture of the place, as it was drawn once for this edition."""
    known = chart.removesuffix(drawings.NARROW) in drawings.names()
    if not known or language not in STAFF_LANGUAGES or theme not in drawings.THEMES:
        abort(404)
    with reading(house.engine()) as connection:
        _open_for(connection, number, node, chart)
    picture = drawings.picture(house.engine(), number, node, chart, language, theme)
    answer = Response(picture, mimetype="image/svg+xml")
    answer.cache_control.private = True
    answer.cache_control.max_age = 86_400
    answer.cache_control.immutable = True
    return answer


def _words(connection: Connection, chosen: Chosen) -> list[reflections.Reflection]:
    """What the unit itself made of this round, and chose to improve after the rounds before."""
    known = {each.key: each.opens for each in rounds.rounds(connection)}
    shown = known[chosen.edition["round"]["key"]]
    return [each for each in reflections.of_unit(connection, chosen.place["key"]) if known[each.round] <= shown]


def _open(connection: Connection, number: int, node: str) -> tuple[Chosen, set[str]]:
    """The place in the edition and all that the person may read there; 404 or 403 when this is not for them."""
    chosen = choose(connection, number, node)
    may_read = _readable(connection, chosen.edition)
    if node not in may_read:
        abort(403)
    return chosen, may_read


def _open_for(connection: Connection, number: int, node: str, chart: str) -> Chosen:
    """The same for one picture or its table; places beside each other are for those who may read all of them."""
    chosen, may_read = _open(connection, number, node)
    compared = drawings.compares(chart)
    if compared and not rights.all_below(compared, node, chosen.edition, may_read):
        abort(403)
    return chosen


def _readable(connection: Connection, edition: Body) -> set[str]:
    person = signed_in()
    # Who reads everything is not asked which units belong together.
    known = () if person.role in rights.EVERYWHERE else places.all_places(connection)
    return rights.readable(person.role, person.place, edition, known)


@blueprint.errorhandler(403)
def not_yours(_error: Exception) -> ResponseReturnValue:
    """A published place that is not this person's to read."""
    text = _(
        "Ditt konto visar den egna enheten, dess kommun och regionen. Behöver du se fler, vänd dig till samordnaren."
    )
    return render_template("web/stopped.html", heading=_("Den här platsen hör inte till ditt konto"), text=text), 403


@blueprint.errorhandler(404)
def not_here(_error: Exception) -> ResponseReturnValue:
    """No such edition, or no such place in it."""
    text = _("Mätomgången är inte publicerad, eller så fanns platsen inte i den. Börja om från första sidan.")
    return render_template("web/stopped.html", heading=_("Sidan finns inte"), text=text), 404
