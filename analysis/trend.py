"""The public measures of `analysis.measures.trend_tests` under the path that docs/method.md promises."""

from analysis.measures.trend_tests import (
    LogisticTrend,
    TrendTest,
    adjust,
    between_rounds,
    cochran_armitage,
    logistic_trend,
)

__all__ = ["LogisticTrend", "TrendTest", "adjust", "between_rounds", "cochran_armitage", "logistic_trend"]
