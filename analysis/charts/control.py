"""A control chart for one side's shares over the rounds, a panel a question: has something special happened?

For the group that must not chase what is only noise. A round outside the dashed limits, or a long run on one side of
the middle, is more than the rounds' ordinary variation; under eight rounds of one wording nothing is said.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import findings, signals
from analysis.charts import style, trend
from analysis.charts.multiples import SMALL, Multiples, Ticks, days
from analysis.charts.page import WIDE, Page, fitted, heading
from analysis.frame import QUESTIONS, Row, known
from analysis.over_time import breaks, lines, runs
from analysis.texts import Texts


def table(
    cells: pd.DataFrame, gaps: pd.DataFrame, place: str, role: str = "patient", declared: Collection[str] = ()
) -> pd.DataFrame:
    """A row for each question and round of one side, with its limits as far as there are any."""
    series = trend.table(cells, gaps, place)
    return signals.charted(series[series["role"] == role], declared)


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Which questions show more than ordinary variation."""
    return signals.control_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, rounds, about how many answers."""
    return signals.control_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words, panel by panel."""
    return " ".join([headline(table, texts) + ".", *signals.control_lines(table, texts)])


class Panels(Multiples):
    """The panels, with a few words under those that have any."""

    def __init__(self, table: pd.DataFrame, texts: Texts, at: tuple[float, float], said: Mapping[str, str]) -> None:
        """`at`: the sheet's width, and where the heading ends."""
        self.said = said
        ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
        super().__init__(table, texts, *at, ticks)


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone."""
    by_question = {question: own for (_, question), own in lines(table).items()}
    head = heading(headline(table, texts), subtitle(table, texts), width)
    said = {question: words for question, own in by_question.items() if (words := signals.under_panel(own, texts))}
    plan, notes = Panels(table, texts, (width, head.height), said), signals.control_notes(table, texts)
    page = Page(width, max(plan.bottom, plan.corner(len(QUESTIONS))[1] + plan.notes_height(notes)))
    page.heading(head)
    for number, question in enumerate(QUESTIONS):
        own = by_question[question]
        bold = any(row["signal"] or row["run"] for row in signals.newest(own))
        panel = plan.panel(page, number, bold)
        plan.breaks(panel, question, breaks(own))
        _limits(panel, own, question)
        _series(panel, own)
        _fields(panel, own, plan)
        plan.under(page, panel, number, [own])
        if question in said:
            x, y = plan.corner(number)
            y += plan.height + plan.feet[number // plan.columns] - 18
            page.text(x, y, said[question], fitted(said[question], SMALL, plan.width, bold), color=style.INK, bold=bold)
    plan.notes(page, notes)
    return page.figure


def _limits(panel: Axes, own: Sequence[Row], question: str) -> None:
    """The middle and the limits, level around each round: its own number of answers is what they are for."""
    at = days(row["date"] for row in own)
    edges = [at[0] - 9, *((one + other) / 2 for one, other in pairwise(at)), at[-1] + 9]
    for name, line in (("center", "solid"), ("lower", (0, (4, 3))), ("upper", (0, (4, 3)))):
        x, y = [], []
        for number, row in enumerate(own):
            x += [edges[number], edges[number + 1]]
            y += [row[name]] * 2
        if any(known(value) for value in y):
            panel.plot(x, y, color=style.SOFT, linewidth=1, linestyle=line, zorder=1, gid=f"{name}-{question}")


def _series(panel: Axes, own: Sequence[Row]) -> None:
    role, question = own[0]["role"], own[0]["question"]
    color = style.ROLE_COLOR[role]
    for number, run in enumerate(runs(own)):
        x, shares = days(row["date"] for row in run), [row["share"] for row in run]
        panel.plot(
            x, shares, color=color, linewidth=1.5, linestyle=style.ROLE_LINE[role], gid=f"line-{question}-{number}"
        )
    shown = [row for row in own if row["status"] == "shown"]
    kinds = {
        "points": ([row for row in shown if row["n"] >= findings.SURE], color),
        "few": ([row for row in shown if row["n"] < findings.SURE], style.PAPER),
    }
    for name, (some, face) in kinds.items():
        if some:
            look: dict[str, Any] = {
                "markersize": 5,
                "markerfacecolor": face,
                "markeredgecolor": color if name == "few" else style.PAPER,
            }
            x, shares = days(row["date"] for row in some), [row["share"] for row in some]
            mark = style.ROLE_MARKER[role]
            panel.plot(x, shares, mark, **look, markeredgewidth=1, zorder=3, clip_on=False, gid=f"{name}-{question}")
    if outside := [row for row in shown if row["signal"]]:
        x, shares = days(row["date"] for row in outside), [row["share"] for row in outside]
        look = {"markersize": 12, "markerfacecolor": "none", "markeredgecolor": style.INK, "markeredgewidth": 1.6}
        panel.plot(x, shares, "o", **look, zorder=4, clip_on=False, gid=f"outside-{question}")


def _fields(panel: Axes, own: Sequence[Row], plan: Multiples) -> None:
    wide = (plan.across[1] - plan.across[0]) * 7 / plan.width
    for row in own:
        if row["status"] == "band":
            corner = (days([row["date"]])[0] - wide / 2, row["cap_low"])
            gid, tall = f"band-{row['question']}-{row['round']}", row["cap_high"] - row["cap_low"]
            panel.add_patch(Rectangle(corner, wide, tall, **style.field(row["role"]), gid=gid))
