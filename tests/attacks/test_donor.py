"""What is left over in the region takes a crowd from others: who has filled one batch with answers that they know must
not read the stranger's that is left over. Each has the counts of everything, and knows the answers of one unit: counts
without noise here, since pools that give nobody away must not lean on it.
"""

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from survey.domain.disclosure import pooling
from survey.domain.disclosure.pooling import Pool
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.responses import Response
from survey.sealing.rounds.counting import ClassCount, count_class
from tests.attacks.full import Shown, sized
from tests.opened import opened
from tests.sealed import responses

SEED, TIMES, K = 3, sized(40, 400), 10
UNITS = tuple(f"u{n}" for n in range(8))
PARENTS: dict[str, str | None] = {"region": None, **{unit: f"m{unit[1:]}" for unit in UNITS}}
PARENTS |= {f"m{unit[1:]}": "region" for unit in UNITS}
# The thief's own unit is u0; u1 has one answer, a stranger's.
CLASSES = {
    "25 sheets of one's own and one stranger": {"u0": 25, "u1": 1},
    "one's own and another unit": {"u0": 25, "u1": 1, "u2": 13},
    "one's own among eight units": {"u0": 25, "u1": 1} | dict.fromkeys(UNITS[2:], 14),
}


def read(sizes: Mapping[str, int], number: int) -> int:
    """How many of seven answers of the stranger the thief knows after the closing."""
    people = {unit: responses(n, seed=f"{SEED} {number} {unit}") for unit, n in sizes.items()}
    batches = [opened(unit, unit, each, seed=number) for unit, each in people.items()]
    counted = count_class(batches, PARENTS, K, random.Random(f"{SEED} {number}"))
    return known(counted, people["u0"], people["u1"][0])


def known(counted: ClassCount, own: list[Response], stranger: Response) -> int:
    """Take away from the region's counts what one's own unit has given there: its own answers less its own counts."""
    if "region" not in counted.places:
        return 0
    told = 0
    for question in QUESTIONS:
        left = Counter({code: n for (asked, code), n in counted.places["region"].items() if asked == question})
        gave = Counter(each.answers[question] for each in own if question in each.answers)
        at_home = counted.places.get("u0", Counter())
        gave.subtract({code: n for (asked, code), n in at_home.items() if asked == question})
        left.subtract(gave)
        rest = {code: n for code, n in left.items() if n}
        told += rest == ({stranger.answers[question]: 1} if question in stranger.answers else {})
    return told


@pytest.mark.parametrize("what", CLASSES)
def test_no_stranger_is_read_by_who_filled_a_batch(what: str, shown: Shown) -> None:
    all_seven = sum(read(CLASSES[what], number) == len(QUESTIONS) for number in range(TIMES))
    shown("donor", what, f"all seven answers read in {all_seven} of {TIMES} closings", n=TIMES, seed=SEED)
    assert all_seven == 0


@pytest.mark.parametrize("what", CLASSES)
def test_control_a_crowd_from_the_largest_alone_gives_the_stranger_away(
    what: str, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    def largest(pools: list[Pool], rest: Pool, k: int, chance: random.Random) -> Counter[str]:
        donor = max(pools, key=lambda pool: pool.size)
        return Counter({next(iter(donor.contributions)): k - rest.size})

    monkeypatch.setattr(pooling, "_given", largest)
    all_seven = sum(read(CLASSES[what], number) == len(QUESTIONS) for number in range(TIMES))
    shown("donor", f"{what}; all from the largest", f"all seven answers read in {all_seven} of {TIMES} closings",
          n=TIMES, seed=SEED, control=True)  # fmt: skip
    assert all_seven == TIMES
