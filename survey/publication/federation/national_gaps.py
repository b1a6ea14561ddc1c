"""The national gap: regions' own unit-matched gaps, each weighed by its matched answers.

For the national edition. A region's gap compares residents and staff unit by unit already; nation-wide shares are never
subtracted. Regions are independent of each other: each one's distance to its limit is weighed,
squared and added (MOVER).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.measures.pooled_gaps import weighed_mean
from survey.domain.disclosure.matching import MAX_WEIGHT
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.publication.federation.contributions import Contribution
from survey.publication.federation.national_cells import OTHER_WORDS, Wordings, answers
from survey.publication.gaps import NO_FIGURES

GapWeights = Mapping[str, Mapping[str, int]]  # region, question
_SUMMED = ("units", "units_excluded", "patients", "providers")


@dataclass(frozen=True)
class WeighedGap:
    """A region's gap, and its weight before the weights are made to add up to one."""

    row: Mapping[str, Any]
    weight: float


def region_gap(each: Contribution, question: str, wordings: Wordings) -> dict[str, Any]:
    """Return a region's gap as it published it; hidden where either side was asked in other words."""
    about = {"place": each.source.key, "question": question}
    if any(each.body["wordings"][role][question] != wordings[role][question] for role in ROLES):
        return NO_FIGURES | {"status": "hidden", "kind": "units", "why": OTHER_WORDS} | about
    wanted = (each.top["key"], question)
    found = next(row for row in each.body["gaps"] if (row["place"], row["question"]) == wanted)
    return {name: value for name, value in found.items() if name != "only"} | about


def national_gaps(
    contributions: Sequence[Contribution], wordings: Wordings, gap_weights: GapWeights, nation: str
) -> Iterator[dict[str, Any]]:
    """Yield the nation's gaps, and each region's."""
    for question in QUESTIONS:
        rows = {each.source.key: region_gap(each, question, wordings) for each in contributions}
        weighed = [WeighedGap(row, gap_weights[key][question]) for key, row in rows.items()]
        yield pooled([gap for gap in weighed if gap.weight > 0]) | {"place": nation, "question": question}
        yield from rows.values()


def weights_of(contributions: Sequence[Contribution], wordings: Wordings) -> GapWeights:
    """Return each region's weight in the nation's gap of each question; 0 where it stands in none."""
    return {
        each.source.key: {question: _weight(each, region_gap(each, question, wordings)) for question in QUESTIONS}
        for each in contributions
    }


def pooled(gaps: Sequence[WeighedGap]) -> dict[str, Any]:
    """Return the weighed mean of independent gaps, in percentage points, with its error and limits."""
    if not gaps:
        return NO_FIGURES | {"status": "hidden", "kind": "units"}
    kind = "matched" if all(gap.row["kind"] == "matched" for gap in gaps) else "units"
    sums = {name: sum(gap.row[name] for gap in gaps) for name in _SUMMED}
    return NO_FIGURES | {"status": "shown", "kind": kind} | pooled_numbers(gaps) | sums


def pooled_numbers(gaps: Sequence[WeighedGap], prefix: str = "") -> dict[str, float]:
    """Return the mean's gap, error and limits from the columns with this prefix."""
    return weighed_mean([(gap.weight, gap.row) for gap in gaps], prefix)


def _weight(each: Contribution, row: Mapping[str, Any]) -> int:
    """Return Σ min(residents, 6 × staff) over the units that the region's gap is of, from their published counts."""
    if row["status"] != "shown":
        return 0
    units = [place["key"] for place in each.body["places"] if place["level"] == "unit"]
    cells = {
        (cell["place"], cell["role"]): cell
        for cell in each.body["cells"]
        if cell["question"] == row["question"] and cell["counts"] is not None
    }
    whole = 0
    for unit in units:
        sides = [cells.get((unit, role)) for role in ROLES]
        found = {role: cell for role, cell in zip(ROLES, sides, strict=True) if cell is not None}
        if len(found) == len(ROLES) and (row["kind"] == "matched" or _has_bases(found, each.body["thresholds"])):
            whole += min(answers(found["patient"]), MAX_WEIGHT * answers(found["provider"]))
    return whole


def _has_bases(cells: Mapping[str, Mapping[str, Any]], thresholds: Mapping[str, int]) -> bool:
    """Return whether enough took a stand on both sides of a unit, as a gap from single units asks for."""
    return all(cell["counts"]["yes"] + cell["counts"]["not_yes"] >= thresholds[role] for role, cell in cells.items())
