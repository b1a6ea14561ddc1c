"""A unit writes what it makes of its own published result, and the one thing it chooses to improve until next time."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.domain.places import Place
from survey.domain.rounds import Round
from survey.store import reflections, rounds, told_back
from survey.store.engine import reading, writing
from survey.unit.mine import ROLES, place_of
from survey.web import audit, house
from survey.web.language_files import SOURCE
from survey.web.signin import requires

blueprint = Blueprint("reflecting", __name__)
LONGEST, SHORT = 4_000, 300


@blueprint.get("/<unit>/reflection/<round_key>")
@requires(*ROLES)
def ask(unit: str, round_key: str) -> str:
    """The words as they are."""
    place, round_ = _asked(unit, round_key)
    with reading(house.engine()) as connection:
        known = [each for each in reflections.of_unit(connection, unit) if each.round == round_key]
        shown = bool(told_back.get(connection, unit, round_key))
    named = {"place": place, "round": round_, "known": known[0] if known else None, "shown": shown}
    return render_template("unit/reflection.html", **named)


@blueprint.post("/<unit>/reflection/<round_key>")
@requires(*ROLES)
def keep(unit: str, round_key: str) -> ResponseReturnValue:
    """Keep them; the improvement is told to residents only while the unit chooses so."""
    _asked(unit, round_key)
    thoughts, improvement = _written("thoughts", LONGEST), _written("improvement", SHORT)
    with writing(house.engine()) as connection:
        reflections.keep(connection, unit, round_key, thoughts=thoughts, improvement=improvement)
        if told_back.put(connection, unit, round_key, improvement if request.form.get("shown") else ""):
            audit.deed("told_residents", place=unit, round=round_key, language=SOURCE)(connection)
    return redirect(url_for("unit.page", unit=unit))


def _asked(unit: str, round_key: str) -> tuple[Place, Round]:
    """The unit and a published round of it; before it is published there is nothing to reflect on."""
    with reading(house.engine()) as connection:
        place, round_ = place_of(connection, unit), rounds.get_round(connection, round_key)
    if round_ is None or round_.state != "published":
        abort(404)
    return place, round_


def _written(name: str, longest: int) -> str:
    return request.form.get(name, "").replace("\0", "").strip()[:longest]
