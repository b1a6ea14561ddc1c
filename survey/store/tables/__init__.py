"""The tables, for every module of the store and for the migrations.

What is not here matters as much: no table holds a name, an address, a time or a sequence of a
respondent, and no row holds the answers to two questions. `tests/store/test_schema.py` fails when
such a column is added.
"""

from survey.store.tables.answers import (
    access_code,
    answer_count,
    background_tally,
    batch,
    closing_progress,
    envelope,
    halted_transport,
    issued_codes,
    matched_tally,
    outbox_key,
    outbox_message,
    progress,
    tally,
    used_form_id,
)
from survey.store.tables.core import health, kiosk, metadata, place, region_text, round_, worker_lease
from survey.store.tables.federation import gathered_edition, source
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
    withdrawn_edition,
)
from survey.store.tables.staff import (
    account,
    audit_line,
    authenticator,
    identity,
    passkey,
    password_reset,
    proposal,
    recovery_code,
    staff_invitation,
    staff_session,
)
from survey.store.tables.translations import offered_language, proposed_wording, text_approval

__all__ = [
    "access_code",
    "account",
    "activity",
    "answer_count",
    "audit_line",
    "authenticator",
    "background_tally",
    "batch",
    "closing_progress",
    "decision",
    "drawing",
    "edition",
    "envelope",
    "event",
    "gathered_edition",
    "halted_transport",
    "health",
    "identity",
    "issued_codes",
    "kiosk",
    "matched_tally",
    "measurement",
    "metadata",
    "offered_language",
    "outbox_key",
    "outbox_message",
    "pack",
    "pack_comment",
    "pack_decision",
    "passkey",
    "password_reset",
    "place",
    "population",
    "preview",
    "progress",
    "proposal",
    "proposed_wording",
    "recovery_code",
    "reflection",
    "region_text",
    "resident_message",
    "resident_message_translation",
    "round_",
    "source",
    "staff_invitation",
    "staff_session",
    "tally",
    "target",
    "text_approval",
    "unit_group",
    "unit_group_member",
    "used_form_id",
    "withdrawn_edition",
    "worker_lease",
]
