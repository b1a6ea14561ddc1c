"""The public measures of `analysis.measures.intervals` under the path that docs/method.md promises."""

from analysis.measures.intervals import Interval, difference_interval, difference_p_value, share_interval

__all__ = ["Interval", "difference_interval", "difference_p_value", "share_interval"]
