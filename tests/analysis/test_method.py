"""docs/method.md names the columns and codes of the files as they are: none that is gone, and none left out."""

import re
from pathlib import Path

import pytest

from analysis.files.column_descriptions import CODES, COLUMNS
from analysis.files.column_titles import TITLES
from analysis.frames.schema import ROLES

METHOD = Path(__file__).parents[2] / "docs" / "method.md"
SIDES = tuple(f"{name}_" for name in (*ROLES, "before"))


def rows_of(page: str) -> list[tuple[list[str], list[str]]]:
    """Each row of the table of columns: the columns it names, and the codes in what it says of them."""
    table = page.partition("| column | what it is |\n|---|---|\n")[2].partition("\n\n")[0]
    cells = [line.strip("| ").split(" | ", 1) for line in table.splitlines()]
    return [(re.findall(r"`(.+?)`", names), re.findall(r"`(.+?)`", said)) for names, said in cells]


def faults(page: str) -> list[str]:
    """What the table names that no file has, and what the files have that it does not name."""
    rows, found = rows_of(page), []
    for names, said in rows:
        bare = [name.removesuffix("_*") for name in names]
        codes = {code for name in bare for code in CODES.get(name, {})}
        found += [f"no column {name}" for name in bare if name not in COLUMNS]
        found += [f"no code {code} of {bare[0]}" for code in said if code not in codes | set(COLUMNS)]
        # A row that names one of a column's codes names them all; the words of roles and groupings are in the text.
        for name in bare:
            if set(said) & set(CODES.get(name, {})):
                found += [f"the code {code} of {name} is left out" for code in CODES[name] if code not in said]
    named = {name.removesuffix("_*") for names, _ in rows for name in names}
    wanted = {name for name in COLUMNS if not name.startswith(SIDES)}
    return found + [f"the column {name} is left out" for name in sorted(wanted - named)]


def test_the_method_names_the_columns_and_codes_that_there_are() -> None:
    page = METHOD.read_text(encoding="utf-8")
    assert len(rows_of(page)) > 20
    assert faults(page) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("| `majority` |", "| `cap_low`, `majority` |", "no column cap_low"),
        ("`hollow`, `interval` or", "`band` or", "no code band of status"),
        ("`shown`, `hollow`,", "`shown`,", "the code hollow of status is left out"),
        ("| `detectable` |", "| `gap` |", "the column detectable is left out"),
    ],
)
def test_a_column_of_old_is_seen(old: str, new: str, fault: str) -> None:
    page = METHOD.read_text(encoding="utf-8")
    assert page.count(old) == 1
    assert fault in faults(page.replace(old, new))


def test_a_meaning_without_a_title_or_the_other_way_is_seen() -> None:
    asked = {"version", "text"}  # of the questions' own sheet
    assert {name for name in COLUMNS if not name.startswith("before_")} == set(TITLES) - asked
