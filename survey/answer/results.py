"""The plain public page of a published round: what residents said, what care said, what happens next.

Every figure on it comes from the newest frozen edition of the round, so it shows nothing that the gate has
not let through. No analysis is loaded for it: the figures stand in the edition as they are to be read. What happens
next is what the region has written, in the languages it was written in, else in Swedish; and what units have chosen to
show, in Swedish.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, gettext

from survey.domain import half_years
from survey.domain.questionnaire import QUESTIONS, ROLES, short_name
from survey.store import editions, rounds, told_back
from survey.store.engine import reading
from survey.store.told_back import Told
from survey.web import house
from survey.web.language import current_language, offered

blueprint = Blueprint("results", __name__)

Cell = Mapping[str, Any]
SURE = 30  # with fewer answers a share is too unsteady to be called the highest


@dataclass(frozen=True)
class Row:
    """One question: both wordings, and the region's cell for each role where there is one."""

    name: str
    wordings: Mapping[str, str]
    cells: Mapping[str, Cell | None]


@blueprint.get("/results/<key>")
@blueprint.get("/results/<key>/<language>")
def results(key: str, language: str | None = None) -> ResponseReturnValue:
    """The region's results of a round; 404 while they are not published."""
    if language is not None and offered(language) is None:
        return redirect(url_for("answer.results.results", key=key))
    with reading(house.engine()) as connection:
        newest = [number for number, round_, _ in editions.heads(connection) if round_ == key]
        edition = editions.get(connection, newest[-1]) if newest else None
        round_ = rounds.get_round(connection, key)
        # A key that is no round's may hold what no query of text can: only a known one is asked for.
        told = told_back.of_round(connection, key) if round_ is not None else []
        other = told_back.translated(connection, key, current_language().tag) if round_ is not None else {}
    if round_ is None:
        abort(404)
    if edition is None:
        return render_template("answer/not_published.html", round=round_), 404
    body = edition.content
    rows = _rows(body)
    named = {"ends": {role: _ends(rows, role) for role in ROLES}, **_next(body, told, other)}
    named["round_name"] = half_years.said(round_.name, gettext)
    return render_template("answer/results.html", round=round_, edition=edition, rows=rows, percent=_percent, **named)


def _next(body: Mapping[str, Any], told: list[Told], other: Mapping[str, str]) -> dict[str, Any]:
    """What happens next: the region's paragraphs, in the reader's language if it has them, and what units improve."""
    region = _region(body)
    text = other.get(region) or next((each.text for each in told if each.place == region), "")
    return {
        "region_next": [line.strip() for line in text.splitlines() if line.strip()],
        "in_swedish": region not in other,
        "unit_next": [each for each in told if each.level == "unit"],
    }


def _region(body: Mapping[str, Any]) -> str:
    return next(str(place["key"]) for place in body["places"] if place["level"] == "region")


def _ends(rows: list[Row], role: str) -> tuple[Row, Row] | None:
    """The questions with the highest and the lowest share of yes, where enough have answered two of them."""
    sure = [(row, row.cells[role]) for row in rows]
    shares = [(cell["share"], row) for row, cell in sure if cell and cell["status"] == "shown" and cell["n"] >= SURE]
    shares.sort(key=lambda each: each[0])
    if len(shares) < 2:
        return None
    least, most = (row.cells[role] for row in (shares[0][1], shares[-1][1]))
    # Said only where the two are apart by their intervals.
    return (shares[-1][1], shares[0][1]) if least and most and least["high"] < most["low"] else None


def _rows(body: Mapping[str, Any]) -> list[Row]:
    region = _region(body)
    cells = {(cell["role"], cell["question"]): cell for cell in body["cells"] if cell["place"] == region}
    return [
        Row(
            name=short_name(question),
            wordings={role: _wording(body["versions"][role], role, question) for role in ROLES},
            cells={role: cells.get((role, question)) for role in ROLES},
        )
        for question in QUESTIONS
    ]


def _percent(whole: int) -> str:
    return str(format_percent(whole / 100))


def _wording(version: str, role: str, question: str) -> str:
    return house.versions()[version].question(role, question).text
