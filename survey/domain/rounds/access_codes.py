"""One-time codes: 16 Crockford base-32 characters, for letters, links and the code field.

75 random bits and a check character, so that a slip of the pen is told apart from a code we never made,
without asking the database. What people and mail gateways do to a code on its way is forgiven.
"""

import secrets
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16

_VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_FORGIVEN = "ZCP"  # Unicode categories: separators, invisible marks, dashes and other punctuation


def make_code(token_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Make a new code; the source of random bytes is handed in only by tests."""
    bits = int.from_bytes(token_bytes(10), "big") >> 5
    values = [bits >> 5 * place & 31 for place in reversed(range(LENGTH - 1))]
    return "".join(ALPHABET[value] for value in [*values, _check(values)])


def normalise(text: str) -> str | None:
    """Return the canonical code for what was typed or pasted; None when it can't be one of ours."""
    # A gateway may have encoded the link twice; a phone takes marks of direction along.
    last = unquote(unquote(text)).rpartition("#")[2]
    characters = (c for c in unicodedata.normalize("NFKC", last) if unicodedata.category(c)[0] not in _FORGIVEN)
    values = [_value(character) for character in characters]
    if len(values) != LENGTH or None in values:
        return None
    known = [value for value in values if value is not None]
    if _check(known[:-1]) != known[-1]:
        return None
    return "".join(ALPHABET[value] for value in known)


def grouped(code: str) -> str:
    """Format the code as it is printed and read aloud: in fours."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _value(character: str) -> int | None:
    # Arabic and Persian keyboards type their own digits.
    digit = unicodedata.digit(character, None)
    return digit if digit is not None else _VALUES.get(character.upper())


def _check(values: list[int]) -> int:
    # A polynomial over GF(32) at its generator: every single wrong character and every swap of two is seen.
    total = 0
    for value in values:
        total = _doubled(total ^ value)
    return total


def _doubled(value: int) -> int:
    shifted = value << 1
    return shifted ^ 0b100101 if shifted & 32 else shifted
