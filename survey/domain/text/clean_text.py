"""Cleaning of every text that somebody has written before it is stored: for forms, files and the command line.

What can't be seen goes, or says that it was there. A text may hold anything after that except what a page, a file or
a picture can't show again, what makes two texts look the same that are not, and what turns the text around it.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable

REPLACEMENT_CHARACTER = "\ufffd"
"""Stands where there was a sign that nobody can show: a control character, one of private use, half of a pair."""

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BULLETS = re.compile("[\uf0a7\uf0a8\uf0b7\uf0d8]")  # as Word pastes them, in its own font
# Without width or without a look of their own: soft hyphens, joiners of words, fillers, tags, old marks of direction.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u202a-\u202e\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_PLANES = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_NO_SIGN = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff" + _PLANES + "]"
)
_LOOKS = re.compile("[\ufe00-\ufe0f]")
_JOINERS = re.compile("[\u200c\u200d]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u2066-\u2069]")
_BLANK = "\u2800"
_WITHOUT_CASE, _SIGNS = frozenset({"Lo", "Mn", "Mc"}), frozenset({"So", "Sk"})
_ODD = re.compile(
    f"{_LINE_ENDS.pattern}|"
    + "|".join(each.pattern for each in (_HIDDEN, _NO_SIGN, _LOOKS, _JOINERS, _ISOLATES, _BULLETS))
)


def clean_text(text: str) -> str:
    """Return the text as it is stored: uniform line ends, composed letters, and nothing invisible."""
    if text.isascii() and text.isprintable():
        return text
    # Composed first as well: whether a joiner may stay depends on its neighbours as they will be stored.
    text = unicodedata.normalize("NFC", text)
    if _ODD.search(text):
        text = _BULLETS.sub("•", _LINE_ENDS.sub("\n", text))
        text = _NO_SIGN.sub(REPLACEMENT_CHARACTER, _HIDDEN.sub("", text))
        text = _keep_joiners(_LOOKS, _is_a_picture, text)
        text = _keep_joiners(_JOINERS, _joins, text)
        text = "\n".join(_balanced(line) for line in text.split("\n"))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """Clean a name, an address or any other single line: single plain spaces, none at the ends, no direction marks."""
    return " ".join(clean_text(_DIRECTIONS.sub("", text).replace(_BLANK, " ")).split())


def clean_prose(text: str) -> str:
    """Clean some lines for others to read: drop what could not be shown, and space at the ends."""
    return "\n".join(line.rstrip() for line in clean_text(text).replace(REPLACEMENT_CHARACTER, "").split("\n")).strip()


def printable(text: str) -> str:
    """Return the text on one line, without the signs that can't be shown."""
    return one_line(text.replace(REPLACEMENT_CHARACTER, "")).replace(REPLACEMENT_CHARACTER, "")


def random_placeholder() -> str:
    """Make a random placeholder to stand in a text for a while. No text can hold it, for nobody can know it.

    Figures alone, so that it comes unharmed through escaping, quoting and changes of case.
    """
    return f"{secrets.randbelow(10**32):032}"


def _keep_joiners(sign: re.Pattern[str], belongs: Callable[[str, str], bool], text: str) -> str:
    """Return the text with the joining signs that belong between their neighbours, and without the others."""

    def replacement(found: re.Match[str]) -> str:
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        return found.group() if before and belongs(before, after) else ""

    return sign.sub(replacement, text)


def _is_a_picture(before: str, _after: str) -> bool:
    return unicodedata.category(before) in ("So", "Sm")


def _joins(before: str, after: str) -> bool:
    """Return whether a joiner is spelling (Persian, Sinhala) or joins an emoji; in Latin text it is only hidden."""
    sides = {unicodedata.category(before)}, {unicodedata.category(after)} if after else set()
    either = _WITHOUT_CASE | _SIGNS
    return bool(sides[1]) and sides[0] <= either and sides[1] <= either


def _balanced(line: str) -> str:
    """Return the line with its isolates if each is closed within it, else without them: the rest must not be turned."""
    depth = 0
    for sign in _ISOLATES.findall(line):
        depth += -1 if sign == "\u2069" else 1
        if depth < 0:
            break
    return line if depth == 0 else _ISOLATES.sub("", line)


def capitalised(text: str) -> str:
    """Return the text with a capital letter first, and the rest as it is."""
    return text[:1].upper() + text[1:]
