"""What noise is added to: at each place, of each group and over matched units, what its persons answered and no more.

Each draw is made a known one here, so that the figures are told to the unit; what was answered is added up from the
persons themselves, by another way than the closing's.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from survey.domain.disclosure.noised import Figures, Matched, Noised
from survey.domain.questions.answer_scale import QUESTIONS, ROLES, answer_codes_of
from survey.domain.questions.responses import Response
from survey.sealing.keys.registry import Registry
from survey.sealing.rounds import noising
from survey.sealing.rounds.counting import ClassCount, counts_of
from survey.sealing.rounds.decrypt_round import Counted
from survey.sealing.rounds.noising import noised
from tests.denoised import threes_of
from tests.sealed import responses

MOVED, ALONE = (1, 10, -11), 100  # what each draw adds: to the three, and to a code that is told apart
# A municipality of ten units, one of nine, one of two, one of one unit, and one of none.
UNITS = {
    f"{place}-{n}": place for place, size in (("ten", 10), ("nine", 9), ("two", 2), ("one", 1)) for n in range(size)
}
MIDDLE = ("ten", "nine", "two", "one", "none")
PARENTS: dict[str, str | None] = {"region": None, **dict.fromkeys(MIDDLE, "region"), **UNITS}
LEVELS = {"region": "region", **dict.fromkeys(MIDDLE, "municipality"), **dict.fromkeys(UNITS, "unit")}
CLASSES = ("invited", "open", "paper")
Class = tuple[str, str]


@dataclass(frozen=True)
class Crowd:
    """Who answered: by role and collection mode, at the place where they are opened."""

    who: dict[Class, dict[str, list[Response]]]

    def counted(self) -> Counted:
        """What the closing has in memory of them."""
        classes = {key: ClassCount({place: counts_of(some) for place, some in places.items()}, {})
                   for key, places in self.who.items()}  # fmt: skip
        return Counted(classes, {("language", "sv"): counts_of(self.at("patient", "region"))}, {})

    def opened(self, role: str, place: str, channel: str = "") -> list[Response]:
        """Who is opened at a place itself."""
        each = (places.get(place, []) for (whose, way), places in self.who.items()
                if whose == role and channel in ("", way))  # fmt: skip
        return [response for some in each for response in some]

    def at(self, role: str, place: str) -> list[Response]:
        """Everybody at a place and below it."""
        below = [child for child, above in PARENTS.items() if above == place]
        return self.opened(role, place) + [one for child in below for one in self.at(role, child)]


def crowd(seed: int) -> Crowd:
    """Anything from nobody to many at each place, as the pools of a closing may lie."""
    chance = random.Random(seed)
    who: dict[Class, dict[str, list[Response]]] = {}
    for role, most, least in (("patient", 60, 10), ("provider", 12, 5)):
        silent = chance.choice(("ten", "nine", "two", "one", "nobody"))
        for channel in CLASSES if role == "patient" else ("invited",):
            places = who.setdefault((role, channel), {})
            for place in PARENTS:
                often = 0.9 if place in UNITS and channel == "invited" else 0.15
                if chance.random() < often and not place.startswith(silent):
                    places[place] = responses(chance.randint(least, most), role, seed=f"{seed} {place} {channel}")
    return Crowd(who)


def everybody(n: dict[str, int], places: Iterable[str], but: dict[Class, int] | None = None) -> Crowd:
    """So many of each role at each place, all with a code; `but` at some."""
    found: dict[Class, dict[str, list[Response]]] = {}
    for role in ROLES:
        some = {place: responses((but or {}).get((role, place), n[role]), role, seed=place) for place in places}
        found[role, "invited"] = {place: each for place, each in some.items() if each}
    return Crowd(found)


CROWDS = {
    "nobody": Crowd({}),
    "one unit alone": everybody({"patient": 12, "provider": 6}, ["two-0"]),
    "a unit, and the rest of its municipality": everybody({"patient": 12, "provider": 6}, ["two-0", "two"]),
    "the rest of a municipality alone": everybody({"patient": 12, "provider": 6}, ["one"]),
    "everywhere": everybody({"patient": 12, "provider": 6}, PARENTS),
    "just as many as may be": everybody({"patient": 10, "provider": 5}, UNITS),
    "a crowd on one side alone": everybody({"patient": 12, "provider": 6}, UNITS, {("provider", "ten-0"): 0}),
    **{f"any, {seed}": crowd(seed) for seed in range(4)},
}


@pytest.fixture(autouse=True)
def _known_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noising, "draw_three", lambda bits, epsilon: MOVED)
    monkeypatch.setattr(noising, "discrete_laplace", lambda bits, epsilon: ALONE)


def noised_of(some: Crowd, levels: dict[str, str] | None = None) -> Noised:
    return noised(
        some.counted(), Registry({"patient": 10, "provider": 5}, PARENTS, b"", (), levels or LEVELS), b"", "h"
    )


def three(some: list[Response], question: str, draws: int = 1) -> tuple[int, int, int]:
    """What they answered to a question, and so many draws."""
    said = sum((threes_of(each.answers) for each in some), Counter[tuple[str, str]]())
    exact = (said[question, name] for name in ("yes", "not_yes", "non_substantive"))
    yes, not_yes, outside = (n + draws * moved for n, moved in zip(exact, MOVED, strict=True))
    return yes, not_yes, outside


def drawn_anew(some: Crowd, place: str, role: str, question: str) -> Figures:
    """A place's figures by a draw of its own, with the codes that its level tells apart."""
    there, codes = some.at(role, place), answer_codes_of(role, question)
    ways = {way for whose, way in some.who if whose == role and any(some.who[whose, way].values())}
    yes, not_yes, outside = three(there, question, len(ways) if (role, place) == ("patient", "region") else 1)
    apart = {code: sum(each.answers.get(question) == code for each in there) + ALONE
             for code in ("partly", "dont_know", "not_needed") if code in codes}  # fmt: skip
    apart = {code: n for code, n in apart.items() if code == "partly" or place == "region"}
    if "partly" in apart:
        apart["no"] = not_yes - apart["partly"]
    return Figures(yes, not_yes, outside, apart)


