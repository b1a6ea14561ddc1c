"""The tally: the noised counts that a closing writes, the only trace of the answers. For the publication.

Nothing but `Noised` can be written here. Every figure of every place is: a missing row would be an exact zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.disclosure.noised import THREE, Noised
from survey.store.tables import answer_count, background_tally, matched_tally, tally

_RESPONSE_COUNTS = (
    sa.select(answer_count.c.place, answer_count.c.role, answer_count.c.collection_mode, answer_count.c.n)
    .where(answer_count.c.round == sa.bindparam("in_round"))
    .order_by(answer_count.c.place, answer_count.c.role, answer_count.c.collection_mode)
)


def write(connection: Connection, round: str, noised: Noised) -> None:
    """Store a round's figures."""
    every: Mapping[sa.Table, Iterable[dict[str, Any]]] = {
        answer_count: (
            {"place": place, "role": role, "collection_mode": mode, "n": n}
            for (place, role, mode), n in noised.answered.items()
        ),
        tally: (
            {"place": place, "part": part, "role": role, "question": question, **figures.columns()}
            for (place, part, role, question), figures in noised.figures.items()
        ),
        matched_tally: (
            {"place": place, "role": role, "question": question, **asdict(sums)}
            for (place, role, question), sums in noised.matched.items()
        ),
        background_tally: (
            {
                **{"grouping": grouping, "group": group, "question": question, "n": noised.groups[grouping, group]},
                **{name: getattr(figures, name) for name in THREE},
            }
            for (grouping, group, question), figures in noised.background.items()
        ),
    }
    for table, rows in every.items():
        names = [column.name for column in table.primary_key]
        # Sorted: the order in which they were made would tell of how they were made.
        found = sorted(({"round": round} | row for row in rows), key=lambda row: [str(row[name]) for name in names])
        if found:
            connection.execute(sa.insert(table), found)


def response_counts(connection: Connection, round: str) -> list[tuple[str, str, str, int]]:
    """Return the number of answers by the place that opened them, role and collection mode; none left out."""
    return [tuple(row) for row in connection.execute(_RESPONSE_COUNTS, {"in_round": round}) if row.n]


def figures(connection: Connection, round: str) -> list[dict[str, Any]]:
    """Return a row for each place, part, role and question, with a column for each figure."""
    return _rows(connection, tally, round)


def matched(connection: Connection, round: str) -> list[dict[str, Any]]:
    """Return a row for each place with matched units, role and question: weighted sums."""
    return _rows(connection, matched_tally, round)


def background(connection: Connection, round: str) -> list[dict[str, Any]]:
    """Return a row for each grouping, group and question: the group's size, and a column for each figure."""
    return _rows(connection, background_tally, round)


def _rows(connection: Connection, table: sa.Table, round: str) -> list[dict[str, Any]]:
    wanted = sa.select(table).where(table.c.round == round).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(wanted).mappings()]
