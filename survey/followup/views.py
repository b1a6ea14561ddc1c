"""/staff/followup: the follow-up group reads the published rounds, place by place, and takes the figures home."""

from flask import Blueprint, redirect, render_template
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.records.action_plan import STATUSES
from survey.domain.text.clean_text import capitalised
from survey.followup import access, resident_message, unit_groups
from survey.followup.files import downloads, served
from survey.followup.packs import views
from survey.followup.place import answers_needed, bar, compared, data_notes, resident_groups, summary, turnout
from survey.followup.place import charts as all_charts
from survey.followup.place import question as questions
from survey.followup.place.opened import SHELF, Opened, Said, opened, readable, said_of
from survey.followup.plan import annotated_trend, external_measures, recent_decisions
from survey.followup.plan import views as plan
from survey.followup.selection import Chosen, Reading, choose_region, newest
from survey.followup.who import page as who
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from survey.store.published import reflections
from survey.web.pages.page_cache import PageCache
from survey.web.request import services
from survey.web.signin.views import requires, signed_in

blueprint = Blueprint("followup", __name__, url_prefix="/staff/followup")
served.add_to(blueprint)
for _part in (resident_message, annotated_trend, views, plan, external_measures, unit_groups, who):
    blueprint.register_blueprint(_part.blueprint)
IN_SHORT = 3  # decisions on the first page


@blueprint.record
def _make_shelf(state: BlueprintSetupState) -> None:
    # an edition never changes, so neither does what a page says of it
    state.app.extensions[SHELF] = PageCache()


@blueprint.context_processor
def _formats() -> dict[str, object]:
    return {"exports": downloads.formats}


blueprint.add_app_template_filter(capitalised)


@blueprint.get("/")
@requires("read_results")
def index() -> ResponseReturnValue:
    """Show the newest edition at the person's own place; before the first edition, a page that says so."""
    with read_transaction(services.engine()) as connection:
        edition = newest(connection)
        if edition is None:
            return render_template("followup/empty.html")
        place = access.home(signed_in().place, edition, set(readable(connection, edition)))
    return redirect(bar.address(edition["number"], place))


@blueprint.get("/<int:number>/<node>")
@requires("read_results")
def page(number: int, node: str) -> str:
    """Show a place in an edition on one screen; each question, and all else, is a page of its own."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)
        said = said_of(connection, bar.SUMMARY, here, lambda found: _on(found, here, bar.SUMMARY) | summary.said(found))
        live = {
            "asked": turnout.asked(here),
            "silent": turnout.silent(here),
            "decided": recent_decisions.recent(connection, here.chosen.edition["round"]["key"])[:IN_SHORT],
            "held": data_notes.held(connection, here.chosen, here.may_read),
            "words": _words(connection, here.chosen),
        }
    return render_template("followup/summary.html", **said, **live, today=services.today())


@blueprint.get(f"/<int:number>/<node>/<any({', '.join(QUESTIONS)}):question>")
@requires("read_results")
def question(number: int, node: str, question: str) -> str:
    """Show one question: both wordings, the figures over the rounds, the places, decisions and external measures."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)

        def make(found: Reading) -> Said:
            return _on(found, here, question) | questions.page(connection, found, here, question, services.versions())

        said = said_of(connection, question, here, make)
        live = {
            "decided": recent_decisions.about(connection, here.chosen.edition["round"]["key"], question),
            "activities": recent_decisions.activities(connection, question),
            "outside": external_measures.beside_all(connection, [question]),
        }
    may = {"may_write": False, "today": services.today(), "plan_statuses": STATUSES, **external_measures.WORDS}
    return render_template("followup/question.html", **said, **live, **may)


