"""The public measures of `analysis.measures.funnel` under the path that docs/method.md promises."""

from analysis.measures.funnel import limits, overdispersion

__all__ = ["limits", "overdispersion"]
