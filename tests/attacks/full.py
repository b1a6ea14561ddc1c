"""How large an attack is: short in every run of the tests, full in `make attack`. And what it leaves for the report.

Every attack is one test, run in both sizes. What it showed it hands to `shown`, by the key of its row in the report.
"""

import os
from collections.abc import Callable
from typing import TypeVar

Size = TypeVar("Size")
Shown = Callable[..., None]

FULL = os.environ.get("ATTACK") == "full"


def sized(short: Size, full: Size) -> Size:
    """The size of this run."""
    return full if FULL else short
