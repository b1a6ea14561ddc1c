"""Frames worked out from editions: cells, gaps, series, comparisons."""
