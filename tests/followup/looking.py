"""What a test reads off a page: its words, its tables by their headings, and what the edition says of a cell."""

from typing import Any
from xml.etree.ElementTree import Element

from analysis.frames import frame
from tests.followup.editions import bodies
from tests.reader import Page


def said(element: Element) -> str:
    """The element's words with single spaces."""
    return " ".join("".join(element.itertext()).split())


def rows(table: Element) -> list[list[str]]:
    """The table's cells, row by row."""
    return [[said(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


def section(page: Page, name: str) -> Element:
    """The part of the page under the heading with this id."""
    return next(each for each in page.all("section") if any(inner.get("id") == name for inner in each.iter("h2")))


def table_of(page: Page, name: str) -> list[list[str]]:
    """The first table under that heading."""
    return rows(next(section(page, name).iter("table")))


def cell_of(edition: dict[str, Any], place: str, role: str, question: str) -> dict[str, Any]:
    """The edition's cell."""
    wanted = (place, role, question)
    return next(c for c in edition["cells"] if (c["place"], c["role"], c["question"]) == wanted)


def words_of(cell: dict[str, Any]) -> str:
    """The cell's share as a page says it."""
    if cell["status"] in ("shown", "hollow"):
        return f"{round(cell['share'])} %" + (" (osäkert)" if cell["status"] == "hollow" else "")
    if cell["status"] == "interval":
        return f"mellan {round(cell['low'])} och {round(cell['high'])} %"
    return "för osäkert" if cell["status"] == "unsure" else "för få svar"


def gap_of(place: str, question: str, last: int = 5) -> dict[str, Any]:
    """The newest gap of a place as the editions' frames have it."""
    return next(row for row in gaps_of(place, last) if row["question"] == question)


def gaps_of(place: str, last: int = 5) -> list[dict[str, Any]]:
    """The seven newest gaps of a place as the editions' frames have them."""
    rows = [dict(row) for row in frame.records(frame.gaps(bodies(last), place))]
    return [row for row in rows if row["round"] == rows[-1]["round"]]


def signed(points: float) -> str:
    """+12, −3 with a true minus, 0."""
    return f"{round(points):+d}".replace("-", "−") if round(points) else "0"
