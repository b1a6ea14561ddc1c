"""Control limits around a level, or around a line that rises or falls through the rounds.

For the chart `control`. A share's level is Laney's p′ as `control` has it; where a trend is distinct the middle is the
fitted line, or every late round of a real change would be called special. The gap's middle is its mean, or line.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures import noise
from analysis.measures.arrays import Floats
from analysis.measures.p_chart import MEAN_RANGE, SIGMAS
from analysis.measures.trend_tests import logistic_trend


def limits_around(values: Floats, variances: Floats, center: Floats) -> pd.DataFrame:
    """Return centre, limits, σz and signal for values with their variances; σz is never under 1."""
    spread = np.sqrt(variances)
    ranges = np.abs(np.diff((values - center) / spread))
    sigma = max(1.0, float(ranges.mean()) / MEAN_RANGE) if len(ranges) else 1.0
    lower, upper = center - SIGMAS * sigma * spread, center + SIGMAS * sigma * spread
    outside = (values < lower - 1e-9) | (values > upper + 1e-9)
    return pd.DataFrame({"center": center, "lower": lower, "upper": upper, "sigma_z": sigma, "signal": outside})


def share_line(yes: Floats, base: Floats, noises: Floats, days: Floats) -> pd.DataFrame:
    """Return the same for shares (0 to 1) around their fitted logistic line."""
    line = logistic_trend(yes, base, days, overdispersed=True, noises=noises)
    center = 1 / (1 + np.exp(-(line.intercept + line.slope * days)))
    variances = center * (1 - center) / base + noise.noise_variance(center, base, noises)
    found = limits_around(np.asarray(noise.share(yes, base, noises)), variances, center)
    return found.assign(lower=found["lower"].clip(0, 1), upper=found["upper"].clip(0, 1))


def gap_level(gaps: Floats, ses: Floats) -> pd.DataFrame:
    """Return the same for gaps around their mean, weighted by inverse variance."""
    return limits_around(gaps, ses**2, np.full(len(gaps), float(np.average(gaps, weights=ses**-2.0))))


def gap_line(gaps: Floats, ses: Floats, days: Sequence[float] | Floats) -> pd.DataFrame:
    """Return the same for gaps around a straight line, weighted by inverse variance."""
    slope, start = np.polyfit(np.asarray(days, dtype=np.float64) - days[0], gaps, 1, w=1 / ses)
    return limits_around(gaps, ses**2, start + slope * (np.asarray(days, dtype=np.float64) - days[0]))
