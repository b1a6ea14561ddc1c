"""Counts, editions and drawings as their queries keep them, on both databases."""

import hashlib
import json
from datetime import date

import pytest
from sqlalchemy import Engine

from survey.store import editions, rounds, tally
from survey.store.engine import DatabaseConflict, writing
from tests import factories

ROUND = "host-2026"


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """A database with the small places and a draft round."""
    with writing(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
    return engine


def test_counts_come_back_wide_with_the_skipped(furnished: Engine) -> None:
    counts = {
        ("all", "all"): 12,
        ("trygghet", "yes"): 7,
        ("trygghet", "dont_know"): 2,
        ("overblick", "no"): 0,
    }
    with writing(furnished) as connection:
        tally.add_counts(connection, ROUND, "vast-ett", "patient", "open", counts=counts)
        tally.add_counts(connection, ROUND, factories.WEST, "patient", "open", counts={("all", "all"): 10})
        assert tally.totals(connection, ROUND) == [
            ("vast", "patient", "open", 10),
            ("vast-ett", "patient", "open", 12),
        ]
        wide = tally.wide(connection, [ROUND])
    assert len(wide) == 14
    assert _row(wide, "vast-ett", "trygghet") == {
        **{"round": ROUND, "place": "vast-ett", "role": "patient", "channel": "open", "question": "trygghet"},
        **{"yes": 7, "partly": 0, "no": 0, "not_needed": 0, "dont_know": 2, "skipped": 3, "all": 12},
    }
    assert _row(wide, "vast", "nasta_tid")["skipped"] == 10


def _row(wide: list[dict[str, object]], place: str, question: str) -> dict[str, object]:
    (found,) = [row for row in wide if (row["place"], row["question"]) == (place, question)]
    return found


def test_background_counts_stand_by_group(furnished: Engine) -> None:
    with writing(furnished) as connection:
        counts = {("all", "all"): 30, ("trygghet", "yes"): 20}
        tally.add_background(connection, ROUND, "gender", "woman", counts)
        tally.add_background(connection, ROUND, "gender", "man", {("all", "all"): 25})
        found = tally.background(connection, ROUND)
    assert [(row["group"], row["question"], row["yes"], row["skipped"]) for row in found][7:9] == [
        ("woman", "trygghet", 20, 10),
        ("woman", "overenskommelse", 0, 30),
    ]


def _body(number: int, round_: str, opens: str) -> str:
    return json.dumps({"number": number, "round": {"key": round_, "opens": opens}})


def test_editions_are_kept_under_their_own_number(furnished: Engine) -> None:
    with writing(furnished) as connection:
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
    with pytest.raises(DatabaseConflict), writing(furnished) as connection:
        editions.add(connection, ROUND, _body(3, ROUND, "2026-09-14"), "0" * 64, date(2026, 11, 2))


def test_the_first_drawing_stands(furnished: Engine) -> None:
    with writing(furnished) as connection:
        editions.add(connection, ROUND, _body(1, ROUND, "2026-09-14"), "0" * 64, date(2026, 11, 1))
        for svg in (b"first", b"second"):
            editions.add_drawing(connection, 1, "vast", "gap", language="sv", theme="light", svg=svg)
        assert editions.drawing(connection, 1, "vast", "gap", language="sv", theme="light") == b"first"
        assert editions.drawing(connection, 1, "vast", "gap", language="en", theme="light") is None
