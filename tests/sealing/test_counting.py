"""From opened responses to counts, without a database: what is counted where, what is moved."""

import hashlib
import random

from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.responses import Background, Response
from survey.sealing.rounds.counting import BatchCount, ClassCount, OpenedBatch, count_background, count_class, counts_of
from tests.opened import opened, stated
from tests.sealed import responses

PARENTS = {"region": None, "m": "region", "n": "region", "m1": "m", "m2": "m", "n1": "n"}
YES = Response("patient", dict.fromkeys(QUESTIONS, "yes"))
NO = Response("patient", dict.fromkeys(QUESTIONS, "no"))


def counted(seed: int = 1, unreadable: int = 0, **units: list[Response]) -> ClassCount:
    each = [opened(f"batch {unit}", unit, some, unreadable, seed) for unit, some in units.items()]
    return count_class(each, PARENTS, 10, random.Random(seed))


def test_a_crowd_is_counted_at_its_unit_and_the_rest_moves_up() -> None:
    found = counted(m1=responses(12, seed="m1"), m2=responses(6, seed="m2"), n1=responses(7, seed="n1"))
    assert {place: counts["all", "all"] for place, counts in found.places.items()} == {"m1": 12, "region": 13}
    assert found.batches == {
        "batch m1": BatchCount(12, 0, 0),
        "batch m2": BatchCount(0, 6, 0),
        "batch n1": BatchCount(0, 7, 0),
    }
    assert found.is_complete and found.size == 25


def test_too_few_are_destroyed_and_so_is_what_cannot_be_read() -> None:
    few = counted(unreadable=2, m1=responses(5), n1=responses(4, seed="n1"))
    assert few.places == {} and not few.is_complete and few.size == 0
    assert few.batches == {"batch m1": BatchCount(0, 0, 7), "batch n1": BatchCount(0, 0, 6)}
    enough = counted(unreadable=2, m1=responses(10))
    assert enough.batches == {"batch m1": BatchCount(10, 0, 2)} and not enough.is_complete and enough.size == 10
    assert ClassCount().is_complete and ClassCount().size == 0
    assert OpenedBatch("b").unreadable == OpenedBatch("b").size == 0


def test_whose_answers_are_moved_is_left_to_chance() -> None:
    rest, donor = [NO] * 9, [*[YES] * 6, *[NO] * 6]
    moved = {counted(seed, m1=donor, n1=rest, m2=[NO] * 12).places["region"]["trygghet", "yes"] for seed in range(30)}
    assert moved == {0, 1}


def test_who_is_moved_is_the_same_in_whatever_parts_and_order_a_batch_is_opened() -> None:
    some = responses(40, seed="parts")
    lots = [hashlib.sha256(bytes([number])).digest() for number in range(40)]

    def part_of(numbers: list[int]) -> OpenedBatch:
        part = OpenedBatch("b", "m1", unreadable=len(numbers))
        for number in numbers:
            part.add(some[number], lots[number])
        return part

    whole, least = part_of([*range(40)]), sorted(range(40), key=lots.__getitem__)
    assert whole.moved(1) == counts_of([some[least[0]]])
    assert whole.moved(2) == counts_of([some[number] for number in least[:2]])
    for seed in range(20):
        order = random.Random(seed).sample(range(40), 40)
        found = OpenedBatch("b", "m1")
        for start in range(0, 40, 1 + seed):
            found.join(part_of(order[start : start + 1 + seed]))
        assert found == whole


def test_every_code_is_counted() -> None:
    counts = counts_of([YES, YES, Response("patient", {"trygghet": "no"})])
    assert counts["all", "all"] == 3
    assert counts["trygghet", "yes"] == 2 and counts["trygghet", "no"] == 1 and counts["overblick", "yes"] == 2


def test_background_is_counted_group_by_group() -> None:
    def one(help_: str, answer: str) -> Response:
        return Response("patient", {"trygghet": answer}, Background("woman", "80+", "sv", help_))

    some = [one("alone", "yes")] * 30 + [one("with_help", "no")] * 20
    counts = count_background(stated(some), 15)
    alone, helped = counts["help", "alone"], counts["help", "with_help"]
    assert alone["all", "all"] == 30 and helped["all", "all"] == 20
    assert alone["trygghet", "yes"] == 30 and helped["trygghet", "no"] == 20 and alone["trygghet", "no"] == 0
    assert counts["language", "sv"]["all", "all"] == 50
    # A group under what the round was opened with joins the others.
    assert [key for key in count_background(stated(some), 30) if key[0] == "help"] == [("help", "other")]