@blueprint.get("/<int:number>/<node>/places")
@requires("read_results")
def places(number: int, node: str) -> ResponseReturnValue:
    """Show the comparison of the places under this one; for a unit, which has none, its summary."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)
        if not bar.has(here.chosen.place, bar.PLACES):
            return redirect(bar.address(number, node))

        def make(found: Reading) -> Said:
            return _on(found, here, bar.PLACES) | compared.said(connection, found, here)

        said = said_of(connection, bar.PLACES, here, make)
    return render_template("followup/places.html", **said)


@blueprint.get("/<int:number>/<node>/charts")
@requires("read_results")
def charts(number: int, node: str) -> str:
    """Show all diagrams of the place."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)

        def make(found: Reading) -> Said:
            return _on(found, here, bar.CHARTS) | all_charts.said(connection, found, here)

        said = said_of(connection, bar.CHARTS, here, make)
    return render_template("followup/charts.html", **said)


@blueprint.get("/<int:number>/<node>/residents")
@requires("read_results")
def residents(number: int, node: str) -> ResponseReturnValue:
    """Show the region's shares by gender, age, language and help; of no other place."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)
        if not bar.has(here.chosen.place, bar.RESIDENTS):
            return redirect(bar.address(number, choose_region(connection, number).node, bar.RESIDENTS))

        def make(found: Reading) -> Said:
            return _on(found, here, bar.RESIDENTS) | resident_groups.said(found)

        said = said_of(connection, bar.RESIDENTS, here, make)
    return render_template("followup/residents.html", **said)


@blueprint.get("/<int:number>/<node>/planner")
@requires("read_results")
def planner(number: int, node: str) -> str:
    """Show the number of answers the next round needs here, and of codes to hand out."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)

        def make(found: Reading) -> Said:
            return _on(found, here, bar.PLANNER) | answers_needed.before_a_round(found)

        said = said_of(connection, bar.PLANNER, here, make)
    return render_template("followup/planner.html", **said)


@blueprint.get("/<int:number>/<node>/how")
@requires("read_results")
def how(number: int, node: str) -> str:
    """Tell how the figures of the place are read: of whom a share is, what is hidden, what may be chance."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)
        said = said_of(
            connection,
            bar.HOW,
            here,
            lambda found: _on(found, here, bar.HOW) | {"thresholds": found.edition["thresholds"]},
        )
    return render_template("followup/how_to_read.html", **said)


@blueprint.get("/<int:number>/<node>/more")
@requires("read_results")
def more(number: int, node: str) -> ResponseReturnValue:
    """Redirect from the former address of the diagrams."""
    with read_transaction(services.engine()) as connection:
        opened(connection, number, node)
    return redirect(bar.address(number, node, bar.CHARTS))


@blueprint.get("/residents/<int:number>")
@requires("read_results")
def of_residents(number: int) -> ResponseReturnValue:
    """Redirect from the former address of the groups of residents."""
    with read_transaction(services.engine()) as connection:
        region = choose_region(connection, number).node
    return redirect(bar.address(number, region, bar.RESIDENTS))


def _words(connection: Connection, chosen: Chosen) -> list[reflections.Reflection]:
    """Return the unit's own words on this round, and its improvements chosen after the rounds before."""
    known = {each.key: each.opens for each in rounds.rounds(connection)}
    shown = known[chosen.edition["round"]["key"]]
    return [each for each in reflections.of_unit(connection, chosen.place["key"]) if known[each.round] <= shown]


def _on(found: Reading, here: Opened, page: str) -> Said:
    """Return the values on top of every page of a place."""
    return {"bar": bar.bar(found, here, page), "level": found.place["level"]}


@blueprint.errorhandler(403)
def not_yours(_error: Exception) -> ResponseReturnValue:
    """Refuse a published place that is not this person's to read."""
    text = _(
        "Ditt konto visar den egna enheten, dess kommun och regionen. Behöver du se fler, vänd dig till samordnaren."
    )
    heading = _("Den här platsen hör inte till ditt konto")
    return render_template("web/unavailable.html", heading=heading, text=text), 403


@blueprint.errorhandler(404)
def not_here(_error: Exception) -> ResponseReturnValue:
    """Show that there is no such edition, or no such place in it."""
    text = _("Mätomgången är inte publicerad, eller så fanns platsen inte i den. Börja om från första sidan.")
    return render_template("web/unavailable.html", heading=_("Sidan finns inte"), text=text), 404
