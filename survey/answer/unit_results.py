"""A unit's page of a published round: what its residents answered, beside the whole region's.

Of units whose residents' answers the edition shows, and of residents alone: a unit's few colleagues have answered for
the region and for those who lead them, not for the street.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.answer.results import SHARES, Cell, edition_body, newest, region_of, shown_units, wording
from survey.domain.questions.questionnaire import QUESTIONS, short_name
from survey.domain.rounds import round_names
from survey.domain.rounds.lifecycle import Round
from survey.domain.text.collation import collation_key
from survey.store.database.engine import read_transaction
from survey.store.published import resident_messages
from survey.store.published.editions import EditionHead
from survey.web.i18n.language import offered
from survey.web.pages.kept_pages import cached_page
from survey.web.request import services

blueprint = Blueprint("unit_results", __name__)


@dataclass(frozen=True)
class UnitQuestionResult:
    """One question to residents: its wording, the unit's cell and the region's."""

    name: str
    wording: str
    unit: Cell | None
    region: Cell | None


@blueprint.get("/results/<key>/units")
@blueprint.get("/results/<key>/units/<language>")
def units(key: str, language: str | None = None) -> ResponseReturnValue:
    """List the units whose results may be shown, by municipality."""
    if language is not None and offered(language) is None:
        return redirect(url_for("answer.unit_results.units", key=key))
    round_, head = _published(key)
    return cached_page((head, round_), lambda: _list(round_, head))


@blueprint.get("/results/<key>/unit/<unit>")
@blueprint.get("/results/<key>/unit/<unit>/<language>")
def unit_page(key: str, unit: str, language: str | None = None) -> ResponseReturnValue:
    """Show what a unit's residents answered; 404 where that may not be shown."""
    if language is not None and offered(language) is None:
        return redirect(url_for("answer.unit_results.unit_page", key=key, unit=unit))
    round_, head = _published(key)
    if unit not in shown_units(head):
        abort(404)
    with read_transaction(services.engine()) as connection:
        message = resident_messages.get(connection, unit, key)
    return cached_page((head, round_, unit, message), lambda: _page(round_, head, unit, message))


def _published(key: str) -> tuple[Round, EditionHead]:
    with read_transaction(services.engine()) as connection:
        round_, head = newest(connection, key)
    return round_, head or abort(404)


def _list(round_: Round, head: EditionHead) -> str:
    body = edition_body(head)
    shown, places = shown_units(head), {place["key"]: place for place in body["places"]}
    over: dict[str, list[Mapping[str, Any]]] = {}
    for key in sorted(shown, key=lambda each: collation_key(places[each]["name"])):
        above = places.get(places[key].get("parent") or "")
        over.setdefault(above["name"] if above else "", []).append(places[key])
    by_name = sorted(over.items(), key=lambda each: collation_key(each[0]))
    round_name = round_names.localised_round_name(round_.name, gettext)
    return render_template("answer/results_units.html", round=round_, over=by_name, round_name=round_name)


def _page(round_: Round, head: EditionHead, unit: str, message: str) -> str:
    body = edition_body(head)
    name = next(place["name"] for place in body["places"] if place["key"] == unit)
    rows = _rows(body, unit)
    named = {
        "rows": rows,
        "name": name,
        "message": message,
        "round_name": round_names.localised_round_name(round_.name, gettext),
    }
    return render_template("answer/results_unit.html", round=round_, edition=head, **SHARES, **named)


def _rows(body: Mapping[str, Any], unit: str) -> list[UnitQuestionResult]:
    cells = {(cell["place"], cell["question"]): cell for cell in body["cells"] if cell["role"] == "patient"}
    version, region = body["versions"]["patient"], region_of(body)
    return [
        UnitQuestionResult(
            short_name(each), wording(version, "patient", each), cells.get((unit, each)), cells.get((region, each))
        )
        for each in QUESTIONS
    ]
