"""Opens a PDF as a reader's program does: its pages, their words, and what a phone's camera reads on them."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
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


def letters(text: str) -> str:
    """The letters of a text without its marks. Lam and what joins it in one order: they are read back in any."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(sign for sign in plain if unicodedata.category(sign)[0] == "L")
    return re.sub("[\u0644\u0627\u0649]+", lambda joined: "".join(sorted(joined.group())), bare)


def letters_in_order(content: bytes, direction: str) -> str:
    """The letters of a file, line by line as an eye goes: a reader's program mixes up marks and joined letters."""
    found = []
    with opened(content) as document:
        for page in document:
            placed = sorted(_placed(page, 1 if direction == "ltr" else -1), key=lambda sign: sign[:2])
            found += [sign for _, _, sign in placed]
    return letters("".join(found))


def _placed(page: Any, forward: int) -> Iterator[tuple[int, float, str]]:
    """Each sign of a page with its line and where on it it stands."""
    text, x, y = page.get_textpage(), ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        pypdfium2.raw.FPDFText_GetCharOrigin(text, index, x, y)
        yield -round(y.value), forward * round(x.value, 1), chr(pypdfium2.raw.FPDFText_GetUnicode(text, index))


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
    # A mark above a letter is a piece of its own, on the letter, and cuts its line in two: Arabic has many.
    all_ = [line for line in lines(page) if len(line.text) > 4 and not _is_arabic(line.text)]
    return [
        (one.text, other.text)
        for number, one in enumerate(all_)
        for other in all_[number + 1 :]
        if one.meets(other.left, other.top, other.right, other.bottom)
    ]


def _is_arabic(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) == "AL" for sign in text)


def crowded(page: Any) -> list[str]:
    """The lines whose letters stand on the line above, in any script."""
    text, baselines = page.get_textpage(), dict[int, list[tuple[float, int]]]()
    for index, (y, x, sign) in enumerate(_placed(page, 1)):
        if letters(sign):
            baselines.setdefault(y, []).append((x, index))
    found = []
    for (above, upper), (below, lower) in pairwise(sorted(baselines.items())):
        across = min(max(upper), max(lower))[0] - max(min(upper), min(lower))[0]
        if across > 0 and below - above < 0.9 * _points(text, lower[0][1]):
            found.append("".join(text.get_text_range(index, 1) for _, index in lower))
    return found


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
