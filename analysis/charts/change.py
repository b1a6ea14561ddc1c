"""The chart of changes since the round before: each side's share, around zero, a row a question.

For the group that meets after each round. The grey field is what rounds vary while nothing particular has happened; a
change is filled and bold when it can be told from zero.
"""

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts import trend
from analysis.charts.drawing import forest, style
from analysis.charts.drawing.canvas import LEAST, MARGIN, NARROW, WIDE, Page, heading, width_of, wrap
from analysis.charts.drawing.sides import ROLE_LABEL
from analysis.frames.frame import QUESTIONS, ROLES, Row, known, records
from analysis.frames.schema import POINTS, SILENT
from analysis.frames.series import lines
from analysis.sentences import change, findings
from analysis.texts import N_, Texts, say

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


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Return what has changed, as far as the intervals carry."""
    return change.change_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Return measure, place, rounds, and the rounded number of answers."""
    return change.change_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """Return the picture in words, line by line."""
    return " ".join([headline(table, texts) + ".", *change.change_lines(table, texts)])


class Plan:
    """The layout, wide or narrow, worked out before anything is drawn."""

    def __init__(self, rows: dict[str, list[Row]], texts: Texts, width: float, top: float) -> None:
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


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    rows: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(table):
        rows[row["question"]].append(row)
    plan = Plan(rows, texts, width, head.height)
    notes = wrap(" ".join(change.change_notes(table, texts)), LEAST, width - 2 * MARGIN)
    page = Page(width, plan.bottom + 44 + STEP * len(notes))
    page.heading(head)
    panel = _field(page, plan, texts, float(table["usual"].iloc[0]))
    for question, own in rows.items():
        top, middles = plan.spots[question]
        name = plan.names[question]
        bold = any(row["distinct"] for row in own)
        if plan.wide:
            middle = sum(middles) / len(middles)
            page.lines(MARGIN, middle + 5 - (len(name) - 1) * 9, name, NAME, bold=bold)
        else:
            page.lines(MARGIN, top + 13, name, NAME, bold=bold)
        for row, y in zip(own, middles, strict=True):
            _row(panel, row, y - plan.top)
            (_words_wide if plan.wide else _words_narrow)(page, plan, row, y, texts)
    page.lines(MARGIN, plan.bottom + 46, notes, LEAST, color=style.SOFT)
    return page.figure


def _field(page: Page, plan: Plan, texts: Texts, usual: float) -> "Axes":
    """Draw the panel of all rows: its zero line, its scale, and the field of ordinary variation between rounds."""
    from analysis.charts.drawing.backend import Rectangle

    (left, right), tall = plan.edges, plan.bottom - plan.top
    panel = page.panel((left, plan.top, right - left, tall), (-change.REACH, change.REACH), (tall, 0))
    # On a narrow sheet words stand between the rows; the field and the lines keep clear of them.
    middles = [y - plan.top for _, spots in plan.spots.values() for y in spots]
    for top, bottom in [(0.0, tall)] if plan.wide else [(y - 8, y + 9) for y in middles]:
        wide = min(usual, change.REACH)
        if usual > 0:
            look: dict[str, Any] = {"facecolor": (style.SOFT, 0.16), "linewidth": 0, "zorder": 0}
            panel.add_patch(Rectangle((-wide, top), 2 * wide, bottom - top, **look, gid=f"usual-{round(top)}"))
        forest.zero(panel, top, bottom)
    over = plan.top - (7 if plan.wide else 17)
    if usual > 0:
        page.text((left + right) / 2, over, say(texts, USUAL), LEAST, color=style.SOFT, align="center")
    for x, said, align in ((left, LESS, "left"), (right, MORE, "right")):
        page.text(x, over, say(texts, said), LEAST, color=style.SOFT, align=align)
    forest.scale(page, texts, plan.edges, plan.bottom + 19, change.REACH)
    return panel


def _row(panel: "Axes", row: Row, y: float) -> None:
    if known(row["change"]):
        values, look = (
            (row["change_low"], row["change"], row["change_high"]),
            forest.of_role(row["role"], row["distinct"]),
        )
        forest.mark(panel, y, values, look, f"{row['role']}-{row['question']}")


def _shares(row: Row, texts: Texts) -> str:
    """Return the shares then and now, or the share now alone; nothing where other words say why there is none."""
    if row["status"] in SILENT:
        return ""
    now = findings.share_number(row, texts)
    if row["before_status"] not in POINTS or row["status"] not in POINTS:
        return now
    return f"{texts.number(row['before_share'])} → {now}"


def _words_wide(page: Page, plan: Plan, row: Row, y: float, texts: Texts) -> None:
    """Write the side and its shares to the left of the marks, the change to the right."""
    color = style.ROLE_COLOR[row["role"]]
    page.sheet.plot([178], [y], style.ROLE_MARKER[row["role"]], color=color, markersize=7)
    page.text(190, y + 5, say(texts, ROLE_LABEL[row["role"]]), LEAST, color=color)
    page.text(plan.edges[0] - 22, y + 5, _shares(row, texts), LEAST, color=style.INK, align="right")
    _change(page, row, (plan.edges[1] + 18, y + 5), texts)


def _words_narrow(page: Page, plan: Plan, row: Row, y: float, texts: Texts) -> None:
    """Write the side, its shares and the change over the marks."""
    color, line = style.ROLE_COLOR[row["role"]], y - 10
    words = say(texts, ROLE_LABEL[row["role"]])
    page.sheet.plot([MARGIN + 5], [line - 5], style.ROLE_MARKER[row["role"]], color=color, markersize=7)
    page.text(MARGIN + 15, line, words, LEAST, color=color)
    page.text(MARGIN + 25 + width_of(words, LEAST), line, _shares(row, texts), LEAST)
    _change(page, row, (page.width - MARGIN, line), texts, align="right")


def _change(page: Page, row: Row, at: tuple[float, float], texts: Texts, align: str = "left") -> None:
    """Write the change and its interval, or why there is none."""
    if not known(row["change"]):
        why = "few" if row["status"] == "hidden" else "unsure" if row["status"] == "unsure" else row["why"]
        words = change.WHY.get(why, "")  # the headline says once that it is the first round
        page.text(*at, say(texts, words) if words else "", LEAST, color=style.SOFT, align=align)
        return
    told = bool(row["distinct"])
    color = style.INK if told else style.SOFT
    number, extent = texts.points(row["change"]), findings.from_to(texts, row["change_low"], row["change_high"])
    page.text(*at, f"{number} ({extent})", LEAST, color=color, bold=told, align=align)
