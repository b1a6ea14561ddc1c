"""What the deep check says of one thing. For all that look."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """One thing looked at: whether it is as promised, and what was seen."""

    name: str
    ok: bool
    said: str
