"""The chart of one question over the rounds: both sides' shares, and beside them the gap between them.

For the section of a question on the follow-up page: the two panels that `trend` and `gap-trend` give it, larger and on
one sheet. The headline is the newest gap's, tested together with the page's other six.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts import gap_trend, trend
from analysis.charts.drawing import labels, style
from analysis.charts.drawing.canvas import MARGIN, NARROW, WIDE, Canvas, heading, width_of, wrap
from analysis.charts.drawing.grid import LINE
from analysis.charts.drawing.small_multiples import SMALL, TITLE, SmallMultiples, Ticks
from analysis.frames.frame import Row
from analysis.frames.series import lines
from analysis.localisation import N_, Localisation, translate
from analysis.sentences import trend as progress
from analysis.sentences.findings import is_possibly_chance, not_pooled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHARES, GAP = N_("Andel som svarar ja"), N_("Vården minus patienterna, i procentenheter")
HEADLINES = {
    "provider": N_("%(question)s: vården svarar ja oftare än patienterna"),
    "patient": N_("%(question)s: patienterna svarar ja oftare än vården"),
    "chance": N_("%(question)s: skillnaden kan vara slump"),
    "none": N_("%(question)s: skillnaden går inte att skilja från noll"),
    "few": N_("%(question)s: för få svar för att jämföra patienter och vården"),
    "unsure": N_("%(question)s: för osäkert för att jämföra patienter och vården"),
    "few units": N_("%(question)s: för få enheter eller svar för att jämföra patienter och vården"),
}


class Panel(SmallMultiples):
    """A panel at a given place, with a title of its own."""

    def __init__(
        self, table: pd.DataFrame, texts: Localisation, box: tuple[float, float, float, float], ticks: Ticks
    ) -> None:
        """Lay out the panel in `box`: left, top, width and height of the plot itself."""
        self.texts, self.ticks = texts, ticks
        self.columns, self.pitch, self.titles, self.findings_by_panel = 1, 0.0, [[]], [[]]
        self.left, top, self.width, self.height = box
        self.tops = [top]
        self.set_rounds(table)
        self.feet = [self.axis_height(table, str(table["question"].iloc[0]))]
        self.bottom = top + self.height + self.feet[0] + 18


class QuestionChart:
    """The chart of one question; otherwise with the interface of the other chart modules."""

    def __init__(self, question: str) -> None:
        """Choose the question by its key."""
        self.question = question

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
        """Return rows of `trend` for both roles, and rows of the gap's trend without a role."""
        both = [trend.table(cells, gaps, place), gap_trend.table(cells, gaps, place).assign(role="")]
        found: pd.DataFrame = pd.concat(both, ignore_index=True)
        return found[found["question"] == self.question].reset_index(drop=True)

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the finding on the newest gap."""
        return self.headline_of(self._gap(table)[-1], texts)

    def headline_of(self, newest: Row, texts: Localisation) -> str:
        """Return the same from that gap's row alone: a page of seven questions needs no more of their tables."""
        kind = "none"
        if newest["status"] == "hidden":
            kind = "few"
        elif newest["status"] == "unsure":
            kind = "few units" if not_pooled(newest) else "unsure"
        elif newest["distinct"]:
            kind = "provider" if newest["low"] > 0 else "patient"
        elif is_possibly_chance(newest):
            kind = "chance"
        return translate(texts, HEADLINES[kind], question=texts.question(self.question))

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return place, rounds, number of answers."""
        return progress.trend_subtitle(_parts(table)[0], texts)

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words."""
        shares, gap = _parts(table)
        sentences = [*progress.trend_lines(shares, texts), *progress.gap_trend_lines(gap, texts)]
        return " ".join([self.headline(table, texts) + ".", *sentences])

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture: side by side on a wide sheet, one above the other on a narrow one."""
        shares, gap = _parts(table)
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        ticks, by_line = (trend.ticks_of(texts), gap_trend.ticks_of(gap, texts)), lines(table)
        ends = (
            trend.end_labels(by_line, self.question, texts),
            gap_trend.end_labels(by_line["", self.question], texts),
        )
        boxes = _boxes(width, head.height, ticks, [labels.label_width(each) for each in ends], texts)
        layouts = [Panel(own, texts, box, tick) for own, box, tick in zip((shares, gap), boxes, ticks, strict=True)]
        notes = dict.fromkeys([*progress.trend_notes(shares, texts), *progress.gap_trend_notes(gap, texts)])
        note_lines, bottom = wrap(" ".join(notes), SMALL, width - 2 * MARGIN), max(layout.bottom for layout in layouts)
        canvas = Canvas(width, bottom + LINE * len(note_lines))
        canvas.heading(head)
        canvas.lines(MARGIN, bottom + 8, note_lines, SMALL, color=style.SOFT)
        trend.draw_key(canvas, texts, head.height + 12)
        for layout, title, own in zip(layouts, (SHARES, GAP), ends, strict=True):
            _title(canvas, layout, translate(texts, title))
            labels.draw(canvas, layout, 0, own)
        trend.draw_question(canvas, layouts[0], 0, self.question, by_line, bold=False)
        gap_trend.draw_question(canvas, layouts[1], 0, by_line["", self.question], texts, bold=False)
        return canvas.figure

    def _gap(self, table: pd.DataFrame) -> Sequence[Row]:
        return lines(table)["", self.question]


def _parts(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of the shares and those of the gap, each as its own chart expects them."""
    gap = table[table["role"] == ""].drop(columns="role")
    flags = {name: gap[name].eq(True) for name in ("distinct", "change_distinct")}
    return table[table["role"] != ""], gap.assign(**flags)


def _boxes(
    width: float, top: float, ticks: tuple[Ticks, Ticks], ends: Sequence[float], texts: Localisation
) -> list[tuple[float, float, float, float]]:
    """Return left, top, width and height of both plots; `ends`: the room that each needs for its newest figures."""
    lefts = [MARGIN + 10 + max(width_of(words, SMALL) for words in each.words) for each in ticks]
    titles = [translate(texts, title) for title in (SHARES, GAP)]
    if width <= NARROW:
        rooms = [width - left - MARGIN - end for left, end in zip(lefts, ends, strict=True)]
        tall, found, y = 130.0, [], top + 30
        for left, room, title in zip(lefts, rooms, titles, strict=True):
            y += _title_height(title, room)
            found.append((left, y, room, tall))
            y += tall + 46 + 2 * LINE
        return found
    half = (width - 24) / 2
    rooms = [half - lefts[0] - ends[0], half - lefts[1] - MARGIN + 24 - ends[1]]
    y = top + 30 + max(_title_height(title, room) for title, room in zip(titles, rooms, strict=True))
    return [(lefts[0], y, rooms[0], 190.0), (half + lefts[1], y, rooms[1], 190.0)]


def _title_height(title: str, room: float) -> float:
    return len(wrap(title, TITLE, room)) * TITLE * 1.25 + 8


def _title(canvas: Canvas, layout: SmallMultiples, words: str) -> None:
    x, y = layout.corner(0)
    title_lines = wrap(words, TITLE, layout.width)
    canvas.lines(x, y - 9 - (len(title_lines) - 1) * TITLE * 1.25, title_lines, TITLE)
