"""The chart of one question in every unit of a place: funnels of both roles' shares, and a forest of gaps.

For the group, and for whoever asks how a unit lies beside the others: two funnels, and beside them a forest of gaps by
name. Beside each unit's own gap stands, smaller, the one that borrows from the others: few answers alone say little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.drawing import forest, style
from analysis.charts.drawing.canvas import MARGIN, NARROW, WIDE, Canvas, heading, width_of, wrap
from analysis.charts.drawing.grid import AXIS_HEIGHT, LINE, SMALL, TITLE
from analysis.charts.drawing.names import clipped
from analysis.charts.funnel import FunnelChart, axis_max_of, draw_axis, draw_question, ticks
from analysis.frames.frame import ROLES, Row, records
from analysis.localisation import N_, Localisation, place_name, translate
from analysis.sentences import units as units_words
from analysis.sentences.municipalities import by_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = (
    *("status", "kind", "patients", "providers", "gap", "se", "low", "high", "shrunk", "shrunk_low", "shrunk_high"),
    "detectable",
)
TITLES = {"patient": N_("Patienterna"), "provider": N_("Vården"), "gap": N_("Skillnaden, enhet för enhet")}
MEASURE = N_("vården minus patienterna")
ALL = N_("Alla tillsammans")
MAX_ROWS = 60  # units that a forest has room for
TALL = 150.0


class UnitsChart:
    """The chart of one question; otherwise with the interface of the other chart modules."""

    def __init__(self, question: str) -> None:
        """Choose the question by its key."""
        self.question = question

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str, own: str = "") -> pd.DataFrame:
        """Return `funnel`'s rows for both roles, and rows without a role: each unit's gap, and the place's own."""
        sides = [FunnelChart(role).table(cells, gaps, place, own) for role in ROLES]
        every: pd.DataFrame = pd.concat(sides, ignore_index=True)
        shares = every[every["question"] == self.question]
        newest = shares["round"].iloc[0]
        here = gaps[(gaps["round"] == newest) & (gaps["question"] == self.question)]
        units = here[here["place"].isin(set(shares["unit"]) - {""})].sort_values("place")
        own_gap = here[here["place"] == place]
        # Told as on each unit's own page, where its seven questions are one family.
        rows = pd.concat([own_gap.assign(unit=""), units.assign(unit=units["place"])])
        rows = rows.assign(gap_distinct=rows["distinct"])[
            ["round", "date", "question", "unit", "gap_distinct", *GAP]
        ].assign(place=place, role="", outlier=False)
        found: pd.DataFrame = pd.concat(
            [shares, rows.assign(own=(rows["unit"] == own) & (own != ""))], ignore_index=True
        )
        return found.assign(**{flag: found[flag].eq(True) for flag in ("gap_distinct", "own", "outlier")})

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return in how many units the gap is distinct from zero."""
        return units_words.gap_headline(self.question, _units(table, texts), texts)

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return place and round, and that the units stand by name."""
        return units_words.gap_subtitle(table, texts)

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words: both funnels, then each unit's gap."""
        by_role = {role: records(table[table["role"] == role]) for role in ROLES}
        sides = [
            f"{translate(texts, TITLES[role])}: {units_words.funnel_text(own, texts)}." for role, own in by_role.items()
        ]
        rows = _shown(_all(table, texts))
        gaps = [f"{_name(row, texts)}: {units_words.gap_text(row, texts)}." for row in rows]
        return " ".join([self.headline(table, texts) + ".", *sides, *gaps])

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture: side by side on a wide sheet, one under the other on a narrow one."""
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        wide, rows = width > NARROW, _all(table, texts)
        by_role = {role: records(table[table["role"] == role]) for role in ROLES}
        top = head.height + 12
        left = MARGIN + 10 + max(width_of(words, SMALL) for words in ticks(texts).words)
        room = (405.0 if wide else width - MARGIN) - left
        layouts = _funnels(by_role, texts, (left, top, room))
        start = top if wide else layouts[-1].bottom + 14
        layout = Forest(texts, rows, (470.0 if wide else MARGIN, start, width - MARGIN), wide)
        notes = [line for note in units_words.gap_notes(table, texts) for line in wrap(note, SMALL, width - 2 * MARGIN)]
        bottom = max(layouts[-1].bottom, layout.bottom) + 10
        canvas = Canvas(width, bottom + LINE * len(notes) + 14)
        canvas.heading(head)
        canvas.sheet.set_zorder(1)
        for each in layouts:
            each.draw(canvas, texts)
        layout.draw(canvas)
        canvas.lines(MARGIN, bottom + 16, notes, SMALL, color=style.SOFT)
        return canvas.figure


@dataclass(frozen=True)
class SideFunnel:
    """A funnel at a given place."""

    role: str
    rows: Sequence[Row]
    title_note: Sequence[tuple[str, bool]]
    box: tuple[float, float, float, float]
    axis_max: float

    @property
    def bottom(self) -> float:
        """The bottom of the funnel with its scale, in pixels."""
        return self.box[1] + self.box[3] + AXIS_HEIGHT + 8

    def draw(self, canvas: Canvas, texts: Localisation) -> None:
        """Draw its title, the named units, its scales and its units."""
        x, y, wide, tall = self.box
        across = (0.0, self.axis_max * 1.06)
        panel = canvas.panel(self.box, across, (0, 100))
        canvas.text(x, y - 10 - LINE * len(self.title_note), translate(texts, TITLES[self.role]), TITLE, bold=True)
        for at, (words, strong) in enumerate(self.title_note):
            color = style.INK if strong else style.SOFT
            canvas.text(x, y - 10 - LINE * (len(self.title_note) - 1 - at), words, SMALL, color=color)
        for value, words in zip(ticks(texts).values, ticks(texts).words, strict=True):
            panel.plot(across, [value] * 2, color=style.GRID, linewidth=1, zorder=0, clip_on=False)
            canvas.text(x - 7, y + tall * (1 - value / 100) + 5, words, SMALL, color=style.SOFT, align="right")
        draw_question(panel, self.rows, self.role, across)
        draw_axis(canvas, texts, (x, y), (wide, tall), self.axis_max)


def _funnels(
    by_role: Mapping[str, Sequence[Row]], texts: Localisation, at: tuple[float, float, float]
) -> list[SideFunnel]:
    """Return both funnels, the patients' over the staff's."""
    left, top, room = at
    found: list[SideFunnel] = []
    for role, rows in by_role.items():
        named = units_words.title_note(rows, texts)
        note_lines = [(line, strong) for words, strong in named for line in wrap(words, SMALL, room)]
        y = top + TITLE * 1.25 + LINE * len(note_lines) + 10
        found.append(SideFunnel(role, rows, note_lines, (left, y, room, TALL), axis_max_of(rows)))
        top = found[-1].bottom + 12
    return found


class Forest:
    """The units' gaps, a row each, and their layout."""

    def __init__(self, texts: Localisation, rows: Sequence[Row], box: tuple[float, float, float], wide: bool) -> None:
        """Lay out the rows in `box`: left, top and right."""
        self.texts, self.rows, self.wide = texts, _shown(rows), wide
        self.left, top, self.right = box
        self.title = wrap(translate(texts, TITLES["gap"]), TITLE, self.right - self.left, bold=True)
        name_room = 148.0 if wide else self.right - self.left
        self.names = [clipped(_name(row, texts), SMALL, name_room, 2, bold=row["own"]) for row in self.rows]
        self.start = self.left + (158 if wide else 8)
        self.stop = self.right - 52
        self.top = top + len(self.title) * TITLE * 1.25 + LINE + 12
        lines = [len(lines) * LINE for lines in self.names]
        self.tall = [max(32.0, tall + 12) if wide else tall + 30 for tall in lines]
        self.bottom = self.top + sum(self.tall) + 26

    def draw(self, canvas: Canvas) -> None:
        """Draw title, scale, and each unit's name, gap and number."""
        end = forest.axis_end(value for row in self.rows for value in (row["low"], row["high"]))
        bottom = self.top + sum(self.tall)
        panel = canvas.panel(
            (self.start, self.top, self.stop - self.start, bottom - self.top), (-end, end), (bottom, self.top)
        )
        canvas.lines(
            self.left, self.top - LINE - 14 - (len(self.title) - 1) * TITLE * 1.25, self.title, TITLE, bold=True
        )
        forest.axis_title(canvas, [translate(self.texts, MEASURE)], (self.start, self.stop), self.top - 8)
        forest.zero(panel, self.top, bottom)
        forest.scale(canvas, self.texts, (self.start, self.stop), bottom + 20, end)
        y = self.top
        for row, lines, tall in zip(self.rows, self.names, self.tall, strict=True):
            if row["unit"] or self.rows[0] is not row:
                canvas.sheet.plot([self.left, self.right], [y, y], color=style.GRID, linewidth=0.8, zorder=0)
            self._row(canvas, panel, row, lines, (y, tall))
            y += tall

    def _row(self, canvas: Canvas, panel: "Axes", row: Row, lines: Sequence[str], at: tuple[float, float]) -> None:
        y, tall = at
        middle = y + tall / 2 if self.wide else y + tall - 14
        first = middle + 5 - (len(lines) - 1) * LINE / 2 if self.wide else y + 18
        # On a narrow sheet the scale's lines run under the names.
        ground = {} if self.wide else {"bbox": {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1}}
        canvas.lines(self.left, first, lines, SMALL, bold=bool(row["own"]) or not row["unit"], **ground)
        if row["status"] != "shown":
            words = units_words.gap_text(row, self.texts)
            canvas.text(self.start + 6, middle + 5, words, SMALL, color=style.SOFT)
            return
        distinct, gid = bool(row["gap_distinct"]), row["unit"] or "all"
        forest.interval_mark(panel, middle, (row["low"], row["gap"], row["high"]), forest.gap_style(distinct), gid)
        if row["shrunk"] == row["shrunk"]:
            mark_style: dict[str, Any] = {"markersize": 5.5, "color": style.INK, "zorder": 4, "clip_on": False}
            panel.plot([row["shrunk"]], [middle + 9], "o", gid=f"shrunk-{gid}", **mark_style)
        if row["own"]:
            ring: dict[str, Any] = {
                "markerfacecolor": "none",
                "markeredgecolor": style.INK,
                "markeredgewidth": 1.8,
                "zorder": 4,
            }
            panel.plot([row["gap"]], [middle], "o", markersize=17, clip_on=False, gid=f"own-{gid}", **ring)
        color = style.INK if distinct else style.SOFT
        canvas.text(
            self.right, middle + 5, self.texts.points(row["gap"]), SMALL, color=color, bold=distinct, align="right"
        )


def _units(table: pd.DataFrame, texts: Localisation) -> list[Row]:
    """Return the units' gaps, by name."""
    rows = table[(table["role"] == "") & (table["unit"] != "")]
    order = {key: at for at, key in enumerate(by_name(rows.assign(place=rows["unit"]), texts))}
    return sorted(records(rows), key=lambda row: order[row["unit"]])


def _all(table: pd.DataFrame, texts: Localisation) -> list[Row]:
    """Return the place's own gap, then the units'."""
    return [*records(table[(table["role"] == "") & (table["unit"] == "")]), *_units(table, texts)]


def _shown(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that a forest has room for: all, or of very many the place's and one's own."""
    return list(rows) if len(rows) <= MAX_ROWS + 1 else [row for row in rows if row["own"] or not row["unit"]]


def _name(row: Row, texts: Localisation) -> str:
    return place_name(row["unit"], texts) if row["unit"] else translate(texts, ALL)