def expected(some: Crowd) -> dict[tuple[str, str, str, str], Figures]:
    """Every figure there is to be."""
    found: dict[tuple[str, str, str, str], Figures] = {}
    for role in ROLES:
        for place in (*UNITS, *MIDDLE, "region"):
            below = [child for child, above in PARENTS.items() if above == place]
            rest = ("all" if place in UNITS else "rest", some.opened(role, place))
            parts = [(child, "all") for child in below if some.at(role, child)]
            parts += [(place, "rest")] if rest[1] else []
            for question in QUESTIONS:
                found[place, rest[0], role, question] = Figures(*three(rest[1], question))
                if place in UNITS:
                    continue
                copied = found[*parts[0], role, question] if len(parts) == 1 else None
                found[place, "all", role, question] = copied or drawn_anew(some, place, role, question)
                for way in CLASSES if (role, place, copied) == ("patient", "region", None) else ():
                    theirs = [one for each in PARENTS for one in some.opened(role, each, way)]
                    found[place, way, role, question] = Figures(*three(theirs, question))
    return found


@pytest.mark.parametrize("name", CROWDS)
def test_each_place_has_its_persons_and_a_place_of_one_parts_persons_that_parts_figures(name: str) -> None:
    assert noised_of(CROWDS[name]).figures == expected(CROWDS[name])


@pytest.mark.parametrize("name", CROWDS)
def test_how_many_answered_is_told_of_each_place_where_they_were_opened(name: str) -> None:
    some = CROWDS[name]
    found = noised_of(some).answered
    assert found == {(place, *key): len(places.get(place, [])) for key, places in some.who.items() for place in PARENTS}


def test_a_nation_tells_apart_what_a_region_does() -> None:
    some = CROWDS["everywhere"]
    assert noised_of(some, LEVELS | {"region": "nation"}).figures == noised_of(some).figures


def matched(some: Crowd) -> dict[str, list[str]]:
    """The units with a crowd on both sides, of each place that has sums of its own."""
    least = {"patient": 10, "provider": 5}
    units = [unit for unit in UNITS if all(len(some.at(role, unit)) >= k for role, k in least.items())]
    of = {place: [unit for unit in units if UNITS[unit] == place] for place in MIDDLE}
    return {place: each for place, each in ({"region": units} | of).items() if len(each) >= (place != "region") * 9 + 1}


@pytest.mark.parametrize("name", CROWDS)
def test_matched_units_are_summed_by_weight(name: str) -> None:
    some = CROWDS[name]
    found: dict[tuple[str, str, str], Matched] = {}
    for place, units in matched(some).items():
        n: dict[str, dict[str, int]] = {role: {unit: len(some.at(role, unit)) for unit in units} for role in ROLES}
        staff = {unit: min(6000, 1000 * n["patient"][unit] // n["provider"][unit]) for unit in units}
        residents = {unit: max(1, staff[unit] * n["provider"][unit] // n["patient"][unit]) for unit in units}
        for role, weight in (("provider", staff), ("patient", residents)):
            for question in QUESTIONS:
                each: list[Any] = [(weight[unit], three(some.at(role, unit), question, 0)) for unit in units]
                yes, not_yes = (sum(w * told[which] for w, told in each) for which in (0, 1))
                found[place, role, question] = Matched(yes + MOVED[0], not_yes + MOVED[1], max(weight.values()))
    assert noised_of(some).matched == found


def test_a_municipality_of_ten_matched_units_has_sums_of_its_own_and_one_of_nine_has_none() -> None:
    assert set(matched(CROWDS["everywhere"])) == {"region", "ten"}
    assert {place for place, _, _ in noised_of(CROWDS["everywhere"]).matched} == {"region", "ten"}
    assert {place for place, _, _ in noised_of(CROWDS["a crowd on one side alone"]).matched} == {"region"}
    assert noised_of(CROWDS["nobody"]).matched == {}


def test_a_group_of_residents_has_its_persons() -> None:
    some = CROWDS["everywhere"]
    found = noised_of(some)
    there = some.at("patient", "region")
    assert found.groups == {("language", "sv"): len(there)}
    assert found.background == {("language", "sv", q): Figures(*three(there, q)) for q in QUESTIONS}
