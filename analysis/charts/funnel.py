"""Funnel charts of a place's units, or of a nation's regions, in one round, a panel a question, by number of answers.

For the group that asks whether they differ more than chance lets them. It is no ranking: they stand from left to
right by their number of answers, and only one outside the outer limit is named, and the one whose page it is.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import WIDE, Canvas, heading, width_of
from analysis.charts.drawing.grid import AXIS_HEIGHT, LINE, SMALL, Grid, Ticks
from analysis.frames import unit_comparison
from analysis.frames.frame import QUESTIONS, Row, is_known
from analysis.frames.schema import WITH_SHARE
from analysis.localisation import N_, Localisation, translate
from analysis.sentences import units as units_words
from analysis.sentences.compared_places import FUNNEL_OF_UNITS, FunnelWords

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("status", "n", "base", "noise", "yes_count", "steady_yes", "steady_base", "share", "low", "high")
ANSWERS = N_("tog ställning")


class FunnelChart:
    """The chart of one side; otherwise with the interface of the other chart modules."""

    def __init__(self, role: str, words: FunnelWords = FUNNEL_OF_UNITS) -> None:
        """Choose the role: patient or provider; and by its words the level of the places."""
        self.role, self.words = role, words

    def section(self) -> tuple[str, str]:
        """Return its heading on the page of all charts, and no sentence under it."""
        return self.words.headings[self.role], ""

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str, own: str = "") -> pd.DataFrame:
        """Return a row for each question and unit in the newest round.

        `cells`: the place's and its units'; `own`: the unit whose page it is.
        """
        existed = gaps[gaps["place"] == place]
        if existed.empty:
            raise ValueError(f"{place} is in none of these editions")
        newest = existed.sort_values("date", kind="stable").iloc[-1]
        here = cells[(cells["round"] == newest["round"]) & (cells["role"] == self.role)]
        whole = here[(here["place"] == place) & here["status"].isin(WITH_SHARE)]
        units = here[(here["level"] == self.words.level) & (here["place"] != place)]
        # A question with no unit at all still has its panel.
        names = sorted(set(units["place"])) or [""]
        every = pd.MultiIndex.from_product([QUESTIONS, names], names=["question", "place"])
        found = units.set_index(list(every.names))[list(COLUMNS)].reindex(every).reset_index()
        found = found.rename(columns={"place": "unit"})
        found["status"] = found["status"].fillna("hidden")
        for at, name in enumerate(("round", "date", "place")):
            found.insert(at, name, newest[name])
        found.insert(3, "role", self.role)
        found["own"] = (found["unit"] == own) & (own != "")
        return unit_comparison.with_funnel_limits(found, dict(zip(whole["question"], whole["share"], strict=True)))

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return on which questions some unit is an outlier."""
        return units_words.headline(table, texts, self.words)

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return measure, place, round, and the number of units."""
        return units_words.subtitle(table, texts, self.words)

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words, panel by panel."""
        return " ".join([self.headline(table, texts) + ".", *units_words.lines_of(table, texts, self.words)])

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture, on a wide sheet or a narrow one for a phone."""
        rows, notes = unit_comparison.by_question(table), units_words.notes(table, texts, self.words)
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        layout = FunnelGrid(texts, width, head.height, rows, self.words)
        canvas = Canvas(width, layout.end_of(notes, width))
        canvas.heading(head)
        for number, question in enumerate(QUESTIONS):
            panel = layout.panel(canvas, number, bold=any(row["outlier"] for row in rows[question]))
            draw_question(panel, rows[question], question, layout.across)
        layout.notes(canvas, notes)
        return canvas.figure


class FunnelGrid(Grid):
    """The panels, with the base across, and the named units under each title."""

    def __init__(
        self, texts: Localisation, width: float, top: float, rows: Mapping[str, Sequence[Row]], words: FunnelWords
    ) -> None:
        """Lay out the panels of `rows`, each question's units."""
        self.findings = {
            question: [
                (note, style.INK if strong else style.SOFT)
                for note, strong in units_words.title_note(own, texts, words)
            ]
            for question, own in rows.items()
        }
        self.most = axis_max_of(row for own in rows.values() for row in own)
        self.across = (0.0, self.most * 1.06)
        super().__init__(texts, width, top, ticks(texts), [AXIS_HEIGHT + LINE] * len(QUESTIONS))

    def axis(self, canvas: Canvas, number: int) -> None:
        """Draw the scale of answers."""
        draw_axis(canvas, self.texts, self.corner(number), (self.width, self.height), self.most)


