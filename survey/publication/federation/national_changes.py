"""Changes of the national gap between two periods, over the regions that stand in both.

For the national edition. Each region's own change is over units that it can compare itself, as it published it; the
nation's is their weighed mean, with today's weights in both periods, so that regions that come or go change nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from survey.domain.questions.answer_scale import QUESTIONS
from survey.publication.edition import rounds_of_wording
from survey.publication.federation.contributions import INCLUDED, Contribution
from survey.publication.federation.national_gaps import WeighedGap, pooled_numbers
from survey.publication.mergers import Body

BEFORE, AFTER = "before_", "after_"


def gap_changes(
    body: Body, contributions: Sequence[Contribution], earlier: Iterable[Body], nation: str
) -> Iterator[dict[str, Any]]:
    """Yield the nation's pairs of gaps, and each region's, since the first and the nearest earlier period."""
    by_period = {each["round"]["key"]: each for each in sorted(earlier, key=lambda each: int(each["number"]))}
    weights = {row["key"]: row["weights"] for row in body["regions"] if row["status"] == INCLUDED}
    for question in QUESTIONS:
        for since in rounds_of_wording(by_period.values(), body, question):
            rows = _region_rows(contributions, by_period[since], question)
            about = {"question": question, "since": since}
            weighed = {key: WeighedGap(row, weights[key][question]) for key, row in rows.items()}
            if compared := {key: gap for key, gap in weighed.items() if gap.weight > 0}:
                fewer = any(own[question] and key not in compared for key, own in weights.items())
                units = _units(compared, contributions, question) if fewer or _has_units(compared) else None
                yield about | {"place": nation, "units": units} | _pair(list(compared.values()))
            yield from (dict(row) | about | {"place": key} for key, row in rows.items())


def _region_rows(contributions: Iterable[Contribution], before: Body, question: str) -> dict[str, Mapping[str, Any]]:
    """Return each region's own pair since the round that it stands with in the earlier period."""
    rounds = {row["key"]: row["round"] for row in before["regions"] if row["status"] == INCLUDED}
    shown = {row["place"] for row in before["gaps"] if (row["question"], row["status"]) == (question, "shown")}
    found = {}
    for each in contributions:
        key, since = each.source.key, rounds.get(each.source.key)
        wanted = (each.top["key"], question, since)
        rows = [row for row in each.body["gap_changes"] if (row["place"], row["question"], row["since"]) == wanted]
        if rows and key in shown:
            found[key] = rows[-1]
    return found


def _pair(weighed: Sequence[WeighedGap]) -> dict[str, Any]:
    source = "matched" if all(gap.row["source"] == "matched" for gap in weighed) else "units"
    return {"source": source} | pooled_numbers(weighed, BEFORE) | pooled_numbers(weighed, AFTER)


def _has_units(compared: Mapping[str, WeighedGap]) -> bool:
    return any(gap.row["units"] is not None for gap in compared.values())


def _units(compared: Mapping[str, WeighedGap], contributions: Iterable[Contribution], question: str) -> int:
    """Return how many units stand in the change, where they are fewer than in the gap."""
    by_key = {each.source.key: each for each in contributions}
    return sum(gap.row["units"] or _units_of_gap(by_key[key], question) for key, gap in compared.items())


def _units_of_gap(each: Contribution, question: str) -> int:
    wanted = (each.top["key"], question)
    return int(next(row["units"] for row in each.body["gaps"] if (row["place"], row["question"]) == wanted))
