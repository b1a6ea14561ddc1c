"""Opens a PDF as a reader's program does: its pages, their words, and what a phone's camera reads on them."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from typing import Any

import outloud
import pypdfium2
import zxingcpp

SCALE = 3.0  # 216 dots an inch: a plain office printer has more


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """The document."""
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def language(document: Any) -> str:
    """The language that the whole document says it is in."""
    buffer = (ctypes.c_ushort * 32)()
    length = pypdfium2.raw.FPDFCatalog_GetLanguage(document, buffer, ctypes.sizeof(buffer))
    return bytes(buffer)[: length - 2].decode("utf-16-le")


def words(content: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    with opened(content) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def squares(content: bytes) -> list[str]:
    """What each QR code says, page by page."""
    found: list[str] = []
    with opened(content) as document:
        for page in document:
            picture = page.render(scale=SCALE).to_pil().convert("L")
            found += [each.text for each in zxingcpp.read_barcodes(picture)]
    return found


def faults(content: bytes) -> list[str]:
    """What PDF/UA-1 has against it, as far as a machine can tell."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        found = outloud.check(file.name).findings
    return [f"{each.rule}: {each.message}" for each in found if each.severity == "error"]
