"""Foreign parts of a text: Swedish terms in brackets, and numbers in a script that runs the other way.

For `lang_attributes`, on its way to every page.
"""

import re
from functools import lru_cache
from unicodedata import bidirectional

_BRACKETS = re.compile(r"(?<!%)\(([^()%]+)\)")
# Elements whose numbers nobody reads, or where no invisible character may stand.
_UNTOUCHED = re.compile(r"(<(?:script|style|textarea)\b.*?</(?:script|style|textarea)\s*>|<!--.*?-->|<[^>]*>)", re.S)
# A number with its signs, a range, a telephone number; nothing that is part of an address or a name.
_NUMBER = re.compile(
    r"(?<![\w/.:@#\u2066-])[-+−]?\d+(?:[.,:/ \u00a0\u202f–−-]\d+)*(?:[ \u00a0\u202f]?\u200e?[%٪]\u200e?)?"
    r"(?![\w/:@\u2069-]|\.\w)"
)
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=4096)
def with_swedish_terms(text: str, source: str, opens: str, closes: str) -> str:
    """Return a translation with its bracketed Swedish terms marked: words that its source has too, word by word."""

    def marked(found: re.Match[str]) -> str:
        in_source = re.search(rf"(?<!\w){re.escape(found[1])}(?!\w)", source, re.I)
        return f"({opens}{found[1]}{closes})" if in_source else found[0]

    return _BRACKETS.sub(marked, text)


def isolated(page: str) -> str:
    """Return a right-to-left page with each number in one piece: 65–79 and 57 % the right way round.

    A number after a Latin letter belongs to the Latin words and is left alone.
    """
    parts = _UNTOUCHED.split(page)
    parts[::2] = [_numbers_isolated(text) if any(map(str.isdigit, text)) else text for text in parts[::2]]
    return "".join(parts)


def _numbers_isolated(text: str) -> str:
    def wrapped(found: re.Match[str]) -> str:
        before = _LETTER.findall(text, 0, found.start())
        return found[0] if before and bidirectional(before[-1]) == "L" else f"\u2066{found[0]}\u2069"

    return _NUMBER.sub(wrapped, text)
