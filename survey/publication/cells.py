"""A cell as it is published: whole percents, a number of answers to the nearest five, and intervals from those two.

For the edition. Nothing finer than what is printed leaves the gate, so whoever draws or exports a cell cannot say more.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.intervals import share_interval
from analysis.protect import Detail, printed
from analysis.protect.primary import ALONE
from survey.domain.scale import QUESTIONS
from survey.domain.unit_groups import LEVEL
from survey.publication.gated import Cell, Gated, Most, displayed
from survey.publication.lattice import KINDS, offered

_NOTHING: dict[str, Any] = dict.fromkeys(
    ("why", "n", "share", "low", "high", "cap_low", "cap_high", "codes", "outside")
)
PLACES = ("region", "municipality", "unit", LEVEL)


def percent(count: int, base: int) -> int:
    """A share in whole percent, a half upwards."""
    return (200 * count + base) // (2 * base)


def cell(gated: Gated, node: str, question: str) -> dict[str, Any]:
    """What is published of a node's answers to a question."""
    detail = gated.detail(node, question)
    if detail is Detail.HIDDEN:
        # One word for small cells and for those hidden for their sake: which is which would be a clue.
        return {"status": "hidden"} | _NOTHING | {"why": "few"}
    kinds = {kind: gated.system.values[kind, node, question] for kind in KINDS}
    said = _NOTHING | {"n": printed(kinds["base"]), "outside": _outside(gated, node, question, kinds)}
    if detail is Detail.BAND:
        why, (low, high) = gated.band(node, question)
        return {"status": "band"} | said | {"why": why, "cap_low": low, "cap_high": high}
    share = percent(kinds["yes"], kinds["base"])
    return {"status": "shown"} | said | share_and_interval(share, said["n"]) | {"codes": _codes(detail, kinds, share)}


def share_and_interval(share: int, n: int) -> dict[str, int]:
    """The published share with the Wilson interval that belongs to it and to the published n."""
    interval = share_interval(share * n / 100, n)
    return {"share": share, "low": round(100 * interval.low), "high": round(100 * interval.high)}


def _codes(detail: Detail, kinds: Mapping[str, int], share: int) -> dict[str, int] | None:
    if detail is Detail.CODES:
        partly = min(percent(kinds["partly"], kinds["base"]), 100 - share)
        return {"yes": share, "partly": partly, "no": 100 - share - partly}
    if min(kinds["yes"], kinds["not_yes"]) < ALONE:
        return None
    return {"yes": share, "not_yes": 100 - share}


def _outside(gated: Gated, node: str, question: str, kinds: Mapping[str, int]) -> dict[str, int] | None:
    """Don't know and not needed, as shares of all who answered the question."""
    if not gated.outside(node, question):
        return None
    answered = kinds["base"] + kinds["outside"] - kinds["skipped"]
    codes = offered(gated.counts.role, question, "dont_know", "not_needed")
    return {code: percent(kinds[code], answered) for code in codes}


def place_cells(gated: Gated) -> Iterator[dict[str, Any]]:
    """Every place's cells, in a fixed order."""
    for place in sorted(node for node in displayed(gated.counts) if gated.counts.levels[node] in PLACES):
        for question in QUESTIONS:
            yield {"place": place, "role": gated.counts.role, "question": question} | cell(gated, place, question)


def background_cells(gated: Gated) -> Iterator[dict[str, Any]]:
    """The background groups' cells, region-wide."""
    for node in sorted(node for node in displayed(gated.counts) if gated.counts.levels[node] == "group"):
        _, grouping, group = node.split("/")
        for question in QUESTIONS:
            yield {"grouping": grouping, "group": group, "question": question} | cell(gated, node, question)


def respondents(gated: Gated) -> Iterator[dict[str, Any]]:
    """How many answered at each place."""
    for place in sorted(node for node in displayed(gated.counts) if gated.counts.levels[node] in PLACES):
        shown = gated.shown_n(place)
        n = printed(gated.counts.nodes[place].n) if shown else None
        yield {"place": place, "role": gated.counts.role, "status": "shown" if shown else "hidden", "n": n}


def shown_before(body: Mapping[str, Any], role: str) -> dict[Cell, Most]:
    """How far each cell was shown in an edition: what a later one, or an attack on it, starts from."""
    before = {(row["place"], row["question"]): _most(row) for row in body["cells"] if row["role"] == role}
    if role == "patient":
        for row in body["background"]:
            before[f"background/{row['grouping']}/{row['group']}", row["question"]] = _most(row)
    return before


def _most(row: Mapping[str, Any]) -> Most:
    if row["status"] == "hidden":
        return Most()
    codes = Detail.CODES if "partly" in (row["codes"] or ()) else Detail.SHARE
    detail = Detail.BAND if row["status"] == "band" else codes
    return Most(detail, row["why"] == "secondary", row["outside"] is not None)
