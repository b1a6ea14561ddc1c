"""A resident, or a member of care staff, answers: fetch the sheet, post it, be thanked.

`/s/<unit>` is the residents' short address and `/p/<unit>` the staff's; a language may follow. Fetching
a page never reads or spends a code. Only a post that carries answers does, and it is thanked only once
they are safely kept.
"""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from survey.answer import results, unit_results, unit_search
from survey.answer.kiosk import pages as kiosk
from survey.answer.open_rounds import OpenRoundCache, coming_round
from survey.answer.rate_limit import RateLimit
from survey.answer.render import closed_page, coming_page, empty_sheet, thanks
from survey.answer.sheet import AnswerState, Sheet, answer_state
from survey.answer.submit import read_post, receive
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import CANCELLED, Round
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from survey.web.i18n.language import offered
from survey.web.pages.error_pages import ErrorPage
from survey.web.pages.page_cache import PageCache
from survey.web.request import services

blueprint = Blueprint("answer", __name__)
blueprint.register_blueprint(unit_search.blueprint)
blueprint.register_blueprint(results.blueprint)
blueprint.register_blueprint(unit_results.blueprint)
blueprint.register_blueprint(kiosk.blueprint)

RESIDENTS: dict[str, Any] = {"defaults": {"role": "patient"}, "strict_slashes": False}
STAFF: dict[str, Any] = {"defaults": {"role": "provider"}, "strict_slashes": False}


@blueprint.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["answer"] = AnswerState(PageCache(), OpenRoundCache(), RateLimit())


@blueprint.get("/s/<unit>", **RESIDENTS)
@blueprint.get("/s/<unit>/<language>", **RESIDENTS)
@blueprint.get("/p/<unit>", **STAFF)
@blueprint.get("/p/<unit>/<language>", **STAFF)
def show_sheet(role: str, unit: str, language: str | None = None) -> ResponseReturnValue:
    """Show the sheet, empty. A language that is not offered leads to the address without one."""
    if language is not None and offered(language) is None:
        return redirect(url_for("answer.show_sheet", role=role, unit=unit))
    place, round_ = _standing(unit)
    if round_ is None:
        return _closed(place, role)
    return empty_sheet(Sheet(place, round_, role))


@blueprint.post("/s/<unit>", **RESIDENTS)
@blueprint.post("/s/<unit>/<language>", **RESIDENTS)
@blueprint.post("/p/<unit>", **STAFF)
@blueprint.post("/p/<unit>/<language>", **STAFF)
def submit_answers(role: str, unit: str, language: str | None = None) -> ResponseReturnValue:
    """Take the answers; or give the sheet back, in another language or with what needs mending."""
    posted, ours, chosen = read_post()
    place, round_ = _standing(unit)
    if round_ is None:
        raise ErrorPage("not_open" if coming_round(place) else "closed")
    return receive(Sheet(place, round_, role), posted, ours, chosen)


@blueprint.get("/s/<unit>/<language>/thanks", **RESIDENTS)
@blueprint.get("/p/<unit>/<language>/thanks", **STAFF)
def show_thanks(role: str, unit: str, language: str) -> ResponseReturnValue:
    """Show what happens now, when the results come, and where."""
    if offered(language) is None:
        return redirect(url_for("answer.show_sheet", role=role, unit=unit))
    place, round_ = _standing(unit)
    return thanks(place, round_, role)


def _standing(unit: str) -> tuple[Place, Round | None]:
    place, round_ = answer_state().open_rounds.of(unit.lower())
    if place is None:
        raise ErrorPage("unknown_unit")
    return place, round_


def _closed(place: Place, role: str) -> ResponseReturnValue:
    """Show the unit's page between rounds: 410 when the round here is over, 200 when one is to come."""
    if (next_ := coming_round(place)) is not None:
        return coming_page(place, role, next_)
    with read_transaction(services.engine()) as connection:
        published = editions.hashed_heads(connection)
        into = places.unit_by_key(connection, place.merged_into) if place.merged_into else None
        last = rounds.latest_round_of(connection, place.key)
    newest = published[-1] if published else None
    own = newest is not None and place.key in results.shown_units(newest)
    named = {"published": newest and newest.round, "own": own}
    named |= {"cancelled": last is not None and last.state in CANCELLED, "ended": place.ends < services.today()}
    return closed_page(place, role, into, named)
