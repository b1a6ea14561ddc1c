"""The comparison of the places under a place: each one's gaps on the seven questions, and its number of answers.

In alphabetical order: it is no ranking. For those who may read all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.domain.text.collation import collation_key
from survey.followup.place import bar, pictures, words
from survey.followup.place.opened import Opened
from survey.followup.place.words import Said
from survey.followup.selection import Reading
from survey.publication import chart_store


def below(reading: Reading, here: Opened) -> list[dict[str, Any]]:
    """Return the places right under this one that the person may read, by name; the units of a group."""
    own = set(reading.place.get("units", ()))
    found = [
        entry
        for entry in reading.edition["places"]
        if entry["key"] in here.may_read
        and (entry["key"] in own or (entry["parent"] == reading.node and "units" not in entry))
    ]
    return sorted(found, key=lambda entry: collation_key(entry["name"]))


def said(connection: Connection, reading: Reading, here: Opened) -> Said:
    """Return the content of the page of places."""
    places = below(reading, here)
    rows = _rows(connection, places, reading)
    return {
        "questions": [{"key": key, "name": reading.texts.question(key)} for key in QUESTIONS],
        "places": [_place(entry, rows[entry["key"]], reading) for entry in places],
        "pictures": list(_pictures(connection, reading, here)),
    }


def of_question(connection: Connection, reading: Reading, here: Opened, question: str) -> list[Said]:
    """Return each place under this one on one question: both shares, the gap."""
    found, places = [], below(reading, here)
    rows = _rows(connection, places, reading)
    for entry in places:
        row = rows[entry["key"]][question]
        sides = [words.side(row, reading, role) for role in ROLES]
        where = bar.address(reading.number, entry["key"], question)
        found.append({"name": entry["name"], "address": where, "sides": sides, "gap": words.gap(row, reading)})
    return found


def _place(entry: dict[str, Any], rows: Mapping[str, words.Row], reading: Reading) -> Said:
    """Return one place: its gaps, and the rounded number of answers."""
    return {
        "name": entry["name"],
        "address": bar.address(reading.number, entry["key"]),
        "answered": [words.about(reading.answered(entry["key"], role), reading) for role in ROLES],
        "gaps": [words.gap(rows[question], reading) for question in QUESTIONS],
    }


def _rows(
    connection: Connection, places: Sequence[dict[str, Any]], reading: Reading
) -> dict[str, dict[str, words.Row]]:
    """Return each place's row of this round for each question."""
    from analysis.charts import gap
    from analysis.frames import frame

    keys, rounds = [entry["key"] for entry in places], [reading.edition["round"]["key"]]
    bodies = chart_store.bodies_of_round(connection, reading.number, keys)
    cells, gaps = frame.cells(bodies), frame.gaps(bodies, keys)
    tables = {key: gap.by_round(cells, gaps, key, rounds) for key in keys}
    return {key: {row["question"]: row for row in frame.records(table)} for key, table in tables.items()}


def _pictures(connection: Connection, reading: Reading, here: Opened) -> Iterator[Said]:
    """Yield the pictures of all places here and all seven questions; the region's municipalities first."""
    matrices = ("municipalities-gap", "municipalities-patient", "municipalities-provider")
    for charts in (matrices if reading.place["level"] == bar.TOP else (), bar.FUNNELS):
        for chart, found in zip(charts, several(connection, reading, here, charts), strict=True):
            if found:
                yield {"key": chart, "picture": found}


def several(connection: Connection, reading: Reading, here: Opened, charts: Sequence[str]) -> Iterator[Said | None]:
    """Yield pictures that compare the same places; None for one with places that this reader may not see."""
    from analysis.charts import Tables
    from analysis.frames.unit_comparison import mostly_told

    if not charts or not here.may_compare(chart_store.compares(charts[0])):
        yield from [None] * len(charts)
        return
    # The charts set places of one level beside each other, so that one reading of them is enough.
    tables = Tables(chart_store.bodies_for(connection, reading.number, reading.node, charts[0]), reading.node)
    for chart in charts:
        table = tables.table(chart)
        told = chart not in bar.FUNNELS or mostly_told(table)
        yield pictures.picture(reading, chart, table, in_words=True) if told else None


def picture(connection: Connection, reading: Reading, here: Opened, chart: str) -> Said | None:
    """Return a picture that compares places; None where this reader may not see all of them."""
    return next(several(connection, reading, here, [chart]))
