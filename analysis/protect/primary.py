"""How much one cell may say by itself, before its neighbours are asked.

For the publication. A cell is one place's answers to one question from one role. Too few answers: nothing. Nearly all
alike: a band. A code is printed alone only from three answers.
"""

from enum import IntEnum

ALONE = 3
UNIFORM_BELOW = 50


class Detail(IntEnum):
    """How much of a cell is shown; each step says all that the one before it says."""

    HIDDEN = 0
    BAND = 1
    SHARE = 2
    CODES = 3


def printed(n: int) -> int:
    """How a number of answers is printed: to the nearest five."""
    return (n + 2) // 5 * 5


def uniform(yes: int, base: int) -> bool:
    """Whether so few answers differ from the rest that the share would point at them."""
    return base < UNIFORM_BELOW and (yes < ALONE or base - yes < ALONE)


def detail_of(yes: int, partly: int, no: int, threshold: int) -> Detail:
    """The most a cell may show. Partly and no are shown apart only when both have three answers."""
    base = yes + partly + no
    if base < threshold:
        return Detail.HIDDEN
    if uniform(yes, base):
        return Detail.BAND
    if min(yes, partly, no) < ALONE:
        return Detail.SHARE
    return Detail.CODES
