"""Reflections: a unit writes what it makes of its published result, and the one thing it chooses to improve."""

from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.care_unit.access import place_of
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.domain.text.clean_text import clean_prose
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import reflections, resident_messages
from survey.web.i18n.language_files import SOURCE
from survey.web.request import services
from survey.web.signin.views import requires
from survey.web.staff import audit_log, edit_conflicts

blueprint = Blueprint("reflection", __name__)
MAX_LENGTH, MAX_IMPROVEMENT = 4_000, 300


class ReflectionTexts(NamedTuple):
    """A unit's texts about a round, and whether residents are shown its improvement."""

    thoughts: str
    improvement: str
    has_message: bool


@blueprint.get("/<unit>/reflection/<round_key>")
@requires("make_links")
def show_form(unit: str, round_key: str) -> str:
    """Show the texts as they are."""
    place, round_ = _asked(unit, round_key)
    with read_transaction(services.engine()) as connection:
        return _page(place, round_, _stored(connection, unit, round_key))


@blueprint.post("/<unit>/reflection/<round_key>")
@requires("make_links")
def save_reflection(unit: str, round_key: str) -> ResponseReturnValue:
    """Store the texts; the improvement is shown to residents only while the unit chooses so."""
    place, round_ = _asked(unit, round_key)
    thoughts, improvement = _written("thoughts", MAX_LENGTH), _written("improvement", MAX_IMPROVEMENT)
    written = ReflectionTexts(thoughts, improvement, bool(request.form.get("shown")))
    with write_transaction(services.engine()) as connection:
        places.lock_place(connection, unit)
        now = _stored(connection, unit, round_key)
        if written != now and not edit_conflicts.is_unchanged(*now):
            return _page(place, round_, written, now), 409
        reflections.save(connection, unit, round_key, thoughts=thoughts, improvement=improvement)
        if resident_messages.save(connection, unit, round_key, improvement if written.has_message else ""):
            audit_log.event_note("told_residents", place=unit, round=round_key, language=SOURCE)(connection)
    flash(_("Er reflektion är sparad."))
    return redirect(url_for("care_unit.show_unit", unit=unit))


def _stored(connection: Connection, unit: str, round_key: str) -> ReflectionTexts:
    known = next((each for each in reflections.of_unit(connection, unit) if each.round == round_key), None)
    has_message = bool(resident_messages.get(connection, unit, round_key))
    return (
        ReflectionTexts(known.thoughts, known.improvement, has_message)
        if known
        else ReflectionTexts("", "", has_message)
    )


def _page(place: Place, round_: Round, words: ReflectionTexts, now: ReflectionTexts | None = None) -> str:
    """Return the form's page; `now` is what stands, where somebody else has saved meanwhile."""
    filled_from = edit_conflicts.form_fingerprint(*(now or words), conflict=now is not None)
    return render_template(
        "care_unit/reflection.html", place=place, round=round_, words=words, now=now, filled_from=filled_from
    )


def _asked(unit: str, round_key: str) -> tuple[Place, Round]:
    """Return the unit and a published round of it; stop with 404 before it is published."""
    with read_transaction(services.engine()) as connection:
        place, round_ = place_of(connection, unit), rounds.get_round(connection, round_key)
    if round_ is None or round_.state != "published":
        abort(404)
    return place, round_


def _written(name: str, max_length: int) -> str:
    return clean_prose(request.form.get(name, ""))[:max_length]
