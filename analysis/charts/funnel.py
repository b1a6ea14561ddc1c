"""The units of a place beside each other in one round, a panel a question, by how many have answered.

For the group that asks whether units differ more than chance lets them. It is no ranking: units stand from left to
right by their number of answers, and only one outside the outer limit is named.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import beside, findings, funnel
from analysis.charts import style
from analysis.charts.grid import SMALL, Grid, Ticks
from analysis.charts.page import WIDE, Page, heading, wrap
from analysis.frame import QUESTIONS, Row, known, records
from analysis.texts import N_, Texts, say

COLUMNS = ("status", "n", "share", "low", "high", "cap_low", "cap_high")
ANSWERS = N_("%(number)s svar")


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str, role: str = "patient") -> pd.DataFrame:
    """A row for each question and unit in the newest round. `cells` are the place's own and its units'."""
    existed = gaps[gaps["place"] == place]
    if existed.empty:
        raise ValueError(f"{place} is in none of these editions")
    newest = existed.sort_values("date", kind="stable").iloc[-1]
    here = cells[(cells["round"] == newest["round"]) & (cells["role"] == role)]
    own = here[(here["place"] == place) & (here["status"] == "shown")]
    units = here[(here["level"] == "unit") & (here["place"] != place)]
    # A question with no unit at all still has its panel.
    names = sorted(set(units["place"])) or [""]
    every = pd.MultiIndex.from_product([QUESTIONS, names], names=["question", "place"])
    found = units.set_index(list(every.names))[list(COLUMNS)].reindex(every).reset_index()
    found = found.rename(columns={"place": "unit"})
    found["status"] = found["status"].fillna("hidden")
    for at, name in enumerate(("round", "date", "place")):
        found.insert(at, name, newest[name])
    found.insert(3, "role", role)
    return beside.judged(found, dict(zip(own["question"], own["share"], strict=True)))


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """On which questions some unit is told apart."""
    return beside.funnel_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, round, how many units."""
    return beside.funnel_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words, panel by panel."""
    return " ".join([headline(table, texts) + ".", *beside.funnel_lines(table, texts)])


class Funnels(Grid):
    """The panels, with the number of answers across and a few words under those that have any."""

    def __init__(self, texts: Texts, width: float, top: float, rows: Mapping[str, Sequence[Row]]) -> None:
        """`rows` are each question's units."""
        ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
        room = Grid(texts, width, top, ticks, [20.0] * len(QUESTIONS)).width
        self.said = {question: wrap(beside.under_panel(own, texts), SMALL, room) for question, own in rows.items()}
        feet = [20.0 + 14 * len([line for line in self.said[question] if line]) for question in QUESTIONS]
        super().__init__(texts, width, top, ticks, feet)
        most = max((row["n"] for own in rows.values() for row in own if known(row["n"])), default=10.0)
        self.most = float(most)
        self.across = (0.0, self.most * 1.06)

    def foot(self, page: Page, number: int) -> None:
        """Who is told apart, and the scale of answers."""
        x, y = self.corner(number)
        for at, line in enumerate(self.said[QUESTIONS[number]]):
            page.text(x, y + self.height + 17 + 14 * at, line, SMALL)
        y += self.height + self.feet[number // self.columns] - 2
        page.text(x, y, self.texts.number(0), SMALL, color=style.SOFT)
        words = say(self.texts, ANSWERS, number=self.texts.number(self.most))
        page.text(x + self.width, y, words, SMALL, color=style.SOFT, align="right")


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone."""
    rows: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(table):
        rows[row["question"]].append(row)
    head = heading(headline(table, texts), subtitle(table, texts), width)
    plan, notes = Funnels(texts, width, head.height, rows), beside.funnel_notes(table, texts)
    page = Page(width, max(plan.bottom, plan.corner(len(QUESTIONS))[1] + plan.notes_height(notes)))
    page.heading(head)
    for number, question in enumerate(QUESTIONS):
        panel = plan.panel(page, number, bold=any(row["apart"] for row in rows[question]))
        _limits(panel, rows[question], question, plan.most)
        _units(panel, rows[question], question, plan)
    plan.notes(page, notes)
    return page.figure


def _limits(panel: Axes, own: Sequence[Row], question: str, most: float) -> None:
    """The whole's share and the limits around it, for every number of answers on the scale."""
    row = next((row for row in own if known(row["target"])), None)
    if row is None:
        return
    bases = np.arange(findings.SURE, most + 2.5, 5.0)  # units with fewer are not judged
    panel.plot([0, most], [row["target"]] * 2, color=style.SOFT, linewidth=1, zorder=1, gid=f"target-{question}")
    looks: tuple[tuple[str, float, Any], ...] = (("inner", beside.INNER, (0, (4, 3))), ("outer", beside.OUTER, "solid"))
    for name, level, line in looks:
        sides = (100 * funnel.limits(row["target"] / 100, bases, level, row["tau2"])).round(1)
        for side in ("lower", "upper"):
            gid = f"{name}-{side}-{question}"
            panel.plot(bases, sides[side], color=style.SOFT, linewidth=1, linestyle=line, zorder=1, gid=gid)


def _units(panel: Axes, own: Sequence[Row], question: str, plan: Funnels) -> None:
    role = own[0]["role"]
    color, mark = style.ROLE_COLOR[role], style.ROLE_MARKER[role]
    shown = [row for row in own if row["status"] == "shown"]
    sure, few = ([row for row in shown if (row["n"] >= findings.SURE) == enough] for enough in (True, False))
    for name, some, face in (("points", sure, color), ("few", few, style.PAPER)):
        if some:
            edge = style.PAPER if name == "points" else color
            look: dict[str, Any] = {"markersize": 5.5, "markerfacecolor": face, "markeredgecolor": edge}
            x, shares = [row["n"] for row in some], [row["share"] for row in some]
            panel.plot(x, shares, mark, **look, markeredgewidth=1, zorder=3, clip_on=False, gid=f"{name}-{question}")
    if apart := [row for row in shown if row["apart"]]:
        look = {"markersize": 12, "markerfacecolor": "none", "markeredgecolor": style.INK, "markeredgewidth": 1.6}
        x, shares = [row["n"] for row in apart], [row["share"] for row in apart]
        panel.plot(x, shares, "o", **look, zorder=4, clip_on=False, gid=f"apart-{question}")
    wide = (plan.across[1] - plan.across[0]) * 6 / plan.width
    for row in own:
        if row["status"] == "band":
            corner, tall = (row["n"] - wide / 2, row["cap_low"]), row["cap_high"] - row["cap_low"]
            gid = f"band-{question}-{row['unit']}"
            panel.add_patch(Rectangle(corner, wide, tall, **style.field(role), gid=gid))
