"""/staff/followup/marked: a place's trend with events and decisions, as numbered days.

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
from survey.followup.place.opened import opened
from survey.followup.selection import Chosen
from survey.publication import edition_reader
from survey.publication.chart_store import NARROW, THEMES, bodies_up_to
from survey.publication.localised_texts import BabelTexts
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from survey.store.published import plan_records as kept
from survey.web.i18n.language import STAFF_LANGUAGES, current_language, languages
from survey.web.pages.page_cache import PageCache
from survey.web.request import services
from survey.web.signin.views import requires

blueprint = Blueprint("marked", __name__, url_prefix="/marked")
CHART = "trend"
MOST = 12  # as many numbers as a phone's picture has room for
AROUND = 0.05  # of the period, on either side: as far as the picture reaches


@dataclass(frozen=True)
class Numbered:
    """A day on the trend: its number, its words, and its place."""

    number: int
    day: date
    words: str
    place: str | None
    decided: bool


@dataclass(frozen=True)
class Marked:
    """The marks of a place's trend in an edition, and the picture's addresses by size and theme."""

    marks: Sequence[Numbered]
    earlier: int  # how many there is no room for
    picture: Mapping[str, str]


@blueprint.record
def _make_shelf(state: BlueprintSetupState) -> None:
    state.app.extensions["followup_marked"] = PageCache(64)


@blueprint.get("/<int:number>/<node>")
@requires("read_results")
def page(number: int, node: str) -> str:
    """Show the trend, and each of its numbers in words."""
    with read_transaction(services.engine()) as connection:
        chosen = opened(connection, number, node).chosen
        here = beside(connection, chosen)
    round_name = BabelTexts(current_language(), [chosen.edition]).round_name(chosen.edition["round"]["key"])
    said: dict[str, Any] = {"here": here, "place": chosen.place, "round_name": round_name, "number": number}
    return render_template("followup/annotated_trend.html", named=_names(chosen), **said)


@blueprint.get("/<int:number>/<node>/<chart>.<language>.<theme>.svg")
@requires("read_results")
def drawn(number: int, node: str, chart: str, language: str, theme: str) -> Response:
    """Serve the picture, as the plan stands now."""
    if chart.removesuffix(NARROW) != CHART or language not in STAFF_LANGUAGES or theme not in THEMES:
        abort(404)
    with read_transaction(services.engine()) as connection:
        chosen = opened(connection, number, node).chosen
        marks = beside(connection, chosen).marks
        key = number, node, chart, language, tuple(marks), len(editions.heads(connection))
        shelf: PageCache = current_app.extensions["followup_marked"]
        light = shelf.get(key, lambda: _draw(connection, chosen, marks, chart, language)).as_plain()
    if theme == THEMES[0]:
        return Response(light, mimetype="image/svg+xml")
    from analysis.charts.drawing import style

    return Response(style.dark(light), mimetype="image/svg+xml")


def beside(connection: Connection, chosen: Chosen) -> Marked:
    """Return the events and decisions during this place's trend, numbered by day, and the picture with them."""
    closes = sorted(
        date.fromisoformat(each.head["round"]["closes"])
        for each in edition_reader.latest(connection, chosen.number)
        if each.head["round"]["closes"] <= chosen.edition["round"]["closes"]
    )
    around = timedelta(days=((closes[-1] - closes[0]).days or 365) * AROUND)
    every = numbered(connection, _above(chosen), closes[0] - around, closes[-1] + around)
    where: dict[str, Any] = {"number": chosen.number, "node": chosen.node, "language": current_language().tag}
    picture = {
        f"{theme}{size}": url_for("followup.marked.drawn", chart=CHART + size, theme=theme, **where)
        for theme in THEMES
        for size in ("", NARROW)
    }
    return Marked(every[-MOST:], max(len(every) - MOST, 0), picture)


def numbered(connection: Connection, there: set[str], first: date, last: date) -> list[Numbered]:
    """Return decisions, and events of the whole region or of these places, between two days, the oldest first."""
    events: list[Event] = [each.record for each in kept.EVENTS.newest(connection) if each.record.ended_on is None]
    decisions: list[Decision] = [each.record for each in kept.DECISIONS.newest(connection)]
    of_packs = [(pack.frozen_on, each) for pack, own in access.meetings(connection) for each in own]
    found = [(each.day, each.title, each.place, False) for each in events if each.place is None or each.place in there]
    found += [(each.decided_on, each.decision, None, True) for each in decisions if each.status != "dropped"]
    found += [(day, each.text, None, True) for day, each in of_packs if day and each.status != "dropped"]
    within = sorted(
        (each for each in found if first <= each[0] <= last),
        key=lambda each: (each[0], each[3], collation_key(each[1])),
    )
    return [Numbered(number, *each) for number, each in enumerate(within, start=1)]


def _draw(connection: Connection, chosen: Chosen, marks: Sequence[Numbered], chart: str, language: str) -> str:
    from analysis.charts import NARROW as PHONE
    from analysis.charts import WIDE, annotated_trend, trend
    from analysis.charts.drawing.annotations import Mark
    from analysis.frames import frame

    bodies = bodies_up_to(connection, chosen.number, chosen.node)
    table = trend.table(frame.cells(bodies, chosen.node), frame.gaps(bodies, chosen.node), chosen.node)
    days = [Mark(each.number, each.day, each.words) for each in marks]
    texts = BabelTexts(languages()[language], bodies)
    return annotated_trend.drawing(table, texts, days, WIDE if chart == CHART else PHONE).decode()


def _above(chosen: Chosen) -> set[str]:
    """Return the place and all it belongs to."""
    by_key = {entry["key"]: entry for entry in chosen.edition["places"]}
    found, at = set(), chosen.node
    while at:
        found.add(at)
        at = by_key[at]["parent"]
    return found


def _names(chosen: Chosen) -> dict[str, str]:
    return {entry["key"]: entry["name"] for entry in chosen.edition["places"]}
