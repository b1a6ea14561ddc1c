"""/staff/followup: the follow-up group reads the published rounds, place by place, and takes the figures home."""

from flask import Blueprint, redirect, render_template
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.questions import answer_scale
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.records.action_plan import STATUSES
from survey.domain.text.clean_text import capitalised
from survey.followup import resident_message, unit_groups
from survey.followup.access import home_place
from survey.followup.files import downloads, served
from survey.followup.nation import page as nation
from survey.followup.nation.summary import national_context
from survey.followup.packs import views
from survey.followup.place import answers_needed, bar, compared, data_notes, resident_groups, summary, turnout
from survey.followup.place import charts as all_charts
from survey.followup.place import question as questions
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import (
    PAGE_CACHE,
    PlaceAccess,
    authorise,
    cached_context,
    readable_places,
)
from survey.followup.plan import annotated_trend, external_measures, question_records, recent_decisions
from survey.followup.plan import views as plan
from survey.followup.selection import PlaceReport, Selection, newest_edition, newest_national, select_region
from survey.followup.who import page as who
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from survey.store.published import reflections
from survey.web.pages.page_cache import PageCache
from survey.web.request import services
from survey.web.signin.views import requires, signed_in

blueprint = Blueprint("followup", __name__, url_prefix="/staff/followup")
served.add_file_pages(blueprint)
for _part in (resident_message, annotated_trend, views, plan, external_measures, unit_groups, who, nation):
    blueprint.register_blueprint(_part.blueprint)
MAX_IN_SUMMARY = 3  # decisions on the first page


@blueprint.record
def _make_page_cache(state: BlueprintSetupState) -> None:
    # an edition never changes, so neither does what a page says of it
    state.app.extensions[PAGE_CACHE] = PageCache()


@blueprint.context_processor
def _formats() -> dict[str, object]:
    return {"exports": downloads.formats, "scale": answer_scale}


blueprint.add_app_template_filter(capitalised)


@blueprint.get("/")
@requires("read_results")
def index() -> ResponseReturnValue:
    """Show the newest edition at the person's own place, or the nation's; before the first, a page that says so."""
    with read_transaction(services.engine()) as connection:
        edition = newest_edition(connection) or newest_national(connection)
        if edition is None:
            return render_template("followup/empty.html")
        place = home_place(signed_in().place, edition, set(readable_places(connection, edition)))
    return redirect(bar.page_address(edition["number"], place))


@blueprint.get("/<int:number>/<node>")
@requires("read_results")
def summary_page(number: int, node: str) -> str:
    """Show a place in an edition on one screen; each question, and all else, is a page of its own."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node, national=True)

        def make(found: PlaceReport) -> Context:
            context = _page_context(found, access, bar.SUMMARY) | summary.summary_context(found)
            return context | (national_context(connection, found, context["matrix"]) if found.is_national else {})

        context = cached_context(connection, bar.SUMMARY, access, make)
        live = _live_context(connection, access)
    return render_template("followup/summary.html", **context, **live, today=services.today())


def _live_context(connection: Connection, access: PlaceAccess) -> Context:
    """Return what changes though the edition does not; a national edition has no round of ours that anything is of."""
    found: Context = {"asked": turnout.invited_and_answered(access)}
    if access.selection.is_national:
        return found
    decided = recent_decisions.recent_decisions(connection, access.selection.edition["round"]["key"])
    return found | {
        "silent": turnout.silent_units(access),
        "decided": decided[:MAX_IN_SUMMARY],
        "held": data_notes.throttled_units(connection, access.selection, access.may_read),
        "statements": _unit_statements(connection, access.selection),
    }


@blueprint.get(f"/<int:number>/<node>/<any({', '.join(QUESTIONS)}):question>")
@requires("read_results")
def question_page(number: int, node: str, question: str) -> str:
    """Show one question: both wordings, the figures over the rounds, the places, decisions and external measures."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node, national=True)

        def make(found: PlaceReport) -> Context:
            return _page_context(found, access, question) | questions.question_context(
                connection, found, access, question, services.versions()
            )

        context = cached_context(connection, question, access, make)
        live = (
            {}
            if access.selection.is_national
            else question_records.records_on_question(connection, access.selection, question)
        )
    may = {"may_write": False, "today": services.today(), "plan_statuses": STATUSES, **external_measures.LABELS}
    return render_template("followup/question.html", **context, **live, **may)


