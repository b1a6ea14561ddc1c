"""Signals of the control charts: rounds out of the ordinary, with the limits that tell them.

For the chart `control`, of patients, of staff and of the gap. How much is said follows the number of rounds of one
wording: under eight no limits, under twelve preliminary ones, and from twelve the rules for runs as well. A change of
wording begins anew, and so does a round that is declared to (the limits are never moved for any other reason).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.frame import Row, records
from analysis.frames.series import Lines, lines
from analysis.frames.trend_direction import count_columns, date_scores, directions, gap_directions, standard_errors
from analysis.measures import fitted_limits
from analysis.measures.p_chart import MIN_ROUNDS, p_prime_chart, runs, stage

GAP = "gap"
LIMITS: dict[str, Any] = {
    **{"center": np.nan, "lower": np.nan, "upper": np.nan, "sigma_z": np.nan, "signal": False},
    "direction": 0,
}


def value_column(side: str) -> str:
    """Return the column that a side's chart draws."""
    return "gap" if side == GAP else "share"


def control_rows(both: pd.DataFrame, side: str, declared: Collection[str] = ()) -> pd.DataFrame:
    """Return the rows of one side over the rounds, each with its limits, its stage, and whether it is a signal.

    `both`: the trend's table, or `gap-trend`'s, for both sides are tested together as on their page. `declared`: the
    rounds (keys) at which the limits begin anew, because it was decided so.
    """
    by_line, rows = lines(both), []
    trends = _trends(by_line, side)
    for (role, question), own in by_line.items():
        if role not in (side, ""):
            continue
        begun = np.cumsum([row["round"] in declared for row in own]).tolist()
        stretches: dict[tuple[int, int], list[Row]] = {}
        for row, times in zip(own, begun, strict=True):
            stretches.setdefault((times, row["segment"]), []).append(row)
        newest_one = (begun[-1], own[-1]["segment"])
        for number, (key, stretch) in enumerate(stretches.items()):
            # A trend is claimed of the newest wording alone, and not across limits that were declared to begin anew.
            direction = trends.get(question, 0) if key == newest_one and not any(begun) else 0
            rows += _stretch([dict(row) | {"stretch": number} for row in stretch], side, direction)
    return pd.DataFrame(rows)


def _trends(by_line: Lines, side: str) -> Mapping[str, int]:
    """Return where the newest wording's rounds rise (1) or fall (−1), by question and the trend's own tests."""
    tests = gap_directions(by_line) if side == GAP else directions(by_line)
    own = tests[tests["distinct"] & tests["role"].isin([side, ""])]
    return {row["question"]: int(row["direction"]) for row in records(own)}


def _stretch(own: Sequence[Row], side: str, direction: int) -> list[dict[str, Any]]:
    judged = [row for row in own if row["status"] == "shown" and row.get("base", 1) > 0]
    reached = stage(len(judged))
    found = {"rounds": len(judged), "stage": reached, "run": False}
    limits: dict[str, dict[str, Any]] = {}
    if reached != "few":
        chart = _gap_limits(judged, direction) if side == GAP else _share_limits(judged, direction)
        off = np.array([row[value_column(side)] for row in judged], dtype=np.float64) - chart["center"].to_numpy()
        found["run"] = reached == "full" and runs(off, float(np.median(off))).signal
        ends = {name: chart[name].round(1) for name in ("center", "lower", "upper")}
        limit_rows = records(chart.assign(**ends, sigma_z=chart["sigma_z"].round(2), direction=direction))
        limits = {row["round"]: dict(limit) for row, limit in zip(judged, limit_rows, strict=True)}
    return [dict(row) | found | limits.get(row["round"], LIMITS) for row in own]


def _share_limits(judged: Sequence[Row], direction: int) -> pd.DataFrame:
    yes, base, noise = (np.array(column, dtype=np.float64) for column in count_columns(judged))
    if direction and 0 < yes.sum() / base.sum() < 1:
        chart = fitted_limits.share_line(yes, base, noise, np.array(date_scores(judged)))
    else:
        chart = p_prime_chart(yes, base, noises=noise)
    percents = {name: 100 * chart[name] for name in ("center", "lower", "upper")}
    return chart.assign(**percents)


def _gap_limits(judged: Sequence[Row], direction: int) -> pd.DataFrame:
    gaps, ses = np.array([row["gap"] for row in judged], dtype=np.float64), np.array(standard_errors(judged))
    return fitted_limits.gap_line(gaps, ses, date_scores(judged)) if direction else fitted_limits.gap_level(gaps, ses)


def newest_stretch(own: Sequence[Row]) -> list[Row]:
    """Return the rounds of a question since its limits last began."""
    return [row for row in own if row["stretch"] == own[-1]["stretch"]]


__all__ = ["GAP", "MIN_ROUNDS", "control_rows", "newest_stretch", "value_column"]
