"""One place's gaps over the rounds, with their tests against zero, their detectable size and their changes.

For `frame`. The gaps themselves stand in the edition, worked out from its noised counts; what is said of them
depends on the rounds that are read together. What rounds vary beside chance is estimated from the place's own lines and
is part of every change.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.frames.schema import QUESTIONS, ROLES, Edition
from analysis.measures.compared import gap_with_partly
from analysis.measures.gap import PooledGap, change_of_gaps
from analysis.measures.planning import detectable
from analysis.measures.trend_tests import Line, adjust, between_rounds, is_distinct

RoundAndQuestion = tuple[str, str]  # round, question

PARTLY = "fast_vardkontakt"  # staff may answer "partly" to it, patients may not


def gap_rows(editions: Sequence[Edition], place: str) -> list[dict[str, Any]]:
    """Return the place's gaps in every round that it was in, oldest first; rows of `GAPS`."""
    there = [edition for edition in editions if any(each["key"] == place for each in edition["places"])]
    rows = [row for edition in there for row in _of_edition(edition, place)]
    extra = 2 * between_rounds([_line(gaps) for gaps in _lines(rows) if len(gaps) > 1])
    at = {(row["round"], row["question"]): row for row in rows}
    for edition in there:
        changed = dict(_changes(edition, place, at, extra))
        _adjusted([at[edition["round"]["key"], question] for question in QUESTIONS], changed)
    return rows


def _of_edition(edition: Edition, place: str) -> Iterable[dict[str, Any]]:
    published = {row["question"]: row for row in edition["gaps"] if row["place"] == place}
    about = next(each for each in edition["places"] if each["key"] == place)
    answered = {row["role"]: row["n"] for row in edition["respondents"] if row["place"] == place}
    staff = {row["question"]: row for row in edition["cells"] if (row["place"], row["role"]) == (place, "provider")}
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    for question in QUESTIONS:
        row = dict(
            published.get(question, {"status": "hidden", "kind": "unit" if about["level"] == "unit" else "units"})
        )
        wordings = {f"wording_{role}": edition["wordings"][role].get(question, "") for role in ROLES}
        named = {"place": place, "level": about["level"], "question": question, "joined": about.get("joined", False)}
        yield when | row | named | wordings | _measured(row, answered, staff.get(question))


def _measured(row: dict[str, Any], answered: Mapping[str, Any], staff: dict[str, Any] | None) -> dict[str, Any]:
    """Return a gap's status, and its detectable size."""
    if row["status"] != "shown":
        # A nation's edition says why a region has no gap in it: then it is not that the region is unsure.
        both = all(answered.get(role) for role in ROLES) and not row.get("why")
        return {"status": "unsure" if both else "hidden"}
    found: dict[str, Any] = {"status": "shown", "detectable": round(100 * detectable(row["se"] / 100), 1)}
    if row["question"] == PARTLY and staff and staff["counts"] and staff["counts"].get("partly") is not None:
        counts = staff["counts"]
        side = (counts["partly"], counts["yes"] + counts["not_yes"], staff["noise"], staff["noise_part"])
        as_yes = gap_with_partly(_gap(row), provider=side)
        found |= {"partly_no": row["gap"], "partly_yes": round(100 * as_yes.estimate, 1)}
    return found


def _gap(row: Mapping[str, Any], prefix: str = "") -> PooledGap:
    estimate, se, low, high = (row[f"{prefix}{name}"] / 100 for name in ("gap", "se", "low", "high"))
    return PooledGap(estimate, se, low, high)


def _lines(rows: Sequence[dict[str, Any]]) -> list[list[PooledGap]]:
    """Return the place's gaps in comparable stretches: one question in one wording, over the same units."""
    found: list[list[PooledGap]] = []
    for question in QUESTIONS:
        line: list[PooledGap] = []
        for before, row in pairwise([None, *(row for row in rows if row["question"] == question)]):
            assert row is not None
            if before is not None and not comparable(before, row):
                found.append(line)
                line = []
            if row["status"] == "shown":
                line.append(_gap(row))
        found.append(line)
    return found


def _line(gaps: Sequence[PooledGap]) -> Line:
    return Line(np.array([gap.estimate for gap in gaps]), np.array([gap.se**2 for gap in gaps]))


def comparable(before: dict[str, Any], row: dict[str, Any]) -> bool:
    """Return whether a line may go on to the next round: the same words on both sides, and no merger."""
    return not row["joined"] and all(before[f"wording_{role}"] == row[f"wording_{role}"] for role in ROLES)


def _changes(
    edition: Edition, place: str, at: Mapping[RoundAndQuestion, dict[str, Any]], extra: float
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield by question the change of the gap since the earliest round that it can be compared with."""
    key = edition["round"]["key"]
    order = [name for name, question in at if question == QUESTIONS[0]]
    # The rounds since the last merger into the place: before that it was another.
    upto = order[: order.index(key) + 1]
    begun = max((number for number, name in enumerate(upto) if at[name, QUESTIONS[0]]["joined"]), default=0)
    same = upto[begun:]
    for question in QUESTIONS:
        now = at[key, question]
        written = [
            row
            for row in edition["gap_changes"]
            if (row["place"], row["question"]) == (place, question) and row["since"] in same
        ]
        if now["status"] != "shown":
            continue
        if written:
            row = min(written, key=lambda row: order.index(row["since"]))
            change = _change(row["since"], _gap(row, "before_"), _gap(row, "after_"), extra)
            yield question, change | {"change_units": row.get("units")}
        elif now["kind"] == "unit":
            since = _earliest_comparable(at, same[:-1], now)
            if since is not None:
                yield question, _change(since["round"], _gap(since), _gap(now), extra)


def _earliest_comparable(
    at: Mapping[RoundAndQuestion, dict[str, Any]], before: Sequence[str], now: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the earliest of the rounds before with a gap that asked in the same words, or None."""
    rows = (at[key, now["question"]] for key in before)
    words = [f"wording_{role}" for role in ROLES]
    return next((row for row in rows if row["status"] == "shown" and all(row[w] == now[w] for w in words)), None)


def _change(since: str, before: PooledGap, after: PooledGap, extra: float) -> dict[str, Any]:
    change = change_of_gaps(before, after, extra)
    low, high = round(100 * change.low, 2), round(100 * change.high, 2)
    numbers = {
        "change": round(100 * change.change, 2),
        "change_low": low,
        "change_high": high,
        "change_p": change.p_value,
    }
    return {"since": since} | numbers


def _adjusted(rows: Sequence[dict[str, Any]], changed: Mapping[str, dict[str, Any]]) -> None:
    """Set on each of the seven its p, adjusted for all seven by Holm, and whether it is distinct from zero."""
    shown = [row for row in rows if row["status"] == "shown"]
    for row, p in zip(shown, adjust(np.array([_gap(row).p_value for row in shown])), strict=True):
        row["p"] = round(float(p), 4)
        row["distinct"] = bool(is_distinct(row["low"], row["high"], p))
    moved = [row | changed[row["question"]] for row in rows if row["question"] in changed]
    for row, p in zip(moved, adjust(np.array([row["change_p"] for row in moved])), strict=True):
        distinct = is_distinct(row["change_low"], row["change_high"], p)
        own = next(each for each in rows if each["question"] == row["question"])
        own |= changed[row["question"]] | {"change_p": round(float(p), 4), "change_distinct": bool(distinct)}
