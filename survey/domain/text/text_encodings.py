"""Decoding of a text file from whichever program saved it; an unknown encoding is refused.

For every file and list that is read in, in the web and on the command line. Excel writes UTF-8, UTF-16 or the page of
its computer: Windows', a Mac's or, exported, DOS's. Those share no letter beyond ASCII, so a file read by the wrong one
has signs where Swedish has none; such a text is never offered to be kept.
"""

import re
import unicodedata

from survey.domain.text.fault import Fault, FileFault

_PAGES = ("cp1252", "mac_roman", "cp850")
_OFTEN = frozenset("åäöÅÄÖé")
_SOMETIMES = frozenset("ÉèÈüÜáÁàÀâêëËîïÏôûçÇñÑøØæÆóòíúß")
_NEXT_TO_LETTERS = frozenset("”“’‘„–—…•·§°´¨«»½¼¾€£©®±²³µ×÷\u00a0\u00ad")
# UTF-8 that was read as Windows' page and saved again: å, ä, ö, é and their capitals.
_TWICE = re.compile("Ã[\u0080-\u00bf…„–•©€‰]|â€[“”™œ¦]|ï»¿")


class UndecodableFile(ValueError):
    """A file that can't be read, and why."""

    def __init__(self, code: FileFault) -> None:
        super().__init__(code)
        self.fault = Fault(code)


def decode_text(content: bytes) -> str:
    """Decode a file to composed text with one kind of line end; raise UndecodableFile where that can't be done."""
    text = _decoded(content)
    if "\0" in text:
        raise UndecodableFile("no_text")
    if _TWICE.search(text):
        raise UndecodableFile("uncertain_letters")
    return unicodedata.normalize("NFC", text.replace("\ufeff", "")).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
            return content.decode("utf-32")
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        if without_mark := _utf16_without_mark(content):
            return content.decode(without_mark)
    except UnicodeDecodeError:
        raise UndecodableFile("no_text") from None
    if b"\0" in content:
        raise UndecodableFile("no_text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _by_its_letters(content)


def _utf16_without_mark(content: bytes) -> str:
    """Return the codec of UTF-16 without a byte order mark: every other byte of its header is NUL; else empty."""
    head = content[:64]
    if len(head) < 8 or len(content) % 2:
        return ""
    zeros = head[1::2].count(0), head[::2].count(0)
    half = len(head) // 2
    if zeros[0] > 0.8 * half and not zeros[1]:
        return "utf-16-le"
    return "utf-16-be" if zeros[1] > 0.8 * half and not zeros[0] else ""


def _by_its_letters(content: bytes) -> str:
    read: dict[str, float] = {}
    for page in _PAGES:
        try:
            text = content.decode(page)
        except UnicodeDecodeError:
            continue
        if (likely := _likely(text)) is not None:
            read.setdefault(text, likely)
    ordered = sorted(read, key=lambda text: -read[text])
    if not ordered or (len(ordered) > 1 and read[ordered[0]] == read[ordered[1]]) or read[ordered[0]] < 0:
        raise UndecodableFile("uncertain_letters")
    return ordered[0]


def _likely(text: str) -> float | None:
    """Return how much it looks like Swedish; None when it holds a sign that Swedish never has."""
    points = 0.0
    for found in re.finditer(r"[^\x00-\x7f]", text):
        sign, before, after = found[0], text[: found.start()][-1:], text[found.end() :][:1]
        letters = before.isalpha(), after.isalpha()
        if sign in _OFTEN:
            points += 3 if not (before.islower() and sign.isupper()) else -1
        elif sign in _SOMETIMES:
            points += 1 if any(letters) and not (before.islower() and sign.isupper()) else -3
        elif sign in _NEXT_TO_LETTERS:
            points += -3 if all(letters) and sign not in "’–\u00ad" else 0.5
        else:
            return None
    return points
