"""Wide counts: how many gave which answer at every place, sums included. Restricted: read by the gate alone.

A place above the units also holds answers whose unit is not shown ("enheten visas inte"), as a node of their own
(`rest`), so that a place is always the sum of what is below it. Residents' background groups divide the answers of some
channel classes, all of each; those of the other classes are `beside` them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.domain.background import OTHER, of_age, of_gender
from survey.domain.places import Place
from survey.domain.responses import AGES, GENDERS
from survey.domain.scale import CODES, QUESTIONS

ALL = "all"
BACKGROUND_ROLE = "patient"


class CountsError(Exception):
    """The tally contradicts itself; nothing may be published from it."""


@dataclass(frozen=True)
class Count:
    """How many answered, and for each question how many gave each code; who gave none skipped it."""

    n: int = 0
    codes: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def of(self, question: str, code: str) -> int:
        """How many gave the code."""
        return self.codes.get((question, code), 0)

    def __add__(self, other: "Count") -> "Count":
        """Both groups together."""
        keys = self.codes.keys() | other.codes.keys()
        return Count(self.n + other.n, {key: self.of(*key) + other.of(*key) for key in sorted(keys)})

    def __sub__(self, other: "Count") -> "Count":
        """Those of this group who are not in the other, which is part of it."""
        keys = self.codes.keys() | other.codes.keys()
        left = Count(self.n - other.n, {key: self.of(*key) - other.of(*key) for key in sorted(keys)})
        if left.n < 0 or min(left.codes.values(), default=0) < 0:
            raise CountsError("a part is larger than its whole")
        return left


@dataclass(frozen=True)
class Counts:
    """The counts of one round and role: nodes by key, and each whole with its parts."""

    role: str
    nodes: Mapping[str, Count]
    levels: Mapping[str, str]
    sums: tuple[tuple[str, tuple[str, ...]], ...]
    channels: Mapping[str, int]
    region: str


def rest(place: str) -> str:
    """The node of answers opened at this place itself, because their unit is not shown."""
    return f"{place}/rest"


def group(grouping: str, name: str) -> str:
    """The node of one background group."""
    return f"background/{grouping}/{name}"


EVERYONE, BESIDE = group(ALL, ALL), group(ALL, "beside")


def gather(
    role: str,
    tally: Iterable[Mapping[str, Any]],
    background: Iterable[Mapping[str, Any]],
    places: Iterable[Place],
) -> Counts:
    """Wide counts of a role from the tally's rows: where opened, one row a question, a column for each code."""
    rows = [row for row in tally if row["role"] == role]
    own = _counted(rows, "place")
    known = {place.key: place for place in places}
    unknown = sorted(own.keys() - known.keys())
    if unknown:
        raise CountsError(f"the tally names places that are not there: {', '.join(unknown)}")
    region = next(place.key for place in known.values() if place.level == "region")
    nodes, levels, sums = _by_place(own, known, region)
    if role == BACKGROUND_ROLE:
        sums += _background(_counted(background, "grouping", "group"), nodes, levels, region)
    channels: dict[str, int] = {}
    for row in rows:
        if row["question"] == QUESTIONS[0]:
            channels[row["channel"]] = channels.get(row["channel"], 0) + row[ALL]
    return Counts(role, nodes, levels, tuple(sums), dict(sorted(channels.items())), region)


def _counted(rows: Iterable[Mapping[str, Any]], *by: str) -> dict[Any, Count]:
    """The tally's rows as counts, by one column or several."""
    totals: dict[Any, dict[str, int]] = {}
    codes: dict[Any, dict[tuple[str, str], int]] = {}
    for row in rows:
        key = row[by[0]] if len(by) == 1 else tuple(row[name] for name in by)
        if sum(row[code] for code in CODES) > row[ALL]:
            raise CountsError(f"more answers than envelopes at {key}, {row['question']}")
        at, total, question = codes.setdefault(key, {}), totals.setdefault(key, {}), row["question"]
        total[question] = total.get(question, 0) + row[ALL]
        for code in CODES:
            at[question, code] = at.get((question, code), 0) + row[code]
    if torn := sorted(str(key) for key, total in totals.items() if len({total.get(q) for q in QUESTIONS}) > 1):
        raise CountsError(f"the questions do not count the same envelopes at {', '.join(torn)}")
    return {key: Count(totals[key][QUESTIONS[0]], codes[key]) for key in sorted(totals)}


def _by_place(
    own: Mapping[str, Count], places: Mapping[str, Place], region: str
) -> tuple[dict[str, Count], dict[str, str], list[tuple[str, tuple[str, ...]]]]:
    below: dict[str, list[str]] = {}
    for place in sorted(places.values(), key=lambda place: place.key):
        if place.parent is not None:
            below.setdefault(place.parent, []).append(place.key)
    nodes: dict[str, Count] = {}
    levels: dict[str, str] = {}
    sums: list[tuple[str, tuple[str, ...]]] = []

    def add(key: str) -> Count:
        parts = tuple(below.get(key, ()))
        levels[key] = places[key].level
        if places[key].level == "unit" and not parts:
            nodes[key] = own.get(key, Count())
            return nodes[key]
        nodes[rest(key)], levels[rest(key)] = own.get(key, Count()), "rest"
        nodes[key] = sum((add(part) for part in parts), nodes[rest(key)])
        sums.append((key, (*parts, rest(key))))
        return nodes[key]

    add(region)
    return nodes, levels, sums


def _background(
    groups: Mapping[tuple[str, str], Count], nodes: dict[str, Count], levels: dict[str, str], region: str
) -> list[tuple[str, tuple[str, ...]]]:
    """Add the groups, the margins of gender and age, and who they are all together."""
    by_grouping: dict[str, dict[str, Count]] = {}
    for (grouping, name), count in groups.items():
        by_grouping.setdefault(grouping, {})[name] = count
    if not by_grouping:
        return []
    sums: list[tuple[str, tuple[str, ...]]] = []
    totals = []
    for grouping, counts in by_grouping.items():
        for name, count in counts.items():
            nodes[group(grouping, name)], levels[group(grouping, name)] = count, "group"
        totals.append(sum(counts.values(), Count()))
        sums.append((EVERYONE, tuple(group(grouping, name) for name in counts)))
    everyone = totals[0]
    if any(_filled(total) != _filled(everyone) for total in totals):
        raise CountsError("the background groupings do not count the same people")
    nodes[EVERYONE], nodes[BESIDE] = everyone, nodes[region] - everyone
    levels |= {EVERYONE: "unseen", BESIDE: "rest"}
    sums.append((region, (EVERYONE, BESIDE)))
    return sums + _margins(by_grouping.get("gender_age", {}), nodes, levels)


def _filled(count: Count) -> tuple[int, dict[tuple[str, str], int]]:
    return count.n, {key: n for key, n in count.codes.items() if n}


def _margins(
    cross: Mapping[str, Count], nodes: dict[str, Count], levels: dict[str, str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Gender and age, each read from the one division by both. Who fits no age band is in "other"."""
    ages = {name: [each for each in cross if of_age(each, name)] for name in AGES}
    banded = {each for members in ages.values() for each in members}
    wanted = {
        "gender": {name: [each for each in cross if of_gender(each, name)] for name in GENDERS},
        "age": ages | {OTHER: [each for each in cross if each not in banded]},
    }
    sums = []
    for grouping, margins in wanted.items():
        for name, members in margins.items():
            if members:
                key = group(grouping, name)
                nodes[key] = sum((cross[each] for each in members), Count())
                levels[key] = "group"
                sums.append((key, tuple(group("gender_age", each) for each in members)))
    return sums
