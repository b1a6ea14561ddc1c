"""The catalogs of texts: gathered, brought up to date, compiled, and watched for growing stale.

For translators (`flask translations`), the start of the app and the tests. Babel's own update and compile fail on
`sv-x-lattlast`, guess at changed texts and write dates into every file; ours change only when a text does.
`python -m survey.web.i18n.catalogs TAG STATUS ROLE DATE` signs every translated text of a catalog
(see `translation_review`).
"""

import hashlib
import io
import json
import os
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from survey.web.i18n import catalog_rules, translation_review
from survey.web.i18n.catalog_rules import Fault

POT = Path("translations", "messages.pot")
PO = Path("LC_MESSAGES", "messages.po")
_WIDTH = 100
# notes that compiling leaves among the texts: which .po this was, how far its review had come, what it lacks, what was
# refused
_FINGERPRINT, _LEVEL, _MISSING, _FAULTS = (
    f"{catalog_rules.NOTES}{note}" for note in ("fingerprint", "level", "missing", "faults")
)

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
    """A catalog ready to use: the texts by msgid, the level of their review, and the faults of those left out.

    `missing`: how many texts that residents meet have no translation.
    """

    texts: dict[str, str]
    level: str
    faults: tuple[Fault, ...] = ()
    missing: int = 0


def extract(root: Path) -> None:
    """Write every text of the project to `translations/messages.pot`."""
    from survey.web.i18n import message_extraction as extraction

    title = "All texts, gathered by `flask translations extract`."
    (root / POT).write_bytes(written(extraction.texts(root), "sv", title))


def update(root: Path) -> None:
    """Give each catalog its texts of `messages.pot`: new ones empty, gone ones removed, nothing guessed.

    A language that no staff read gets what residents meet alone, so that nobody translates what nobody will read.
    """
    template = read_catalog(root / POT)
    for path in _catalogs(root):
        catalog, tag = read_catalog(path), path.parent.parent.name
        catalog.update(_held(template, tag), no_fuzzy_matching=True, update_creation_date=False)
        path.write_bytes(written(catalog, tag))


def compile_(root: Path) -> None:
    """Compile each catalog whose compiled file is missing or old."""
    for path in _catalogs(root):
        compiled(path.parent.parent)


def stale(root: Path) -> list[str]:
    """Return one sentence for each text that the catalogs have missed; none when all are up to date."""
    from survey.web.i18n import message_extraction as extraction

    template = extraction.texts(root)
    wanted = {root / POT: template} | {path: _held(template, path.parent.parent.name) for path in _catalogs(root)}
    return [
        f"{path.relative_to(root)} {word}: {message}"
        for path, held in wanted.items()
        for word, message in _differences(_places(held), _places(read_catalog(path)))
    ]


def compiled(folder: Path) -> Compiled:
    """Return one language folder's texts, compiled anew when the catalog has changed; no catalog, no texts."""
    path = folder / PO
    if not path.exists():
        return Compiled({}, "missing")
    # The level rests on which texts residents meet as well, and the faults on the rules and the language's record.
    record = folder / catalog_rules.RECORD
    rules = catalog_rules.rules_fingerprint() + (record.read_bytes() if record.exists() else b"")
    fingerprint = hashlib.sha256(path.read_bytes() + rules + repr(translation_review.STAFF_ONLY).encode()).hexdigest()
    binary = path.with_suffix(".mo")
    if binary.exists() and (there := _unpack(binary.read_bytes(), fingerprint)) is not None:
        return there
    try:
        catalog = read_catalog(path)
        found = catalog_rules.faults(catalog, catalog_rules.own_rules(folder))
    except Exception as error:  # a file that somebody has sent may break its reader in any way
        sentence = f"can't be read: {type(error).__name__}."
        return Compiled({}, "missing", (Fault(catalog_rules.UNREADABLE, "", sentence),))
    packed = _pack(catalog, found, fingerprint)
    _keep(binary, packed)
    fresh = _unpack(packed, fingerprint)
    assert fresh is not None
    return fresh


def read_catalog(path: Path) -> Catalog:
    """Return a catalog, or the template, as Babel reads it: each text with its places and comments."""
    # Babel can't take a private tag in the header; the tag is the folder's name anyway
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return read_po(io.StringIO("".join(line for line in lines if not line.startswith('"Language:'))))


def written(catalog: Catalog, tag: str, title: str = "") -> bytes:
    """Return a catalog as a file, in the form of the project's own."""
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
    header = _HEADER.format(title=title or _TITLE.format(tag=tag), tag=tag)
    return header.encode() + file.getvalue().rstrip() + b"\n"


def _pack(catalog: Catalog, found: list[Fault], fingerprint: str) -> bytes:
    missing = translation_review.missing(catalog)
    left_out = {fault.text for fault in found}
    for message in catalog:
        if message.id and catalog_rules.msgid(message) in left_out:
            message.string = ""
    packed = Catalog(fuzzy=False)
    for message in catalog:
        if message.id and message.string and not message.fuzzy:
            packed.add(message.id, message.string)
    packed.add(_FINGERPRINT, fingerprint)
    packed.add(_LEVEL, translation_review.level(catalog))
    packed.add(_MISSING, str(missing))
    packed.add(_FAULTS, json.dumps([(fault.rule, fault.text, fault.sentence) for fault in found]))
    file = io.BytesIO()
    write_mo(file, packed)
    return file.getvalue()


def _unpack(packed: bytes, fingerprint: str) -> Compiled | None:
    try:
        texts = _packed_texts(packed)
        if texts.pop(_FINGERPRINT, None) != fingerprint:
            return None
        level, missing, found = texts.pop(_LEVEL), int(texts.pop(_MISSING)), json.loads(texts.pop(_FAULTS))
    except (ValueError, KeyError, struct.error):
        return None
    return Compiled(texts, level, tuple(Fault(*each) for each in found), missing)


def _packed_texts(packed: bytes) -> dict[str, str]:
    # Read by ourselves: every start reads all languages, and Babel makes an object of each text
    _magic, _version, count, ids, strings = struct.unpack_from("=5I", packed)

    def text(table: int, number: int) -> str:
        length, start = struct.unpack_from("=2I", packed, table + 8 * number)
        return packed[start : start + length].decode()

    # The first is the header. Each language has the same Swedish texts: they are kept in memory once.
    return {sys.intern(text(ids, number)): text(strings, number) for number in range(1, count)}


def _keep(binary: Path, packed: bytes) -> None:
    # several workers may start at once, and a checkout may be read-only: swap whole files, or do without
    with suppress(OSError):
        own = binary.with_stem(f"messages.{os.getpid()}")
        own.write_bytes(packed)
        own.replace(binary)


def _catalogs(root: Path) -> list[Path]:
    return sorted((root / POT).parent.glob(f"*/{PO.as_posix()}"))


def _held(template: Catalog, tag: str) -> Catalog:
    """Return what a language's catalog holds of all texts, and where they stand."""
    if tag in translation_review.STAFF_LANGUAGES:
        return template
    held = Catalog(fuzzy=False)
    for message in template:
        met = [place for place in message.locations if not place[0].startswith(translation_review.STAFF_ONLY)]
        if message.id and translation_review.is_met_by_residents(message):
            held.add(message.id, locations=met, auto_comments=message.auto_comments)
    return held


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
    catalog = read_catalog(path)
    count = translation_review.sign(catalog, reached, role, date)
    path.write_bytes(written(catalog, tag))
    sys.stdout.write(f"Texts signed as {reached} in {tag}: {count}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
