"""What was counted when batches were opened: the only trace of the answers. For the publication.

The question `all` with the code `all` counts envelopes; a skipped question is not written but follows.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.questionnaire import CODES, QUESTIONS
from survey.store.tables import background_tally, tally

ALL = "all"
Counts = Mapping[tuple[str, str], int]

_ADD = sa.insert(tally)
_ADD_BACKGROUND = sa.insert(background_tally)
_TOTALS = (
    sa.select(tally.c.place, tally.c.role, tally.c.channel, tally.c.n)
    .where(tally.c.round == sa.bindparam("in_round"), tally.c.question == ALL, tally.c.code == ALL)
    .order_by(tally.c.place, tally.c.role, tally.c.channel)
)
_ROWS = (
    sa.select(tally)
    .where(tally.c.round.in_(sa.bindparam("in_rounds", expanding=True)))
    .order_by(tally.c.round, tally.c.place, tally.c.role, tally.c.channel)
)
_BACKGROUND = (
    sa.select(background_tally)
    .where(background_tally.c.round == sa.bindparam("in_round"))
    .order_by(*background_tally.primary_key)
)


def add_counts(connection: Connection, round: str, place: str, role: str, channel: str, *, counts: Counts) -> None:
    """Write what was counted at a place: numbers by question and code."""
    named = {"round": round, "place": place, "role": role, "channel": channel}
    rows = _rows(named, counts)
    if rows:
        connection.execute(_ADD, rows)


def add_background(connection: Connection, round: str, grouping: str, group: str, counts: Counts) -> None:
    """Write what was counted in one group of a grouping, in the whole region."""
    named = {"round": round, "grouping": grouping, "group": group}
    rows = _rows(named, counts)
    if rows:
        connection.execute(_ADD_BACKGROUND, rows)


def totals(connection: Connection, round: str) -> list[tuple[str, str, str, int]]:
    """How many envelopes were counted: place, role, channel, number."""
    return [tuple(row) for row in connection.execute(_TOTALS, {"in_round": round})]


def wide(connection: Connection, rounds: Iterable[str]) -> list[dict[str, Any]]:
    """One row for each round, place of opening, role, channel and question; a column for each code."""
    groups: dict[tuple[str, ...], dict[tuple[str, str], int]] = {}
    for row in connection.execute(_ROWS, {"in_rounds": list(rounds)}):
        groups.setdefault((row.round, row.place, row.role, row.channel), {})[row.question, row.code] = row.n
    names = ("round", "place", "role", "channel")
    return [
        {**dict(zip(names, named, strict=True)), "question": question, **_codes(counts, question)}
        for named, counts in groups.items()
        for question in QUESTIONS
    ]


def background(connection: Connection, round: str) -> list[dict[str, Any]]:
    """One row for each grouping, group and question; a column for each code."""
    groups: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for row in connection.execute(_BACKGROUND, {"in_round": round}).mappings():
        groups.setdefault((row["grouping"], row["group"]), {})[row["question"], row["code"]] = row["n"]
    return [
        {"grouping": grouping, "group": group, "question": question, **_codes(counts, question)}
        for (grouping, group), counts in groups.items()
        for question in QUESTIONS
    ]


def _rows(named: Mapping[str, str], counts: Counts) -> list[dict[str, Any]]:
    # Sorted: in the order of counting, the first row of each question would together be one person's seven answers.
    return [
        {**named, "question": question, "code": code, "n": n} for (question, code), n in sorted(counts.items()) if n
    ]


def _codes(counts: Counts, question: str) -> dict[str, int]:
    codes = {code: counts.get((question, code), 0) for code in CODES}
    everybody = counts.get((ALL, ALL), 0)
    return {**codes, "skipped": everybody - sum(codes.values()), ALL: everybody}
