"""The gap over the units of a region or a municipality, and how it has changed, rounded so that it hides enough.

For the edition. Only units whose both cells are shown or banded go in, so a hidden cell is behind no figure; at least
three units and thirty answers a side. The region's gap comes first; where a municipality's would give a count away
together with it, that one is left out. A unit's own gap is read from its published cells, not from here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import norm

from analysis.intervals import Interval
from analysis.protect import Detail, printed
from analysis.trend import adjust
from survey.domain.scale import QUESTIONS, ROLES
from survey.domain.unit_groups import LEVEL
from survey.publication.behind import Behind
from survey.publication.counts import Counts
from survey.publication.figures import Change, Gap, Said
from survey.publication.gated import Gated

LEAST_UNITS, LEAST_A_SIDE = 3, 30
# From the finest to the coarsest, in points; the finest that hides enough is taken.
REGION_STEPS, BELOW_STEPS, CHANGE_STEPS = (1, 2, 5, 10), (5, 10), (2, 5, 10)

NUMBERS = ("units", "units_out", "patients", "providers", "gap", "low", "high", "p", "step", "loose")

PLACES = ("region", "municipality", "unit")

Where = tuple[str, str]


@dataclass
class Pooled:
    """One round's gaps over several units, and everything that was said of its counts so far, by question."""

    name: str
    gated: Mapping[str, Gated]
    gaps: dict[Where, Said] = field(default_factory=dict)
    said: dict[str, list[Said]] = field(default_factory=dict)
    behind: dict[str, Behind] = field(default_factory=dict)

    def of(self, question: str) -> Behind:
        """The question's counts."""
        if question not in self.behind:
            self.behind[question] = Behind(self.gated, question)
        return self.behind[question]

    def allows(self, figure: Said) -> bool:
        """Whether the figure may be said beside all that is said already."""
        return self.of(figure.question).hides([*self.said.get(figure.question, ()), figure])

    def say(self, figure: Said) -> None:
        """The figure is published."""
        self.said.setdefault(figure.question, []).append(figure)


def above_units(counts: Counts) -> list[str]:
    """The places and groups a gap is pooled for, the region first."""
    order = {"region": 0, "municipality": 1, LEVEL: 2}
    places = [(order[level], node) for node, level in counts.levels.items() if level in order]
    return [node for _, node in sorted(places)]


def units_below(counts: Counts, place: str) -> list[str]:
    """Every unit of a place."""
    # The region is the sum of its municipalities, and of its background groups too: only places lead to units.
    parts: dict[str, list[str]] = {}
    for whole, inside in counts.sums:
        parts.setdefault(whole, []).extend(part for part in inside if counts.levels.get(part) in PLACES)
    found, waiting = [], [place]
    while waiting:
        node = waiting.pop()
        waiting.extend(parts.get(node, ()))
        if counts.levels[node] == "unit":
            found.append(node)
    return sorted(found)


def gap_of(gated: Mapping[str, Gated], place: str, question: str) -> Gap | None:
    """The gap of a place over those units that can stand in it; None where they are too few."""
    units = [
        unit
        for unit in units_below(gated["patient"].counts, place)
        if all(gated[role].detail(unit, question) > Detail.HIDDEN for role in ROLES)
    ]
    enough = all(sum(_base(gated, role, unit, question) for unit in units) >= LEAST_A_SIDE for role in ROLES)
    if len(units) < LEAST_UNITS or not enough:
        return None
    return Gap(tuple(units), question)


def steps_of(gated: Mapping[str, Gated], place: str) -> tuple[int, ...]:
    """How finely a place's figures may be rounded."""
    return REGION_STEPS if gated["patient"].counts.levels[place] == "region" else BELOW_STEPS


def _ways(figure: Gap | Change, steps: Iterable[int]) -> Iterator[Said]:
    """A figure in all ways it may be printed, the finest first."""
    for step in steps:
        yield Said(figure, step, loose=False)
        yield Said(figure, step, loose=True)


def _base(gated: Mapping[str, Gated], role: str, unit: str, question: str) -> int:
    return gated[role].system.values["base", unit, question]


def pool(name: str, gated: Mapping[str, Gated]) -> Pooled:
    """Every gap that may be published of a round."""
    pooled = Pooled(name, gated)
    for place in above_units(gated["patient"].counts):
        for question in QUESTIONS:
            exact = gap_of(gated, place, question)
            for gap in _ways(exact, steps_of(gated, place)) if exact is not None else ():
                if pooled.allows(gap):
                    pooled.gaps[place, question] = gap
                    pooled.say(gap)
                    break
    return pooled


