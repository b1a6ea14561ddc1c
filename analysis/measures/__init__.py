"""Statistical measures: intervals, gaps, trends, control charts, funnels, planning."""
