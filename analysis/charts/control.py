"""Control charts over the rounds, a panel a question, of patients, of staff or of the gap.

For the group that must not chase what is only noise. A round outside the dashed limits, or a long run on one side of
the middle, is more than the rounds' ordinary variation; under eight rounds of one wording nothing is said.
"""

import math
from collections.abc import Collection, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts import gap_trend, trend
from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import WIDE, Canvas, heading
from analysis.charts.drawing.small_multiples import SmallMultiples, Ticks, days
from analysis.frames import control_signals
from analysis.frames.control_signals import GAP
from analysis.frames.frame import QUESTIONS, ROLES, Row, is_known
from analysis.frames.series import breaks, lines
from analysis.localisation import N_, Localisation
from analysis.sentences import control

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES = (*ROLES, GAP)
COLOR = {**style.ROLE_COLOR, GAP: style.INK}
MARKER = {**style.ROLE_MARKER, GAP: "D"}
LINE = {**style.ROLE_LINE, GAP: "solid"}

HEADINGS = {
    "patient": N_("Mer än vanlig variation? Patienterna"),
    "provider": N_("Mer än vanlig variation? Vården"),
    GAP: N_("Mer än vanlig variation? Skillnaden"),
}
LEAD = N_(
    "Varje fråga mot sin egen historia: vad varierar som vanligt, och vad är mer än så? Gränserna är preliminära tills "
    "det finns tolv omgångar, och under åtta visas inga. Bilden larmar sällan i onödan men märker en förändring sent."
)


class ControlChart:
    """The chart of one side, or of the gap; otherwise with the interface of the other chart modules."""

    def __init__(self, side: str) -> None:
        """Choose the side: patient, provider or gap."""
        self.side = side

    def section(self) -> tuple[str, str]:
        """Return its heading on the page of all charts, and a sentence under the first of the three."""
        return HEADINGS[self.side], LEAD if self.side == "patient" else ""

    def table(
        self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str, declared: Collection[str] = ()
    ) -> pd.DataFrame:
        """Return a row for each question and round of one side, with its limits as far as there are any."""
        both = (gap_trend if self.side == GAP else trend).table(cells, gaps, place)
        return control_signals.control_rows(both, self.side, declared).assign(side=self.side)

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return which questions show more than ordinary variation."""
        return control.headline(table, texts)

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return measure, place, rounds, and the rounded number of answers."""
        return control.subtitle(table, texts)

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words, panel by panel."""
        return " ".join([self.headline(table, texts) + ".", *control.lines_of(table, texts)])

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture, on a wide sheet or a narrow one for a phone."""
        by_question = {question: own for (_, question), own in lines(table).items()}
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        unlike = {
            q
            for q, own in by_question.items()
            if any(row["signal"] or row["run"] for row in control_signals.newest_stretch(own))
        }
        findings = {
            question: [(words, style.INK if question in unlike else style.SOFT)]
            for question, own in by_question.items()
            if (words := control.panel_note(own, texts))
        }
        layout = SmallMultiples(table, texts, width, head.height, self._ticks(table, texts), findings=findings)
        notes = control.notes(table, texts)
        canvas = Canvas(width, layout.end_of(notes, width))
        canvas.heading(head)
        for number, question in enumerate(QUESTIONS):
            own = by_question[question]
            panel = layout.panel(canvas, number, bold=question in unlike)
            layout.breaks(panel, question, breaks(own))
            if self.side == GAP:
                panel.plot(layout.across, [0, 0], color=style.GRID, linewidth=1.6, zorder=0.5, gid=f"zero-{question}")
            _limits(panel, own, question)
            self._series(panel, own, question)
            layout.draw_breaks_and_hidden(canvas, panel, number, [own])
        layout.notes(canvas, notes)
        return canvas.figure

    def _ticks(self, table: pd.DataFrame, texts: Localisation) -> Ticks:
        """Return the scale: all of a share, or wide enough for every gap and limit, zero among them."""
        if self.side != GAP:
            return Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
        ends = [value for name in ("gap", "lower", "upper") for value in table[name] if is_known(value)]
        low = min(-20, 20 * math.floor(min(ends, default=0) / 20))
        high = max(20, 20 * math.ceil(max(ends, default=0) / 20))
        return Ticks((low, 0, high), tuple(texts.points(value) for value in (low, 0, high)))

    def _series(self, panel: "Axes", own: Sequence[Row], question: str) -> None:
        value, color = control_signals.value_column(self.side), COLOR[self.side]
        for number, run in enumerate(_runs(own, value)):
            x, y = days(row["date"] for row in run), [row[value] for row in run]
            mark_style: dict[str, Any] = {"color": color, "linewidth": 1.5, "linestyle": LINE[self.side]}
            panel.plot(x, y, gid=f"line-{question}-{number}", **mark_style)
        seen = [row for row in own if is_known(row[value])]
        for name, hollow in (("points", False), ("few", True)):
            some = [row for row in seen if (row["status"] != "shown") == hollow]
            if some:
                face, edge = (style.PAPER, color) if hollow else (color, style.PAPER)
                mark_style = {"markersize": 6, "markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": 1.2}
                x, y = days(row["date"] for row in some), [row[value] for row in some]
                panel.plot(x, y, MARKER[self.side], zorder=3, clip_on=False, gid=f"{name}-{question}", **mark_style)
        for row in own:
            if row["status"] == "interval":
                x, gid = days([row["date"]]) * 2, f"interval-{question}-{row['round']}"
                panel.plot(x, [row["low"], row["high"]], "_-", color=color, linewidth=1.5, markersize=7, gid=gid)
        if outside := [row for row in seen if row["signal"]]:
            x, y = days(row["date"] for row in outside), [row[value] for row in outside]
            mark_style = {
                "markersize": 13,
                "markerfacecolor": "none",
                "markeredgecolor": style.INK,
                "markeredgewidth": 1.8,
            }
            panel.plot(x, y, "o", zorder=4, clip_on=False, gid=f"outside-{question}", **mark_style)


def _runs(own: Sequence[Row], value: str) -> list[list[Row]]:
    """Return the stretches that a line is drawn through: consecutive rounds with a figure, of one wording."""
    each = groupby(own, key=lambda row: (is_known(row[value]), row["segment"]))
    return [list(run) for (seen, _), run in each if seen]


def _limits(panel: "Axes", own: Sequence[Row], question: str) -> None:
    """Draw the centre and the limits, level around each round: they depend on its own number of answers."""
    at = days(row["date"] for row in own)
    edges = [at[0] - 9, *((one + other) / 2 for one, other in pairwise(at)), at[-1] + 9]
    for name, line in (("center", "solid"), ("lower", (0, (4, 3))), ("upper", (0, (4, 3)))):
        x, y = [], []
        for number, row in enumerate(own):
            # Around a fitted line they are drawn from round to round, as it runs.
            x += [at[number]] if row["direction"] else [edges[number], edges[number + 1]]
            y += [row[name]] if row["direction"] else [row[name]] * 2
        if any(is_known(value) for value in y):
            panel.plot(x, y, color=style.SOFT, linewidth=1, linestyle=line, zorder=1, gid=f"{name}-{question}")
