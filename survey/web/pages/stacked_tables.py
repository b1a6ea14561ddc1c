"""A table that a phone can show: on a narrow screen each row is a block, each figure beside its column's name.

For every table of the staff's pages, by the macro `table` in `_staff.html`; the rest is the style sheet's. No part
says its role: HTML allows none in a table, and browsers keep a table a table also where it is laid out as blocks.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_ROW = re.compile(r"(<tr\b[^>]*>)(.*?)</tr>", re.S)
_CELL = re.compile(r"<(th|td)\b([^>]*)>(.*?)</\1>", re.S)
_SPAN = re.compile(r'\b(row|col)span="(\d+)"')
_HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>', re.S)


def stack_table(table: str) -> Markup:
    """Return the table with the name of the column in each of its cells."""
    head, end, body = str(table).partition("</thead>")
    if not end:
        head, body = "", str(table)
    columns = list(_names(head))
    held: dict[int, int] = {}
    rows = _ROW.sub(lambda row: f"{row[1]}{_labelled(row[2], columns, held)}</tr>", body)
    return Markup(head + end + rows)  # noqa: S704 - what a template drew


def _names(head: str) -> Iterator[str]:
    for cell in _CELL.finditer(head):
        yield from [_HIDDEN.sub("", cell[3])] * _spans(cell[2]).get("col", 1)


def _spans(attributes: str) -> dict[str, int]:
    return {way: int(count) for way, count in _SPAN.findall(attributes)}


def _labelled(row: str, columns: list[str], held: dict[int, int]) -> str:
    """Return the cells of a row; `held` counts, by column, how many more rows a cell from above reaches down."""
    at, drawn = 0, []
    for cell in _CELL.finditer(row):
        while held.get(at, 0):
            held[at] -= 1
            at += 1
        spans = _spans(cell[2])
        over = range(at, at + spans.get("col", 1))
        held.update(dict.fromkeys(over, spans.get("row", 1) - 1))
        names = [Markup(columns[column]).striptags() for column in over if column < len(columns)]  # noqa: S704
        drawn.append(_cell(cell, ", ".join(filter(None, names))))
        at = over.stop
    return "".join(drawn)


def _cell(cell: re.Match[str], name: str) -> str:
    tag, attributes, content = cell.groups()
    if tag == "td" and name and content.strip():
        attributes, content = f'{attributes} data-label="{escape(name)}"', f"<div>{content}</div>"
    return f"<{tag}{attributes}>{content}</{tag}>"
