"""/staff/audit: the auditor reads the log of what staff have done, the newest first, and downloads it."""

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from analysis.spreadsheets.formats import FORMATS
from analysis.spreadsheets.table import Table
from survey.domain.clock import in_sweden
from survey.domain.places.place_tree import PlaceTree
from survey.domain.staff.audit_events import AUDIT_EVENTS
from survey.domain.text.i18n import N_
from survey.store.channels import issued_codes
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction
from survey.store.staff import audit_log
from survey.web.request import services
from survey.web.signin.views import requires, requires_recent_sign_in
from survey.web.staff.spreadsheet_download import spreadsheet_response

blueprint = Blueprint("audit", __name__, url_prefix="/staff/audit")
PAGE = 50
NOT_YET = ("draft", "opening")
MAX_LINE_NUMBER = 2**31 - 1
ABOUT = {
    "unit": N_("enhet"),
    "round": N_("mätomgång"),
    "role": N_("roll"),
    "channel": N_("sätt"),
    "count": N_("antal"),
    "kind": N_("slag"),
    "edition": N_("utgåva"),
    "place": N_("plats"),
    "group": N_("grupp"),
    "pack": N_("mötespaket"),
    "decision": N_("beslut"),
    "version": N_("version"),
    "file": N_("fil"),
    "change": N_("ändring"),
    "text": N_("text"),
    "language": N_("språk"),
    "person": N_("konto"),
    "entry": N_("post"),
    "from_to": N_("från och till"),
    "asked_by": N_("begärt av"),
    "was": N_("var"),
    "now": N_("är nu"),
    "source": N_("installation"),
    "period": N_("tid"),
    "fingerprint": N_("fingeravtryck"),
    "unnoted": N_("fler sedan förra raden"),
}


blueprint.add_app_template_filter(in_sweden)


@blueprint.get("/")
@requires("read_log")
def index() -> str:
    """Show a page of the log: one kind of event or all, older than the line that was last seen."""
    what, before = request.args.get("what"), request.args.get("before", type=int)
    what = what if what in AUDIT_EVENTS else None
    before = before if before is not None and 0 < before <= MAX_LINE_NUMBER else None
    with read_transaction(services.engine()) as connection:
        head = audit_log.head(connection)
        lines = audit_log.newest(connection, before=before, what=what, most=PAGE + 1)
    older = lines[PAGE - 1].number if len(lines) > PAGE else None
    named = {"events": AUDIT_EVENTS, "about": ABOUT, "what": what, "before": before, "older": older, "head": head}
    named["formats"] = FORMATS
    return render_template("audit/log.html", lines=lines[:PAGE], **named)


@blueprint.get("/codes")
@requires("read_log")
def list_codes() -> str:
    """Show the staff's codes and sheets beside each unit's headcount, in the newest round that has any."""
    with read_transaction(services.engine()) as connection:
        newest = next((each for each in reversed(rounds.rounds(connection)) if each.state not in NOT_YET), None)
        out = issued_codes.staff_counts(connection, newest.key) if newest else {}
        units = [place for place in PlaceTree(places.all_places(connection)) if place.key in out] if out else []
    return render_template("audit/codes.html", round=newest, units=units, out=out)


@blueprint.get("/log.jsonl")
@requires("read_log")
@requires_recent_sign_in()
def download_log() -> Response:
    """Send the whole log as JSON lines, to be checked or stored elsewhere."""
    with read_transaction(services.engine()) as connection:
        content = "".join(f"{line}\n" for line in audit_log.lines(connection))
    saved_as = {"Content-Disposition": 'attachment; filename="log.jsonl"'}
    return Response(content, mimetype="application/x-ndjson", headers=saved_as)


@blueprint.get(f"/log.<any({', '.join(sorted(FORMATS))}):kind>")
@requires("read_log")
@requires_recent_sign_in()
def download_spreadsheet(kind: str) -> Response:
    """Send the whole log as a spreadsheet, in the reader's words; what can be checked is the JSON file."""
    with read_transaction(services.engine()) as connection:
        lines = audit_log.newest(connection, most=MAX_LINE_NUMBER)
    columns = [_("Rad"), _("När"), _("Vem"), _("Vad"), _("Om")]
    rows = [
        (each.number, in_sweden(each.at), each.who, _event_label(each.what), _about(each.about))
        for each in reversed(lines)
    ]
    return spreadsheet_response("log", kind, Table(_("Loggen"), columns, rows))


def _event_label(what: str) -> str:
    return str(_(AUDIT_EVENTS[what].label)) if what in AUDIT_EVENTS else what


def _about(about: Mapping[str, str | int]) -> str:
    return "; ".join(f"{_(ABOUT[name]) if name in ABOUT else name}: {value}" for name, value in about.items())
