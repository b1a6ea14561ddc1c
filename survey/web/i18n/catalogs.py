"""The catalogs of texts: gathered, brought up to date, compiled, and watched for growing stale.

For translators (`flask translations`), the start of the app and the tests. Babel's own update and compile fail on
`sv-x-lattlast`, guess at changed texts and write dates into every file; ours change only when a text does.
`python -m survey.web.i18n.catalogs TAG STATUS ROLE DATE` signs every translated text of a catalog (see `review`).
"""

import hashlib
import io
import os
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from survey.web.i18n import translation_review

POT = Path("translations", "messages.pot")
PO = Path("LC_MESSAGES", "messages.po")
_WIDTH = 100
# two notes that compiling leaves among the texts: which .po this was, and how far its review had come
_FINGERPRINT, _LEVEL = "catalog:fingerprint", "catalog:level"

_TITLE = "Texts in {tag}. How to translate them: docs/translating.md"
_HEADER = """\
# {title}
msgid ""
msgstr ""
"Project-Id-Version: De 7 frågorna\\n"
"Language: {tag}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True)
class Compiled:
    """A catalog ready to use: the texts by msgid, and the level of their review."""

    texts: dict[str, str]
    level: str


def extract(root: Path) -> None:
    """Write every text of the project to `translations/messages.pot`."""
    from survey.web.i18n import message_extraction as extraction

    _write(root / POT, extraction.texts(root), "All texts, gathered by `flask translations extract`.", "sv")


def update(root: Path) -> None:
    """Give each catalog the texts of `messages.pot`: new ones empty, gone ones removed, nothing guessed."""
    template = _read(root / POT)
    for path in _catalogs(root):
        catalog = _read(path)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        tag = path.parent.parent.name
        _write(path, catalog, _TITLE.format(tag=tag), tag)


def compile_(root: Path) -> None:
    """Compile each catalog whose compiled file is missing or old."""
    for path in _catalogs(root):
        compiled(path.parent.parent)


def stale(root: Path) -> list[str]:
    """Return one sentence for each text that the catalogs have missed; none when all are up to date."""
    from survey.web.i18n import message_extraction as extraction

    wanted = _places(extraction.texts(root))
    return [
        f"{path.relative_to(root)} {word}: {message}"
        for path in (root / POT, *_catalogs(root))
        for word, message in _differences(wanted, _places(_read(path)))
    ]


def compiled(folder: Path) -> Compiled:
    """Return one language folder's texts, compiled anew when the catalog has changed; no catalog, no texts."""
    path = folder / PO
    if not path.exists():
        return Compiled({}, "missing")
    # The level rests on which texts residents meet as well.
    fingerprint = hashlib.sha256(path.read_bytes() + repr(translation_review.STAFF_ONLY).encode()).hexdigest()
    binary = path.with_suffix(".mo")
    if binary.exists() and (there := _unpack(binary.read_bytes(), fingerprint)) is not None:
        return there
    packed = _pack(_read(path), fingerprint)
    _keep(binary, packed)
    fresh = _unpack(packed, fingerprint)
    assert fresh is not None
    return fresh


def _pack(catalog: Catalog, fingerprint: str) -> bytes:
    level = translation_review.level(catalog)
    catalog.add(_FINGERPRINT, fingerprint)
    catalog.add(_LEVEL, level)
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def _unpack(packed: bytes, fingerprint: str) -> Compiled | None:
    try:
        catalog = read_mo(io.BytesIO(packed))
    except (OSError, ValueError, IndexError, struct.error):
        return None
    texts = {str(message.id): cast(str, message.string) for message in catalog if message.id}
    level = texts.pop(_LEVEL, "missing")
    return Compiled(texts, level) if texts.pop(_FINGERPRINT, None) == fingerprint else None


def _keep(binary: Path, packed: bytes) -> None:
    # several workers may start at once, and a checkout may be read-only: swap whole files, or do without
    with suppress(OSError):
        own = binary.with_stem(f"messages.{os.getpid()}")
        own.write_bytes(packed)
        own.replace(binary)


def _catalogs(root: Path) -> list[Path]:
    return sorted((root / POT).parent.glob(f"*/{PO.as_posix()}"))


def _read(path: Path) -> Catalog:
    # Babel can't take a private tag in the header; the tag is the folder's name anyway
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return read_po(io.StringIO("".join(line for line in lines if not line.startswith('"Language:'))))


def _write(path: Path, catalog: Catalog, title: str, tag: str) -> None:
    # files without line numbers and in a fixed order, so that a diff shows texts and nothing else
    file = io.BytesIO()
    write_po(
        file,
        catalog,
        width=_WIDTH,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    path.write_bytes(_HEADER.format(title=title, tag=tag).encode() + file.getvalue().rstrip() + b"\n")


def _places(catalog: Catalog) -> dict[str, set[str]]:
    return {str(message.id): {file for file, _ in message.locations} for message in catalog if message.id}


def _differences(wanted: dict[str, set[str]], there: dict[str, set[str]]) -> list[tuple[str, str]]:
    moved = [message for message in wanted.keys() & there.keys() if wanted[message] != there[message]]
    return sorted(
        [("lacks the text", message) for message in wanted.keys() - there.keys()]
        + [("still has the text", message) for message in there.keys() - wanted.keys()]
        + [("has other places for the text", message) for message in moved]
    )


def main(arguments: list[str]) -> int:
    """Sign a catalog, given TAG STATUS ROLE DATE as in the module's docstring; return the exit status."""
    tag, reached, role, date = arguments
    path = Path(__file__).resolve().parents[3] / POT.parent / tag / PO
    catalog = _read(path)
    count = translation_review.sign(catalog, reached, role, date)
    _write(path, catalog, _TITLE.format(tag=tag), tag)
    sys.stdout.write(f"Texts signed as {reached} in {tag}: {count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
