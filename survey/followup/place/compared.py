"""The comparison of the places under a place: each one's gaps on the seven questions, and its number of answers.

In alphabetical order: it is no ranking. For those who may read all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.domain.text.collation import collation_key
from survey.followup.place import bar, figure_text, pictures
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import PlaceAccess
from survey.followup.selection import PlaceReport
from survey.publication import chart_store


def readable_below(report: PlaceReport, access: PlaceAccess) -> list[dict[str, Any]]:
    """Return the places right under this one that the person may read, by name; the units of a group."""
    own = set(report.place.get("units", ()))
    found = [
        entry
        for entry in report.edition["places"]
        if entry["key"] in access.may_read
        and (entry["key"] in own or (entry["parent"] == report.node and "units" not in entry))
    ]
    return sorted(found, key=lambda entry: collation_key(entry["name"]))


def places_context(connection: Connection, report: PlaceReport, access: PlaceAccess) -> Context:
    """Return the content of the page of places."""
    places = readable_below(report, access)
    rows = _rows(connection, places, report)
    return {
        "questions": [{"key": key, "name": report.texts.question(key)} for key in QUESTIONS],
        "places": [_place_row(entry, rows[entry["key"]], report) for entry in places],
        "pictures": list(_pictures(connection, report, access)),
    }


def question_context(connection: Connection, report: PlaceReport, access: PlaceAccess, question: str) -> list[Context]:
    """Return each place under this one on one question: both shares, the gap."""
    found, places = [], readable_below(report, access)
    rows = _rows(connection, places, report)
    for entry in places:
        row = rows[entry["key"]][question]
        sides = [figure_text.side_text(row, report, role) for role in ROLES]
        where = bar.page_address(report.number, entry["key"], question)
        found.append(
            {"name": entry["name"], "address": where, "sides": sides, "gap": figure_text.gap_text(row, report)}
        )
    return found


def _place_row(entry: dict[str, Any], rows: Mapping[str, figure_text.Row], report: PlaceReport) -> Context:
    """Return one place: its gaps, and the rounded number of answers."""
    return {
        "name": entry["name"],
        "address": bar.page_address(report.number, entry["key"]),
        "answered": [figure_text.count_text(report.rounded_answers(entry["key"], role), report) for role in ROLES],
        "gaps": [figure_text.gap_text(rows[question], report) for question in QUESTIONS],
    }


def _rows(
    connection: Connection, places: Sequence[dict[str, Any]], report: PlaceReport
) -> dict[str, dict[str, figure_text.Row]]:
    """Return each place's row of this round for each question."""
    from analysis.charts import gap
    from analysis.frames import frame

    keys, rounds = [entry["key"] for entry in places], [report.edition["round"]["key"]]
    bodies = chart_store.bodies_of_round(connection, report.number, keys)
    cells, gaps = frame.cells(bodies), frame.gaps(bodies, keys)
    tables = {key: gap.by_round(cells, gaps, key, rounds) for key in keys}
    return {key: {row["question"]: row for row in frame.records(table)} for key, table in tables.items()}


def _pictures(connection: Connection, report: PlaceReport, access: PlaceAccess) -> Iterator[Context]:
    """Yield the pictures of all places here and all seven questions; the sheets of them first."""
    for charts in _charts_of(report):
        for chart, found in zip(charts, comparing_pictures(connection, report, access, charts), strict=True):
            if found:
                yield {"key": chart, "picture": found}


def _charts_of(report: PlaceReport) -> Sequence[Sequence[str]]:
    """Return the names of the pictures of all places here, those of one level together."""
    sides = ("gap", "patient", "provider")
    if report.is_national:
        return [f"regions-{side}" for side in sides], bar.REGION_FUNNELS
    matrices = [f"municipalities-{side}" for side in sides]
    return matrices if report.place["level"] == bar.TOP else (), bar.FUNNELS


def comparing_pictures(
    connection: Connection, report: PlaceReport, access: PlaceAccess, charts: Sequence[str]
) -> Iterator[Context | None]:
    """Yield pictures that compare the same places; None for one with places that this reader may not see."""
    from analysis.charts import Tables
    from analysis.frames.unit_comparison import mostly_shown

    if not charts or not access.may_compare(chart_store.compared_level(charts[0])):
        yield from [None] * len(charts)
        return
    # The charts set places of one level beside each other, so that one reading of them is enough.
    tables = Tables(chart_store.bodies_for(connection, report.number, report.node, charts[0]), report.node)
    for chart in charts:
        table = tables.table(chart)
        shown = chart not in (*bar.FUNNELS, *bar.REGION_FUNNELS) or mostly_shown(table)
        yield pictures.picture_context(report, chart, table, in_words=True) if shown else None


def comparing_picture(connection: Connection, report: PlaceReport, access: PlaceAccess, chart: str) -> Context | None:
    """Return a picture that compares places; None where this reader may not see all of them."""
    return next(comparing_pictures(connection, report, access, [chart]))
