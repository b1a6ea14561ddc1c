"""The precision rule: whether a figure is shown as a share, an uncertain share, an interval, or not at all.

For the edition, every page, picture and file: one rule decides what is shown, from the interval that is printed and
never from a count that is not.
"""

from enum import StrEnum

from analysis.measures.intervals import Interval

SHARE, HOLLOW, INTERVAL = 0.20, 0.30, 0.40  # the widest half of an interval for each
_TOLERANCE = 1e-9


class Precision(StrEnum):
    """The claim that a figure may make."""

    SHARE = "share"
    HOLLOW = "hollow"  # the share, with a hollow mark: osäkert
    INTERVAL = "interval"  # only "mellan x och y procent"
    UNCERTAIN = "uncertain"  # för osäkert


def precision(interval: Interval, base: float, threshold: float) -> Precision:
    """Classify a share by its interval, on a base that must reach `threshold`, the role's own."""
    if base < threshold:
        return Precision.UNCERTAIN
    for widest, claim in ((SHARE, Precision.SHARE), (HOLLOW, Precision.HOLLOW), (INTERVAL, Precision.INTERVAL)):
        if interval.half_width <= widest + _TOLERANCE:
            return claim
    return Precision.UNCERTAIN
