"""Drawing tools of the charts: the canvas, grids, forests, labels, styles."""
