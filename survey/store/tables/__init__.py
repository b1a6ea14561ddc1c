"""The tables, for every module of the store and for the migrations.

What is not here matters as much: no table holds a name, an address, a time or a sequence of a
respondent, and no row holds the answers to two questions. `tests/store/test_schema.py` fails when
such a column is added.
"""

from survey.store.tables.answers import (
    answered,
    background_tally,
    batch,
    handout,
    inbox,
    invitation,
    matched_tally,
    outgoing,
    progress,
    seen,
    sending,
    spool,
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
    told_back,
    told_in,
    unit_group,
    unit_group_unit,
)
from survey.store.tables.staff import (
    audit,
    authenticator,
    identity,
    invite,
    new_link,
    passkey,
    person,
    proposal,
    recovery_code,
    staff_session,
)

__all__ = [
    "activity",
    "answered",
    "audit",
    "authenticator",
    "background_tally",
    "batch",
    "decision",
    "drawing",
    "edition",
    "event",
    "handout",
    "health",
    "identity",
    "inbox",
    "invitation",
    "invite",
    "kiosk",
    "matched_tally",
    "measurement",
    "metadata",
    "new_link",
    "outgoing",
    "pack",
    "pack_comment",
    "pack_decision",
    "passkey",
    "person",
    "place",
    "population",
    "preview",
    "progress",
    "proposal",
    "recovery_code",
    "reflection",
    "region_text",
    "round_",
    "seen",
    "sending",
    "spool",
    "staff_session",
    "tally",
    "target",
    "told_back",
    "told_in",
    "unit_group",
    "unit_group_unit",
]
