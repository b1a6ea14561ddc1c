"""What one page reads: the editions up to the chosen one, cut down to one place, as frames and as words.

For the follow-up pages. Only published editions are read, never a count. pandas is loaded with the first page that
needs it, so that a process that serves none of them stays small.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from flask import abort
from sqlalchemy import Connection

from survey.publication.texts import BabelTexts
from survey.store import editions
from survey.web.language import Language

if TYPE_CHECKING:
    import pandas as pd

Body = dict[str, Any]
_LISTS = ("respondents", "cells", "gaps", "gap_changes")


@dataclass(frozen=True)
class Reading:
    """One edition and one place, with the rounds before it."""

    number: int
    published: date
    place: dict[str, Any]
    bodies: Sequence[Body]
    texts: BabelTexts
    rounds: tuple[tuple[int, str], ...]  # every edition one may turn to, newest first: number, round

    @property
    def edition(self) -> Body:
        """The edition that is read."""
        return self.bodies[-1]

    @property
    def node(self) -> str:
        """The place's key."""
        return str(self.place["key"])

    @cached_property
    def here(self) -> list[Body]:
        """The editions with nothing but this place in them."""
        return [_cut(body, self.node) for body in self.bodies]

    @cached_property
    def cells(self) -> "pd.DataFrame":
        """The place's published cells, all rounds."""
        from analysis import frame

        return frame.cells(self.here)

    @cached_property
    def gaps(self) -> "pd.DataFrame":
        """The place's gaps, all rounds."""
        from analysis import frame

        return frame.gaps(self.here)


def newest(connection: Connection) -> Body | None:
    """The newest edition, if any round has been published."""
    found = editions.latest_by_round(connection)
    return _parsed(found[-1].body) if found else None


def read(connection: Connection, number: int, node: str, language: Language) -> Reading:
    """The place in the edition, with the rounds before; 404 when there is no such edition or place."""
    chosen = editions.get(connection, number)
    if chosen is None:
        abort(404)
    earlier = editions.latest_by_round(connection, up_to=number)
    bodies = [_parsed(entry.body) for entry in earlier if entry.round != chosen.round]
    bodies = [body for body in bodies if body["round"]["closes"] < _closes(chosen)]
    bodies.append(_parsed(chosen.body))
    place = next((entry for entry in bodies[-1]["places"] if entry["key"] == node), None)
    if place is None:
        abort(404)
    everything = editions.latest_by_round(connection)
    texts = BabelTexts(language, [_parsed(entry.body) for entry in everything])
    rounds = tuple((entry.number, entry.round) for entry in reversed(everything))
    return Reading(number, chosen.published, place, bodies, texts, rounds)


def _closes(entry: editions.Edition) -> str:
    return str(_parsed(entry.body)["round"]["closes"])


def _cut(body: Body, node: str) -> Body:
    """A place's own rows; the lists of the whole edition are many times longer."""
    places = [entry for entry in body["places"] if entry["key"] == node]
    return body | {"places": places} | {name: [r for r in body[name] if r["place"] == node] for name in _LISTS}


@lru_cache(maxsize=32)
def _parsed(text: str) -> Body:
    # an edition never changes, and a page reads one for every round
    body: Body = json.loads(text)
    return body
