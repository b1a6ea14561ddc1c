"""Rights of each part of the product in a PostgreSQL database: tables, columns, functions. It has no others.

A part signs in as a role of its own. The owner of the tables migrates, and runs the operator's commands. A table that
is named nowhere here is the owner's alone.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

PARTS = ("resident", "staff", "worker")

Words = Mapping[str, str]
_READ, _ADD = "SELECT", "SELECT, INSERT"
_KEEP, _ALL = "SELECT, INSERT, DELETE", "SELECT, INSERT, UPDATE, DELETE"


class Right(NamedTuple):
    """A right: the kind and name of what it is to, a table's column if it is to one alone, and its word."""

    kind: str
    name: str
    column: str
    word: str


# No code, no envelope, no count, and nothing of the staff's.
_RESIDENT: Words = {
    **dict.fromkeys(("place", "round", "edition", "drawing", "health", "region_text"), _READ),
    **dict.fromkeys(("offered_language", "text_approval", "proposed_wording"), _READ),
    **dict.fromkeys(("resident_message", "resident_message_translation"), _READ),
    "batch": "SELECT (id, place, round, role, collection_mode, public_key, state)",
    "kiosk": "SELECT (unit, token_hash)",
}

# No envelope, no figure that is not published, and of codes and messages only that they are made.
_STAFF: Words = {
    **dict.fromkeys(
        ("health", "edition", "preview", "progress", "closing_progress", "halted_transport", "outbox_key"), _READ
    ),
    "place": "SELECT, INSERT, UPDATE",
    "round": "SELECT, INSERT, DELETE, UPDATE (name, opens, closes, grace_days, version_patient, version_provider, "
    "threshold_patient, threshold_provider, open_link, state)",
    "batch": "SELECT (id, place, round, role, collection_mode, public_key, state, accepted, throttled)",
    "access_code": "INSERT (code_hash, unit, round, role)",
    "issued_codes": "SELECT, INSERT, UPDATE (n, refused, stopped, paused)",
    "outbox_message": "SELECT (id, unit, round, role, channel, attempts, refusals, not_before, claimed_until), "
    "INSERT, DELETE",
    "kiosk": "SELECT, INSERT, DELETE",
    **dict.fromkeys(("region_text", "resident_message", "resident_message_translation", "offered_language"), _KEEP),
    **dict.fromkeys(("text_approval", "proposed_wording", "audit_line", "drawing"), _ADD),
    **dict.fromkeys(("activity", "decision", "event", "target", "measurement", "population"), _ADD),
    "reflection": "SELECT, INSERT, UPDATE (thoughts, improvement)",
    "unit_group": "SELECT, INSERT, UPDATE (ended_on)",
    "unit_group_member": _ADD,
    "pack": _ALL,
    "pack_comment": _KEEP,
    "pack_decision": _ALL,
    "account": "SELECT, INSERT, UPDATE",
    "account_id_seq": "USAGE",
    **dict.fromkeys(("authenticator", "passkey", "password_reset", "staff_session"), _ALL),
    **dict.fromkeys(("identity", "proposal", "recovery_code", "staff_invitation"), _KEEP),
}

# Opens, closes, publishes and sends; knows no account, and writes no answer and no code.
_WORKER: Words = {
    **dict.fromkeys(("place", "unit_group", "unit_group_member", "region_text", "text_approval"), _READ),
    **dict.fromkeys(("proposed_wording", "reflection", "resident_message", "resident_message_translation"), _READ),
    "round": "SELECT, UPDATE (state, protection, tree)",
    "batch": "SELECT, INSERT, UPDATE (counted, pooled, destroyed, state)",
    "envelope": "SELECT, DELETE, TRUNCATE",
    "access_code": "SELECT (round), DELETE",
    "used_form_id": "SELECT (round), DELETE",
    **dict.fromkeys(("answer_count", "tally", "matched_tally", "background_tally", "edition", "drawing"), _ADD),
    **dict.fromkeys(("preview", "progress", "closing_progress", "health", "offered_language"), _KEEP),
    "outbox_key": _ADD,
    "outbox_message": "SELECT, DELETE, UPDATE (attempts, refusals, not_before, claimed_until)",
    "halted_transport": _ALL,
    "issued_codes": "SELECT, UPDATE (refused, stopped, paused)",
    "kiosk": "SELECT (late), UPDATE (late)",
    "worker_lease": "UPDATE",
    "audit_line": _ADD,
    "source": "SELECT, INSERT, UPDATE",
    "gathered_edition": "SELECT, INSERT, UPDATE (state)",
    "withdrawn_edition": _ADD,
    "alembic_version": _READ,
}

_TABLES: Mapping[str, Words] = {"resident": _RESIDENT, "staff": _STAFF, "worker": _WORKER}
FUNCTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "resident": ("accept", "pair_kiosk", "kiosk_alive", "unused_forms", "throttle_link"),
        "staff": ("accept_paper", "unused_forms", "take_turn"),
        "worker": ("take_turn",),
    }
)
_WORD = re.compile(r"([A-Z]+)(?: \(([^)]*)\))?")


def rights_of(part: str, schema: str, database: str) -> frozenset[Right]:
    """Return all rights of a part's role in the database and its schema."""
    return frozenset(_rights(part, schema, database))


def _rights(part: str, schema: str, database: str) -> Iterator[Right]:
    yield Right("database", database, "", "CONNECT")
    yield Right("schema", schema, "", "USAGE")
    for name in FUNCTIONS[part]:
        yield Right("function", name, "", "EXECUTE")
    for name, words in _TABLES[part].items():
        for word, columns in _WORD.findall(words):
            kind = "sequence" if word == "USAGE" else "column" if columns else "table"
            for column in columns.split(", ") if columns else ("",):
                yield Right(kind, name, column, word)
