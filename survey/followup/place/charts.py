"""All diagrams of a place on one page: each of them has all seven questions, and its figures in a table or in words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.followup.place import compared, data_notes, pictures, question, words
from survey.followup.place.bar import FUNNELS
from survey.followup.place.opened import Opened
from survey.followup.place.words import Row, Said
from survey.followup.selection import Reading

WITH_TABLE = ("gap", "change", "trend", "samsyn")


def said(connection: Connection, reading: Reading, here: Opened) -> Said:
    """Return what the page says of the place; a unit stands among the others, for those who may read all of them."""
    from analysis.charts import ON_PAGE, WITH_UNITS, InTable

    every, of_place = words.by_round(reading), [each for each in ON_PAGE if each not in (*WITH_TABLE, *WITH_UNITS)]
    rows = words.over_rounds(every)
    tables = {chart: reading.table(chart) for chart in (*WITH_TABLE, *of_place) if chart != "gap"}
    tables["gap"] = every.tail(len(QUESTIONS)).reset_index(drop=True)  # the edition's own round stands last
    own = {
        name: chart.in_table(tables[name], reading.texts)
        for name, chart in ON_PAGE.items()
        if name in of_place and isinstance(chart, InTable)
    }
    drawn = {
        chart: pictures.picture(reading, chart, tables[chart], in_words=chart not in (*WITH_TABLE, *own))
        for chart in (*WITH_TABLE, *of_place)
    }
    if reading.place["level"] == "unit":
        drawn |= zip(FUNNELS, compared.several(connection, reading, here, FUNNELS), strict=True)
    return {
        "pictures": drawn,
        "own_tables": own,
        "headings": {name: chart.section()[0] for name, chart in ON_PAGE.items()},
        "leads": {name: chart.section()[1] for name, chart in ON_PAGE.items()},
        "charts": [chart for chart in drawn if drawn[chart]],
        "empty": [chart for chart in drawn if not drawn[chart] and chart not in FUNNELS],
        "round_names": [words.round_name(reading, body["round"]["key"]) for body in reading.bodies],
        "now": [_now(key, rows[key], reading) for key in QUESTIONS],
        "since_last": data_notes.since_last(tables["change"], reading),
        "matrix": [_over_rounds(key, rows[key], reading) for key in QUESTIONS],
        "changed_words": data_notes.changed_words(reading, rows),
        "unchanged": _unchanged(reading),
    }


def _now(key: str, rows: Sequence[Row], reading: Reading) -> Said:
    """Return a question's newest round."""
    return {"name": reading.texts.question(key), "round": question.round_(rows[-1], None, reading)}


def _over_rounds(key: str, rows: Sequence[Row], reading: Reading) -> Said:
    """Return a question in every round: both shares and the gap, and where its wording changed."""
    anew = [words.reworded(row, before) for row, before in words.with_before(rows)]
    joined = [bool(reading.joined.get(row["round"])) for row in rows]
    return {
        "name": reading.texts.question(key),
        "sides": [
            [
                words.side(row, reading, role) | {"reworded": role in roles, "joined": grew}
                for row, roles, grew in zip(rows, anew, joined, strict=True)
            ]
            for role in ROLES
        ],
        "gaps": [
            words.gap(row, reading) | {"reworded": bool(roles), "joined": grew}
            for row, roles, grew in zip(rows, anew, joined, strict=True)
        ],
    }


def _unchanged(reading: Reading) -> str:
    """Return the sentence for rounds in which no word has changed."""
    if len(reading.bodies) < 2:
        return str(_("Det här är den första mätomgången."))
    if reading.bodies[-2].get("translations"):
        return str(_("Frågorna och deras översättningar är desamma som förra gången."))
    return str(_("Frågorna är desamma som förra gången."))
