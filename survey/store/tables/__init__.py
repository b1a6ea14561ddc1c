"""The tables, for every module of the store and for the migrations.

What is not here matters as much: no table holds a name, an address, a time or a sequence of a
respondent, and no row holds the answers to two questions. `tests/store/test_schema.py` fails when
such a column is added.
"""

from survey.store.tables.answers import (
    answer_count,
    background_tally,
    batch,
    issued_codes,
    envelope,
    access_code,
    matched_tally,
    outbox_message,
    progress,
    used_form_id,
    halted_transport,
    outbox_key,
    tally,
)
from survey.store.tables.core import health, kiosk, metadata, place, region_text, round_
from survey.store.tables.packs import pack, pack_comment, pack_decision
from survey.store.tables.plan_records import activity, decision, event, measurement, population, target
from survey.store.tables.published import (
    drawing,
    edition,
    preview,
    reflection,
    resident_message,
    resident_message_translation,
    unit_group,
    unit_group_member,
)
from survey.store.tables.staff import (
    audit_line,
    authenticator,
    identity,
    staff_invitation,
    password_reset,
    passkey,
    account,
    proposal,
    recovery_code,
    staff_session,
)

__all__ = [
    "activity",
    "answer_count",
    "audit_line",
    "authenticator",
    "background_tally",
    "batch",
    "decision",
    "drawing",
    "edition",
    "event",
    "issued_codes",
    "health",
    "identity",
    "envelope",
    "access_code",
    "staff_invitation",
    "kiosk",
    "matched_tally",
    "measurement",
    "metadata",
    "password_reset",
    "outbox_message",
    "pack",
    "pack_comment",
    "pack_decision",
    "passkey",
    "account",
    "place",
    "population",
    "preview",
    "progress",
    "proposal",
    "recovery_code",
    "reflection",
    "region_text",
    "round_",
    "used_form_id",
    "halted_transport",
    "outbox_key",
    "staff_session",
    "tally",
    "target",
    "resident_message",
    "resident_message_translation",
    "unit_group",
    "unit_group_member",
]
