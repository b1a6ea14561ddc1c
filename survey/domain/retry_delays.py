"""The pauses, in minutes, before a message or a whole transport is tried again."""

import random
from collections.abc import Sequence
from math import ceil

# A server that asks every stranger to come back later wants five minutes most often.
MESSAGE_DELAYS = (5, 10, 20, 40, 80, 160, 240)
CONNECTION_DELAYS = (1, 1, 2, 5, 10, 15, 30)
TRANSPORT_DELAYS = (5, 10, 20, 40, 60)
HELD_DELAY = 60  # after a refusal for good, before it is asked once more
_JITTER = 0.25


def retry_delay(delays: Sequence[int], attempts: int, rng: random.Random, min_seconds: float = 0) -> int:
    """Return the pause in minutes after so many failed tries, randomised so that not all come back at once.

    The pause is at least as many seconds as the server asked for.
    """
    usual = delays[min(attempts, len(delays) - 1)]
    return ceil(max(usual, min_seconds / 60) * (1 + rng.random() * _JITTER))


def minute(now: float) -> int:
    """Truncate a moment to its minute; times of sending are kept no finer."""
    return int(now // 60)


def after(now: float, minutes: int) -> int:
    """Return the first whole minute at least so many minutes from now."""
    return ceil(now / 60) + minutes
