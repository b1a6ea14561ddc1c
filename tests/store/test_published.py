"""Counts, editions and drawings as their queries keep them, on both databases."""

import hashlib
import json
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.disclosure.noised import Figures, Matched, Noised
from survey.store import tables
from survey.store.answers import tally
from survey.store.core import rounds
from survey.store.database.engine import DatabaseConflict, write_transaction
from survey.store.published import editions
from survey.store.published.editions import EditionHead
from tests import factories

ROUND = "host-2026"


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """A database with the small places and a draft round."""
    with write_transaction(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
    return engine


WRITTEN = Noised(
    answered={(factories.WEST, "patient", "open"): 0, ("vast-ett", "patient", "open"): 12},
    figures={
        (factories.WEST, "all", "patient", "trygghet"): Figures(8, 3, 1, {"partly": -1, "no": 4}),
        ("vast-ett", "all", "patient", "trygghet"): Figures(7, -2, 7),
        ("vast-tva", "all", "patient", "trygghet"): Figures(0, 0, 0),
    },
    matched={("vast", "provider", "trygghet"): Matched(7_500, -6_000, 1_500)},
    groups={("language", "sv"): 30},
    background={("language", "sv", "trygghet"): Figures(33, -4, 1)},
)


def test_what_is_written_comes_back_signed_and_whole(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        tally.write(connection, ROUND, WRITTEN)
        # Who has no answers is left out where numbers are read, and stands in the database like all others.
        assert tally.response_counts(connection, ROUND) == [("vast-ett", "patient", "open", 12)]
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.answer_count)) == 2
        rows = tally.figures(connection, ROUND)
        assert [(row["place"], row["yes"], row["not_yes"], row["non_substantive"], row["partly"]) for row in rows] == [
            ("vast", 8, 3, 1, -1),
            ("vast-ett", 7, -2, 7, None),
            ("vast-tva", 0, 0, 0, None),
        ]
        (sums,), (group,) = tally.matched(connection, ROUND), tally.background(connection, ROUND)
        assert (sums["yes"], sums["not_yes"], sums["heaviest"]) == (7_500, -6_000, 1_500)
        assert (group["n"], group["yes"], group["not_yes"], group["non_substantive"]) == (30, 33, -4, 1)
        assert tally.figures(connection, "annan") == [] == tally.response_counts(connection, "annan")


def test_a_round_is_written_once(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        tally.write(connection, ROUND, WRITTEN)
    with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
        tally.write(connection, ROUND, WRITTEN)


def _body(number: int, round_: str, opens: str) -> str:
    return json.dumps({"number": number, "round": {"key": round_, "opens": opens}})


def test_editions_are_kept_under_their_own_number(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        rounds.add_round(connection, factories.make_round("var-2026"))
        for number, key, opens in (
            (1, ROUND, "2026-09-14"),
            (2, "var-2026", "2026-03-02"),
            (3, ROUND, "2026-09-14"),
        ):
            assert editions.next_number(connection) == number
            body = _body(number, key, opens)
            digest = hashlib.sha256(body.encode()).hexdigest()
            assert editions.add(connection, key, body, digest, date(2026, 11, 1)) == number
        assert [each.number for each in editions.latest_by_round(connection)] == [2, 3]
        assert [each.number for each in editions.latest_by_round(connection, up_to=2)] == [2, 1]
        assert [each.number for each in editions.latest_by_round(connection, up_to=1)] == [1]
        assert editions.heads(connection)[0] == (1, ROUND, date(2026, 11, 1))
        found = editions.get(connection, 3)
        assert found is not None and found.content["round"]["key"] == ROUND
        assert editions.get(connection, 4) is editions.get(connection, -1) is editions.get(connection, 10**30) is None
    with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
        editions.add(connection, ROUND, _body(3, ROUND, "2026-09-14"), "0" * 64, date(2026, 11, 2))


def test_a_national_edition_has_a_number_of_the_same_series_and_stands_in_no_list_of_ours(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        editions.add(connection, ROUND, _body(1, ROUND, "2026-09-14"), "0" * 64, date(2026, 11, 1))
        # Its period may be called as a round of ours is.
        editions.add_national(connection, ROUND, _body(2, ROUND, "2026-09-01"), "1" * 64, date(2026, 12, 1))
        assert editions.next_number(connection) == 3
        assert [head.number for head in editions.hashed_heads(connection)] == [1]
        assert [each.number for each in editions.latest_by_round(connection)] == [1]
        assert editions.national_heads(connection) == [EditionHead(2, ROUND, date(2026, 12, 1), "1" * 64)]
        found = editions.get(connection, 2)
        assert found is not None and found.round == ROUND and found.content["number"] == 2
    for subject in ({}, {"round": ROUND, "period": ROUND}):
        with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
            row = {"number": 3, "published": date(2026, 12, 1), "sha256": "2" * 64, "body": "{}"}
            connection.execute(sa.insert(tables.edition), row | subject)


def test_the_first_drawing_stands(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        editions.add(connection, ROUND, _body(1, ROUND, "2026-09-14"), "0" * 64, date(2026, 11, 1))
        for svg in (b"first", b"second"):
            editions.add_drawing(connection, 1, "vast", "gap", language="sv", theme="light", svg=svg)
        assert editions.drawing(connection, 1, "vast", "gap", language="sv", theme="light") == b"first"
        assert editions.drawing(connection, 1, "vast", "gap", language="en", theme="light") is None
