"""The places under a place beside each other: each one's gaps on the seven questions, and about how many answered.

In alphabetical order: it is no ranking. For those who may read all of them.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from survey.domain.alphabet import in_order
from survey.domain.questionnaire import QUESTIONS, ROLES
from survey.followup.place import bar, pictures, words
from survey.followup.place.opened import Opened
from survey.followup.place.words import Said
from survey.followup.reading import Reading
from survey.publication import drawings


def below(reading: Reading, here: Opened) -> list[dict[str, Any]]:
    """Return the places right under this one that the person may read, by name; the units of a group."""
    own = set(reading.place.get("units", ()))
    found = [
        entry
        for entry in reading.edition["places"]
        if entry["key"] in here.may_read
        and (entry["key"] in own or (entry["parent"] == reading.node and "units" not in entry))
    ]
    return sorted(found, key=lambda entry: in_order(entry["name"]))


def said(connection: Connection, reading: Reading, here: Opened) -> Said:
    """Return what the page of places says."""
    places = below(reading, here)
    return {
        "questions": [{"key": key, "name": reading.texts.question(key)} for key in QUESTIONS],
        "places": [_place(connection, entry, reading) for entry in places],
        "pictures": list(_pictures(connection, reading, here)),
    }


def of_question(connection: Connection, reading: Reading, here: Opened, question: str) -> list[Said]:
    """Return each place under this one on one question: both shares, the gap."""
    found = []
    for entry in below(reading, here):
        row = _rows(connection, entry, reading)[question]
        sides = [words.side(row, reading, role) for role in ROLES]
        where = bar.address(reading.number, entry["key"], question)
        found.append({"name": entry["name"], "address": where, "sides": sides, "gap": words.gap(row, reading)})
    return found


def _place(connection: Connection, entry: dict[str, Any], reading: Reading) -> Said:
    """One place: its gaps, and about how many have answered."""
    rows = _rows(connection, entry, reading)
    return {
        "name": entry["name"],
        "address": bar.address(reading.number, entry["key"]),
        "answered": [words.about(reading.answered(entry["key"], role), reading) for role in ROLES],
        "gaps": [words.gap(rows[question], reading) for question in QUESTIONS],
    }


def _rows(connection: Connection, entry: dict[str, Any], reading: Reading) -> dict[str, words.Row]:
    """A place's newest row for each question."""
    from analysis import frame
    from analysis.charts import gap

    key, bodies = entry["key"], drawings.bodies_of_round(connection, reading.number, entry["key"])
    table = gap.by_round(frame.cells(bodies, key), frame.gaps(bodies, key), key, [reading.edition["round"]["key"]])
    return {row["question"]: row for row in frame.records(table)}


def _pictures(connection: Connection, reading: Reading, here: Opened) -> Iterator[Said]:
    """The pictures of all places here and all seven questions; the region's municipalities first."""
    matrices = ("municipalities-gap", "municipalities-patient", "municipalities-provider")
    for chart in (*(matrices if reading.place["level"] == bar.TOP else ()), *bar.FUNNELS):
        if found := picture(connection, reading, here, chart):
            yield {"key": chart, "picture": found}


def picture(connection: Connection, reading: Reading, here: Opened, chart: str) -> Said | None:
    """Return a picture of places beside each other; None where this reader may not see all of them."""
    from analysis.charts import table_of

    if not here.may_compare(drawings.compares(chart)):
        return None
    table = table_of(chart, drawings.bodies_for(connection, reading.number, reading.node, chart), reading.node)
    return pictures.picture(reading, chart, table, in_words=True)
