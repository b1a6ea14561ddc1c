"""The pauses, in minutes, before a message or a whole transport is tried again."""

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
    """Return the pause in minutes after so many failed tries, randomised so that not all come back at once.

    The pause is at least as many seconds as the server asked for.
    """
    usual = steps[min(tries, len(steps) - 1)]
    return ceil(max(usual, least / 60) * (1 + chance.random() * _SPREAD))


def minute(now: float) -> int:
    """Truncate a moment to its minute; times of sending are kept no finer."""
    return int(now // 60)


def after(now: float, minutes: int) -> int:
    """Return the first whole minute at least so many minutes from now."""
    return ceil(now / 60) + minutes
