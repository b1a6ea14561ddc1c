"""The plain public page of a published round: what residents said, what care said, what happens next.

Every figure on it comes from the newest frozen edition of the round, and stands there as it is to be read, so that no
analysis is loaded for it. What happens next is what the region has written, in the languages it was written in, else in
Swedish; and what units have chosen to show, in Swedish.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, format_percent, gettext
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, ROLES, short_name
from survey.domain.rounds import round_names
from survey.domain.rounds.lifecycle import CANCELLED, Round
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from survey.store.published import editions, resident_messages
from survey.store.published.editions import EditionHead
from survey.store.published.resident_messages import ResidentMessage
from survey.web.i18n.language import current_language, offered
from survey.web.pages.kept_pages import cached_page
from survey.web.request import services

blueprint = Blueprint("results", __name__)

Cell = Mapping[str, Any]


@dataclass(frozen=True)
class QuestionResult:
    """One question: both wordings, and the region's cell for each role where there is one."""

    name: str
    wordings: Mapping[str, str]
    cells: Mapping[str, Cell | None]


@blueprint.get("/results/<key>")
@blueprint.get("/results/<key>/<language>")
def results(key: str, language: str | None = None) -> ResponseReturnValue:
    """Show the region's results of a round; 404 while they are not published."""
    if language is not None and offered(language) is None:
        return redirect(url_for("answer.results.results", key=key))
    with read_transaction(services.engine()) as connection:
        round_, head = newest(connection, key)
        messages = resident_messages.of_round(connection, key)
        other = resident_messages.translated(connection, key, current_language().tag)
    if head is None:
        open_ = round_.state in ("draft", "opening", "open") and not round_.is_over(services.today())
        return render_template(
            "answer/not_published.html", round=round_, open=open_, off=round_.state in CANCELLED
        ), 404
    key_ = (head, round_, tuple(messages), tuple(sorted(other.items())))
    return cached_page(key_, lambda: _drawn(round_, head, messages, other))


def newest(connection: Connection, key: str) -> tuple[Round, EditionHead | None]:
    """Return the round, and its newest edition if it has one; stop with 404 where there is no such round."""
    round_ = rounds.get_round(connection, key)
    if round_ is None:
        abort(404)
    return round_, next((each for each in reversed(editions.hashed_heads(connection)) if each.round == key), None)


def edition_body(head: EditionHead) -> Mapping[str, Any]:
    """Return an edition's body: some megabytes where there are many units, so only for a page that is drawn anew."""
    with read_transaction(services.engine()) as connection:
        edition = editions.get(connection, head.number)
    if edition is None:
        raise LookupError(f"there is no edition {head.number}")
    return edition.content


def _drawn(round_: Round, head: EditionHead, messages: list[ResidentMessage], other: Mapping[str, str]) -> str:
    body = edition_body(head)
    rows = _rows(body)
    named = {"ends": {role: _ends(rows, role) for role in ROLES}, **_next(body, messages, other)}
    named |= {"round_name": round_names.localised_round_name(round_.name, gettext), "units": bool(shown_units(head))}
    return render_template("answer/results.html", round=round_, edition=head, rows=rows, **SHARES, **named)


@lru_cache(maxsize=8)
def shown_units(head: EditionHead) -> frozenset[str]:
    """Return the units whose residents' answers to some question an edition shows. It never changes: read once."""
    body = edition_body(head)
    cells = (cell for cell in body["cells"] if cell["role"] == "patient" and cell["status"] != "hidden")
    units = (place["key"] for place in body["places"] if place["level"] == "unit")
    return frozenset(units).intersection(cell["place"] for cell in cells)


def _next(body: Mapping[str, Any], messages: list[ResidentMessage], other: Mapping[str, str]) -> dict[str, Any]:
    """Return the region's message in the reader's language, if it has one, and what units improve."""
    region = region_of(body)
    text = other.get(region) or next((each.text for each in messages if each.place == region), "")
    return {
        "region_next": [line.strip() for line in text.splitlines() if line.strip()],
        "in_swedish": region not in other,
        "unit_next": [each for each in messages if each.level == "unit"],
    }


def region_of(body: Mapping[str, Any]) -> str:
    """Return the key of the region in an edition."""
    return next(str(place["key"]) for place in body["places"] if place["level"] == "region")


def _ends(rows: list[QuestionResult], role: str) -> tuple[QuestionResult, QuestionResult] | None:
    """Return the questions with the highest and lowest share of yes; None if under two are sure, or they overlap."""
    sure = [(row, row.cells[role]) for row in rows]
    shares = [(cell["share"], row) for row, cell in sure if cell and cell["status"] == "shown"]
    shares.sort(key=lambda each: each[0])
    if len(shares) < 2:
        return None
    least, most = (row.cells[role] for row in (shares[0][1], shares[-1][1]))
    # Named only where the intervals of the two do not overlap.
    return (shares[-1][1], shares[0][1]) if least and most and least["high"] < most["low"] else None


def _rows(body: Mapping[str, Any]) -> list[QuestionResult]:
    region = region_of(body)
    cells = {(cell["role"], cell["question"]): cell for cell in body["cells"] if cell["place"] == region}
    return [
        QuestionResult(
            name=short_name(question),
            wordings={role: wording(body["versions"][role], role, question) for role in ROLES},
            cells={role: cells.get((role, question)) for role in ROLES},
        )
        for question in QUESTIONS
    ]


def percent(share: float) -> str:
    """Return a share in whole percent, as the reader's language writes it."""
    return str(format_percent(round(share) / 100))


def low_end(share: float) -> str:
    """Return the lower end of a range of shares: bare, as its upper end has the sign, where that comes after it."""
    sign_first = current_language().locale.percent_formats[None].pattern.startswith("%")
    return percent(share) if sign_first else str(format_decimal(round(share)))


def wording(version: str, role: str, question: str) -> str:
    """Return the question as it was asked."""
    return services.versions()[version].question(role, question).text


SHARES = {"percent": percent, "low_end": low_end}
