"""Opens a PDF as a reader's program does: its pages, their words, and what a phone's camera reads on them."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

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


class Line(NamedTuple):
    """A piece of a line of text, in millimetres from the sheet's upper left corner, and its letters' size in points."""

    left: float
    top: float
    right: float
    bottom: float
    points: float
    text: str

    def meets(self, left: float, top: float, right: float, bottom: float, slack: float = 0.3) -> bool:
        """Whether it stands in some of this area, by more than a hair."""
        across = min(self.right, right) - max(self.left, left)
        return across > slack and min(self.bottom, bottom) - max(self.top, top) > slack


def lines(page: Any) -> list[Line]:
    """Where the text of a page stands."""
    text, high = page.get_textpage(), page.get_height()
    found = []
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        middle = text.get_index((left + right) / 2, (top + bottom) / 2, 5, 5)
        points = _points(text, middle) if middle is not None else 99.0
        words = text.get_text_bounded(left, bottom, right, top).strip()
        sides = [side / 72 * 25.4 for side in (left, high - top, right, high - bottom)]
        found.append(Line(*sides, points, words))
    return [line for line in found if line.text]


def _points(text: Any, index: int) -> float:
    """The size of a letter on the paper: what it is written in is scaled, from pixels to points."""
    scaled = pypdfium2.raw.FS_MATRIX()
    assert pypdfium2.raw.FPDFText_GetMatrix(text, index, scaled)
    return round(float(pypdfium2.raw.FPDFText_GetFontSize(text, index)) * scaled.d, 1)


def faces(page: Any) -> dict[str, str]:
    """The typefaces of a page, each with the signs that are set in it."""
    text, found = page.get_textpage(), dict[str, set[str]]()
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    for index in range(text.count_chars()):
        pypdfium2.raw.FPDFText_GetFontInfo(text, index, name, len(name), flags)
        face = name.value.decode().rpartition("+")[2].removesuffix("-Bold")
        found.setdefault(face, set()).add(text.get_text_range(index, 1))
    return {face: "".join(sorted(signs)) for face, signs in found.items()}


def overlapping(page: Any) -> list[tuple[str, str]]:
    """The texts of a page that stand on each other."""
    # A mark above a letter is a piece of its own, on the letter: Arabic has many.
    all_ = [line for line in lines(page) if len(line.text) > 4]
    return [
        (one.text, other.text)
        for number, one in enumerate(all_)
        for other in all_[number + 1 :]
        if one.meets(other.left, other.top, other.right, other.bottom)
    ]


def squares_at(page: Any) -> list[tuple[float, float, float, float]]:
    """Where each QR code of a page stands, without its white: left, top, right, bottom in millimetres."""
    picture = page.render(scale=SCALE).to_pil().convert("L")
    found = []
    for each in zxingcpp.read_barcodes(picture):
        corners = [each.position.top_left, each.position.bottom_right]
        found.append(tuple(side / SCALE / 72 * 25.4 for corner in corners for side in (corner.x, corner.y)))
    return found  # type: ignore[return-value]


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
