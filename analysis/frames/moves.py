"""Which of many lines have moved, tested together: shares of many places and questions, each read against its own past.

For lists, where Benjamini and Hochberg's method takes Holm's place. From four rounds the trend through them is tested,
under that the newest against the first; what rounds vary beside chance is taken from all the lines together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.frames.schema import Row
from analysis.frames.series import between, comparable, counts, ends
from analysis.measures.intervals import difference_p_value
from analysis.measures.trend_tests import FEWEST, TrendTest, adjust, cochran_armitage

DISCOVERY = 0.1
Key = tuple[str, str]  # what a line is of: a place and a question, or a place and a role


@dataclass(frozen=True)
class Move:
    """A line's test: since which round, up (1) or down (−1), and its p, adjusted over all."""

    since: str
    way: int
    p: float

    @property
    def told(self) -> bool:
        """Whether it can be told from chance."""
        return self.way != 0 and self.p < DISCOVERY


def moves(by_line: Mapping[Key, Sequence[Row]]) -> dict[Key, Move]:
    """The test of every line that has one: its trend where its newest round is a sure one, else two sure rounds."""
    tau2 = between(by_line)
    found: dict[Key, Move] = {}
    for key, own in by_line.items():
        rows = comparable(own)
        if len(rows) >= FEWEST and own[-1]["status"] == "shown":
            test = through(rows, tau2)
            found[key] = Move(rows[0]["round"], test.direction, test.p)
        elif pair := ends(own):
            found[key] = _ends(*pair, tau2)
    adjusted = adjust(np.array([each.p for each in found.values()], dtype=np.float64), "bh")
    return {key: Move(each.since, each.way, float(p)) for (key, each), p in zip(found.items(), adjusted, strict=True)}


def columns(rows: Sequence[Row]) -> list[list[float]]:
    """The same of several rows: their yes, their bases, their noise."""
    return [list(column) for column in zip(*(counts(row) for row in rows), strict=True)]


def scores(rows: Sequence[Row]) -> list[float]:
    """The rounds' dates as numbers."""
    return [float(row["date"].toordinal()) for row in rows]


def through(rows: Sequence[Row], tau2: float) -> TrendTest:
    """The trend test of one share's rounds, the same for every level and every page: chance, noise and τ² are in it."""
    yes, base, noise = columns(rows)
    return cochran_armitage(yes, base, scores(rows), noises=noise, between=tau2)


def _ends(first: Row, last: Row, tau2: float) -> Move:
    (yes_1, base_1, noise_1), (yes_2, base_2, noise_2) = counts(last), counts(first)
    noises = {"noise_1": noise_1, "noise_2": noise_2, "extra": 2 * tau2}
    p = difference_p_value(yes_1, base_1, yes_2, base_2, **noises)
    return Move(first["round"], int(np.sign(last["share"] - first["share"])), p)
