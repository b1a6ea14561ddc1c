"""Draw everything from edition files, without the web: python -m analysis edition.json [more] --out folder

For a statistician with the editions in a folder. For each place and chart: the picture, wide and narrow,
light and dark; its table as CSV, XLSX and JSON with the code book; its text alternative. For each place besides
all its published figures.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import frame
from analysis.charts import CHARTS, NARROW, WIDE, drawing, style, table_of
from analysis.codebook import book
from analysis.exports import EXPORTS
from analysis.texts import PlainTexts

FORMAT = 1


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
            said = f"{path} is an edition of format {edition['format']!r}, and this program reads format {FORMAT}"
            raise SystemExit(f"{said}: use the program of the same age as the edition")
        editions.append(edition)
    return sorted(editions, key=lambda edition: int(edition["number"]))


def _file_name(key: str) -> str:
    """A key as part of a file name: letters, digits, dash and underscore stay."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in key)


def draw_place(editions: Sequence[frame.Edition], place: str, out: Path) -> list[Path]:
    """Everything of one place; gives the files written."""
    texts = PlainTexts.from_editions(editions)
    codes = book(editions, texts)
    whole, cells = f"{_file_name(place)}-figures", frame.cells(editions, place)
    files = {f"{whole}{export.suffix}": export(cells, codes) for export in EXPORTS.values()}
    for name, chart in CHARTS.items():
        table, stem = table_of(name, editions, place), f"{_file_name(place)}-{name}"
        for width, size in ((WIDE, ""), (NARROW, "-narrow")):
            drawn = drawing(name, table, texts, width)
            files |= {f"{stem}{size}.svg": drawn, f"{stem}{size}-dark.svg": style.dark(drawn)}
        files[f"{stem}.txt"] = (chart.describe(table, texts) + "\n").encode()
        files |= {f"{stem}{export.suffix}": export(table, codes) for export in EXPORTS.values()}
    for file, content in files.items():
        (out / file).write_bytes(content)
    return [out / file for file in files]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m analysis", description="Draw everything from editions.")
    parser.add_argument("editions", nargs="+", type=Path, help="edition files (JSON), one or several rounds")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to; made if need be")
    parser.add_argument("--place", action="append", help="key of a place; may be repeated; else all places")
    options = parser.parse_args(arguments)
    editions = _read(options.editions)
    known = [place["key"] for place in frame.newest_by_round(editions)[-1]["places"]]
    unknown = sorted(set(options.place or ()) - set(known))
    if unknown:
        parser.error(f"no such place: {', '.join(unknown)}. There are: {', '.join(known)}")
    options.out.mkdir(parents=True, exist_ok=True)
    for place in options.place or known:
        for path in draw_place(editions, place, options.out):
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
