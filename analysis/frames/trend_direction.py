"""Directions of shares, and of the gap, through all the rounds of one wording.

For the charts `trend`, `gap-trend` and `control`. A share's rounds are tested by their counts, the gap's by their
own errors: rounds vary by chance, noise and what they vary beside that, one figure for all lines.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.frames.frame import Row
from analysis.frames.series import Lines, between_round_variance, comparable, comparable_gaps, counts, fitted
from analysis.measures.trend_tests import (
    MIN_ROUNDS,
    SIGNIFICANCE,
    Line,
    TrendTest,
    adjust,
    between_rounds,
    cochran_armitage,
    gap_trend,
)


def directions(by_line: Lines) -> pd.DataFrame:
    """Return a row for each role and question with at least four rounds of its newest wording, the newest among them.

    `by_line` is the trend's. Rounds without a share are left out; the p are adjusted together, by Holm.
    """
    tau2, rows = between_round_variance(by_line), []
    for (role, question), own in by_line.items():
        rounds = comparable(own)
        if len(rounds) >= MIN_ROUNDS and rounds[-1] is own[-1]:
            test = share_trend(rounds, tau2)
            tested = {"rounds": len(rounds), "direction": test.direction, "p": test.p}
            rows.append({"role": role, "question": question, **tested})
    return _adjusted(rows)


def gap_directions(by_line: Lines) -> pd.DataFrame:
    """Return the same of the gaps, by their own test; `by_line` is `gap-trend`'s.

    What gaps vary between rounds beside chance, one figure for them all, is part of each test.
    """
    every = [gaps for own in by_line.values() if len(gaps := comparable_gaps(own)) > 1]
    tau2 = between_rounds(
        [Line(np.array([row["gap"] for row in gaps]), np.square(standard_errors(gaps))) for gaps in every]
    )
    rows = []
    for (role, question), own in by_line.items():
        if rounds := fitted(own):
            test = gap_trend([row["gap"] for row in rounds], standard_errors(rounds), date_scores(rounds), between=tau2)
            found = {"rounds": len(rounds), "direction": test.direction, "p": test.p}
            rows.append({"role": role, "question": question, **found})
    return _adjusted(rows)


def count_columns(rows: Sequence[Row]) -> list[list[float]]:
    """Return successes, bases and noise variances of several rows, as three lists."""
    return [list(column) for column in zip(*(counts(row) for row in rows), strict=True)]


def date_scores(rows: Sequence[Row]) -> list[float]:
    """Return the rounds' dates as numbers."""
    return [float(row["date"].toordinal()) for row in rows]


def share_trend(rows: Sequence[Row], tau2: float) -> TrendTest:
    """Return the trend test of one share's rounds, with chance, noise and τ², the same for every level and page."""
    yes, base, noise = count_columns(rows)
    return cochran_armitage(yes, base, date_scores(rows), noises=noise, between=tau2)


def standard_errors(rounds: Sequence[Row]) -> list[float]:
    """Return the standard error of each gap, in points."""
    return [float(row["se"]) for row in rounds]


def _adjusted(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    """Return the rows with their p adjusted; `unadjusted_distinct`: by its own test alone."""
    found = pd.DataFrame(rows, columns=["role", "question", "rounds", "direction", "p"])
    own = found["p"].to_numpy(dtype=np.float64)
    found["p"] = adjust(own)
    return found.assign(distinct=found["p"] < SIGNIFICANCE, unadjusted_distinct=own < SIGNIFICANCE)
