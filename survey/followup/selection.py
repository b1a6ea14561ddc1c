"""The data of one page: the editions up to the chosen one, cut down to one place, as frames and as words.

For the follow-up pages. Only published editions are read, never a count. pandas is loaded with the first page that
needs it, so that a process that serves none of them stays small.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import abort
from sqlalchemy import Connection

from survey.publication import edition_reader
from survey.publication.chart_store import bodies_up_to
from survey.publication.localised_texts import BabelLocalisation
from survey.publication.mergers import mergers
from survey.store.core import places
from survey.web.i18n.language import Language

if TYPE_CHECKING:
    import pandas as pd

Body = dict[str, Any]


@dataclass(frozen=True)
class Selection:
    """One place in one edition, before its figures are read."""

    number: int
    published: date
    edition: Body
    place: dict[str, Any]
    respondents: Mapping[tuple[str, str], Mapping[str, Any]]  # by place and role: n, handed_out

    @property
    def node(self) -> str:
        """The place's key."""
        return str(self.place["key"])

    @property
    def is_national(self) -> bool:
        """Return whether the edition is put together from other installations'."""
        return edition_reader.is_national(self.edition)

    def rounded_answers(self, place: str, role: str) -> int | None:
        """Return the rounded number of answers at a place; None where they are too few to tell."""
        n: int | None = self.respondents.get((place, role), {}).get("n")
        return n


@dataclass(frozen=True)
class PlaceReport(Selection):
    """One place in one edition, with the rounds before it."""

    bodies: Sequence[Mapping[str, Any]]  # each round's, oldest first, this edition last
    rounds: tuple[tuple[int, str, bool], ...]  # each published round, newest first: edition, round, is the place there
    texts: BabelLocalisation
    joined: Mapping[str, Sequence[str]]  # names of the places merged into this one, by the round from which they are
    elsewhere: Mapping[str, Any] | None  # the nation's newest edition, or from there our own: number, node, name

    @cached_property
    def cells(self) -> "pd.DataFrame":
        """The place's published cells, all rounds."""
        from analysis.frames import frame

        return frame.cells(self.bodies, self.node)

    @cached_property
    def gaps(self) -> "pd.DataFrame":
        """The place's gaps, all rounds."""
        from analysis.frames import frame

        return frame.gaps(self.bodies, self.node)

    @cached_property
    def _tables(self) -> "dict[str, pd.DataFrame]":
        return {}

    def table(self, chart: str) -> "pd.DataFrame":
        """Return the table of one of the place's own charts; it is made once."""
        from analysis.charts import OF_PLACE

        if chart not in self._tables:
            self._tables[chart] = OF_PLACE[chart].table(self.cells, self.gaps, self.node)
        return self._tables[chart]


def newest_edition(connection: Connection) -> Body | None:
    """Return the newest round's edition, if any."""
    found = edition_reader.latest_by_round(connection)
    return found[-1].head if found else None


def newest_national(connection: Connection) -> Body | None:
    """Return the newest period's national edition, if any."""
    found = edition_reader.latest_by_period(connection)
    return found[-1].head if found else None


def select_place(connection: Connection, number: int, node: str, *, national: bool = False) -> Selection:
    """Return the place in the edition; abort with 404 when there is no such edition, or no such place in it.

    `national`: also in one that is put together from other installations'.
    """
    entry = edition_reader.find_edition(connection, number)
    if entry is None and national:
        entry = edition_reader.find_national(connection, number)
    place = next((each for each in entry.head["places"] if each["key"] == node), None) if entry else None
    if entry is None or place is None:
        abort(404)
    return Selection(number, entry.published, entry.head, place, entry.respondents)


def select_region(connection: Connection, number: int) -> Selection:
    """Return the region in the edition; abort with 404 when there is no such edition."""
    entry = edition_reader.find_edition(connection, number)
    if entry is None:
        abort(404)
    return select_place(
        connection, number, next(each["key"] for each in entry.head["places"] if each["level"] == "region")
    )


def load_report(
    connection: Connection, selection: Selection, language: Language, bodies: Sequence[Mapping[str, Any]] | None = None
) -> PlaceReport:
    """Return the data of a place's page: the edition, the rounds before it, and those one may turn to.

    `bodies`: other than the place in each of those rounds, for a table that needs more of one.
    """
    bodies = bodies or bodies_up_to(connection, selection.number, selection.node)
    everything = [each.head for each in edition_reader.latest_of_kind(connection, selection.edition)]
    rounds = tuple(
        (head["number"], head["round"]["key"], any(each["key"] == selection.node for each in head["places"]))
        for head in reversed(everything)
    )
    texts = BabelLocalisation(language, everything)
    joined = mergers(places.all_places(connection), bodies).get(selection.node, {})
    here = selection.number, selection.published, dict(bodies[-1]), selection.place, selection.respondents
    return PlaceReport(*here, bodies, rounds, texts, joined, _elsewhere(connection, selection))


def _elsewhere(connection: Connection, selection: Selection) -> Mapping[str, Any] | None:
    """Return the top of the newest edition of the other kind: a national one from ours, ours from a national one."""
    other = (newest_edition if selection.is_national else newest_national)(connection)
    top = next((each for each in other["places"] if each["parent"] is None), None) if other else None
    return {"number": other["number"], "node": top["key"], "name": top["name"]} if other and top else None
