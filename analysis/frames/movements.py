"""Movements of a place's shares and gaps, as its own page has them: for the pictures that compare places.

From four rounds the trend through them is tested, under that the newest against the first, and all of a place's seven
questions and two sides are one family. So a place's change reads alike wherever it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.frames.schema import is_known, records
from analysis.frames.series import Lines, comparable, comparable_gaps, first_against_last
from analysis.frames.trend_direction import directions, gap_directions

Key = tuple[str, str]  # role, question


@dataclass(frozen=True)
class Movement:
    """A line's test: its first round, up (1) or down (−1), its p adjusted over the place's own, and the verdict."""

    since: str
    direction: int
    p: float
    distinct: bool


def movements(by_line: Lines) -> Mapping[Key, Movement]:
    """Return the test of every line of one place that has one; `by_line` is the trend's."""
    found: dict[Key, Movement] = {}
    for row in records(first_against_last(by_line)):
        direction = 1 if row["change"] > 0 else -1
        found[row["role"], row["question"]] = Movement(row["first"], direction, float(row["p"]), bool(row["distinct"]))
    for row in records(directions(by_line)):
        key = row["role"], row["question"]
        since = comparable(by_line[key])[0]["round"]
        found[key] = Movement(since, int(row["direction"]), float(row["p"]), bool(row["distinct"]))
    return found


def gap_movements(by_line: Lines) -> Mapping[Key, Movement]:
    """Return the same of the gaps of one place; `by_line` is the gap trend's."""
    found: dict[Key, Movement] = {}
    for key, own in by_line.items():
        row = own[-1]
        if row["since"] and is_known(row["change"]):
            direction = 1 if row["change"] > 0 else -1
            found[key] = Movement(row["since"], direction, float(row["change_p"]), bool(row["change_distinct"]))
    for row in records(gap_directions(by_line)):
        key = row["role"], row["question"]
        since = comparable_gaps(by_line[key])[0]["round"]
        found[key] = Movement(since, int(row["direction"]), float(row["p"]), bool(row["distinct"]))
    return found
