"""Draws how a language's name looks, for who pairs a kiosk: `python -m tests.name_pictures` after a new language.

A device without the letters writes boxes, and nobody on the ward knows what should have stood there. Names in Latin
letters need no picture.
"""

import io
import sys
import unicodedata
from pathlib import Path

import pypdfium2
from PIL.PngImagePlugin import PngInfo
from weasyprint import HTML

from survey.config import ROOT
from survey.web.i18n.language_files import Language, load_languages

FOLDER = ROOT / "translations"
HIGH, SCALE = 40, 2.0  # as the page shows it, and dots to each of its own
_PAGE = """<style>@page {{ size: 320px {high}px; margin: 0 }} body {{ margin: 0; background: #fff }}
p {{ font: 700 20px/{high}px "Noto Sans", "Noto Sans Arabic", "Noto Sans Ethiopic", "Noto Sans Thai", sans-serif;
margin: 0; text-align: center }}</style><p lang="{tag}" dir="{direction}">{name}</p>"""


def needs_picture(language: Language) -> bool:
    """Whether the name has letters of another script than Latin."""
    return any(not unicodedata.name(sign).startswith("LATIN") for sign in language.name if sign.isalpha())


def drawn(language: Language) -> bytes:
    """The name as a PNG, in four shades of grey on white, no wider than it has to be."""
    page = _PAGE.format(high=HIGH, tag=language.html_lang, direction=language.direction, name=language.name)
    document = pypdfium2.PdfDocument(HTML(string=page).write_pdf())
    picture = document[0].render(scale=SCALE * 96 / 72).to_pil().convert("L")
    left, _top, right, _bottom = picture.point(lambda shade: 255 - shade).getbbox()
    cut = picture.crop((max(left - 8, 0), 0, min(right + 8, picture.width), picture.height))
    file = io.BytesIO()
    says = PngInfo()
    says.add_itxt("Title", language.name)
    cut.quantize(4).save(file, "PNG", optimize=True, pnginfo=says)
    return file.getvalue()


def picture_of(tag: str) -> Path:
    """Where the picture lies."""
    return FOLDER / tag / "name.png"


def main() -> int:
    """Draw every picture that is needed."""
    for language in load_languages(FOLDER).values():
        if language.texts and needs_picture(language):
            picture_of(language.tag).write_bytes(drawn(language))
    return 0


if __name__ == "__main__":
    sys.exit(main())
