"""Gaps of every unit, place and group, and the pairs of gaps that a change is counted from: noised figures alone.

For the edition. A place with sums over its matched units has its gap from them; any other from its units one by one,
also where it has one. How sure it is, and whether it has changed, is worked out by `analysis` from these rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from analysis.measures import pooled_rounds, shrinkage
from analysis.measures.gap import MIN_COMMON_WEIGHT, PooledGap, gap_of, unit_gaps
from analysis.measures.matched_gap import Side, matched_gap
from analysis.measures.noise import variance
from analysis.measures.unit_frame import common_weight
from survey.domain.disclosure.matching import matched_units, weights
from survey.domain.disclosure.protection import Protection
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.publication.nodes import Nodes
from survey.publication.published_cells import round_to_5

Sums = Mapping[tuple[str, str, str], Mapping[str, Any]]  # place, role, question

SIDES = (("provider", 1), ("patient", 2))
ROUNDS_TOGETHER = (2, 4)  # so many rounds are read together
NUMBERS = ("gap", "se", "low", "high")
SHRUNKEN_COLUMNS = {"shrunk": "shrunken", "shrunk_low": "low", "shrunk_high": "high"}
NO_FIGURES: dict[str, Any] = dict.fromkeys(
    (*NUMBERS, "units", "units_excluded", "patients", "providers", *SHRUNKEN_COLUMNS)
)


@dataclass
class RoundFigures:
    """One round: both roles' nodes, and the sums over matched units that were written at its closing."""

    nodes: Mapping[str, Nodes]
    thresholds: Mapping[str, int]
    protection: Protection
    sums: Sums = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Cache frames and gaps: they are asked for again for each question and each round compared with."""
        self.matched = cache(self._matched)
        self.frame = cache(self._frame)
        self.gap = cache(self._gap)

    def _matched(self, place: str) -> tuple[str, ...]:
        """Return the matched units of a place: those with a crowd on both sides."""
        below = self.units_of(place)
        n = {role: {unit: self.nodes[role].nodes[unit].n for unit in below} for role in ROLES}
        return tuple(matched_units(n, self.thresholds))

    def units_of(self, place: str) -> list[str]:
        """Return the units of a place, or of a group."""
        return self.nodes["patient"].units_of(place)

    def _frame(self, place: str, question: str) -> pd.DataFrame:
        """Return the units whose bases are large enough for a gap, in the columns of `analysis.measures.gap`."""
        rows = []
        for unit in self.matched(place):
            row: dict[str, Any] = {"unit": unit}
            for role, side in SIDES:
                node = self.nodes[role].nodes[unit]
                cell = node.cells[question]
                row |= {
                    f"successes_{side}": cell.yes,
                    f"base_{side}": cell.yes + cell.not_yes,
                    f"noise_{side}": cell.noise,
                    f"n_{side}": node.n,
                    f"non_substantive_{side}": self.nodes[role].non_substantive[question],
                }
            if all(row[f"base_{side}"] >= self.thresholds[role] for role, side in SIDES):
                rows.append(row)
        return pd.DataFrame(rows)

    def weighted_side(self, place: str, role: str, question: str, units: Sequence[str]) -> Side:
        """Return one role's weighted sums, with the weights' totals and the variance of the noise."""
        n = {each: {unit: self.nodes[each].nodes[unit].n for unit in units} for each in ROLES}
        of_role = weights(n, units)[role]
        row = self.sums[place, role, question]
        answers = sum(weight * n[role][unit] for unit, weight in of_role.items())
        squares = sum(weight**2 * n[role][unit] for unit, weight in of_role.items())
        noise = variance(float(self.protection.of_gap(role)) / row["heaviest"])
        return Side(row["yes"], row["not_yes"], answers, squares, noise)

    def has_sums(self, place: str, question: str) -> bool:
        """Return whether a place's gap is worked out from sums over its matched units, and not unit by unit."""
        return bool(self.matched(place)) and (place, "patient", question) in self.sums

    def _gap(self, place: str, question: str) -> tuple[PooledGap, str, Sequence[str]] | None:
        """Return a place's gap, its source ("matched" or "units") and its units; None where no unit can stand in it."""
        units = self.matched(place)
        if self.has_sums(place, question):
            provider, patient = (self.weighted_side(place, role, question, units) for role, _ in SIDES)
            return matched_gap(provider, patient), "matched", units
        frame = self.frame(place, question)
        return None if frame.empty else (gap_of(frame), "units", list(frame["unit"]))

    def places_above_units(self) -> list[str]:
        """Return the places and groups above units."""
        one = self.nodes["patient"]
        return [*(key for key, place in sorted(one.places.items()) if place.level != "unit"), *sorted(one.groups)]


def gap_figures(gap: PooledGap, prefix: str = "") -> dict[str, Any]:
    """Return a gap's numbers, in percentage points."""
    # A pooled side may have passed all or none, which only its limits know of: none stands outside its own interval.
    values = (min(max(gap.estimate, gap.low), gap.high), gap.se, gap.low, gap.high)
    return {f"{prefix}{name}": round(100 * value, 2) for name, value in zip(NUMBERS, values, strict=True)}


