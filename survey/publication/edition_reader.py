"""A reader of single places of an edition: for the follow-up pages and the pictures.

An edition of a region with a thousand units is some megabytes, and a page shows one place in every round. The text is
canonical (`edition.canonical`: no white space), so a place's rows are found by their marker and read alone. A text
never changes: it is fetched once, and known by its hash.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from survey.store.published import editions
from survey.store.published.editions import EditionHead

CACHE_SIZE = 32
ROWS_BY_PLACE = ("cells", "gap_changes", "gaps", "gaps_together", "respondents")
_read = json.JSONDecoder().raw_decode


class EditionReader:
    """An edition that is parsed one place at a time."""

    def __init__(self, text: str, published: date) -> None:
        self.published = published
        self._text = text
        self._spans = {name: _span(text, name) for name in ROWS_BY_PLACE}
        # The head, without the rows of places, is small.
        edges = [0, *(edge for span in sorted(self._spans.values()) for edge in span), len(text)]
        self.head: dict[str, Any] = json.loads("".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)))

    def body_of_place(self, place: str | None) -> dict[str, Any]:
        """Return the edition's body with this place's rows alone; all of it, if none is named."""
        if place is None:
            body: dict[str, Any] = json.loads(self._text)
            return body
        marker = f'"place":{json.dumps(place, ensure_ascii=False)}'
        return self.head | {name: list(self._rows(marker, *span)) for name, span in self._spans.items()}

    @cached_property
    def respondents(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The rows of respondents, by place and role: rounded numbers of answers and of codes handed out."""
        start, end = self._spans["respondents"]
        rows: list[dict[str, Any]] = json.loads(f"[{self._text[start:end]}]")
        return {(row["place"], row["role"]): row for row in rows}

    def body_of_level(self, level: str) -> dict[str, Any]:
        """Return the edition's body with the rows of one level's places alone."""
        return self.body_of_places([str(place["key"]) for place in self.head["places"] if place["level"] == level])

    def body_of_places(self, keys: Iterable[str]) -> dict[str, Any]:
        """Return the edition's body with these places' rows alone."""
        each = [self.body_of_place(key) for key in keys]
        return self.head | {name: [row for body in each for row in body[name]] for name in ROWS_BY_PLACE}

    def _rows(self, marker: str, start: int, end: int) -> Iterator[dict[str, Any]]:
        at = self._text.find(marker, start, end)
        while at >= 0:
            row, stop = self._around(at)
            yield row
            at = self._text.find(marker, stop, end)

    def _around(self, at: int) -> tuple[dict[str, Any], int]:
        """Return the row around a marker and its end; the shares by code, which come before the marker, end sooner."""
        start = stop = at
        row: dict[str, Any] = {}
        while stop <= at:
            start = self._text.rindex("{", 0, start)
            row, stop = _read(self._text, start)
        return row, stop


def _span(text: str, name: str) -> tuple[int, int]:
    """Return start and end of a list of rows; no row holds a list of its own, and no key or word in it a bracket."""
    start = text.index(f'"{name}":[') + len(name) + 4
    return start, text.index("]", start)


_cache: dict[EditionHead, EditionReader] = {}


def _cached(connection: Connection, head: EditionHead) -> EditionReader:
    found = _cache.get(head)
    if found is None:
        entry = editions.get(connection, head.number)
        if entry is None:
            raise LookupError(f"there is no edition {head.number}")
        found = _cache[head] = EditionReader(entry.body, entry.published)
        for oldest in list(_cache)[:-CACHE_SIZE]:
            _cache.pop(oldest, None)
    return found


def is_national(body: Mapping[str, Any]) -> bool:
    """Return whether an edition is put together from those of other installations."""
    return "regions_expected" in body


def find_edition(connection: Connection, number: int) -> EditionReader | None:
    """Return the edition of ours with that number, or None."""
    return _found(connection, number, editions.hashed_heads(connection))


def find_national(connection: Connection, number: int) -> EditionReader | None:
    """Return the national edition with that number, or None."""
    return _found(connection, number, editions.national_heads(connection))


def _found(connection: Connection, number: int, heads: Iterable[EditionHead]) -> EditionReader | None:
    head = next((head for head in heads if head.number == number), None)
    return _cached(connection, head) if head is not None else None


def latest_by_round(connection: Connection, up_to: int | None = None) -> list[EditionReader]:
    """Return each of our rounds' newest edition, or the newest as of number `up_to`; by the round's opening day."""
    return _newest(connection, editions.hashed_heads(connection), up_to)


def latest_by_period(connection: Connection, up_to: int | None = None) -> list[EditionReader]:
    """Return each period's newest national edition in the same way."""
    return _newest(connection, editions.national_heads(connection), up_to)


def latest_of_kind(connection: Connection, body: Mapping[str, Any], up_to: int | None = None) -> list[EditionReader]:
    """Return the newest of each round, or of each period, as this edition is ours or national."""
    return (latest_by_period if is_national(body) else latest_by_round)(connection, up_to)


def _newest(connection: Connection, heads: Iterable[EditionHead], up_to: int | None) -> list[EditionReader]:
    newest = {head.round: head for head in heads if up_to is None or head.number <= up_to}
    found = [_cached(connection, head) for head in newest.values()]
    return sorted(found, key=lambda each: (each.head["round"]["opens"], each.head["number"]))
