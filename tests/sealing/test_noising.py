"""What is written of exact counts: each figure with a draw of its own, every place and question, whatever was answered.

What one person's answer is protected by is added up here from the draws that the code makes, not from what is promised.
"""

import ast
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from survey.config import ROOT
from survey.domain.disclosure.noised import FIGURES, Figures, Noised
from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.questions.answer_scale import QUESTIONS, ROLES, answer_codes_of
from survey.sealing.keys.registry import Registry
from survey.sealing.rounds.counting import ClassCount, Counts, counts_of
from survey.sealing.rounds.decrypt_round import Counted
from survey.sealing.rounds.noising import noised
from survey.store.answers import tally
from tests.denoised import drawn_on, persons, without_noise
from tests.sealed import responses

DICE, ROUND = b"d" * 32, "host-2026"
SMALL, LARGE = "vast", "ost"  # municipalities of two units, and of twelve: enough for sums of its own
UNITS = {"vast-1": "vast", "vast-2": "vast"} | {f"ost-{n:02}": "ost" for n in range(12)}
PARENTS: dict[str, str | None] = {"regionen": None, "vast": "regionen", "ost": "regionen", **UNITS}
LEVELS = {"regionen": "region", "vast": "municipality", "ost": "municipality"} | dict.fromkeys(UNITS, "unit")
REGISTRY = Registry({"patient": 10, "provider": 5}, PARENTS, b"", (), LEVELS)
WHO = {"patient": (12, "open"), "provider": (6, "invited")}


def a_round(seed: int = 1, sizes: dict[str, int] | None = None) -> Counted:
    """Everybody has answered, at every unit; residents by two collection modes, and in two groups of each grouping."""
    classes: dict[tuple[str, str], dict[str, Counts]] = {}
    for role, (n, channel) in WHO.items():
        for unit in UNITS:
            some = responses((sizes or {}).get(unit, n), role, seed=f"{seed} {unit}")
            classes.setdefault((role, channel), {})[unit] = counts_of(some)
    classes["patient", "paper"] = {"regionen": counts_of(responses(10, seed=f"{seed} rest"))}
    groups = {(grouping, group): counts_of(responses(40, seed=f"{seed} {grouping} {group}"))
              for grouping in ("gender_age", "language", "help") for group in ("a", "b")}  # fmt: skip
    return Counted({key: ClassCount(places) for key, places in classes.items()}, groups, {})


def noise_of(counted: Counted, registry: Registry = REGISTRY) -> Noised:
    return noised(counted, registry, DICE, ROUND)


def test_every_place_and_question_is_written_whatever_was_answered() -> None:
    silent = Counted({}, {}, {})
    for counted in (a_round(), silent):
        found = noise_of(counted)
        units = {(unit, "all") for unit in UNITS}
        above = {(place, part) for place in ("regionen", "vast", "ost") for part in ("all", "rest")}
        classes = {("regionen", channel) for channel in ("invited", "open", "paper")}
        expected = {(*key, role, q) for key in units | above for role in ROLES for q in QUESTIONS}
        if counted is not silent:
            expected |= {(*key, "patient", q) for key in classes for q in QUESTIONS}
        assert found.figures.keys() >= expected
        assert found.figures.keys() == noise_of(a_round(2) if counted is not silent else silent).figures.keys()
    # Which are told apart, and which are not.
    figures = noise_of(a_round()).figures
    assert not any(figures["vast-1", "all", "patient", question].apart for question in QUESTIONS)
    for place, split in (("vast", False), ("regionen", True)):
        for role in ROLES:
            for question in QUESTIONS:
                each, codes = figures[place, "all", role, question], answer_codes_of(role, question)
                told = {"partly", "no"} if "partly" in codes else set()
                assert set(each.apart) == told | ({"dont_know", "not_needed"} & set(codes) if split else set())
                assert not told or each.apart["partly"] + each.apart["no"] == each.not_yes


