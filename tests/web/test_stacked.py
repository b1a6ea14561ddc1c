"""What a table's cells are told for a narrow screen: the name of the column."""

import re

import pytest

from survey.web.pages.stacked_tables import stack_table
from tests.test_house import ROOT

HEAD = (
    '<table><thead><tr><th scope="col">Vem</th><th scope="col">Ja &amp; nej</th><th scope="col">Nej</th></tr></thead>'
)


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ('<th scope="row">A</th><td>1</td><td>2</td>', ["Ja &amp; nej", "Nej"]),
        ('<th scope="row">A</th><td colspan="2">1</td>', ["Ja &amp; nej, Nej"]),
        ('<th scope="row">A</th><td></td><td>2</td>', ["Nej"]),
        (
            '<th scope="rowgroup" rowspan="2">A</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td>',
            ["Ja &amp; nej", "Nej"] * 2,
        ),
    ],
)
def test_each_cell_has_the_name_of_its_column(row: str, names: list[str]) -> None:
    table = stack_table(f"{HEAD}<tbody><tr>{row}</tr></tbody></table>")
    assert re.findall(r'data-label="([^"]*)"', table) == names


def test_what_is_only_for_a_reader_is_no_name() -> None:
    head = '<table><thead><tr><th scope="col"><span class="visually-hidden">Bort</span></th></tr></thead>'
    table = stack_table(f"{head}<tbody><tr><td>x</td></tr></tbody><tfoot><tr><th>y</th></tr></tfoot></table>")
    assert "data-label" not in table


def test_no_staff_page_has_a_table_that_does_not_stack() -> None:
    """But a frozen pack, which carries its own style, and what is printed."""
    drawn = (path for path in (ROOT / "survey" / "templates").rglob("*.html") if "<table" in path.read_text("utf-8"))
    assert sorted(path.name for path in drawn) == ["_pack_parts.html", "_staff.html"]
