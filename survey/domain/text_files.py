"""Text as somebody uploads it: how it was saved is none of their business. What is kept of it, `written` says."""


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