def ticks(texts: Localisation) -> Ticks:
    """Return the scale of a share."""
    return Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))


def axis_max_of(rows: Any) -> float:
    """Return the end of the scale across: the largest base of any unit that is drawn."""
    return float(max((row["steady_base"] for row in rows if row["status"] in WITH_SHARE), default=10.0))


def draw_axis(
    canvas: Canvas, texts: Localisation, corner: tuple[float, float], size: tuple[float, float], axis_max: float
) -> None:
    """Write the numbers of answers under a panel, and the name of that scale."""
    (x, y), (wide, tall) = corner, size
    y += tall + AXIS_HEIGHT - 4
    ends = texts.number(0), texts.number(axis_max)
    canvas.text(x, y, ends[0], SMALL, color=style.SOFT)
    canvas.text(x + wide / 1.06, y, ends[1], SMALL, color=style.SOFT, align="center")
    words = translate(texts, ANSWERS)
    middle = (x + width_of(ends[0], SMALL) + x + wide / 1.06 - width_of(ends[1], SMALL) / 2) / 2
    canvas.text(middle, y, words, SMALL, color=style.SOFT, align="center")


def draw_question(panel: "Axes", own: Sequence[Row], question: str, across: tuple[float, float]) -> None:
    """Draw one funnel: the whole's share and the limits around it, then the units."""
    _units(panel, own, question)
    row = next((row for row in own if is_known(row["target"])), None)
    if row is None:
        return
    gid = f"target-{question}"
    panel.plot([0, across[1]], [row["target"]] * 2, color=style.SOFT, linewidth=1, zorder=1, gid=gid)
    mark_styles: tuple[tuple[str, float, Any], ...] = (
        ("inner", unit_comparison.INNER, (0, (4, 3))),
        ("outer", unit_comparison.OUTER, "solid"),
    )
    for name, level, line in mark_styles:
        sides = unit_comparison.limit_curve(own, level)
        for side in ("lower", "upper"):
            mark_style: dict[str, Any] = {"color": style.SOFT, "linewidth": 1, "zorder": 1, "linestyle": line}
            panel.plot(sides["base"], sides[side], gid=f"{name}-{side}-{question}", **mark_style)


def _units(panel: "Axes", own: Sequence[Row], question: str) -> None:
    role = own[0]["role"]
    for name, status in (("points", "shown"), ("few", "hollow")):
        if some := [row for row in own if row["status"] == status]:
            x, shares = [row["steady_base"] for row in some], [row["share"] for row in some]
            panel.plot(x, shares, **style.point(role, status, 7), gid=f"{name}-{question}")
    rings: tuple[tuple[str, str, float], ...] = (("own", "o", 15), ("outlier", "D", 13))
    for name, marker, size in rings:
        if some := [row for row in own if row[name] and row["status"] in WITH_SHARE]:
            mark_style: dict[str, Any] = {
                "markerfacecolor": "none",
                "markeredgecolor": style.INK,
                "markeredgewidth": 1.8,
            }
            x, shares = [row["steady_base"] for row in some], [row["share"] for row in some]
            panel.plot(
                x, shares, marker, markersize=size, zorder=4, clip_on=False, gid=f"{name}-{question}", **mark_style
            )
