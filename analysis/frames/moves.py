"""Movements of a place's shares, as its own page tells them: for the pictures that compare places.

From four rounds the trend through them is tested, under that the newest against the first, and all of a place's seven
questions and two sides are one family. So a place's change is told alike wherever it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.frames.schema import records
from analysis.frames.series import Lines, comparable, first_against_last
from analysis.frames.trend_direction import directions

Key = tuple[str, str]  # role, question


@dataclass(frozen=True)
class Move:
    """A line's test: its first round, up (1) or down (−1), its p adjusted over the place's own, and the verdict."""

    since: str
    way: int
    p: float
    told: bool


def moves(by_line: Lines) -> Mapping[Key, Move]:
    """Return the test of every line of one place that has one; `by_line` is the trend's."""
    found: dict[Key, Move] = {}
    for row in records(first_against_last(by_line)):
        way = 1 if row["change"] > 0 else -1
        found[row["role"], row["question"]] = Move(row["first"], way, float(row["p"]), bool(row["distinct"]))
    for row in records(directions(by_line)):
        key = row["role"], row["question"]
        since = comparable(by_line[key])[0]["round"]
        found[key] = Move(since, int(row["direction"]), float(row["p"]), bool(row["distinct"]))
    return found
