"""Small faults planted in accept, opening, closing and the noise: the tests must notice nine of ten.

For whoever leans on the other tests. A fault that lives is printed, and wants a test; one that changes nothing anybody
could see is named below with the reason. The control: a suite that looks at next to nothing lets most of them live.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.attacks.equivalent import ELSEWHERE, EQUIVALENT
from tests.attacks.full import Shown, sized
from tests.attacks.mutants import ALIVE, TOO_SLOW, Mutant, copied, fates, mutants_of

SEED = 7
LEAST_KILLED = 0.9


@dataclass(frozen=True)
class Part:
    """What is tried as one: modules, the tests that should notice, and how many faults are drawn in each size."""

    tests: Mapping[str, tuple[str, ...]]
    short: int
    full: int


_CLOSING = ("tests/sealing/test_closing.py", "tests/sealing/test_closing_again.py")
_COUNTED = f"{_CLOSING[0]}::test_every_answer_is_counted_once_where_it_was_opened"
_COUNTING = "tests/sealing/test_counting.py"
PARTS = {
    "accept": Part(
        {
            "survey.store.answers.submissions": ("tests/store/test_accepting.py", "tests/sealing/test_accept.py"),
            "survey.sealing.intake.submit": ("tests/sealing/test_accept.py", _COUNTED),
        },
        0,
        1000,
    ),
    "opening and closing": Part(
        {
            "survey.sealing.rounds.open_round": ("tests/sealing/test_opening.py", "tests/sealing/test_devices.py"),
            "survey.sealing.rounds.close_round": _CLOSING,
            "survey.sealing.rounds.decrypt_round": (*_CLOSING, "tests/sealing/test_noted.py"),
            "survey.sealing.rounds.noted": ("tests/sealing/test_noted.py", *_CLOSING),
        },
        0,
        1000,
    ),
    "counting": Part({"survey.sealing.rounds.counting": (_COUNTING, _COUNTED)}, 8, 1000),
    "pooling": Part({"survey.domain.disclosure.pooling": ("tests/domain/test_pooling.py",)}, 0, 1000),
    "the noise": Part({"survey.domain.disclosure.noise": ("tests/domain/test_noise.py",)}, 0, 1000),
    "what gets noise": Part(
        {
            "survey.sealing.rounds.noising": ("tests/sealing/test_noising.py", "tests/sealing/test_noised_sums.py"),
            "survey.domain.disclosure.matching": ("tests/domain/test_matching.py", "tests/sealing/test_noised_sums.py"),
            "survey.store.answers.tally": ("tests/store/test_published.py",),
        },
        0,
        1000,
    ),
    "what is worked out of it": Part({"survey.publication.nodes": ("tests/publication/test_nodes.py",)}, 0, 100),
}
RUN = sized([name for name, part in PARTS.items() if part.short], list(PARTS))


def is_tried(mutant: Mutant) -> bool:
    """Whether a test could notice it here."""
    return mutant.name not in EQUIVALENT and not mutant.name.startswith(tuple(f"{name}: " for name in ELSEWHERE))


def drawn(part: Part) -> tuple[list[Mutant], int]:
    """The faults to plant, and of how many; those that change nothing are left out."""
    every = [each for module in part.tests for each in mutants_of(module) if is_tried(each)]
    return random.Random(SEED).sample(every, min(len(every), sized(part.short, part.full))), len(every)


def tried(some: list[Mutant], tests: Mapping[str, tuple[str, ...]], tree: Path) -> dict[Mutant, str]:
    """What became of them."""
    found = {}
    for module, suite in tests.items():
        if own := [each for each in some if each.module == module]:
            found |= fates(module, suite, own, tree)
    return found


@pytest.mark.parametrize("name", RUN)
def test_nine_of_ten_faults_are_noticed(name: str, tmp_path: Path, shown: Shown) -> None:
    some, of = drawn(PARTS[name])
    found = tried(some, PARTS[name].tests, copied(tmp_path / "tree"))
    alive = [each for each, fate in found.items() if fate == ALIVE]
    for each in alive:
        print(f"alive: {each.name} (line {each.line})")
    slow = sum(fate == TOO_SLOW for fate in found.values())
    result = f"{len(some) - len(alive)} of {len(some)} noticed, {slow} of them by running too long; there are {of}"
    shown("mutation", f"faults planted in {name}", result, n=len(some), seed=SEED)
    assert len(alive) <= max(1, (1 - LEAST_KILLED) * len(some)), [each.name for each in alive]


def test_what_is_left_out_is_still_there_and_stands_once() -> None:
    there = Counter(each.name for part in PARTS.values() for module in part.tests for each in mutants_of(module))
    assert {name: there[name] for name in EQUIVALENT} == dict.fromkeys(EQUIVALENT, 1)
    assert all(any(each.startswith(f"{name}: ") for each in there) for name in ELSEWHERE)


def test_control_a_suite_that_looks_at_little_notices_few(tmp_path: Path, shown: Shown) -> None:
    some, _ = drawn(PARTS["counting"])
    blind = {"survey.sealing.rounds.counting": (f"{_COUNTING}::test_every_code_is_counted",)}
    found = tried(some[: sized(8, 30)], blind, copied(tmp_path / "tree"))
    noticed = sum(fate != ALIVE for fate in found.values())
    result = f"{noticed} of {len(found)} noticed"
    shown("mutation", "the same faults, one small test", result, n=len(found), seed=SEED, control=True)
    assert noticed < LEAST_KILLED / 2 * len(found)
