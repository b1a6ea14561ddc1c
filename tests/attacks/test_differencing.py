"""What was counted twice, once beside a unit and once beside a background, never differs by a few persons.

The noise would hide such a difference; that there is none must not lean on it, so it is taken away here (by dice that
are erased at closing). Controls: one background batch for all classes gives the destroyed answers away, and still does
when ten more are destroyed at random.
"""

import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.background import GROUPINGS
from survey.domain.questions.responses import Response
from tests.denoised import THREE, Exact, closed
from tests.sealed import make_sealed, responses

Sums = Counter[tuple[str, str]]


def sums(persons: list[Response]) -> Sums:
    """How many chose each code of each question."""
    return Counter((q, code) for person in persons for q, code in person.answers.items())


def of_classes(exact: Exact, channels: set[str]) -> Sums:
    """What all residents of some collection modes said, by their first envelopes."""
    found: Sums = Counter()
    for channel in channels:
        for question in QUESTIONS:
            said = exact.of("regionen", question, part=channel)
            found.update({(question, name): said[name] for name in THREE if said[name]})
    return found


def of_groupings(exact: Exact) -> dict[str, Sums]:
    """The same by the second envelopes, once for each grouping."""
    found: dict[str, Sums] = {}
    for (grouping, _, question), said in exact.groups.items():
        found.setdefault(grouping, Counter()).update({(question, name): said[name] for name in THREE if said[name]})
    return found


@pytest.mark.parametrize("few", [0, 1, 5, 9, 10, 49, 50])
def test_the_two_sums_cover_the_same_persons_or_the_second_is_not_there(
    engine: Engine, tmp_path: Path, few: int
) -> None:
    sealed = make_sealed(engine, tmp_path)
    sealed.fill({"vast-ett": 25, "vast-tva": 4, "ost-ett": 20, "ost-tva": 14}, channel="open")
    sealed.fill({"vast-ett": few}, channel="paper", seed=9)
    exact = closed(sealed)
    covered = {"open", "paper"} if few >= 50 else {"open"}
    assert of_groupings(exact) == dict.fromkeys(GROUPINGS, of_classes(exact, covered))
    # What the second sums leave out of the first is a whole class: a crowd of its own, or nobody.
    left_out = exact.answered.get(("vast-ett", "patient", "paper"), 0) if few < 50 else 0
    assert left_out == 0 or left_out >= 10


def test_no_group_and_no_pool_is_under_its_threshold(engine: Engine, tmp_path: Path) -> None:
    sealed = make_sealed(engine, tmp_path)
    sealed.fill({"vast-ett": 26, "vast-tva": 7, "ost-ett": 16, "ost-tva": 14})
    sealed.close()
    assert min(sealed.totals().values()) >= 10
    assert min(row["n"] for row in sealed.counted()[1]) >= DEFAULT_PROTECTION.smallest_group


def round_of(chance: random.Random, lost: int) -> tuple[list[Response], list[Response]]:
    """Answers that are counted, and a few more that are destroyed unopened."""
    everybody = responses(120 + lost, seed=chance.random())
    # As in life: nearly all say yes or partly, and who does not stands out.
    for number, person in enumerate(everybody):
        answers = {q: "yes" if code in ("no", "dont_know") else code for q, code in person.answers.items()}
        everybody[number] = Response("patient", answers)
    for person in everybody[120:]:
        dict.update(person.answers, {"trygghet": "no"})  # type: ignore[arg-type]
    return everybody[:120], everybody[120:]


def test_control_one_batch_for_all_classes_gives_the_destroyed_answers_away() -> None:
    counted, lost = round_of(random.Random(1), 1)
    (person,) = lost
    difference = sums(counted + lost)
    difference.subtract(sums(counted))
    assert {q: code for (q, code), n in difference.items() if n} == person.answers


def test_control_destroying_ten_more_at_random_does_not_hide_them() -> None:
    chance, given_away = random.Random(2), 0
    for _ in range(50):
        counted, lost = round_of(chance, 1)
        second = chance.sample(counted + lost, 111)
        difference = sums(second)
        difference.subtract(sums(counted))
        # More of a code than were counted at all: somebody among the one to nine has it, beyond doubt.
        given_away += difference["trygghet", "no"] > 0
    assert given_away >= 40


def test_the_pooled_sums_name_no_unit_that_is_not_shown(engine: Engine, tmp_path: Path) -> None:
    sealed = make_sealed(engine, tmp_path)
    sealed.fill({"vast-ett": 20, "vast-tva": 9, "ost-ett": 30, "ost-tva": 2})
    exact = closed(sealed)
    assert {place for place, _, _ in exact.answered} == {"vast-ett", "ost-ett", "regionen"}
    # Every unit has its rows; those of units that are not shown hold noise, and nobody.
    assert {key[0] for key in exact.opened()} == {"vast-ett", "ost-ett", "regionen"}
    assert {(key[0], key[3]) for key in exact.places} >= {(u, q) for u in ("vast-tva", "ost-tva") for q in QUESTIONS}
    hidden = [row for row in sealed.counted()[0] if row["place"] in ("vast-tva", "ost-tva")]
    assert any(row["yes"] or row["not_yes"] for row in hidden)
