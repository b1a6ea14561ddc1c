"""The front page: a typed short address, a pasted link or a unit's name leads to the unit's sheet.

What is typed is posted, so that it never stands in an address: people type their one-time code here too. Whoever would
rather look than type finds every unit by its municipality.
"""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from survey.answer.known_units import KnownUnits, known_units
from survey.domain.places.directory import SearchResult
from survey.domain.places.place_tree import Place
from survey.domain.rounds.access_codes import normalise
from survey.domain.text.clean_text import one_line
from survey.domain.text.i18n import N_
from survey.store.core import places, rounds
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.published import editions
from survey.web.i18n.language import current_language, offered
from survey.web.pages.kept_pages import cached_page
from survey.web.request import services

blueprint = Blueprint("unit_search", __name__)

MAX_QUERY_LENGTH = 120
EMPTY = N_("Skriv namnet på din mottagning, eller webbadressen på lappen.")
A_CODE = N_("Det där ser ut som en kod. Skriv enhetens namn här, och koden när du har svarat.")
NONE = N_("Ingen enhet passar. Prova en del av namnet, till exempel orten, eller välj kommun här nedanför.")
NEAR = N_("Ingen enhet heter precis så. Menar du någon av de här?")
ALL = N_("Det är många enheter. Välj kommun här nedanför.")


@blueprint.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["known_units"] = KnownUnits()


@blueprint.get("/")
def show_home() -> ResponseReturnValue:
    """Show the front page: what this is, for whom, and a field to find the unit."""
    named = _named()
    return cached_page(tuple(named.values()), lambda: render_template("answer/find.html", **named))


@blueprint.get("/units/<municipality>")
@blueprint.get("/units/<municipality>/<language>")
def list_units(municipality: str, language: str | None = None) -> ResponseReturnValue:
    """List every unit of a municipality."""
    if language is not None and offered(language) is None:
        return redirect(url_for("answer.unit_search.list_units", municipality=municipality))
    found = known_units().by_municipality.get(municipality)
    if found is None:
        abort(404)
    place, units = found[0], tuple(found[1])
    return cached_page((place, units), lambda: render_template("answer/units.html", place=place, units=units))


@blueprint.post("/")
def find_units() -> ResponseReturnValue:
    """Go to the unit if only one fits, show those that may be meant, or say that none does."""
    request.max_content_length = 4096
    typed = one_line(request.form.get("find", ""))[:MAX_QUERY_LENGTH]
    if not typed:
        return _page(message=EMPTY), 422
    if normalise(typed) is not None and "/" not in typed:
        return _page(message=A_CODE), 422
    short, wanted = _from_address(typed)
    found = known_units().search(wanted)
    # A short address may be a municipality's name too: typed alone it leads to none of its units.
    exact = None if found.municipality and "/" not in typed else _by_key(wanted)
    if unit := exact or found.unit:
        return redirect(f"/{short}/{unit.key}/{current_language().tag}", 303)
    if found.units:
        return _page(typed, NEAR if found.is_similar else "", found)
    return _page(typed, ALL if found.is_whole_region else NONE), 200 if found.is_whole_region else 422


def _by_key(wanted: str) -> Place | None:
    with read_transaction(services.engine()) as connection:
        return places.unit_by_key(connection, wanted.lower())


def _from_address(typed: str) -> tuple[str, str]:
    """Return the role's path and the unit that a typed or pasted address names; a plain name is the residents'."""
    parts = [part for part in typed.partition("#")[0].split("/") if part]
    for short in ("s", "p"):
        if short in parts[:-1]:
            return short, parts[parts.index(short) + 1]
    return "s", parts[-1] if parts and parts[-1] not in ("s", "p") else ""


def _page(typed: str = "", message: str = "", found: SearchResult | None = None) -> str:
    return render_template("answer/find.html", typed=typed, message=message, found=found, **_named())


def _named() -> dict[str, Any]:
    return {"municipalities": _municipalities(), "published": _published()}


def _municipalities() -> tuple[Place, ...]:
    try:
        return tuple(place for place, _units in known_units().by_municipality.values())
    except DatabaseFault:
        return ()


def _published() -> str | None:
    """Return the key of the newest published round, for readers who come to see the results; None if there is none."""
    try:
        with read_transaction(services.engine()) as connection:
            heads = {round_ for _number, round_, _day in editions.heads(connection)}
            return next((each.key for each in reversed(rounds.rounds(connection)) if each.key in heads), None)
    except DatabaseFault:
        return None
