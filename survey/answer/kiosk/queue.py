"""/kiosk/…/sealed and /alive: what a kiosk sends by itself: answers that have waited there, and a report that it is on.

Replies are JSON that a gateway or a portal never sends, so that the device believes nobody else. An answer is opened in
memory, read as any other, and accepted: sealed to its unit's batch, once, by its mark. What can't be taken now stays on
the device. Of what it holds the device says no more than tens.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, jsonify, request

from survey.answer import forms
from survey.answer.kiosk.device import ROLE, hash_token, this_hour, unit_of
from survey.answer.rate_limit import Verdict, scaled
from survey.answer.sheet import Notice, Sheet, answer_state
from survey.answer.submit import accept_within, limits_for
from survey.domain.places.place import is_key
from survey.domain.rounds.lifecycle import Round
from survey.domain.text.clean_text import printable
from survey.sealing.intake.envelope import UnreadableEnvelope
from survey.sealing.intake.submit import Outcome
from survey.sealing.intake.transport import LENGTH, InTransit, form_id_of, open_transit
from survey.sealing.keys.key_volumes import KeysMissing
from survey.sealing.keys.keyed_hash import hash_of_form_id
from survey.sealing.keys.registry import is_over
from survey.sealing.keys.transport_key import transport_key
from survey.store.answers import used_form_ids
from survey.store.channels import kiosks
from survey.store.channels.kiosks import KioskReport
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services

blueprint = Blueprint("kiosk_queue", __name__)
LARGEST_REPORT = 128 * 1024
MAX_MARKS = 2000  # asked about in one report; the others' turn comes with the next
_MARK = re.compile(r"[0-9a-f]{32}")
_STATUS = {"kept": 200, "heard": 200, "gone": 410, "late": 410, "unreadable": 422, "later": 503}


@blueprint.post("/<unit>/<token>/sealed/<round_key>")
def take_sealed(unit: str, token: str, round_key: str) -> Response:
    """Take an answer that a device has sealed and kept."""
    request.max_content_length = LENGTH
    sent = InTransit.parse(request.get_data(cache=False))
    if unit_of(token) != unit:
        return _reply("gone")
    place, round_ = answer_state().open_rounds.of(unit)
    if round_ is None or round_.key != round_key:
        return _closed(round_key)
    if place is None or sent is None:
        return _reply("later" if place is None else "unreadable")
    sheet = Sheet(place, round_, ROLE, token)
    try:
        content = open_transit(sent, transport_key(services.volumes(), round_key), unit, round_key)
        fields = dict(parse_qsl(content.decode("ascii"), max_num_fields=40))
    except (UnreadableEnvelope, ValueError):
        return _reply("unreadable")
    return _taken(sheet, {**fields, "code": "", "form_id": sent.form_id}, sent)


@blueprint.post("/<unit>/<token>/alive")
def note_contact(unit: str, token: str) -> Response:
    """Note, to the hour, that the device is on, as its own clock lets it report, and what it says of itself.

    The reply says which of the answers that it has sent are not here, after a database was restored.
    """
    request.max_content_length = LARGEST_REPORT
    posted = request.get_json(force=True, silent=True)
    report = posted if isinstance(posted, dict) else {}
    if unit_of(token) != unit:
        return _reply("gone")
    with write_transaction(services.engine()) as connection:
        kiosks.note_contact(connection, hash_token(token), this_hour(), read_report(report))
    return _reply("heard", day=services.today().isoformat(), **_looked_up(report.get("sent")))


def read_report(found: dict[str, Any]) -> KioskReport:
    """Return what a device says of itself; nothing of what can't be that."""
    persisted, version = found.get("persisted"), found.get("version")
    return KioskReport(
        coarse(found.get("waiting")),
        coarse(found.get("late")),
        persisted if isinstance(persisted, bool) else None,
        printable(version)[:20] if isinstance(version, str) else "",
    )


def coarse(count: object) -> int:
    """Return a number of answers as it may be kept: 0, 1 for fewer than ten, else tens."""
    if not isinstance(count, int) or count <= 0:
        return 0
    return max(1, min(count, 100_000) // 10 * 10)


def _taken(sheet: Sheet, posted: dict[str, str], sent: InTransit) -> Response:
    found = forms.read_submission(KeptSheet(sheet.place, sheet.round, ROLE, sheet.kiosk, sent.form_id), posted)
    if isinstance(found, Notice):
        return _reply("unreadable")
    # At once as many as could have come since the round opened.
    most = scaled(limits_for(sheet), (services.today() - sheet.round.opens).days + 1)
    outcome = accept_within(sheet, found, f"{sheet.address} sealed", most)
    if outcome is Outcome.CLOSED:
        return _closed(sheet.round.key)
    return _reply("later") if isinstance(outcome, Verdict) else _reply("kept", mark=sent.mark.hex())


@dataclass(frozen=True)
class KeptSheet(Sheet):
    """A sheet as a device has kept it: known by the answer's own mark, in place of a form id of ours."""

    form_id: str = ""

    def knows(self, form_id: str) -> bool:
        """Return whether this is what the answer is known by."""
        return form_id == self.form_id


def _closed(round_key: str) -> Response:
    return _reply("late" if _is_late(round_key) else "later")


def _is_late(round_key: str) -> bool:
    """Return whether a round takes no answer any more, for good."""
    if not is_key(round_key):
        return False
    if is_over(services.volumes(), round_key):
        return True
    with read_transaction(services.engine()) as connection:
        found: Round | None = rounds.get_round(connection, round_key)
    return found is not None and found.state == "open" and found.is_over(services.today())


def _looked_up(sent: object) -> dict[str, list[str]]:
    """Return the marks that no answer here has, the rounds that were looked up, and those that are over for good.

    A round whose keys can't be read now is among neither: nothing is known of its answers.
    """
    found: dict[str, list[str]] = {"missing": [], "checked": [], "over": []}
    for round_key, marks in sent.items() if isinstance(sent, dict) else ():
        if _is_late(round_key):
            found["over"].append(round_key)
        elif isinstance(marks, list) and (missing := _missing(round_key, marks[:MAX_MARKS])) is not None:
            found["checked"].append(round_key)
            found["missing"] += missing
    return found


def _missing(round_key: str, marks: list[object]) -> list[str] | None:
    try:
        pepper = services.volumes().pepper_of(round_key)
    except (KeysMissing, ValueError):
        return None
    known = [each for each in marks if isinstance(each, str) and _MARK.fullmatch(each)]
    hashes = {hash_of_form_id(pepper, form_id_of(each)): each for each in known}
    with read_transaction(services.engine()) as connection:
        return [hashes[each] for each in used_form_ids.unused(connection, hashes)]


def _reply(outcome: str, **more: object) -> Response:
    reply = jsonify(outcome=outcome, **more)
    reply.status_code = _STATUS[outcome]
    return reply
