"""The front page: a typed short address, a pasted link or a unit's name leads to the unit's sheet.

What is typed is posted, so that it never stands in an address: people type their one-time code here too.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from survey.domain.codes import normalise
from survey.domain.marking import N_
from survey.domain.places import Place
from survey.store import editions, places, rounds
from survey.store.engine import DatabaseFault, reading
from survey.web import house
from survey.web.language import current_language

blueprint = Blueprint("finding", __name__)

LONGEST = 120


@blueprint.get("/")
def home() -> str:
    """Ask for the unit."""
    return _page()


@blueprint.post("/")
def find() -> ResponseReturnValue:
    """Go to the unit if only one fits, show those that may be meant, or say that none does."""
    request.max_content_length = 4096
    typed = request.form.get("find", "").strip()[:LONGEST]
    if not typed:
        return _page(message=N_("Skriv adressen på lappen, eller namnet på enheten.")), 422
    if normalise(typed) is not None and "/" not in typed:
        return _page(
            message=N_("Det där ser ut som en kod. Skriv enhetens namn här, och koden när du har svarat.")
        ), 422
    short, wanted = _from_address(typed)
    with reading(house.engine()) as connection:
        exact = places.unit_by_key(connection, wanted.lower())
        found = [exact] if exact else places.find_units(connection, wanted, house.today())
    if len(found) == 1:
        return redirect(f"/{short}/{found[0].key}/{current_language().tag}", 303)
    if found:
        return _page(typed, found=found)
    return _page(typed, N_("Ingen enhet passar. Prova en del av namnet, till exempel orten.")), 422


def _from_address(typed: str) -> tuple[str, str]:
    """The journey and the unit that a typed or pasted address names; a plain name is the residents'."""
    parts = [part for part in typed.partition("#")[0].split("/") if part]
    for short in ("s", "p"):
        if short in parts[:-1]:
            return short, parts[parts.index(short) + 1]
    return "s", parts[-1] if parts and parts[-1] not in ("s", "p") else ""


def _page(typed: str = "", message: str = "", found: list[Place] | None = None) -> str:
    named = {"typed": typed, "message": message, "found": found or [], "published": _published()}
    return render_template("answer/find.html", **named)


def _published() -> str | None:
    """The newest published round, for who comes to see what became of the answers."""
    try:
        with reading(house.engine()) as connection:
            heads = {round_ for _number, round_, _day in editions.heads(connection)}
            return next((each.key for each in reversed(rounds.rounds(connection)) if each.key in heads), None)
    except DatabaseFault:
        return None
