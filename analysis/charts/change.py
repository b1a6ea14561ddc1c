"""The chart of changes since the round before: each side's share, around zero, a row a question.

For the group that meets after each round. The grey field is what rounds vary while nothing particular has happened; a
change is filled and bold when it is distinct from zero.
"""

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts import trend
from analysis.charts.drawing import forest, style
from analysis.charts.drawing.canvas import MARGIN, MIN_TEXT_SIZE, NARROW, WIDE, Canvas, heading, width_of, wrap
from analysis.charts.drawing.sides import ROLE_LABEL
from analysis.frames.frame import QUESTIONS, ROLES, Row, is_known, records
from analysis.frames.schema import WITH_SHARE, WITHOUT_FIGURE
from analysis.frames.series import lines
from analysis.localisation import N_, Localisation, translate
from analysis.sentences import change, findings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME, STEP = 15.5, 18.0
LINE = 21.0  # from one side's line to the other's, wide
USUAL = N_("vanlig variation")
LESS, MORE = N_("färre ja"), N_("fler ja")


def section() -> tuple[str, str]:
    """Return its heading on the page of all charts, and a sentence under it; empty: none."""
    return N_("Sedan förra mätomgången"), ""


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return a row for each question and role: the round before, the newest, and the change."""
    return change.changes(lines(trend.table(cells, gaps, place)))


def headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return what has changed, as far as the intervals carry."""
    return change.change_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, rounds, and the rounded number of answers."""
    return change.change_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the picture in words, line by line."""
    return " ".join([headline(table, texts) + ".", *change.change_lines(table, texts)])


class Layout:
    """The layout, wide or narrow, worked out before anything is drawn."""

    def __init__(self, rows: dict[str, list[Row]], texts: Localisation, width: float, top: float) -> None:
        """Lay out each question's two sides, from `top`, where the heading ends."""
        self.wide = width > NARROW
        self.edges = (416.0, 724.0) if self.wide else (34.0, width - 34.0)
        self.names = {
            question: wrap(texts.question(question), NAME, 146.0 if self.wide else width - 28) for question in rows
        }
        self.spots: dict[str, tuple[float, list[float]]] = {}  # where a question starts, and each side's middle
        y = self.top = top + (26 if self.wide else 38)
        for question, name in self.names.items():
            if self.wide:
                tall = max(2 * LINE, len(name) * STEP) + 10
                self.spots[question] = (y, [y + tall / 2 + LINE * (at - 0.5) for at in range(len(ROLES))])
                y += tall
            else:
                first = y + len(name) * STEP + 4
                self.spots[question] = (y, [first + 36 * at + 26 for at in range(len(ROLES))])
                y = first + 36 * len(ROLES) + 16
        self.bottom = y