def test_no_two_figures_share_a_draw() -> None:
    _, drawn = without_noise(a_round(), REGISTRY)
    assert len(drawn) > 400 and all(label.startswith(f"{ROUND}|") for label in drawn)


def test_a_place_of_one_childs_persons_has_that_childs_figures() -> None:
    alone = dict.fromkeys(UNITS, 0) | {"vast-1": 12}
    counted = a_round(sizes=alone)
    del counted.classes["patient", "paper"]
    found = noise_of(counted).figures
    assert all(found[place, "all", "patient", q] is found["vast-1", "all", "patient", q]
               for place in ("vast", "regionen") for q in QUESTIONS)  # fmt: skip
    _, drawn = without_noise(counted, REGISTRY)
    assert not any(label.startswith((f"{ROUND}|vast|all", f"{ROUND}|regionen|all")) for label in drawn)


def test_residents_of_the_whole_are_the_sum_of_their_channel_classes() -> None:
    found = noise_of(a_round()).figures
    for question in QUESTIONS:
        whole, *each = (found["regionen", part, "patient", question] for part in ("all", "open", "paper"))
        assert [getattr(whole, name) for name in ("yes", "not_yes", "non_substantive")] == [
            sum(getattr(one, name) for one in each) for name in ("yes", "not_yes", "non_substantive")
        ]


def test_the_same_dice_give_the_same_noise_in_whatever_order_the_work_is_done() -> None:
    counted = a_round()
    before, chance = noise_of(counted), random.Random(3)
    for _ in range(3):
        again = Counted(_shuffled(counted.classes, chance), _shuffled(counted.background, chance), {})
        parents = dict(chance.sample(list(PARENTS.items()), len(PARENTS)))
        # The place above all is the only one that has none above.
        assert noise_of(again, replace(REGISTRY, parents=parents)) == before
    other = noised(counted, REGISTRY, b"e" * 32, ROUND)
    assert sum(other.figures[key] != before.figures[key] for key in before.figures) > 0.8 * len(before.figures)
    assert noised(counted, REGISTRY, DICE, "annan").figures != before.figures


def _shuffled(some: Any, chance: random.Random) -> dict[Any, Any]:
    return dict(chance.sample(list(some.items()), len(some)))


def test_the_noise_does_not_depend_on_what_was_answered() -> None:
    one, other = noise_of(a_round(1)), noise_of(a_round(2))
    exact = {seed: _exact(a_round(seed)) for seed in (1, 2)}
    for key in (("vast-1", "all", "patient", "trygghet"), ("ost", "all", "provider", "overblick")):
        assert [
            getattr(one.figures[key], name) - exact[1][key][name] for name in ("yes", "not_yes", "non_substantive")
        ] == [getattr(other.figures[key], name) - exact[2][key][name] for name in ("yes", "not_yes", "non_substantive")]


def _exact(counted: Counted) -> dict[Any, dict[str, int]]:
    return {key: each.columns() for key, each in without_noise(counted, REGISTRY)[0].figures.items()}


def _changed(counted: Counted, role: str, unit: str, question: str, codes: tuple[str, str]) -> Counted:
    """The same round, where one person at a unit has answered a question otherwise; in their groups too."""
    channel = WHO[role][1]
    classes = dict(counted.classes)
    places = dict(classes[role, channel].places)
    places[unit] = _moved(places[unit], question, codes)
    classes[role, channel] = ClassCount(places)
    background = {key: _moved(each, question, codes) if key[1] == "a" and role == "patient" else each
                  for key, each in counted.background.items()}  # fmt: skip
    return Counted(classes, background, {})


def _moved(counts: Counts, question: str, codes: tuple[str, str]) -> Counts:
    found = Counter(counts)
    found[question, codes[0]] -= 1
    found[question, codes[1]] += 1
    return found


