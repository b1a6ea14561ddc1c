"""The chart of a nation's gap over the rounds, in the regions that are there in each round, a panel a question.

For the nation's page, where the line of all regions breaks whenever one comes or goes. Drawn as the gap over the rounds
of any place is.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts import gap_trend
from analysis.charts.drawing.canvas import WIDE
from analysis.frames.frame import Edition, cells, gaps
from analysis.frames.same_regions import editions_of_same
from analysis.localisation import N_, Localisation, format_range, translate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADING = N_("Samsyn i samma regioner")
WHY = N_("Samma regioner i varje omgång, så att ingen region som tillkommer eller saknas ändrar linjen.")
MANY = N_("Regioner som är med i varje omgång: %(regions)s.")


class SameRegionsChart:
    """The chart; otherwise with the interface of the other chart modules."""

    def section(self) -> tuple[str, str]:
        """Return its heading on the page of all charts, and a sentence under it."""
        return HEADING, WHY

    def table(self, editions: Sequence[Edition], place: str) -> pd.DataFrame:
        """Return `gap_trend`'s rows of the same regions, and how many they are; `place` is the nation."""
        same, many = editions_of_same(editions, place)
        found = gap_trend.table(cells(same, place), gaps(same, place), place)
        return found.assign(regions=found["question"].map(many).astype("float64"))

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return whether the gap moves or has changed, as far as the tests carry."""
        return gap_trend.headline(table, texts)

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return measure, place, rounds, and how many regions it is of."""
        return f"{gap_trend.subtitle(table, texts)} {how_many(table, texts)}"

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words: the newest gap of each question, changes, breaks and hidden rounds."""
        return gap_trend.describe(table, texts)

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture, on a wide sheet or a narrow one for a phone."""
        return gap_trend.draw(table, texts, width, self.subtitle(table, texts))


def how_many(table: pd.DataFrame, texts: Localisation) -> str:
    """Return how many regions the gaps are of."""
    return translate(texts, MANY, regions=format_range(texts, int(table["regions"].min()), int(table["regions"].max())))
