"""The public measures of `analysis.measures.p_chart` under the path that docs/method.md promises."""

from analysis.measures.p_chart import Runs, p_prime_chart, runs

__all__ = ["Runs", "p_prime_chart", "runs"]
