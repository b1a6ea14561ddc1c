"""Text as somebody uploads or types it: how it was saved is none of their business, and what can't be shown goes."""

import re

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decoded(content: bytes) -> str:
    """The text of an uploaded file, as UTF-8, UTF-16 or what older Swedish programs write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def is_text(content: bytes) -> bool:
    """Whether it is text at all: a workbook or a picture holds NULs."""
    return "\0" not in decoded(content)


def visible(text: str) -> str:
    """The text with a sign in the place of each character that can neither be kept nor be shown again."""
    return _UNSEEN.sub("\ufffd", text)


def printable(text: str) -> str:
    """The text on one line, without what a page can't show again."""
    return "".join(sign for sign in text if sign.isprintable())