@blueprint.get("/<int:number>/<node>/places")
@requires("read_results")
def places_page(number: int, node: str) -> ResponseReturnValue:
    """Show the comparison of the places under this one; for a unit, which has none, its summary."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node, national=True)
        if not bar.has_page(access.selection.place, bar.PLACES, access.selection.is_national):
            return redirect(bar.page_address(number, node))

        def make(found: PlaceReport) -> Context:
            return _page_context(found, access, bar.PLACES) | compared.places_context(connection, found, access)

        context = cached_context(connection, bar.PLACES, access, make)
    return render_template("followup/places.html", **context)


@blueprint.get("/<int:number>/<node>/charts")
@requires("read_results")
def charts_page(number: int, node: str) -> str:
    """Show all diagrams of the place."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node, national=True)

        def make(found: PlaceReport) -> Context:
            return _page_context(found, access, bar.CHARTS) | all_charts.charts_context(connection, found, access)

        context = cached_context(connection, bar.CHARTS, access, make)
    return render_template("followup/charts.html", **context)


@blueprint.get("/<int:number>/<node>/residents")
@requires("read_results")
def residents_page(number: int, node: str) -> ResponseReturnValue:
    """Show the region's shares by gender, age, language and help; of no other place."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node)
        if not bar.has_page(access.selection.place, bar.RESIDENTS):
            return redirect(bar.page_address(number, select_region(connection, number).node, bar.RESIDENTS))

        def make(found: PlaceReport) -> Context:
            return _page_context(found, access, bar.RESIDENTS) | resident_groups.residents_context(found)

        context = cached_context(connection, bar.RESIDENTS, access, make)
    return render_template("followup/residents.html", **context)


@blueprint.get("/<int:number>/<node>/planner")
@requires("read_results")
def planner_page(number: int, node: str) -> str:
    """Show the number of answers the next round needs here, and of codes to hand out."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node)

        def make(found: PlaceReport) -> Context:
            return _page_context(found, access, bar.PLANNER) | answers_needed.round_plan(found)

        context = cached_context(connection, bar.PLANNER, access, make)
    return render_template("followup/planner.html", **context)


@blueprint.get("/<int:number>/<node>/how")
@requires("read_results")
def method_page(number: int, node: str) -> str:
    """Tell how the figures of the place are read: of whom a share is, what is hidden, what may be chance."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node, national=True)
        context = cached_context(
            connection,
            bar.METHOD,
            access,
            lambda found: _page_context(found, access, bar.METHOD) | {"thresholds": found.edition["thresholds"]},
        )
    return render_template("followup/how_to_read.html", **context)


@blueprint.get("/<int:number>/<node>/more")
@requires("read_results")
def former_charts_page(number: int, node: str) -> ResponseReturnValue:
    """Redirect from the former address of the diagrams."""
    with read_transaction(services.engine()) as connection:
        authorise(connection, number, node)
    return redirect(bar.page_address(number, node, bar.CHARTS))


@blueprint.get("/residents/<int:number>")
@requires("read_results")
def former_residents_page(number: int) -> ResponseReturnValue:
    """Redirect from the former address of the groups of residents."""
    with read_transaction(services.engine()) as connection:
        region = select_region(connection, number).node
    return redirect(bar.page_address(number, region, bar.RESIDENTS))


def _unit_statements(connection: Connection, selection: Selection) -> list[reflections.Reflection]:
    """Return the unit's own words on this round, and its improvements chosen after the rounds before."""
    known = {each.key: each.opens for each in rounds.rounds(connection)}
    shown = known[selection.edition["round"]["key"]]
    return [each for each in reflections.of_unit(connection, selection.place["key"]) if known[each.round] <= shown]


def _page_context(found: PlaceReport, access: PlaceAccess, page: str) -> Context:
    """Return the values on top of every page of a place."""
    about = {"level": found.place["level"], "national": found.is_national}
    return {"bar": bar.page_bar(found, access, page)} | about


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