def restore(gated: Mapping[str, Gated], body: Mapping[str, Any]) -> Pooled:
    """The gaps an edition has published, from its own list."""
    pooled = Pooled(body["round"]["key"], gated)
    for row in body["gaps"]:
        exact = gap_of(gated, row["place"], row["question"]) if row["status"] == "shown" else None
        if exact is not None:
            gap = Said(exact, row["step"], row["loose"])
            pooled.gaps[row["place"], row["question"]] = gap
            pooled.say(gap)
    return pooled


def stands(gated: Mapping[str, Gated], row: Mapping[str, Any]) -> bool:
    """Whether the units that a published gap was made of can all still stand in it."""
    gap = gap_of(gated, row["place"], row["question"])
    return gap is not None and len(gap.units) == row["units"]


def gap_rows(pooled: Pooled) -> list[dict[str, Any]]:
    """The gaps as they are published, p adjusted within each place's seven."""
    rows = []
    for place in above_units(pooled.gated["patient"].counts):
        here = [_row(pooled, place, question) for question in QUESTIONS]
        shown = [row for row in here if row["status"] == "shown"]
        adjusted = adjust(np.array([row["p"] for row in shown]))
        for row, p in zip(shown, adjusted, strict=True):
            row["p"] = round(float(p), 4)
            row["distinct"] = Interval(row["low"], row["high"]).excludes(0) and row["p"] < 0.05
        rows += here
    return rows


def _row(pooled: Pooled, place: str, question: str) -> dict[str, Any]:
    gap, gated = pooled.gaps.get((place, question)), pooled.gated
    row: dict[str, Any] = {"place": place, "question": question, "kind": "pooled"}
    if gap is None:
        return row | {"status": "hidden", "distinct": False} | dict.fromkeys(NUMBERS)
    said, low, high = gap.says(pooled.of(question).values)
    sizes = {f"{role}s": printed(sum(_base(gated, role, unit, question) for unit in gap.units)) for role in ROLES}
    out = len(units_below(gated["patient"].counts, place)) - len(gap.units)
    numbers = {"gap": said, "low": low, "high": high, "p": p_of(said, low, high), "step": gap.step, "loose": gap.loose}
    return row | {"status": "shown", "units": len(gap.units), "units_out": out} | sizes | numbers


def p_of(said: int, low: int, high: int) -> float:
    """The p of a printed figure, from what is printed and nothing finer."""
    reach = max(said - low, high - said)
    return float(2 * norm.sf(abs(said) * norm.ppf(0.975) / reach)) if reach else float(said == 0)


def change_rows(now: Pooled, before: Pooled, since: str, questions: Iterable[str]) -> list[dict[str, Any]]:
    """How the region's gaps have changed since an earlier round, over the units in both, where both rounds allow it.

    Below the region a change of a gap reaches ±25 points and more: it would cost the gaps themselves, and tell nothing.
    """
    region = now.gated["patient"].counts.region
    rows = []
    for question in questions:
        gap, old = now.gaps.get((region, question)), before.gaps.get((region, question))
        both = tuple(unit for unit in gap.units if unit in old.units) if gap and old else ()
        if not _enough(now, both, question) or not _enough(before, both, question):
            continue
        ways = (_ways(each, CHANGE_STEPS) for each in changes(now, before, both, question))
        for here, there in zip(*ways, strict=True):
            if now.allows(here) and before.allows(there):
                now.say(here)
                before.say(there)
                rows.append(_change_row(region, since, here, now))
                break
    return rows


def changes(now: Pooled, before: Pooled, both: Sequence[str], question: str) -> tuple[Change, Change]:
    """The change as it is seen from each of the two rounds."""
    new, old = now.of(question).values, before.of(question).values
    return (
        Change(tuple(both), question, old, before.name, after=True),
        Change(tuple(both), question, new, now.name, after=False),
    )


def _change_row(place: str, since: str, figure: Said, now: Pooled) -> dict[str, Any]:
    change, low, high = figure.says(now.of(figure.question).values)
    numbers = {"change": change, "low": low, "high": high, "distinct": Interval(low, high).excludes(0)}
    return {
        "place": place,
        "question": figure.question,
        "since": since,
        "step": figure.step,
        "loose": figure.loose,
    } | numbers


def _enough(pooled: Pooled, units: Sequence[str], question: str) -> bool:
    bases = [sum(_base(pooled.gated, role, unit, question) for unit in units) for role in ROLES]
    return len(units) >= LEAST_UNITS and min(bases) >= LEAST_A_SIDE
