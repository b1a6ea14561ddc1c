"""The schema holds nothing that could lead to a person. A guard: it fails when such a column is added.

The tables that answers touch may have exactly the columns named in `columns`. Elsewhere, words and types that tell of
an address, a device, a time, an order or a link are refused, but for the few of the staff and the calendar.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.questions.questionnaire import ANSWER_CODES, QUESTIONS
from survey.store.tables import metadata
from tests.attacks.full import Shown
from tests.store.columns import (
    ALLOWED,
    ANSWERED,
    DAYS,
    FIGURES,
    NAMES_OF_THINGS,
    REFERRED,
    STAFF_AND_PUBLICATION,
    TELLING,
)

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
        if table.name not in FIGURES and len({column.name for column in table.c} & set(ANSWER_CODES)) > 1:
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
    assert set(metadata.tables) == set(ANSWERED) | STAFF_AND_PUBLICATION, "say where a new table belongs"


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
