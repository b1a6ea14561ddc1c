"""Cells of an edition: noised counts with their variance, and numbers of answers.

For the edition. Whoever reads it works out every share and interval from these rows. Where fewer answered than a crowd,
nothing is published, and how many answered is rounded to the nearest five.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from analysis.frames.measured import with_intervals
from analysis.measures.noise import variance
from survey.domain.disclosure.protection import Protection
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.background import GROUPINGS, OTHER, of_age, of_gender
from survey.domain.questions.responses import AGES, GENDERS
from survey.publication.nodes import Node, Nodes


def round_to_5(n: int) -> int:
    """Round a number of answers to the nearest five."""
    return 5 * ((n + 2) // 5)


def cell_figures(node: Node, question: str, threshold: int) -> dict[str, Any]:
    """Return the figures of one node and question; none below the threshold."""
    if node.n < threshold:
        return {"n": None, "counts": None, "noise": None, "noise_part": None}
    cell = node.cells[question]
    noise_part = None if cell.noise_part is None else round(cell.noise_part, 4)
    return {"n": round_to_5(node.n), "counts": cell.counts(), "noise": round(cell.noise, 4), "noise_part": noise_part}


def non_substantive(nodes: Nodes, threshold: int) -> dict[str, float]:
    """Return the part outside the base, by question, which steadies every base; none below the threshold."""
    return dict(nodes.non_substantive) if nodes.nodes[nodes.top].n >= threshold else {}


def place_cells(nodes: Nodes, threshold: int) -> list[dict[str, Any]]:
    """Return every place's cells, in a fixed order."""
    rows = [
        {"place": place, "role": nodes.role, "question": question} | cell_figures(node, question, threshold)
        for place, node in sorted(nodes.nodes.items())
        for question in QUESTIONS
    ]
    return with_intervals(rows, threshold, nodes.non_substantive)


def respondents(nodes: Nodes, threshold: int, handed_out: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Yield each place's number of answers, and of codes handed out there."""
    for place, node in sorted(nodes.nodes.items()):
        known = node.n >= threshold
        codes = sum(handed_out.get(unit, 0) for unit in nodes.units_of(place))
        row = {"place": place, "role": nodes.role, "status": "shown" if known else "hidden"}
        yield row | {"n": round_to_5(node.n) if known else None, "handed_out": codes or None}


def collection_modes(nodes: Nodes, how_many: Mapping[str, int], threshold: int) -> Iterator[dict[str, Any]]:
    """Yield the number of answers by collection mode in all; residents' with their figures."""
    for name, n in sorted(how_many.items()):
        row: dict[str, Any] = {
            "role": nodes.role,
            "collection_mode": name,
            "n": round_to_5(n) if n >= threshold else None,
        }
        if name in nodes.by_mode:
            cells = [{"question": q} | cell_figures(nodes.by_mode[name], q, threshold) for q in QUESTIONS]
            row["cells"] = with_intervals(cells, threshold)
        yield row


def background(rows: Iterable[Mapping[str, Any]], protection: Protection, threshold: int) -> list[dict[str, Any]]:
    """Return the background groups' cells, and the margins of gender and age, from the one division by both."""
    return with_intervals(list(_background(list(rows), variance(float(protection.background)))), threshold)


def _background(written: list[Mapping[str, Any]], noise: float) -> Iterator[dict[str, Any]]:
    for grouping, name, members in _groups(written):
        for question in QUESTIONS:
            each = [row for row in members if row["question"] == question]
            counts = {figure: sum(row[figure] for row in each) for figure in ("yes", "not_yes", "non_substantive")}
            n = round_to_5(sum(row["n"] for row in each))
            row = {"grouping": grouping, "group": name, "question": question, "n": n}
            yield row | {"counts": counts, "noise": round(noise * len(each), 4), "noise_part": None}


def _groups(rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, str, list[Mapping[str, Any]]]]:
    """Yield each group with the written groups that it is made of."""
    for grouping in GROUPINGS:
        for name in sorted({row["group"] for row in rows if row["grouping"] == grouping}):
            yield grouping, name, [row for row in rows if (row["grouping"], row["group"]) == (grouping, name)]
    crossed = [row for row in rows if row["grouping"] == "gender_age"]
    margins: list[tuple[str, str, Callable[[str], bool]]] = [
        *(("gender", gender, partial(of_gender, gender=gender)) for gender in GENDERS),
        *(("age", age, partial(of_age, age=age)) for age in AGES),
        ("age", OTHER, lambda group: not any(of_age(group, age) for age in AGES)),
    ]
    for grouping, name, belongs in margins:
        if members := [row for row in crossed if belongs(row["group"])]:
            yield grouping, name, members
