"""Comparison of units in one round: which differ more than expected, and which gaps are distinct from zero.

For the charts `funnel` and `units`. The line is the whole place's own share. A unit is an outlier only when it lies
outside the outer limit for its number of answers and its p, adjusted over all units and questions of the picture
(Benjamini and Hochberg), is under 0.1. Units are never ranked; what has no share is not judged.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.frames.frame import QUESTIONS, Row, is_known, records
from analysis.frames.schema import WITH_SHARE
from analysis.measures import funnel
from analysis.measures.trend_tests import adjust

INNER, OUTER = 0.95, 0.998
MIN_SHOWN_PART = 0.5
MIN_UNITS = 5  # so many units with a share before any is judged
FALSE_DISCOVERY_RATE = 0.1
LIMITS = ("target", "phi", "tau2", "lower_inner", "upper_inner", "lower", "upper", "p")


def with_funnel_limits(units: pd.DataFrame, whole: Mapping[str, float]) -> pd.DataFrame:
    """Return the units' rows with their limits, their adjusted p, and whether they are outliers.

    `whole` is the place's own share of each question, in percent, where it is published.
    """
    found = units.assign(**dict.fromkeys(LIMITS, np.nan))
    for question in QUESTIONS:
        here = (found["question"] == question) & found["status"].isin(WITH_SHARE) & (found["base"] > 0)
        if question in whole and here.sum() >= MIN_UNITS:
            found.loc[here, list(LIMITS)] = _limits(found[here], whole[question] / 100)
    p = adjust(found["p"].to_numpy(dtype=np.float64), "bh")
    beyond = (found["share"] < found["lower"]) | (found["share"] > found["upper"])
    return found.assign(p=p.round(4), outlier=beyond & (p < FALSE_DISCOVERY_RATE))


def _limits(own: pd.DataFrame, target: float) -> npt.NDArray[np.float64]:
    yes, base, noises = (own[name].to_numpy(dtype=np.float64) for name in ("steady_yes", "steady_base", "noise"))
    phi, tau2 = (round(value, 6) for value in funnel.overdispersion(yes, base, target, noises=noises))
    inner, outer = (100 * funnel.limits(target, base, level, tau2, noises=noises) for level in (INNER, OUTER))
    p = funnel.p_values(yes, base, target, tau2, noises=noises)
    same = [np.full(base.shape, value) for value in (round(100 * target, 1), phi, tau2)]
    return np.column_stack([*same, *(side.round(1) for each in (inner, outer) for side in each.to_numpy().T), p])


def limit_curve(own: Sequence[Row], level: float) -> pd.DataFrame:
    """Return the limits for every base, the smallest judged unit's to the largest's: base, lower, upper in percent."""
    here = [row for row in own if is_known(row["target"])]
    ends = [row["steady_base"] for row in here]
    bases = np.unique(np.append(np.linspace(min(ends), max(ends), 60), ends))
    added = np.full(bases.shape, float(np.median([row["noise"] for row in here])))
    sides = 100 * funnel.limits(here[0]["target"] / 100, bases, level, here[0]["tau2"], noises=added)
    return sides.round(1).assign(base=bases)


def by_question(table: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the units' rows on each question."""
    found: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(table):
        found[row["question"]].append(row)
    return found


def mostly_shown(table: pd.DataFrame) -> bool:
    """Return whether most of the figures of units that answered have a share.

    Where few have, those that are left lie near all or none, for only there is so little sure. Their picture misleads.
    """
    units = table[(table["unit"] != "") & (table["status"] != "hidden")]
    return bool(units["status"].isin(WITH_SHARE).mean() >= MIN_SHOWN_PART) if len(units) else False


def count_hidden(own: Sequence[Row]) -> int:
    """Return the number of units with too few answers on a question."""
    return sum(row["status"] == "hidden" and row["unit"] != "" for row in own)