def gap_rows(now: RoundFigures) -> list[dict[str, Any]]:
    """Return every place's gap for every question."""
    rows = [_row(now, place, question) for place in now.places_above_units() for question in QUESTIONS]
    return rows + [row for question in QUESTIONS for row in _unit_rows(now, question)]


def _row(now: RoundFigures, place: str, question: str) -> dict[str, Any]:
    row: dict[str, Any] = {"place": place, "question": question, "status": "hidden", "kind": "units"} | NO_FIGURES
    found = now.gap(place, question)
    if found is None:
        return row
    gap, kind, units = found
    return row | {"status": "shown", "kind": kind} | gap_figures(gap) | _counts_behind(now, place, units)


def _counts_behind(now: RoundFigures, place: str, units: Sequence[str]) -> dict[str, Any]:
    sizes = {f"{role}s": round_to_5(sum(now.nodes[role].nodes[unit].n for unit in units)) for role in ROLES}
    only = {"only": units[0]} if len(units) == 1 and units[0] != place else {}
    return {"units": len(units), "units_excluded": len(now.units_of(place)) - len(units)} | only | sizes


def _unit_rows(now: RoundFigures, question: str) -> list[dict[str, Any]]:
    """Return the units' gaps, each also shrunken towards all units' mean where there are enough of them."""
    one = now.nodes["patient"]
    frame = now.frame(one.top, question)
    gaps = unit_gaps(frame) if len(frame) else []
    shrunk = shrinkage.shrunken_gaps(frame) if len(frame) >= shrinkage.MIN_UNITS else None
    rows: dict[str, dict[str, Any]] = {}
    for number, gap in enumerate(gaps):
        unit = str(frame["unit"].iloc[number])
        rows[unit] = {"status": "shown"} | gap_figures(gap) | _counts_behind(now, unit, [unit])
        if shrunk is not None:
            own = shrunk.iloc[number]
            rows[unit] |= {name: round(100 * float(own[column]), 2) for name, column in SHRUNKEN_COLUMNS.items()}
    nothing: dict[str, Any] = {"question": question, "status": "hidden", "kind": "unit"} | NO_FIGURES
    return [nothing | {"place": unit} | rows.get(unit, {}) for unit in one.units_below(one.top)]


def change_rows(now: RoundFigures, before: RoundFigures, since: str, questions: Iterable[str]) -> list[dict[str, Any]]:
    """Return pairs of comparable gaps, in both rounds, of each place above units.

    Over the sums where the same units carry them, else over the units in both. A unit's own are read from its rows.
    """
    rows = []
    for question in questions:
        for place in now.places_above_units():
            found = _comparable_pair(now, before, place, question)
            if found is not None:
                new, old, source, units = found
                row = {"place": place, "question": question, "since": since, "source": source, "units": units}
                rows.append(row | gap_figures(new, "after_") | gap_figures(old, "before_"))
    return rows


def _comparable_pair(
    now: RoundFigures, before: RoundFigures, place: str, question: str
) -> tuple[PooledGap, PooledGap, str, int | None] | None:
    if place not in before.nodes["patient"].nodes:
        return None
    new, old = (each.frame(place, question) for each in (now, before))
    if new.empty or old.empty:
        return None
    if all(each.has_sums(place, question) for each in (now, before)):
        one, two = now.gap(place, question), before.gap(place, question)
        if one and two and common_weight(old, new) >= MIN_COMMON_WEIGHT:
            return one[0], two[0], "matched", None
    both = sorted(set(new["unit"]) & set(old["unit"]))
    if not both:
        return None
    new, old = (frame[frame["unit"].isin(both)] for frame in (new, old))
    return gap_of(new), gap_of(old), "units", len(both)


def together_rows(rounds: list[RoundFigures], questions: Iterable[str]) -> list[dict[str, Any]]:
    """Return the gaps over the newest two and four rounds together, for a place where one round is too thin."""
    now, rows = rounds[-1], []
    for many in ROUNDS_TOGETHER:
        if len(rounds) < many:
            continue
        for question in questions:
            for place in now.places_above_units():
                there = [each for each in rounds[-many:] if place in each.nodes["patient"].nodes]
                frames = [frame for frame in (each.frame(place, question) for each in there) if not frame.empty]
                if len(frames) > 1:
                    row = {"place": place, "question": question, "rounds": many}
                    rows.append(row | gap_figures(gap_of(pooled_rounds.sum_rounds_by_unit(frames))))
            rows += _units_together(rounds[-many:], question)
    return rows


def _units_together(rounds: list[RoundFigures], question: str) -> list[dict[str, Any]]:
    """Return the same of each unit that stands in two of the rounds at least, all in one call."""
    now = rounds[-1]
    frames = [each.frame(each.nodes["patient"].top, question) for each in rounds]
    there = [frame for frame in frames if not frame.empty]
    if len(there) < 2:
        return []
    every = pooled_rounds.sum_rounds_by_unit(there)
    often = pd.concat([frame["unit"] for frame in there]).value_counts()
    known = set(now.units_of(now.nodes["patient"].top))
    many = every[every["unit"].map(often).ge(2) & every["unit"].isin(known)]
    gaps = unit_gaps(many) if len(many) else []
    row = {"question": question, "rounds": len(rounds)}
    return [row | {"place": unit} | gap_figures(gap) for unit, gap in zip(many["unit"], gaps, strict=True)]
