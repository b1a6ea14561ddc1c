"""The rules for an edition of another installation: what our publication writes, and nothing that it never could.

For the verification. A signature says whose an edition is, not that it can be added up. All that is weighed, summed
or printed later is read here once, before a byte is kept. Names that are not known here are left alone: a later
version may write more, but never a text that turns the line it stands in, or a number beyond all people.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from analysis.frames.schema import WITH_SHARE
from analysis.measures.noise import variance
from survey.domain.disclosure.protection import DEFAULT_PROTECTION, EPSILONS
from survey.domain.disclosure.thresholds import MIN_ANSWERS
from survey.domain.places.place import LEVELS, is_key, is_readable
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.publication.federation.national_cells import THREE, answers
from survey.publication.gaps import NUMBERS
from survey.publication.published_cells import round_to_5

MAX_NUMBER = 10**9
MAX_ANSWERS = 10**7  # as many as live in the whole country
MAX_TEXT_LENGTH = 200
MAX_DEVIATION = 50  # standard deviations that no draw of noise has ever taken a count
_LEAST_EPSILON = 0.001
_GAP_KINDS = ("unit", "units", "matched")
_GAP_STATUSES = ("shown", "unsure", "hidden")


class ImplausibleEdition(ValueError):
    """An edition that no publication of ours has written; the text says which rule it breaks."""


def check_edition(body: Mapping[str, Any]) -> None:
    """Check all that is read of an edition; raise ImplausibleEdition where any of it can't be."""
    try:
        _check_values(body)
        _check_head(body)
        units = _check_places(body["places"])
        _check_cells(body, units)
        _check_respondents(body)
        _check_gaps(body)
    except ImplausibleEdition:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as fault:
        raise ImplausibleEdition(f"something is missing, or of another kind: {type(fault).__name__}") from None


def _check_values(body: object) -> None:
    """Check every text and number there is, also those that nothing reads here: they are printed and drawn."""
    left, texts = [body], set[str]()
    while left:
        value = left.pop()
        if isinstance(value, dict):
            texts.update(value)
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
        elif isinstance(value, str):
            texts.add(value)
        elif value is not None and not isinstance(value, bool):
            _number(value)
    _require(all(len(text) <= MAX_TEXT_LENGTH and is_readable(text) for text in texts), "a text")


def _check_head(body: Mapping[str, Any]) -> None:
    _count(body["number"])
    about = body["round"]
    _require(is_key(about["key"]) and isinstance(about["name"], str), "a round")
    _require(_day(about["opens"]) <= _day(about["closes"]), "days of a round")
    for name in EPSILONS:
        _number(body["noise"][name], _LEAST_EPSILON, float(getattr(DEFAULT_PROTECTION, name)))
    _require(_count(body["smallest_group"]) >= DEFAULT_PROTECTION.smallest_group, "a smallest group")
    for role in ROLES:
        _require(_count(body["thresholds"][role]) >= MIN_ANSWERS[role], "a threshold")
        _require(is_key(body["versions"][role]), "a version")
        _require(all(isinstance(body["wordings"][role][question], str) for question in QUESTIONS), "a wording")
    _require(set(body["versions"]) == set(ROLES), "a role")


def _check_places(places: Iterable[Mapping[str, Any]]) -> set[str]:
    """Check the places: one region above all others; return the units."""
    found = {place["key"]: place for place in places}
    _unique(place["key"] for place in places)
    for place in found.values():
        texts = [place[name] for name in ("key", "name", "level")]
        _require(all(isinstance(text, str) and text for text in texts), "a place")
        _require(place["parent"] is None or place["parent"] in found, "a place above")
    _require([p["level"] for p in found.values() if p["parent"] is None] == [LEVELS[0]], "one region")
    return {key for key, place in found.items() if place["level"] == LEVELS[-1]}


