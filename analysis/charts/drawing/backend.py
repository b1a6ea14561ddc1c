"""matplotlib, set as every chart needs it. Imported by what draws, where it draws.

Who reads a chart's table and words, as the pages do, never loads it: it takes 40 MB of a process.
"""

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Polygon, Rectangle
from matplotlib.textpath import TextToPath

from analysis.charts.drawing import style

__all__ = ["Polygon", "Rectangle", "figure", "text_width"]

# Set once for the process and not around each drawing: two threads would undo each other's settings.
matplotlib.rcdefaults()
matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "sju-fragor",
        "font.family": [style.MEASURE],
        "text.parse_math": False,
        "path.simplify": False,
    }
)

_measure = TextToPath()


def figure(width: float, height: float) -> Figure:
    """Return an empty sheet of this many pixels: one point is one pixel."""
    return Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=style.PAPER)


def text_width(text: str, size: float, *, bold: bool) -> float:
    """Return the width of a line of text in pixels, at most."""
    face = FontProperties(family=style.MEASURE, size=size, weight="bold" if bold else "normal")
    return float(_measure.get_text_width_height_descent(text, face, ismath=False)[0])
