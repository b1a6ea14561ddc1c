"""From opened responses to counts, without a database: what is counted where, what is moved, what is flagged."""

import random

import pytest

from survey.domain.responses import Background, Response
from survey.domain.scale import QUESTIONS
from survey.sealing.counting import (
    BatchCount,
    ClassCount,
    Opened,
    count_background,
    count_class,
    counts_of,
    many_equal,
)
from tests.sealed import responses

PARENTS = {"region": None, "m": "region", "n": "region", "m1": "m", "m2": "m", "n1": "n"}
YES = Response("patient", dict.fromkeys(QUESTIONS, "yes"))
NO = Response("patient", dict.fromkeys(QUESTIONS, "no"))


def counted(seed: int = 1, unreadable: int = 0, **units: list[Response]) -> ClassCount:
    opened = [Opened(f"batch {unit}", unit, some, unreadable) for unit, some in units.items()]
    return count_class(opened, PARENTS, 10, random.Random(seed))


def test_a_crowd_is_counted_at_its_unit_and_the_rest_moves_up() -> None:
    found = counted(m1=responses(12, seed="m1"), m2=responses(6, seed="m2"), n1=responses(7, seed="n1"))
    assert {place: counts["all", "all"] for place, counts in found.places.items()} == {"m1": 12, "region": 13}
    assert found.batches == {
        "batch m1": BatchCount(12, 0, 0, False),
        "batch m2": BatchCount(0, 6, 0, False),
        "batch n1": BatchCount(0, 7, 0, False),
    }
    assert found.whole and found.size == 25


def test_too_few_are_destroyed_and_so_is_what_cannot_be_read() -> None:
    few = counted(unreadable=2, m1=responses(5), n1=responses(4, seed="n1"))
    assert few.places == {} and not few.whole and few.size == 0
    assert few.batches == {"batch m1": BatchCount(0, 0, 7), "batch n1": BatchCount(0, 0, 6)}
    enough = counted(unreadable=2, m1=responses(10))
    assert enough.batches == {"batch m1": BatchCount(10, 0, 2)} and not enough.whole and enough.size == 10
    assert ClassCount().whole and ClassCount().size == 0
    assert Opened("b", "m1", []).unreadable == 0 and not BatchCount(1, 0, 0).equal_patterns


def test_whose_answers_are_moved_is_left_to_chance() -> None:
    rest, donor = [NO] * 9, [*[YES] * 6, *[NO] * 6]
    moved = {counted(seed, m1=donor, n1=rest, m2=[NO] * 12).places["region"]["trygghet", "yes"] for seed in range(30)}
    assert moved == {0, 1}


def test_every_code_is_counted_and_so_are_the_hasty() -> None:
    fast = Response("patient", {"trygghet": "no"}, fast=True)
    counts = counts_of([YES, YES, fast])
    assert counts["all", "all"] == 3 and counts["all", "fast"] == 1
    assert counts["trygghet", "yes"] == 2 and counts["trygghet", "no"] == 1 and counts["overblick", "yes"] == 2


@pytest.mark.parametrize(
    ("equal", "others", "many"),
    [(0, 0, False), (9, 0, False), (10, 0, True), (10, 9, True), (10, 10, False), (11, 11, False), (12, 11, True)],
)
def test_more_than_half_and_ten_alike_are_many(equal: int, others: int, many: bool) -> None:
    apart = [Response("patient", {"trygghet": "yes", QUESTIONS[n % 6 + 1]: "no"}) for n in range(others)]
    assert many_equal([YES] * equal + apart) is many


def test_many_alike_flag_every_unit_of_their_pool_and_no_other() -> None:
    found = counted(m1=[YES] * 6, m2=[YES] * 6, n1=responses(12, seed="n1"))
    assert {name: batch.equal_patterns for name, batch in found.batches.items()} == {
        "batch m1": True,
        "batch m2": True,
        "batch n1": False,
    }


def test_background_is_counted_group_by_group() -> None:
    def one(help_: str, answer: str) -> Response:
        return Response("patient", {"trygghet": answer}, Background("woman", "80+", "sv", help_))

    counts = count_background([one("alone", "yes")] * 30 + [one("with_help", "no")] * 20)
    assert counts["help", "alone", "all", "all"] == 30 and counts["help", "with_help", "all", "all"] == 20
    assert counts["help", "alone", "trygghet", "yes"] == 30 and counts["help", "with_help", "trygghet", "no"] == 20
    assert counts["language", "sv", "all", "all"] == 50
    assert counts["help", "alone", "trygghet", "no"] == 0
