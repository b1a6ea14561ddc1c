"""What charts are drawn with: the canvas, grids, forests, labels, styles."""
