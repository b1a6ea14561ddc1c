"""What has changed since the round before: a slope for each side, a panel a question.

For the group that meets after each round. The number at the end of a line is the share now, and the change where it
is tested; it is bold when it can be told from zero.
"""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import findings, latest
from analysis.charts import style, trend
from analysis.charts.grid import SMALL, Grid, Ticks
from analysis.charts.page import WIDE, Page, fitted, heading, width_of
from analysis.frame import QUESTIONS, Row, known, records
from analysis.over_time import lines
from analysis.texts import Texts

THEN, AWAY = 26.0, 13.0  # pixels from the panel's edge to the round before, and from the newest to its number
MOST = 0.48  # a number takes no more of the width
LEAST = 14.0  # so far apart stand two numbers one over the other
SIDE = {"patient": -2.5, "provider": 2.5}  # the two sides' marks step apart


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """A row for each question and role: the round before, the newest, and the change."""
    return latest.changes(lines(trend.table(cells, gaps, place)))


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """What has changed, as far as the intervals carry."""
    return latest.change_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, rounds, about how many answers."""
    return latest.change_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words, line by line."""
    return " ".join([headline(table, texts) + ".", *latest.change_lines(table, texts)])


class Slopes(Grid):
    """The panels, with the round before and the newest round in each, as far as there is one."""

    def __init__(self, rows: dict[str, list[Row]], texts: Texts, width: float, top: float, ticks: Ticks) -> None:
        """`rows` are each question's two sides."""
        super().__init__(texts, width, top, ticks, [20.0] * len(QUESTIONS))
        self.rows, self.across = rows, (0.0, self.width)
        words = [(_now(row, texts), bool(row["distinct"])) for own in rows.values() for row in own]
        widest = max(width_of(said, SMALL, bold) for said, bold in words)
        self.then, self.now = THEN, self.width - AWAY - min(widest, self.width * MOST)

    def light(self) -> tuple[float, float]:
        """Between the rounds alone: no line runs through a number."""
        return self.then, self.now

    def foot(self, page: Page, number: int) -> None:
        """The names of the two rounds, or of the newest alone."""
        x, y = self.corner(number)
        row = self.rows[QUESTIONS[number]][0]
        y += self.height + self.feet[number // self.columns] - 2
        now = self.texts.round_name(row["round"])
        if not row["before"]:
            page.text(x + self.now, y, now, SMALL, color=style.SOFT, align="center")
            return
        then = self.texts.round_name(row["before"])
        if width_of(then, SMALL) + width_of(now, SMALL) + 10 > self.width:
            then, now = row["before"], row["round"]
        page.text(x, y, then, SMALL, color=style.SOFT)
        page.text(x + self.width, y, now, SMALL, color=style.SOFT, align="right")


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    rows: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(table):
        rows[row["question"]].append(row)
    ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
    plan, notes = Slopes(rows, texts, width, head.height + 26, ticks), latest.change_notes(table, texts)
    last = plan.corner(len(QUESTIONS))[1] + plan.notes_height(notes)
    page = Page(width, max(plan.bottom, last))
    page.heading(head)
    trend.draw_key(page, texts, head.height + 10)
    for number, question in enumerate(QUESTIONS):
        own = rows[question]
        panel = plan.panel(page, number, bold=any(row["distinct"] for row in own))
        for row in own:
            _slope(panel, row, plan)
        _numbers(page, plan, number, own, texts)
    plan.notes(page, notes)
    return page.figure


def _slope(panel: Axes, row: Row, plan: Slopes) -> None:
    color, gid = style.ROLE_COLOR[row["role"]], f"{row['role']}-{row['question']}"
    step = SIDE[row["role"]]
    if row["status"] == row["before_status"] == "shown":
        ends, shares = [plan.then + step, plan.now + step], [row["before_share"], row["share"]]
        look = {"linestyle": style.ROLE_LINE[row["role"]], "linewidth": 1.9}
        panel.plot(ends, shares, color=color, **look, gid=f"line-{gid}")
    for prefix, at, name in (("before_", plan.then, "then"), ("", plan.now, "now")):
        x = at + step
        if row[f"{prefix}status"] == "shown":
            ends = [row[f"{prefix}low"], row[f"{prefix}high"]]
            panel.plot([x, x], ends, color=color, linewidth=1.2, gid=f"interval-{name}-{gid}")
            few = row[f"{prefix}n"] < findings.SURE
            panel.plot(
                [x],
                [row[f"{prefix}share"]],
                style.ROLE_MARKER[row["role"]],
                markersize=6,
                markerfacecolor=style.PAPER if few else color,
                markeredgecolor=color if few else style.PAPER,
                markeredgewidth=1.4 if few else 0.7,
                zorder=3,
                clip_on=False,
                gid=f"{name}-{gid}",
            )
        elif row[f"{prefix}status"] == "band":
            low, high = row[f"{prefix}cap_low"], row[f"{prefix}cap_high"]
            corner = (x - (7 if row["role"] == "patient" else 4), low)
            panel.add_patch(Rectangle(corner, 7, high - low, **style.field(row["role"]), gid=f"band-{name}-{gid}"))


def _middle(row: Row, prefix: str) -> float:
    """Where a side's number would stand, were it alone; the foot when there is nothing to show."""
    if row[f"{prefix}status"] == "shown":
        return float(row[f"{prefix}share"])
    return float(row[f"{prefix}cap_low"] + row[f"{prefix}cap_high"]) / 2 if row[f"{prefix}status"] == "band" else 5.0


def apart(heights: Sequence[float], least: float, top: float, bottom: float) -> list[float]:
    """The heights, in their order, moved so that they stand at least so far apart and inside."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    found = [min(max(height, top), bottom) for height in heights]
    for one, other in pairwise(order):
        lacking = least - (found[other] - found[one])
        if lacking > 0:
            found[one], found[other] = found[one] - lacking / 2, found[other] + lacking / 2
            shift = max(0.0, top - found[one]) - max(0.0, found[other] - bottom)
            found[one], found[other] = found[one] + shift, found[other] + shift
    return found


def _now(row: Row, texts: Texts) -> str:
    """The share now, and the change where it is tested."""
    words = findings.share_words(row, texts)
    return f"{words} ({texts.points(row['change'])})" if known(row["change"]) else words


def _numbers(page: Page, plan: Slopes, number: int, own: Sequence[Row], texts: Texts) -> None:
    """The shares then and now beside their marks, and the change after the share now."""
    x, top = plan.corner(number)
    for prefix in ("before_", ""):
        rows = [row for row in own if prefix == "" or row["before_status"] == "shown"]
        spots = [plan.y(number, _middle(row, prefix)) + 4 for row in rows]
        spots = apart(spots, LEAST, top + 6, top + plan.height)
        for row, y in zip(rows, spots, strict=True):
            color = style.ROLE_COLOR[row["role"]]
            if prefix:
                words = texts.number(row["before_share"])
                page.text(x + plan.then - 9, y, words, SMALL, color=color, align="right")
                continue
            words, bold = findings.share_words(row, texts), bool(row["distinct"])
            if row["change"] == row["change"]:
                words += f" ({texts.points(row['change'])})"
            room = plan.width - plan.now - 11
            page.text(x + plan.now + 11, y, words, fitted(words, SMALL, room, bold), color=color, bold=bold)
