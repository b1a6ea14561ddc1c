"""The chart of one question in each municipality over the rounds, a small panel each, both sides with their bands.

For the region's page. The municipalities stand by name and never in order of their shares; each is read against its
own past, so the headline names those that have changed since the first round with the same wording.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts import trend
from analysis.charts.drawing.canvas import MARGIN, NARROW, WIDE, Page, heading, shortened, width_of
from analysis.charts.drawing.small_multiples import SMALL, TITLE, Ticks
from analysis.charts.question import Panel
from analysis.frames.frame import ROLES, records
from analysis.frames.series import lines
from analysis.sentences import municipalities
from analysis.sentences import trend as progress
from analysis.texts import N_, Texts, place_name, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOVED = {
    ("patient", True): N_("större andel patienter svarar ja i %(places)s"),
    ("patient", False): N_("mindre andel patienter svarar ja i %(places)s"),
    ("provider", True): N_("större andel i vården svarar ja i %(places)s"),
    ("provider", False): N_("mindre andel i vården svarar ja i %(places)s"),
}
NONE = N_("%(question)s: ingen kommuns förändring är säkert mer än slump")
MEASURE = N_(
    "Andel som svarar ja, %(place)s, kommun för kommun. Förändring: sedan första omgången med samma formulering."
)


class InMunicipalities:
    """The chart of one question; otherwise with the interface of the other chart modules."""

    def __init__(self, question: str) -> None:
        """Choose the question by its key."""
        self.question = question

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
        """Return `trend`'s rows of this question for every municipality; `place` is the region above them."""
        keys = sorted(set(cells.loc[cells["level"] == municipalities.LEVEL, "place"]))
        each = [trend.table(cells, gaps, key) for key in keys]
        every: pd.DataFrame = pd.concat(each, ignore_index=True) if each else trend.table(cells, gaps, place).head(0)
        ways = _ways(every)
        own = every[every["question"] == self.question].assign(whole=place).reset_index(drop=True)
        return own.assign(way=[ways.get((row["place"], self.question, row["role"]), 0) for row in records(own)])

    def headline(self, table: pd.DataFrame, texts: Texts) -> str:
        """Return in which municipalities a side has changed, and which way."""
        moved, question = _moved(table), texts.question(self.question)
        if not moved:
            return say(texts, NONE, question=question)
        said, every = [], municipalities.by_name(table, texts)
        for way, sentence in MOVED.items():
            keys = [key for key in every if way in moved.get(key, ())]
            said += [say(texts, sentence, places=municipalities.places(keys, len(every), texts))] if keys else []
        return f"{question}: {'; '.join(said)}"

    def subtitle(self, table: pd.DataFrame, texts: Texts) -> str:
        """Return the measure, and the meaning of the marks."""
        whole = [texts.place(key) for key in sorted(set(table["whole"]))]
        measure = say(texts, MEASURE, place=", ".join(whole))
        return " ".join([measure, *progress.trend_notes(table, texts)])

    def describe(self, table: pd.DataFrame, texts: Texts) -> str:
        """Return the picture in words: each municipality's lines."""
        said = [
            f"{place_name(key, texts)}: {' '.join(progress.trend_lines(_of(table, key), texts))}"
            for key in municipalities.by_name(table, texts)
        ]
        return " ".join([self.headline(table, texts) + ".", *said])

    def draw(self, table: pd.DataFrame, texts: Texts, width: int = WIDE) -> "Figure":
        """Draw the picture, on a wide sheet or a narrow one for a phone."""
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
        keys, moved = municipalities.by_name(table, texts), _moved(table)
        columns = 1 if width <= NARROW else 3
        plans = _plans(table, texts, keys, (width, head.height + 24, columns), ticks)
        page = Page(width, max((plan.bottom for plan in plans), default=head.height))
        page.heading(head)
        trend.draw_key(page, texts, head.height + 10)
        for at, (key, plan) in enumerate(zip(keys, plans, strict=True)):
            plan.ticks = ticks if at % columns == 0 else Ticks(ticks.values, ("", "", ""))
            bold = key in moved
            name = shortened(place_name(key, texts), TITLE, plan.width, bold)
            page.text(plan.left, plan.tops[0] - 9, name, TITLE, bold=bold)
            trend.draw_question(page, plan, 0, self.question, lines(_of(table, key)), bold=False)
            # The same names in every panel would be the same ids in one file.
            for drawn in page.figure.axes[-1].findobj(lambda artist: bool(artist.get_gid())):
                drawn.set_gid(f"{key}-{drawn.get_gid()}")
        return page.figure


def _of(table: pd.DataFrame, key: str) -> pd.DataFrame:
    return table[table["place"] == key]


def _ways(every: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    """Return where a share has moved, and which way: by place, question and role, as on the sheet of all questions."""
    each = {role: municipalities.share_moves(every, role) for role in ROLES}
    return {(*key, role): move["way"] for role, own in each.items() for key, move in own.items() if move["moved"]}


def _moved(table: pd.DataFrame) -> dict[str, list[tuple[str, bool]]]:
    """Return where a side has changed, and whether upwards."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for row in records(table[table["way"] != 0].drop_duplicates(["place", "role"])):
        found.setdefault(row["place"], []).append((row["role"], row["way"] > 0))
    return found


def _plans(
    table: pd.DataFrame, texts: Texts, keys: Sequence[str], sheet: tuple[float, float, int], ticks: Ticks
) -> list[Panel]:
    """Return each municipality's panel: rows from the top, as many across as the sheet has room for."""
    width, top, columns = sheet
    left = MARGIN + 10 + max(width_of(words, SMALL) for words in ticks.words)
    gutter, tall = (26.0, 120.0) if columns > 1 else (0.0, 104.0)
    wide = (width - left - MARGIN - gutter * (columns - 1)) / columns
    found: list[Panel] = []
    for at, key in enumerate(keys):
        if at % columns == 0:
            top = max((plan.bottom for plan in found), default=top) + 26
        box = (left + (at % columns) * (wide + gutter), top, wide, tall)
        found.append(Panel(_of(table, key), texts, box, ticks))
    return found
