"""/staff/followup/plan: activities of the region and its municipalities, decisions of their meetings, events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.records.action_plan import STATUSES, Activity, Decision, Event
from survey.domain.records.record_types import StoredVersion
from survey.domain.text.collation import collation_key
from survey.followup.packs import access
from survey.followup.packs.forms import STATUSES as BECAME
from survey.followup.plan import annotated_trend, edit_record, record_import
from survey.followup.plan.record_kinds import KINDS
from survey.followup.selection import newest_edition, select_region
from survey.store.core import places
from survey.store.database.engine import read_transaction
from survey.store.published import plan_records
from survey.store.published.packs import STILL_OPEN, Pack, PackDecision
from survey.web.request import services
from survey.web.signin.views import requires, signed_in

blueprint = Blueprint("plan", __name__, url_prefix="/plan")
edit_record.add_record_pages(blueprint, "plan")
record_import.add_import_pages(blueprint, "plan")
STATUS_ORDER = ("ongoing", "planned")


@dataclass(frozen=True)
class Plan:
    """The plan as it stands, sorted for a reader."""

    activities: Mapping[str, Sequence[StoredVersion[Activity]]]  # by status, those that go on
    meetings: Sequence[tuple[Any, Sequence[StoredVersion[Decision]]]]  # by day, the newest first
    events: Sequence[StoredVersion[Event]]  # the newest first
    packs: Sequence[tuple[Pack, Sequence[PackDecision]]]  # what was decided in frozen packs, the newest first
    closed: Sequence[StoredVersion[Activity]]  # the newest first
    withdrawn: Sequence[StoredVersion[Event]]


@blueprint.get("/")
@requires("read_results")
def index() -> str:
    """Show the whole plan on one page."""
    with read_transaction(services.engine()) as connection:
        plan = load_plan(connection)
        trend = _home_trend(connection)
        named = {place.key: place.name for place in places.all_places(connection)}
    context: dict[str, Any] = {"today": services.today(), "still_open": STILL_OPEN}
    context |= {
        "became": BECAME,
        "may_write": signed_in().may("write_plan"),
        "saved": request.args.get("saved", type=int),
    }
    return render_template(
        "followup/plan.html", plan=plan, named=named, statuses=STATUSES, kinds=KINDS, trend=trend, **context
    )


def _home_trend(connection: Connection) -> annotated_trend.AnnotatedTrend | None:
    """Return the newest trend of the region with its events, once something is published."""
    edition = newest_edition(connection)
    if edition is None:
        return None
    return annotated_trend.annotations_for(connection, select_region(connection, edition["number"]))


def load_plan(connection: Connection) -> Plan:
    """Return the plan as it stands."""
    activities = sorted(
        plan_records.ACTIVITIES.newest(connection), key=lambda each: collation_key(each.record.activity)
    )
    decisions = sorted(plan_records.DECISIONS.newest(connection), key=lambda each: each.record.decided_on, reverse=True)
    events = sorted(plan_records.EVENTS.newest(connection), key=lambda each: each.record.day, reverse=True)
    return Plan(
        activities={status: [each for each in activities if each.record.status == status] for status in STATUS_ORDER},
        meetings=[(day, list(own)) for day, own in groupby(decisions, key=lambda each: each.record.decided_on)],
        events=[each for each in events if each.record.ended_on is None],
        packs=access.readable_decisions(connection),
        closed=sorted(
            (each for each in activities if each.record.closed), key=lambda e: str(e.record.ended_on), reverse=True
        ),
        withdrawn=[each for each in events if each.record.ended_on is not None],
    )


@blueprint.errorhandler(403)
def not_yours(_error: Exception) -> ResponseReturnValue:
    """Refuse those who may read the plan but not write in it."""
    text = _("Uppföljningsgruppen och samordnaren skriver i planen. Är något fel, säg till dem.")
    return render_template("web/unavailable.html", heading=_("Du kan läsa planen men inte ändra den"), text=text), 403


@blueprint.errorhandler(404)
def not_here(_error: Exception) -> ResponseReturnValue:
    """Show that there is no such record in the plan."""
    text = _("Det du letar efter finns inte i planen. Börja om från planens första sida.")
    return render_template("web/unavailable.html", heading=_("Sidan finns inte"), text=text), 404
