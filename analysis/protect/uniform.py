"""Bands in place of shares: the sentence "at most c %" for answers nearly all alike, and coarse fields.

For the publication. A cap is printed for what a cell is by itself; a field, of 20 points or of 50 where the base is
small, is printed for its neighbours' sake, and any cell may get one. Both are true for every count behind them.
"""

from math import ceil

from analysis.protect.primary import ALONE, printed

LEAST_CAP = 10
FINE, COARSE = 20, 50
# From here a field of 20 points holds at least three counts.
FINE_FROM = 18

Band = tuple[int, int]


def cap_of(base: int, threshold: int) -> int:
    """c of "at most c %": true for two of any number of answers that is printed as this one is."""
    smallest = max(printed(base) - 2, threshold)
    return max(LEAST_CAP, ceil(200 / smallest / 5) * 5)


def capped(yes: int, base: int, threshold: int) -> tuple[Band, Band]:
    """The cap of a uniform cell in whole percent, and the counts of yes it leaves possible: three, as the rule says."""
    cap = cap_of(base, threshold)
    return ((0, cap), (0, ALONE - 1)) if yes < ALONE else ((100 - cap, 100), (base - ALONE + 1, base))


def field_of(yes: int, base: int) -> tuple[Band, Band]:
    """The field a share lies in, in whole percent, and the counts of yes it leaves possible."""
    width = FINE if base >= FINE_FROM else COARSE

    def low_of(count: int) -> int:
        return min(100 * count // base // width * width, 100 - width)

    possible = [count for count in range(base + 1) if low_of(count) == low_of(yes)]
    return (low_of(yes), low_of(yes) + width), (possible[0], possible[-1])
