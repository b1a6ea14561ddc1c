"""How long to wait before a message, or a whole way of sending, is tried again, in minutes."""

import random
from collections.abc import Sequence
from math import ceil

# A server that asks every stranger to come back later wants five minutes most often.
OF_A_MESSAGE = (5, 10, 20, 40, 80, 160, 240)
OF_A_LINE = (1, 1, 2, 5, 10, 15, 30)
OF_ALL = (5, 10, 20, 40, 60)
HELD = 60  # after a refusal for good, before it is asked once more
_SPREAD = 0.25


def pause(steps: Sequence[int], tries: int, chance: random.Random, least: float = 0) -> int:
    """Minutes after so many tries in vain, spread so that not all come back at once; at least so many seconds."""
    usual = steps[min(tries, len(steps) - 1)]
    return ceil(max(usual, least / 60) * (1 + chance.random() * _SPREAD))


def minute(now: float) -> int:
    """The minute that a moment lies in; times of sending are kept no finer."""
    return int(now // 60)


def after(now: float, minutes: int) -> int:
    """The first minute that begins when so many have passed."""
    return ceil(now / 60) + minutes