def _spent(before: Noised, after: Noised, drawn: dict[str, Fraction]) -> Fraction:
    """Epsilon of one change, added up over every draw of every figure that differs by it."""
    each = (epsilon * persons(drawn_on(before, label), drawn_on(after, label)) for label, epsilon in drawn.items())
    return sum(each, Fraction(0))


def _changes(role: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for question in QUESTIONS:
        codes = answer_codes_of(role, question)
        yield from ((question, (one, other)) for one in codes for other in codes if one != other)


# What the method page prints: staff, residents; where a municipality has sums of its own over ten matched units; and
# the most that any change of one answer spends, the codes told apart included.
SPENT = {
    ("provider", "vast-1"): ("2.25", "3.25"),
    ("patient", "vast-1"): ("2.75", "3.75"),
    ("provider", "ost-03"): ("2.75", "3.75"),
    ("patient", "ost-03"): ("3", "4"),
}


@pytest.mark.parametrize(("role", "unit"), SPENT)
def test_one_persons_answer_is_in_no_more_draws_than_is_told(role: str, unit: str) -> None:
    counted = a_round()
    (before, drawn), spent = without_noise(counted, REGISTRY), {}
    for question, codes in _changes(role):
        after, _ = without_noise(_changed(counted, role, unit, question, codes), REGISTRY)
        spent[question, codes] = _spent(before, after, drawn)
    from_yes, most = (Fraction(text) for text in SPENT[role, unit])
    assert max(spent[question, ("yes", "no")] for question in QUESTIONS) == from_yes
    assert max(spent.values()) == most <= 4


def test_what_the_round_was_opened_with_is_what_is_drawn_with() -> None:
    _, house = without_noise(a_round(), REGISTRY)
    assert max(house.values()) == DEFAULT_PROTECTION.unit == 1
    names = [each.name for each in fields(DEFAULT_PROTECTION) if each.name != "smallest_group"]
    stronger = replace(DEFAULT_PROTECTION, **{name: getattr(DEFAULT_PROTECTION, name) / 2 for name in names})
    _, half = without_noise(a_round(), replace(REGISTRY, protection=stronger))
    assert {label: 2 * each for label, each in half.items()} == house


def test_weights_follow_from_how_many_and_never_from_what() -> None:
    one, other = noise_of(a_round(1)), noise_of(a_round(2))
    assert {key: each.heaviest for key, each in one.matched.items()} == {
        key: each.heaviest for key, each in other.matched.items()
    }
    assert {place for place, _, _ in one.matched} == {"regionen", "ost"}


def _made_in(name: str) -> set[str]:
    """The modules that make something of that class."""
    found = set()
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                found.add(path.relative_to(ROOT).as_posix())
    return found


def _modules() -> list[Path]:
    return [
        path
        for path in (ROOT / "survey").rglob("*.py")
        if not {"migrations", "tables"} & set(path.relative_to(ROOT).parts)
    ]


def _tables_used(path: Path) -> set[str]:
    """Which tables a module names."""
    return {
        each.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "survey.store.tables"
        for each in node.names
    }


def test_nothing_but_noised_figures_can_be_written() -> None:
    # One module makes them, one writes them, and the store takes no other type.
    assert get_type_hints(tally.write)["noised"] is Noised
    for name in ("Noised", "Figures", "Matched"):
        assert _made_in(name) == {"survey/sealing/rounds/noising.py"}
    of_answers = {"tally", "answer_count", "matched_tally", "background_tally"}
    users = {path.relative_to(ROOT).as_posix() for path in _modules() if _tables_used(path) & of_answers}
    assert users == {"survey/store/answers/tally.py"}


def test_figures_hold_no_more_than_is_told() -> None:
    assert [each.name for each in fields(Figures)] == ["yes", "not_yes", "non_substantive", "apart"]
    assert FIGURES == ("yes", "not_yes", "non_substantive", "partly", "no", "dont_know", "not_needed")
