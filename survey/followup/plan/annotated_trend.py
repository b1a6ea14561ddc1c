"""/staff/followup/annotated-trend: a place's trend with events and decisions, as numbered days.

An edition's own pictures are kept with it for ever; the plan changes. So this picture is drawn when it is looked at,
from the edition and the plan as it stands, and kept no longer than the process lives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask.blueprints import BlueprintSetupState
from sqlalchemy import Connection

from survey.domain.records.action_plan import Decision, Event
from survey.domain.text.collation import collation_key
from survey.followup.packs import access
from survey.followup.place.place_access import authorise
from survey.followup.selection import Selection
from survey.publication import edition_reader
from survey.publication.chart_store import NARROW, THEMES, bodies_up_to
from survey.publication.localised_texts import BabelLocalisation
from survey.store.database.engine import read_transaction
from survey.store.published import editions, plan_records
from survey.web.i18n.language import STAFF_LANGUAGES, current_language, languages
from survey.web.pages.page_cache import PageCache
from survey.web.request import services
from survey.web.signin.views import requires

blueprint = Blueprint("annotated_trend", __name__, url_prefix="/annotated-trend")
CHART = "trend"
MAX_ANNOTATIONS = 12  # as many numbers as a phone's picture has room for
MARGIN = 0.05  # of the period, on either side: as far as the picture reaches


@dataclass(frozen=True)
class NumberedDay:
    """A day on the trend: its number, its words, and its place."""

    number: int
    day: date
    words: str
    place: str | None
    decided: bool


@dataclass(frozen=True)
class AnnotatedTrend:
    """The marks of a place's trend in an edition, and the picture's addresses by size and theme."""

    annotations: Sequence[NumberedDay]
    earlier: int  # how many there is no room for
    picture: Mapping[str, str]


@blueprint.record
def _make_page_cache(state: BlueprintSetupState) -> None:
    state.app.extensions["followup_marked"] = PageCache(64)


@blueprint.get("/<int:number>/<node>")
@requires("read_results")
def annotated_trend_page(number: int, node: str) -> str:
    """Show the trend, and each of its numbers in words."""
    with read_transaction(services.engine()) as connection:
        selection = authorise(connection, number, node).selection
        here = annotations_for(connection, selection)
    round_name = BabelLocalisation(current_language(), [selection.edition]).round_name(
        selection.edition["round"]["key"]
    )
    context: dict[str, Any] = {"here": here, "place": selection.place, "round_name": round_name, "number": number}
    return render_template("followup/annotated_trend.html", named=_names(selection), **context)


@blueprint.get("/<int:number>/<node>/<chart>.<language>.<theme>.svg")
@requires("read_results")
def annotated_trend_picture(number: int, node: str, chart: str, language: str, theme: str) -> Response:
    """Serve the picture, as the plan stands now."""
    if chart.removesuffix(NARROW) != CHART or language not in STAFF_LANGUAGES or theme not in THEMES:
        abort(404)
    with read_transaction(services.engine()) as connection:
        selection = authorise(connection, number, node).selection
        marks = annotations_for(connection, selection).annotations
        key = number, node, chart, language, tuple(marks), editions.next_number(connection)
        shelf: PageCache = current_app.extensions["followup_marked"]
        light = shelf.get(key, lambda: _draw(connection, selection, marks, chart, language)).as_plain()
    if theme == THEMES[0]:
        return Response(light, mimetype="image/svg+xml")
    from analysis.charts.drawing import style

    return Response(style.dark(light), mimetype="image/svg+xml")


def annotations_for(connection: Connection, selection: Selection) -> AnnotatedTrend:
    """Return the events and decisions during this place's trend, numbered by day, and the picture with them."""
    closes = sorted(
        date.fromisoformat(each.head["round"]["closes"])
        for each in edition_reader.latest_by_round(connection, selection.number)
        if each.head["round"]["closes"] <= selection.edition["round"]["closes"]
    )
    around = timedelta(days=((closes[-1] - closes[0]).days or 365) * MARGIN)
    every = numbered_days(connection, _above(selection), closes[0] - around, closes[-1] + around)
    where: dict[str, Any] = {"number": selection.number, "node": selection.node, "language": current_language().tag}
    picture = {
        f"{theme}{size}": url_for(
            "followup.annotated_trend.annotated_trend_picture", chart=CHART + size, theme=theme, **where
        )
        for theme in THEMES
        for size in ("", NARROW)
    }
    return AnnotatedTrend(every[-MAX_ANNOTATIONS:], max(len(every) - MAX_ANNOTATIONS, 0), picture)


def numbered_days(connection: Connection, place_keys: set[str], first: date, last: date) -> list[NumberedDay]:
    """Return decisions, and events of the whole region or of these places, between two days, the oldest first."""
    events: list[Event] = [
        each.record for each in plan_records.EVENTS.newest(connection) if each.record.ended_on is None
    ]
    decisions: list[Decision] = [each.record for each in plan_records.DECISIONS.newest(connection)]
    of_packs = [(pack.frozen_on, each) for pack, own in access.readable_decisions(connection) for each in own]
    found = [
        (each.day, each.title, each.place, False) for each in events if each.place is None or each.place in place_keys
    ]
    found += [(each.decided_on, each.decision, None, True) for each in decisions if each.status != "dropped"]
    found += [(day, each.text, None, True) for day, each in of_packs if day and each.status != "dropped"]
    within = sorted(
        (each for each in found if first <= each[0] <= last),
        key=lambda each: (each[0], each[3], collation_key(each[1])),
    )
    return [NumberedDay(number, *each) for number, each in enumerate(within, start=1)]


def _draw(
    connection: Connection, selection: Selection, annotations: Sequence[NumberedDay], chart: str, language: str
) -> str:
    from analysis.charts import NARROW as PHONE
    from analysis.charts import WIDE, annotated_trend, trend
    from analysis.charts.drawing.annotations import Annotation
    from analysis.frames import frame

    bodies = bodies_up_to(connection, selection.number, selection.node)
    table = trend.table(frame.cells(bodies, selection.node), frame.gaps(bodies, selection.node), selection.node)
    days = [Annotation(each.number, each.day, each.words) for each in annotations]
    texts = BabelLocalisation(languages()[language], bodies)
    return annotated_trend.drawing(table, texts, days, WIDE if chart == CHART else PHONE).decode()


def _above(selection: Selection) -> set[str]:
    """Return the place and all it belongs to."""
    by_key = {entry["key"]: entry for entry in selection.edition["places"]}
    found, at = set(), selection.node
    while at:
        found.add(at)
        at = by_key[at]["parent"]
    return found


def _names(selection: Selection) -> dict[str, str]:
    return {entry["key"]: entry["name"] for entry in selection.edition["places"]}
