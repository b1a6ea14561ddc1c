"""Isolates (UAX #9) that keep left-to-right text in order inside text written from right to left.

Without it a code's groups change places, and a text that begins with a unit's name is laid out the wrong way round.
"""

_LEFT_TO_RIGHT, _AS_IT_IS, _END = "\u2066", "\u2068", "\u2069"


def isolated(text: str, direction: str) -> str:
    """Wrap a code, a link or an address to type for a text of that direction."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}" if direction == "rtl" else text


def named(text: str, direction: str) -> str:
    """Wrap a name in any script for a text of that direction."""
    return f"{_AS_IT_IS}{text}{_END}" if direction == "rtl" else text
