"""A spreadsheet as the format says it is: its cells by sheet, and how each sheet looks when it is opened."""

import io
import zipfile
from xml.etree import ElementTree

SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def part(content: bytes, name: str) -> ElementTree.Element:
    """One of the files inside."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return ElementTree.fromstring(parts.read(name))


def sheets(content: bytes) -> dict[str, list[list[str | None]]]:
    """A spreadsheet's cells by sheet, read as the format says; a formula or a number that is text shows as such."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = ["".join(t.itertext()) for t in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))]
        names = [
            s.get("name", "")
            for s in ElementTree.fromstring(parts.read("xl/workbook.xml")).iterfind(".//m:sheet", space)
        ]
        found: dict[str, list[list[str | None]]] = {}
        for number, name in enumerate(names, start=1):
            sheet = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
            assert not sheet.findall(".//m:f", space), "a formula"
            found[name] = [
                [
                    texts[int(cell.findtext("m:v", "", space))]
                    if cell.get("t") == "s"
                    else cell.findtext("m:v", None, space)
                    for cell in row
                ]
                for row in sheet.iterfind(".//m:row", space)
            ]
    return found


def first_sheet(content: bytes) -> tuple[str | None, str | None]:
    """What can be filtered by, and the cell from which the rest moves under the heading."""
    sheet = part(content, "xl/worksheets/sheet1.xml")
    filtered, pane = sheet.find("m:autoFilter", SPACE), sheet.find(".//m:pane", SPACE)
    return (
        None if filtered is None else filtered.get("ref"),
        None if pane is None or pane.get("state") != "frozen" else pane.get("topLeftCell"),
    )


def days(content: bytes) -> dict[str, str]:
    """The cells of the first sheet that are shown as a day or a moment, by how."""
    styles = part(content, "xl/styles.xml")
    formats = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iterfind(".//m:numFmt", SPACE)}
    shown = [formats.get(each.get("numFmtId"), "") for each in styles.iterfind(".//m:cellXfs/m:xf", SPACE)]
    cells = part(content, "xl/worksheets/sheet1.xml").iterfind(".//m:c", SPACE)
    of = {each.get("r", ""): shown[int(each.get("s", "0"))] for each in cells if each.get("t") is None}
    return {where: how for where, how in of.items() if how}