def _check_cells(body: Mapping[str, Any], units: Collection[str]) -> None:
    names = ("place", "role", "question")
    _check_names(body, "cells", names, [(role, question) for role in ROLES for question in QUESTIONS])
    least = variance(max(float(body["noise"][name]) for name in EPSILONS)) / len(LEVELS)
    whole, below = dict[tuple[str, str], int](), Counter[tuple[str, str]]()
    for row in body["cells"]:
        asked = row["role"], row["question"]
        many = _cell_answers(row, int(body["thresholds"][row["role"]]), least)
        if row["place"] == _top(body):
            whole[asked] = many
        elif row["place"] in units:
            below[asked] += many
    _require(all(below[asked] <= whole[asked] for asked in whole), "more answers in the units than in all")


def _cell_answers(row: Mapping[str, Any], threshold: int, least: float) -> int:
    """Check one cell, and return how many answered: 0 where nothing is shown."""
    if row["counts"] is None:
        _require(row["n"] is None and row["status"] == "hidden", "a hidden cell")
        return 0
    noise, counts = _number(row["noise"], least), row["counts"]
    part = _number(row["noise_part"], 0) if row["noise_part"] is not None else None
    many = answers({"counts": {name: _number(counts[name]) for name in THREE}})
    _require(threshold <= many <= MAX_ANSWERS and _count(row["n"]) == round_to_5(many), "a number of answers")
    for code, value in counts.items():
        _require(code in THREE or part is not None, "a code told apart")
        reach = many + MAX_DEVIATION * math.sqrt(noise + (0 if code in THREE else part or 0))
        _number(value, -reach, reach)
    _check_share(row)
    return many


def _check_share(row: Mapping[str, Any]) -> None:
    _require(isinstance(row["status"], str), "a status")
    for name in ("share", "low", "high"):
        if row[name] is not None or row["status"] in WITH_SHARE:
            _number(row[name], 0, 100)


def _check_respondents(body: Mapping[str, Any]) -> None:
    _check_names(body, "respondents", ("place", "role"), [(role,) for role in ROLES])
    for row in body["respondents"]:
        _require(isinstance(row["status"], str), "a status")
        for name in ("n", "handed_out"):
            _require(row[name] is None or _count(row[name]) <= MAX_ANSWERS, "a number of people")


def _check_gaps(body: Mapping[str, Any]) -> None:
    _check_names(body, "gaps", ("place", "question"), [(question,) for question in QUESTIONS])
    for row in body["gaps"]:
        _require(row["status"] in _GAP_STATUSES and row["kind"] in _GAP_KINDS, "a status")
        if row["status"] == "shown":
            gap, se, low, high = (_number(row[name]) for name in NUMBERS)
            _require(low <= gap <= high and low < high and se > 0, "a gap")
            for name in ("units", "units_excluded", "patients", "providers"):
                _require(_count(row[name]) <= MAX_ANSWERS, "a number of people")


def _check_names(body: Mapping[str, Any], rows: str, names: tuple[str, ...], asked: Iterable[tuple[str, ...]]) -> None:
    """Check that each row is of a place that is there, none is there twice, and the region's are all there."""
    found = [tuple(row[name] for name in names) for row in body[rows]]
    _unique(found)
    places = {place["key"] for place in body["places"]}
    _require(all(name[0] in places for name in found), "a place")
    _require({(_top(body), *each) for each in asked} <= set(found), "rows of the region")


def _top(body: Mapping[str, Any]) -> str:
    return next(str(place["key"]) for place in body["places"] if place["parent"] is None)


def _unique(names: Iterable[object]) -> None:
    _require(max(Counter(names).values(), default=1) == 1, "something twice")


def _number(value: object, low: float = -MAX_NUMBER, high: float = MAX_NUMBER) -> float:
    if type(value) not in (int, float) or not low <= value <= high:  # type: ignore[operator]
        raise ImplausibleEdition("a number")
    return value  # type: ignore[return-value]


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise ImplausibleEdition("a count")
    return value


def _day(text: object) -> date:
    found = date.fromisoformat(text) if isinstance(text, str) else None
    if found is None or found.isoformat() != text:
        raise ImplausibleEdition("a day")
    return found


def _require(is_so: bool, what: str) -> None:
    if not is_so:
        raise ImplausibleEdition(what)
