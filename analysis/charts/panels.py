"""The chart of one question in each municipality, or region, over the rounds: a panel each, both sides with bands.

For the page of the place above. The places stand by name and never in order of their shares; each is read against its
own past, so the headline names those that have changed since the first round with the same wording.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts import trend
from analysis.charts.drawing.canvas import MARGIN, NARROW, WIDE, Canvas, heading, shortened, width_of
from analysis.charts.drawing.small_multiples import SMALL, TITLE, Ticks
from analysis.charts.question import Panel
from analysis.frames.frame import records
from analysis.frames.series import lines
from analysis.localisation import N_, Localisation, place_name, translate
from analysis.sentences import municipalities
from analysis.sentences import trend as progress
from analysis.sentences.compared_places import SHEET_OF_MUNICIPALITIES, SheetWords

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOVED = {
    ("patient", True): N_("större andel patienter svarar ja i %(places)s"),
    ("patient", False): N_("mindre andel patienter svarar ja i %(places)s"),
    ("provider", True): N_("större andel i vården svarar ja i %(places)s"),
    ("provider", False): N_("mindre andel i vården svarar ja i %(places)s"),
}


class PanelsChart:
    """The chart of one question; otherwise with the interface of the other chart modules."""

    def __init__(self, question: str, words: SheetWords = SHEET_OF_MUNICIPALITIES) -> None:
        """Choose the question by its key, and by its words the level of the places."""
        self.question, self.words = question, words

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
        """Return `trend`'s rows of this question for every place; `place` is the one above them."""
        newest = (cells["level"] == self.words.level) & (cells["date"] == cells["date"].max())
        keys = sorted(set(cells.loc[newest, "place"]))
        each = [trend.table(cells, gaps, key) for key in keys]
        every: pd.DataFrame = pd.concat(each, ignore_index=True) if each else trend.table(cells, gaps, place).head(0)
        directions = _directions(every)
        own = every[every["question"] == self.question].assign(**{self.words.whole: place}).reset_index(drop=True)
        return own.assign(
            direction=[directions.get((row["place"], self.question, row["role"]), 0) for row in records(own)]
        )

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return in which places a side has changed, and in which direction."""
        moved, question = _changed(table), texts.question(self.question)
        if not moved:
            return translate(texts, self.words.none_of_question, question=question)
        sentences, every = [], municipalities.by_name(table, texts)
        for direction, sentence in MOVED.items():
            keys = [key for key in every if direction in moved.get(key, ())]
            sentences += (
                [translate(texts, sentence, places=municipalities.places(keys, len(every), texts, self.words))]
                if keys
                else []
            )
        return f"{question}: {'; '.join(sentences)}"

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the measure, and the meaning of the marks."""
        whole = [texts.place(key) for key in sorted(set(table[self.words.whole]))]
        measure = translate(texts, self.words.measure_of_question, place=", ".join(whole))
        return " ".join([measure, *progress.trend_notes(table, texts)])

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words: each place's lines."""
        sentences = [
            f"{place_name(key, texts)}: {' '.join(progress.trend_lines(_of(table, key), texts))}"
            for key in municipalities.by_name(table, texts)
        ]
        return " ".join([self.headline(table, texts) + ".", *sentences])

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture, on a wide sheet or a narrow one for a phone."""
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
        keys, moved = municipalities.by_name(table, texts), _changed(table)
        columns = 1 if width <= NARROW else 3
        layouts = _layouts(table, texts, keys, (width, head.height + 24, columns), ticks)
        canvas = Canvas(width, max((layout.bottom for layout in layouts), default=head.height))
        canvas.heading(head)
        trend.draw_key(canvas, texts, head.height + 10)
        for at, (key, layout) in enumerate(zip(keys, layouts, strict=True)):
            layout.ticks = ticks if at % columns == 0 else Ticks(ticks.values, ("", "", ""))
            bold = key in moved
            name = shortened(place_name(key, texts), TITLE, layout.width, bold)
            canvas.text(layout.left, layout.tops[0] - 9, name, TITLE, bold=bold)
            trend.draw_question(canvas, layout, 0, self.question, lines(_of(table, key)), bold=False)
            # The same names in every panel would be the same ids in one file.
            for drawn in canvas.figure.axes[-1].findobj(lambda artist: bool(artist.get_gid())):
                drawn.set_gid(f"{key}-{drawn.get_gid()}")
        return canvas.figure


def _of(table: pd.DataFrame, key: str) -> pd.DataFrame:
    return table[table["place"] == key]


def _directions(every: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Return the direction of each share that has moved: by place, question and role, as on the sheet of all."""
    each = municipalities.share_movements(every)
    return {key: movement["direction"] for key, movement in each.items() if movement["direction_distinct"]}


def _changed(table: pd.DataFrame) -> dict[str, list[tuple[str, bool]]]:
    """Return where a side has changed, and whether upwards."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for row in records(table[table["direction"] != 0].drop_duplicates(["place", "role"])):
        found.setdefault(row["place"], []).append((row["role"], row["direction"] > 0))
    return found


def _layouts(
    table: pd.DataFrame, texts: Localisation, keys: Sequence[str], sheet: tuple[float, float, int], ticks: Ticks
) -> list[Panel]:
    """Return each place's panel: rows from the top, as many across as the sheet has room for."""
    width, top, columns = sheet
    left = MARGIN + 10 + max(width_of(words, SMALL) for words in ticks.words)
    gutter, tall = (26.0, 120.0) if columns > 1 else (0.0, 104.0)
    wide = (width - left - MARGIN - gutter * (columns - 1)) / columns
    found: list[Panel] = []
    for at, key in enumerate(keys):
        if at % columns == 0:
            top = max((layout.bottom for layout in found), default=top) + 26
        box = (left + (at % columns) * (wide + gutter), top, wide, tall)
        found.append(Panel(_of(table, key), texts, box, ticks))
    return found
