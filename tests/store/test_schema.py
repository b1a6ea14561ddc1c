"""The schema holds nothing that could lead to a person. A guard: it fails when such a column is added.

The tables that answers touch may have exactly the columns named here. Elsewhere, words and types that tell of
an address, a device, a time, an order or a link are refused, but for the few of the staff and the calendar.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.questions.questionnaire import CODES, QUESTIONS
from survey.store.tables import metadata
from tests.attacks.full import Shown

# Of an answer, this and no more.
ANSWERED = {
    "access_code": {"code_hash", "unit", "round", "role", "spent"},
    "issued_codes": {"unit", "round", "role", "channel", "n", "refused", "stopped", "paused"},
    # The minutes are of sending alone, of a message that has not been taken, and go with it.
    "outbox_message": {
        *("id", "unit", "round", "role", "channel", "sealed"),
        *("attempts", "refusals", "not_before", "claimed_until"),
    },
    "halted_transport": {
        "channel",
        "fault",
        "reply",
        "attempts",
        "not_before",
        "began",
    },  # of a server, not of a message
    "outbox_key": {"round", "public_key"},
    "progress": {"round", "unit", "tens", "taken"},
    "batch": {
        *("id", "place", "round", "role", "collection_mode", "public_key", "state"),
        *("accepted", "duplicates", "counted", "pooled", "destroyed", "throttled"),
    },
    "envelope": {"id", "batch", "sealed"},
    "used_form_id": {"form_id_hash", "round"},
    # How many, and never what; and what, with noise: a row of every place and question, whatever was answered.
    "answer_count": {"place", "round", "role", "collection_mode", "n"},
    "tally": {
        *("place", "round", "part", "role", "question", "yes", "not_yes", "non_substantive"),
        *("partly", "no", "dont_know", "not_needed"),
    },
    "matched_tally": {"place", "round", "role", "question", "yes", "not_yes", "heaviest"},
    "background_tally": {"round", "grouping", "group", "question", "n", "yes", "not_yes", "non_substantive"},
}
# Figures with noise, of many persons together: as wide as is named above, and not a column wider.
FIGURES = {"tally", "matched_tally", "background_tally"}
DAYS = {
    "place.valid_from",
    "place.valid_to",
    "round.opens",
    "round.closes",
    "edition.published",
    "staff_invitation.expires_on",
}
ALLOWED = {
    *("account.email", "account.password", "edition.number", "account.id", "round.open_link"),
    # Of staff alone: the log of their deeds, who is invited.
    *("audit_line.number", "staff_invitation.email", "staff_session.token_hash", "staff_session.last_used"),
    *("staff_session.authenticated_at", "authenticator.last_time_step", "passkey.last_challenge_at"),
}
ALLOWED |= {"pack.number"}  # of a meeting's papers
DAYS |= {"pack.frozen_on", "pack_decision.due_on"}
ALLOWED |= {
    "kiosk.name",
    "kiosk.token_hash",
    "kiosk.last_contact_hour",
}  # of a device in a waiting room, never of who stands there
ALLOWED |= {"unit_group.name", "unit_group.version", "unit_group_member.version"}
# Of staff alone: a new link for who has lost the way in.
ALLOWED |= {"password_reset.account"}
DAYS |= {"password_reset.expires_on", "password_reset.made_on", "proposal.expires_on"}
DAYS |= {"unit_group.since", "unit_group.ended_on"}
DAYS |= {"progress.taken"}  # the same for all units: the day on which all figures were taken
ALLOWED |= {f"{table}.account" for table in ("staff_session", "authenticator", "recovery_code", "passkey", "identity")}
# Days that the follow-up group writes itself, of its meetings and of others' measurements; a target's name.
_BESIDE = ("activity", "decision", "event", "target", "measurement", "population")
DAYS |= {f"{table}.{day}" for table in _BESIDE for day in ("saved_on", "ended_on")}
DAYS |= {"decision.decided_on", "decision.due_on", "event.day", "measurement.day"}
DAYS |= {"target.valid_from", "target.valid_to"}
ALLOWED |= {"target.name"}
# Of translators alone: who has approved which of our own texts, and in which version.
ALLOWED |= {"text_approval.account", "proposed_wording.account", "proposed_wording.version"}
DAYS |= {"text_approval.approved_on", "proposed_wording.proposed_on"}
TELLING = {
    *(
        "ip",
        "ipv4",
        "ipv6",
        "addr",
        "address",
        "host",
        "agent",
        "useragent",
        "browser",
        "device",
        "fingerprint",
    ),
    *("referrer", "referer", "origin", "link", "url", "uri", "token", "session", "cookie"),
    *(
        "time",
        "timestamp",
        "date",
        "day",
        "hour",
        "minute",
        "clock",
        "at",
        "when",
        "created",
        "updated",
        "seen",
    ),
    *("last", "first", "since", "arrived", "submitted", "sent", "answered", "visited"),
    *(
        "sequence",
        "seq",
        "serial",
        "number",
        "nr",
        "no",
        "order",
        "position",
        "counter",
        "row",
        "rowid",
        "index",
    ),
    *(
        "visitor",
        "respondent",
        "person",
        "patient",
        "user",
        "answer",
        "response",
        "form",
        "name",
        "personnummer",
    ),
    *("email", "mail", "phone", "mobile", "latitude", "longitude", "location"),
}
NAMES_OF_THINGS = {
    "region_text.name",
    "place.name",
    "round.name",
    "health.name",
    "round.version_patient",
    "round.threshold_patient",
}
REFERRED = {
    "progress": {"place", "round"},
    "issued_codes": {"place", "round"},
    "outbox_message": {"place", "round"},
    "outbox_key": {"round"},
    "halted_transport": set(),
    "access_code": {"place", "round"},
    "batch": {"place", "round"},
    "envelope": {"batch"},
    "used_form_id": {"round"},
    "answer_count": {"place", "round"},
    "tally": {"place", "round"},
    "matched_tally": {"place", "round"},
    "background_tally": {"round"},
}
TIMES = (sa.Date, sa.DateTime, sa.Time, sa.Interval)
FORMLESS = (sa.JSON, sa.ARRAY, sa.PickleType)


def faults(schema: sa.MetaData) -> list[str]:
    """What in a schema could lead to a person, or holds more than one answer in a row."""
    found = []
    for table in schema.tables.values():
        found += _of_answers(table)
        found += [f"{column}: {fault}" for column in table.c for fault in _of_column(column)]
        asked = [column.name for column in table.c if set(QUESTIONS) & _questions_in(column.name)]
        if asked or len([column for column in table.c if column.name.startswith("question")]) > 1:
            found.append(f"{table.name}: several questions in one row {asked}")
        if table.name not in FIGURES and len({column.name for column in table.c} & set(CODES)) > 1:
            found.append(f"{table.name}: several answers in one row")
    return found


def _questions_in(name: str) -> set[str]:
    return {question for question in QUESTIONS if question in name}


def _of_answers(table: sa.Table) -> list[str]:
    if table.name not in ANSWERED:
        return []
    names = {column.name for column in table.c}
    extra = [f"{table.name}.{name}: not a column for what is asked" for name in names - ANSWERED[table.name]]
    to = {key.column.table.name for key in table.foreign_keys}
    return extra + [f"{table.name}: a link to {name}" for name in to - REFERRED[table.name]]


def _of_column(column: "sa.Column[object]") -> list[str]:
    name = f"{column.table.name}.{column.name}"
    found = []
    if isinstance(column.type, TIMES) and name not in DAYS:
        found.append("a time")
    if isinstance(column.type, FORMLESS):
        found.append("could hold anything")
    words = set(re.findall(r"[a-z]+|[0-9]+", column.name.lower())) | {column.name.lower()}
    if words & TELLING and name not in ALLOWED | DAYS | NAMES_OF_THINGS and not _answered(column):
        found.append(f"tells {sorted(words & TELLING)}")
    alone = len(column.table.primary_key) == 1 and column.primary_key and isinstance(column.type, sa.Integer)
    counts = column.identity or isinstance(column.default, sa.Sequence) or column.autoincrement is True
    if (alone or counts) and name not in ALLOWED:
        found.append("a sequence")
    return found


def _answered(column: "sa.Column[object]") -> bool:
    return column.name in ANSWERED.get(column.table.name, set())


def _copy() -> sa.MetaData:
    copied = sa.MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(copied)
    return copied


def test_the_models_tell_nothing() -> None:
    assert faults(metadata) == []


def test_the_migrated_databases_tell_nothing(engine: Engine, shown: Shown) -> None:
    found = sa.MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    columns = sum(len(table.c) for table in found.tables.values())
    shown(
        "schema",
        f"every column of the migrated database; {engine.dialect.name}",
        f"{len(faults(found))} tell",
        n=columns,
    )
    assert set(found.tables) == set(metadata.tables)
    assert faults(found) == []


def test_every_table_of_answers_is_guarded() -> None:
    assert set(ANSWERED) <= set(metadata.tables)
    staff_and_publication = {
        "place",
        "round",
        "edition",
        "drawing",
        "account",
        "health",
        "kiosk",
        "reflection",
        "preview",
    }
    staff_and_publication |= {"staff_session", "authenticator", "recovery_code", "passkey", "identity"}
    staff_and_publication |= set(_BESIDE)  # the follow-up group's own words
    staff_and_publication |= {
        "audit_line",
        "staff_invitation",
        "proposal",
        "region_text",
        "unit_group",
        "unit_group_member",
    }
    staff_and_publication |= {
        "pack",
        "pack_comment",
        "pack_decision",
        "resident_message",
        "resident_message_translation",
    }
    staff_and_publication |= {"password_reset"}
    staff_and_publication |= {"text_approval", "proposed_wording"}  # translators' own: texts of ours
    assert set(metadata.tables) == set(ANSWERED) | staff_and_publication, "say where a new table belongs"


PLANTED: list[tuple[str, Callable[[], "sa.Column[object]"]]] = [
    ("envelope", lambda: sa.Column("ip", sa.String(45))),
    ("used_form_id", lambda: sa.Column("user_agent", sa.Text)),
    ("access_code", lambda: sa.Column("referrer", sa.Text)),
    ("access_code", lambda: sa.Column("spent_at", sa.DateTime)),
    ("envelope", lambda: sa.Column("day", sa.Date)),
    ("envelope", lambda: sa.Column("week", sa.Integer)),
    ("envelope", lambda: sa.Column("sequence", sa.Integer)),
    ("batch", lambda: sa.Column("newest", sa.Integer)),
    ("envelope", lambda: sa.Column("access_code", sa.ForeignKey("access_code.code_hash"))),
    ("used_form_id", lambda: sa.Column("envelope", sa.ForeignKey("envelope.id"))),
    ("tally", lambda: sa.Column("second_code", sa.String(12))),
    ("account", lambda: sa.Column("last_ip", sa.String(45))),
    ("account", lambda: sa.Column("signed_in", sa.DateTime)),
    ("health", lambda: sa.Column("checked", sa.DateTime)),
    ("drawing", lambda: sa.Column("url", sa.Text)),
    ("place", lambda: sa.Column("extra", sa.JSON)),
    ("edition", lambda: sa.Column("trygghet", sa.String(12))),
]


def test_control_every_planted_column_is_found(shown: Shown) -> None:
    missed = []
    for table, column in PLANTED:
        schema = _copy()
        schema.tables[table].append_column(column())
        missed += [] if faults(schema) else [f"{table}.{column().name}"]
    found = f"{len(PLANTED) - len(missed)} of {len(PLANTED)} found"
    shown("schema", "columns planted that could lead to a person", found, n=len(PLANTED), control=True)
    assert missed == []


@pytest.mark.parametrize("columns", [("trygghet", "overblick"), ("question_1", "question_2"), ("yes", "no")])
def test_a_planted_sheet_of_answers_is_found(columns: tuple[str, str]) -> None:
    schema = _copy()
    sa.Table("sheet", schema, *(sa.Column(name, sa.String(12)) for name in columns))
    assert faults(schema) != []


def test_a_planted_running_number_is_found() -> None:
    schema = _copy()
    sa.Table("arrival", schema, sa.Column("id", sa.Integer, primary_key=True))
    assert faults(schema) != []


def test_the_data_protection_officer_reads_of_every_table() -> None:
    said = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    part = said.partition("## What is stored")[2].partition("\n## ")[0]
    assert [name for name in metadata.tables if f"`{name}`" not in part] == []
