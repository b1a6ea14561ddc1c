"""National figures: regions' published counts added up, and the variances of their noise with them.

For the national edition. Regions' draws are independent of each other, so the variance of a sum is the sum of the
variances. A region that asked in other words, or too few, stands in no sum of that question, and is named.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from analysis.frames.measured import with_intervals
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.publication.federation.contributions import Contribution
from survey.publication.published_cells import round_to_5

OTHER_WORDS, TOO_FEW = "wording", "too_few"
THREE = ("yes", "not_yes", "non_substantive")
NOTHING: dict[str, Any] = dict.fromkeys(("n", "counts", "noise", "noise_part", "share", "low", "high")) | {
    "status": "hidden"
}
Wordings = Mapping[str, Mapping[str, str]]  # role, question


def own_cell(each: Contribution, role: str, question: str) -> Mapping[str, Any]:
    """Return a region's own published cell of a question."""
    top = each.top["key"]
    wanted = (top, role, question)
    return next(row for row in each.body["cells"] if (row["place"], row["role"], row["question"]) == wanted)


def why_left_out(each: Contribution, role: str, question: str, wordings: Wordings) -> str | None:
    """Return why a region stands in no sum of a question; None where it does."""
    if each.body["wordings"][role][question] != wordings[role][question]:
        return OTHER_WORDS
    return TOO_FEW if own_cell(each, role, question)["counts"] is None else None


def left_out(contributions: Iterable[Contribution], wordings: Wordings) -> list[dict[str, str]]:
    """Return every region, role and question that stands in no sum, with the reason."""
    return [
        {"region": each.source.key, "role": role, "question": question, "why": why}
        for each in contributions
        for role in ROLES
        for question in QUESTIONS
        if (why := why_left_out(each, role, question, wordings))
    ]


def region_cells(each: Contribution, wordings: Wordings) -> Iterator[dict[str, Any]]:
    """Yield a region's cells as it published them; nothing of a question that it asked in other words."""
    for role in ROLES:
        for question in QUESTIONS:
            about = {"place": each.source.key, "role": role, "question": question}
            other = why_left_out(each, role, question, wordings) == OTHER_WORDS
            yield (NOTHING if other else dict(own_cell(each, role, question))) | about


def national_cells(
    contributions: Sequence[Contribution], wordings: Wordings, nation: str, thresholds: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return the nation's cells, with their intervals."""
    found = []
    for role in ROLES:
        rows = [_sum(contributions, role, question, wordings) for question in QUESTIONS]
        about = [{"place": nation, "role": role, "question": question} for question in QUESTIONS]
        found += with_intervals([a | row for a, row in zip(about, rows, strict=True)], thresholds[role])
    return found


def _sum(contributions: Sequence[Contribution], role: str, question: str, wordings: Wordings) -> dict[str, Any]:
    cells: list[Mapping[str, Any]] = [
        own_cell(each, role, question) for each in contributions if why_left_out(each, role, question, wordings) is None
    ]
    if not cells:
        return {"n": None, "counts": None, "noise": None, "noise_part": None}
    # What is told apart in every region alone: a part of the regions has another base.
    codes = [code for code in cells[0]["counts"] if all(code in cell["counts"] for cell in cells)]
    counts = {code: round(sum(cell["counts"][code] for cell in cells), 2) for code in codes}
    parts = [cell["noise_part"] for cell in cells]
    noise_part = None if None in parts else round(sum(parts), 4)
    noise = round(sum(cell["noise"] for cell in cells), 4)
    n = round_to_5(sum(answers(cell) for cell in cells))
    return {"n": n, "counts": counts, "noise": noise, "noise_part": noise_part}


def answers(cell: Mapping[str, Any]) -> int:
    """Return how many answered: what noise gives one of the three counts, it takes from the others."""
    return round(sum(float(cell["counts"][name]) for name in THREE))


def national_respondents(contributions: Sequence[Contribution], nation: str) -> Iterator[dict[str, Any]]:
    """Yield the numbers of answers and of codes handed out, of the nation and of each region, as far as published."""
    for role in ROLES:
        rows = [_respondents(each, role) | {"place": each.source.key} for each in contributions]
        shown = [row for row in rows if row["n"] is not None]
        codes = [row["handed_out"] for row in shown]
        total: dict[str, Any] = {"place": nation, "role": role, "status": "shown" if shown else "hidden"}
        total |= {"n": sum(row["n"] for row in shown) if shown else None}
        yield total | {"handed_out": sum(codes) if codes and None not in codes else None}
        yield from rows


def _respondents(each: Contribution, role: str) -> dict[str, Any]:
    wanted = (each.top["key"], role)
    return dict(next(row for row in each.body["respondents"] if (row["place"], row["role"]) == wanted))
