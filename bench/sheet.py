"""How the bench prints: a heading, then a line a figure with its bound beside it. And what a middle figure is."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FIRST = 54


@dataclass(frozen=True)
class Row:
    """One line: what, its figures (one, or one a column), and what each may be at most."""

    what: str
    figures: Sequence[float]
    digits: int = 1
    at_most: float | None = None
    note: str = ""

    def bound(self) -> str:
        """The bound, and whether it holds here."""
        if self.at_most is None:
            return self.note
        word = "holds" if round(max(self.figures), self.digits) <= self.at_most else "MISSED"
        return f"≤ {self.at_most:g} {word}{', ' if self.note else ''}{self.note}"


def row(what: str, figure: float, digits: int = 1, at_most: float | None = None, note: str = "") -> Row:
    """A line with one figure."""
    return Row(what, (figure,), digits, at_most, note)


def show(heading: str, rows: Iterable[Row], columns: Sequence[str] = ()) -> None:
    """Print a part."""
    print(f"\n{heading}\n")
    if columns:
        print(" " * FIRST + "".join(f"{name:>14}" for name in columns))
    for each in rows:
        figures = "".join(f"{figure:>14.{each.digits}f}" for figure in each.figures)
        print(f"{each.what:{FIRST}}{figures}  {each.bound()}".rstrip(), flush=True)


def middle(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


def tenth(values: Iterable[float]) -> float:
    """The 10th percentile: what the work costs when nobody disturbs it."""
    ordered = sorted(values)
    return ordered[len(ordered) // 10]


def p99(values: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100)[98]
