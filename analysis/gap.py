"""The public measures of `analysis.measures.gap` under the path that docs/method.md promises."""

from analysis.measures.gap import GapChange, PooledGap, gap_change, mantel_haenszel, pooled_gap

__all__ = ["GapChange", "PooledGap", "gap_change", "mantel_haenszel", "pooled_gap"]
