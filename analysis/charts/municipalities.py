"""One question in each municipality over the rounds, a small panel each, both sides with their bands.

For the region's page. The municipalities stand by name and never in order of their shares; each is read against its
own past, so the headline names those that have changed since the first round with the same wording.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis import progress
from analysis.beside import DISCOVERY
from analysis.charts import trend
from analysis.charts.multiples import SMALL, TITLE, Ticks
from analysis.charts.page import MARGIN, NARROW, WIDE, Page, heading, width_of, wrap
from analysis.charts.question import Panel
from analysis.over_time import change_of, ends, lines
from analysis.texts import N_, Texts, say
from analysis.trend import adjust

LEVEL = "municipality"
MOVED = N_("%(question)s: förändring i %(places)s")
NONE = N_("%(question)s: ingen kommuns förändring går att skilja från noll")
MEASURE = N_("Andel som svarar ja, kommun för kommun. Förändring: sedan första omgången med samma formulering.")


class InMunicipalities:
    """The chart of one question; in all else like the modules beside it."""

    def __init__(self, question: str) -> None:
        """`question` is its key."""
        self.question = question

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
        """`trend`'s rows of this question for every municipality in the frame; `place` is the region above them."""
        keys = sorted(set(cells.loc[cells["level"] == LEVEL, "place"]))
        each = [trend.table(cells, gaps, key) for key in keys]
        every: pd.DataFrame = pd.concat(each, ignore_index=True) if each else trend.table(cells, gaps, place).head(0)
        return every[every["question"] == self.question].assign(whole=place).reset_index(drop=True)

    def headline(self, table: pd.DataFrame, texts: Texts) -> str:
        """Which municipalities have changed, tested together."""
        moved = [texts.place(key) for key in _by_name(table, texts) if key in _moved(table)]
        question = texts.question(self.question)
        return (
            say(texts, MOVED, question=question, places=", ".join(moved))
            if moved
            else say(texts, NONE, question=question)
        )

    def subtitle(self, table: pd.DataFrame, texts: Texts) -> str:
        """Measure, and what the marks are."""
        return " ".join([say(texts, MEASURE), *progress.trend_notes(table, texts)])

    def describe(self, table: pd.DataFrame, texts: Texts) -> str:
        """The picture in words: each municipality's lines."""
        said = [
            f"{texts.place(key)}: {' '.join(progress.trend_lines(_of(table, key), texts))}"
            for key in _by_name(table, texts)
        ]
        return " ".join([self.headline(table, texts) + ".", *said])

    def draw(self, table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
        """The picture, on a wide sheet or a narrow one for a phone."""
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
        keys, moved = _by_name(table, texts), _moved(table)
        columns = 2 if width <= NARROW else 4
        plans = _plans(table, texts, keys, (width, head.height + 24, columns), ticks)
        page = Page(width, max((plan.bottom for plan in plans), default=head.height))
        page.heading(head)
        trend.draw_key(page, texts, head.height + 10)
        for at, (key, plan) in enumerate(zip(keys, plans, strict=True)):
            plan.ticks = ticks if at % columns == 0 else Ticks(ticks.values, ("", "", ""))
            name = wrap(texts.place(key), TITLE, plan.width, bold=True)[0]
            page.text(plan.left, plan.tops[0] - 9, name, TITLE, bold=key in moved)
            trend.draw_question(page, plan, 0, self.question, lines(_of(table, key)), bold=False)
        return page.figure


def _of(table: pd.DataFrame, key: str) -> pd.DataFrame:
    return table[table["place"] == key]


def _by_name(table: pd.DataFrame, texts: Texts) -> list[str]:
    return sorted(set(table["place"]), key=lambda key: texts.place(key).casefold())


def _moved(table: pd.DataFrame) -> set[str]:
    """The municipalities where a side has changed, adjusted over all of them and both sides by Benjamini–Hochberg."""
    found: list[tuple[str, Any]] = []
    for key in sorted(set(table["place"])):
        found += [(key, change_of(*pair)) for own in lines(_of(table, key)).values() if (pair := ends(own))]
    p = adjust(np.array([change["p"] for _key, change in found], dtype=np.float64), "bh")
    beyond = [change["low"] > 0 or change["high"] < 0 for _key, change in found]
    return {key for (key, _change), out, value in zip(found, beyond, p, strict=True) if out and value < DISCOVERY}


def _plans(
    table: pd.DataFrame, texts: Texts, keys: Sequence[str], sheet: tuple[float, float, int], ticks: Ticks
) -> list[Panel]:
    """Where each municipality's panel stands: rows from the top, as many across as the sheet has room for."""
    width, top, columns = sheet
    left = MARGIN + 10 + max(width_of(words, SMALL) for words in ticks.words)
    gutter, tall = (24.0, 110.0) if columns > 2 else (18.0, 90.0)
    wide = (width - left - MARGIN - gutter * (columns - 1)) / columns
    found: list[Panel] = []
    for at, key in enumerate(keys):
        if at % columns == 0:
            top = max((plan.bottom for plan in found), default=top) + 26
        box = (left + (at % columns) * (wide + gutter), top, wide, tall)
        found.append(Panel(_of(table, key), texts, box, ticks))
    return found