def draw(table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    rows: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(table):
        rows[row["question"]].append(row)
    layout = Layout(rows, texts, width, head.height)
    notes = wrap(" ".join(change.change_notes(table, texts)), MIN_TEXT_SIZE, width - 2 * MARGIN)
    canvas = Canvas(width, layout.bottom + 44 + STEP * len(notes))
    canvas.heading(head)
    panel = _variation_field(canvas, layout, texts, float(table["usual"].iloc[0]))
    for question, own in rows.items():
        top, middles = layout.spots[question]
        name = layout.names[question]
        bold = any(row["distinct"] for row in own)
        if layout.wide:
            middle = sum(middles) / len(middles)
            canvas.lines(MARGIN, middle + 5 - (len(name) - 1) * 9, name, NAME, bold=bold)
        else:
            canvas.lines(MARGIN, top + 13, name, NAME, bold=bold)
        for row, y in zip(own, middles, strict=True):
            _row(panel, row, y - layout.top)
            (_words_wide if layout.wide else _words_narrow)(canvas, layout, row, y, texts)
    canvas.lines(MARGIN, layout.bottom + 46, notes, MIN_TEXT_SIZE, color=style.SOFT)
    return canvas.figure


def _variation_field(canvas: Canvas, layout: Layout, texts: Localisation, usual: float) -> "Axes":
    """Draw the panel of all rows: its zero line, its scale, and the field of ordinary variation between rounds."""
    from analysis.charts.drawing.backend import Rectangle

    (left, right), tall = layout.edges, layout.bottom - layout.top
    panel = canvas.panel((left, layout.top, right - left, tall), (-change.AXIS_MAX, change.AXIS_MAX), (tall, 0))
    # On a narrow sheet words stand between the rows; the field and the lines keep clear of them.
    middles = [y - layout.top for _, spots in layout.spots.values() for y in spots]
    for top, bottom in [(0.0, tall)] if layout.wide else [(y - 8, y + 9) for y in middles]:
        wide = min(usual, change.AXIS_MAX)
        if usual > 0:
            mark_style: dict[str, Any] = {"facecolor": (style.SOFT, 0.16), "linewidth": 0, "zorder": 0}
            panel.add_patch(Rectangle((-wide, top), 2 * wide, bottom - top, **mark_style, gid=f"usual-{round(top)}"))
        forest.zero(panel, top, bottom)
    over = layout.top - (7 if layout.wide else 17)
    if usual > 0:
        canvas.text((left + right) / 2, over, translate(texts, USUAL), MIN_TEXT_SIZE, color=style.SOFT, align="center")
    for x, words, align in ((left, LESS, "left"), (right, MORE, "right")):
        canvas.text(x, over, translate(texts, words), MIN_TEXT_SIZE, color=style.SOFT, align=align)
    forest.scale(canvas, texts, layout.edges, layout.bottom + 19, change.AXIS_MAX)
    return panel


def _row(panel: "Axes", row: Row, y: float) -> None:
    if is_known(row["change"]):
        values, mark_style = (
            (row["change_low"], row["change"], row["change_high"]),
            forest.role_style(row["role"], row["distinct"]),
        )
        forest.interval_mark(panel, y, values, mark_style, f"{row['role']}-{row['question']}")


def _shares_text(row: Row, texts: Localisation) -> str:
    """Return the shares then and now, or the share now alone; nothing where other words say why there is none."""
    if row["status"] in WITHOUT_FIGURE:
        return ""
    now = findings.share_number(row, texts)
    if row["before_status"] not in WITH_SHARE or row["status"] not in WITH_SHARE:
        return now
    return f"{texts.number(row['before_share'])} → {now}"


def _words_wide(canvas: Canvas, layout: Layout, row: Row, y: float, texts: Localisation) -> None:
    """Write the side and its shares to the left of the marks, the change to the right."""
    color = style.ROLE_COLOR[row["role"]]
    canvas.sheet.plot([178], [y], style.ROLE_MARKER[row["role"]], color=color, markersize=7)
    canvas.text(190, y + 5, translate(texts, ROLE_LABEL[row["role"]]), MIN_TEXT_SIZE, color=color)
    canvas.text(layout.edges[0] - 22, y + 5, _shares_text(row, texts), MIN_TEXT_SIZE, color=style.INK, align="right")
    _change(canvas, row, (layout.edges[1] + 18, y + 5), texts)


def _words_narrow(canvas: Canvas, layout: Layout, row: Row, y: float, texts: Localisation) -> None:
    """Write the side, its shares and the change over the marks."""
    color, line = style.ROLE_COLOR[row["role"]], y - 10
    words = translate(texts, ROLE_LABEL[row["role"]])
    canvas.sheet.plot([MARGIN + 5], [line - 5], style.ROLE_MARKER[row["role"]], color=color, markersize=7)
    canvas.text(MARGIN + 15, line, words, MIN_TEXT_SIZE, color=color)
    canvas.text(MARGIN + 25 + width_of(words, MIN_TEXT_SIZE), line, _shares_text(row, texts), MIN_TEXT_SIZE)
    _change(canvas, row, (canvas.width - MARGIN, line), texts, align="right")


def _change(canvas: Canvas, row: Row, at: tuple[float, float], texts: Localisation, align: str = "left") -> None:
    """Write the change and its interval, or why there is none."""
    if not is_known(row["change"]):
        why = "few" if row["status"] == "hidden" else "unsure" if row["status"] == "unsure" else row["reason"]
        words = change.REASONS.get(why, "")  # the headline says once that it is the first round
        canvas.text(*at, translate(texts, words) if words else "", MIN_TEXT_SIZE, color=style.SOFT, align=align)
        return
    distinct = bool(row["distinct"])
    color = style.INK if distinct else style.SOFT
    number, extent = texts.points(row["change"]), findings.interval_text(texts, row["change_low"], row["change_high"])
    canvas.text(*at, f"{number} ({extent})", MIN_TEXT_SIZE, color=color, bold=distinct, align=align)
