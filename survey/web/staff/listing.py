"""A long list, searched and paged by the server. For the staff's pages."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

ROWS_PER_PAGE = 50
MAX_QUERY_LENGTH = 80
Item = TypeVar("Item")


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """One page of what was searched for: the rows, its number of how many, the count of all rows, and the words."""

    rows: Sequence[Item]
    page: int
    pages: int
    found: int
    wanted: str
    is_long: bool


def search_and_page(rows: Sequence[Item], words_of: Callable[[Item], str]) -> Listing[Item]:
    """Return the page `?page=` of the rows that hold every word of `?q=`; whatever is asked, there is one."""
    asked = request.args.get("q", "")[:MAX_QUERY_LENGTH].split()
    wanted = " ".join("".join(each for each in word if each.isprintable()) for word in asked).strip()
    words = _plain(wanted).split()
    found = [row for row in rows if all(word in _plain(words_of(row)) for word in words)] if words else list(rows)
    pages = max(1, -(-len(found) // ROWS_PER_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    shown = found[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return Listing(shown, page, pages, len(found), wanted, len(rows) > ROWS_PER_PAGE)


def _plain(text: str) -> str:
    """Return the text in small letters without marks: a reader without å on the keyboard writes a."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
