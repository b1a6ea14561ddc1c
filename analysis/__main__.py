"""Draw everything from edition files, without the web: python -m analysis edition.json [more] --out folder

For a statistician with the editions in a folder. For each place and chart, and each question: the picture, wide and
narrow, light and dark; its table as CSV, XLSX and JSON with the code book; its text alternative. For each place besides
all its published figures, for the region its municipalities question by question and its groups of residents. In
Swedish, or in the language of a translation: --texts translations/en/LC_MESSAGES/messages.po
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.messages.pofile import PoFileError, read_po

from analysis.charts import (
    AMONG_REGIONS,
    IN_MUNICIPALITIES,
    NAMES,
    NARROW,
    OF_GROUPS,
    WIDE,
    WITH_UNITS,
    chart_of,
    drawing,
    table_of,
)
from analysis.charts.drawing import style
from analysis.files.codebook import code_book
from analysis.files.exports import EXPORTS
from analysis.frames import frame
from analysis.frames.resident_groups import groups
from analysis.frames.schema import FORMAT
from analysis.localisation import PlainLocalisation


def _read(paths: Sequence[Path]) -> list[dict[str, Any]]:
    editions = []
    for path in paths:
        try:
            edition = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
            raise SystemExit(f"{path} cannot be read as an edition: {fault}") from fault
        if not isinstance(edition, dict) or "format" not in edition:
            raise SystemExit(f"{path} is not an edition")
        if edition["format"] != FORMAT:
            problem = f"{path} is an edition of format {edition['format']!r}, and this program reads format {FORMAT}"
            raise SystemExit(f"{problem}: use the program of the same age as the edition")
        editions.append(edition)
    return sorted(editions, key=lambda edition: int(edition["number"]))


def _file_name(key: str) -> str:
    """Return a key as part of a file name: letters, digits, dash and underscore stay."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in key)


def _messages(path: Path) -> dict[str, str]:
    """Read the sentences of a translation from a PO file."""
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as fault:
        raise SystemExit(f"{path} cannot be read as a translation: {fault}") from fault
    return {str(each.id): str(each.string) for each in catalog if each.id and each.string}


def draw_place(
    editions: Sequence[frame.Edition], place: str, out: Path, messages: Mapping[str, str] | None = None
) -> list[Path]:
    """Write every file of one place; return their paths."""
    texts = PlainLocalisation.from_editions(editions)
    texts.messages = dict(messages or {})
    codes, stem = code_book(editions, texts), _file_name(place)
    newest = frame.newest_by_round(editions)[-1]
    level = next(each["level"] for each in newest["places"] if each["key"] == place)
    national = "regions_expected" in newest
    of_region = level == "region" and not national
    tables = {"figures": frame.cells(editions, place)} | ({"residents": groups(editions)} if of_region else {})
    left_out = set(() if of_region else (*IN_MUNICIPALITIES, *OF_GROUPS))
    left_out |= set(WITH_UNITS if national else AMONG_REGIONS)
    names = [name for name in NAMES if name not in left_out]
    pictures = {name: table_of(name, editions, place) for name in names}
    files = {
        f"{stem}-{name}{export.suffix}": export(table, codes)
        for name, table in (tables | pictures).items()
        for export in EXPORTS.values()
    }
    for name, table in pictures.items():
        for width, size in ((WIDE, ""), (NARROW, "-narrow")):
            drawn = drawing(name, table, texts, width)
            files |= {f"{stem}-{name}{size}.svg": drawn, f"{stem}-{name}{size}-dark.svg": style.dark(drawn)}
        files[f"{stem}-{name}.txt"] = (chart_of(name).describe(table, texts) + "\n").encode()
    for file, content in files.items():
        (out / file).write_bytes(content)
    return [out / file for file in files]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analysis", description="Draw everything from editions.")
    parser.add_argument("editions", nargs="+", type=Path, help="edition files (JSON), one or several rounds")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to; made if need be")
    parser.add_argument("--texts", type=Path, help="a translation (PO); else Swedish")
    parser.add_argument("--place", action="append", help="key of a place; may be repeated; else all places")
    options = parser.parse_args(arguments)
    editions = _read(options.editions)
    known = [place["key"] for place in frame.newest_by_round(editions)[-1]["places"]]
    unknown = sorted(set(options.place or ()) - set(known))
    if unknown:
        parser.error(f"no such place: {', '.join(unknown)}. There are: {', '.join(known)}")
    messages = _messages(options.texts) if options.texts else {}
    options.out.mkdir(parents=True, exist_ok=True)
    for place in options.place or known:
        for path in draw_place(editions, place, options.out, messages):
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
