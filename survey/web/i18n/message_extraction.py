"""The extraction of every text a reader can meet: from templates, from the code and from the questionnaire files.

For `flask translations extract` and the check that no catalog is stale. The questionnaires go the way of the pages: a
translator needs one tool.
"""

import tomllib
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

KEYWORDS: dict[str, None] = dict.fromkeys(("_", "gettext", "lazy_gettext", "N_"))
COMMENT_TAGS = ("Translators:",)

_FOUND = tuple[int, str, str, list[str]]


def questionnaire(
    file: BinaryIO, keywords: object, comment_tags: object, options: Mapping[str, Any]
) -> Generator[_FOUND, None, None]:
    """Extract a questionnaire's texts for Babel: name and source, questions, options, help, differences."""
    data = tomllib.load(file)
    for field in ("name", "source"):
        if field in data:
            yield 1, "gettext", data[field], [f"questionnaire {data.get('key')}: {field}"]
    for label in data.get("labels", {}).values():
        yield 2, "gettext", label, ["answer"]
    for number, entry in enumerate(data.get("questions", ()), start=3):
        yield from ((number, "gettext", text, [note]) for text, note in _question_texts(entry))


def _question_texts(entry: Mapping[str, Any]) -> Generator[tuple[str, str], None, None]:
    for role in ("patient", "provider"):
        asked = entry.get(role, {})
        for label in asked.get("labels", {}).values():
            yield label, f"answer to {entry['key']} ({role})"
        for field in ("text", "term", "explanation"):
            if field in asked:
                yield asked[field], f"{entry['key']} ({role}): {field}"
    if "difference" in entry:
        yield entry["difference"], f"{entry['key']}: what a difference between patients and providers means"


def texts(root: Path) -> Catalog:
    """Return every text under the project root, in the order a reader of the files meets them."""
    catalog = Catalog(project="De 7 frågorna", fuzzy=False)
    for method, pattern, options in _mappings(root):
        top, _, rest = pattern.partition("/")
        found = extract_from_dir(
            root / top,
            method_map=[(rest, method)],
            options_map={rest: options},
            keywords=KEYWORDS,
            comment_tags=COMMENT_TAGS,
            strip_comment_tags=True,
        )
        for filename, line, message, comments, context in found:
            where = f"{top}/{Path(filename).as_posix()}"
            catalog.add(message, locations=[(where, line)], auto_comments=comments, context=context)
    return catalog


def _mappings(root: Path) -> list[tuple[str, str, dict[str, str]]]:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return [
        (mapping["method"], mapping["pattern"], mapping.get("options", {}))
        for mapping in settings["tool"]["babel"]["mappings"]
    ]
