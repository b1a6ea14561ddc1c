"""What is written from left to right keeps its order inside a text that is written from right to left (UAX #9).

Without it a code's groups change places, and a text that begins with a unit's name is laid out the wrong way round.
"""

_LEFT_TO_RIGHT, _AS_IT_IS, _END = "\u2066", "\u2068", "\u2069"


def isolated(text: str, direction: str) -> str:
    """A code, a link or an address to type, for a text of that direction."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}" if direction == "rtl" else text


def named(text: str, direction: str) -> str:
    """A name in whichever script, for a text of that direction."""
    return f"{_AS_IT_IS}{text}{_END}" if direction == "rtl" else text
