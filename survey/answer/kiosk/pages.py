"""/kiosk: a device in a waiting room, paired once by a code from the unit's page, that serves one person after another.

It shows a start screen with the languages, the sheet, the thanks, and the start again. The device carries a token in
its address. What it stores are empty pages, and answers that it has sealed and can't open until it has sent them;
nothing tells who used it.
"""

import hashlib

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.answer.kiosk import queue
from survey.answer.kiosk.device import ROLE, this_hour, unit_and_round
from survey.answer.open_rounds import coming_round
from survey.answer.render import empty_sheet, qr_picture, thanks
from survey.answer.sheet import Sheet, address_of
from survey.answer.submit import read_post, receive
from survey.domain.clock import utc_text
from survey.domain.kiosks.times import PAIRING_MINUTES
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.domain.text.i18n import N_
from survey.sealing.intake import kiosk_tokens
from survey.store.channels import kiosks
from survey.store.channels.kiosks import KioskReport
from survey.store.database.engine import write_transaction
from survey.web.i18n.language import current_language, languages_key, offered, offered_languages
from survey.web.i18n.name_pictures import name_picture
from survey.web.i18n.region_texts import texts
from survey.web.pages.error_pages import ErrorPage
from survey.web.pages.kept_pages import compressed_response
from survey.web.pages.page_cache import app_version, kiosk_worker
from survey.web.pages.public_pages import day
from survey.web.request import services
from survey.web.request.addresses import residents_address

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")
blueprint.register_blueprint(queue.blueprint)
MAX_CODE_LENGTH = 60


@blueprint.get("")
def show_pairing_form() -> str:
    """Ask for the pairing code."""
    return _ask_for_code()


@blueprint.post("")
def pair_kiosk() -> ResponseReturnValue:
    """Pair this device, once, and lead it to its start screen."""
    request.max_content_length = 4096
    code = kiosk_tokens.normalise_pairing_code(request.form.get("code", "")[:MAX_CODE_LENGTH])
    secret, token = services.kiosk_key(), kiosk_tokens.make_token()
    hashes = kiosk_tokens.hash_token(secret, code), kiosk_tokens.hash_token(secret, token)
    with write_transaction(services.engine()) as connection:
        unit = kiosks.pair(connection, *hashes, utc_text(services.now()))
        if unit is not None:
            kiosks.note_contact(connection, hashes[1], this_hour(), KioskReport())
    if unit is None:
        problem = N_("Koden stämmer inte, är redan använd eller har gått ut. Gör en ny på enhetens sida.")
        return _ask_for_code(problem), 422
    return redirect(f"/kiosk/{unit}/{token}/paired", 303)


@blueprint.get("/worker.js")
def service_worker() -> Response:
    """Give the script that shows a paired device its pages while there is no line; it sees no address but ours here."""
    reply = compressed_response(kiosk_worker())
    reply.content_type = "text/javascript; charset=utf-8"
    reply.headers["Service-Worker-Allowed"] = "/kiosk"
    return reply


@blueprint.get("/<unit>/<token>/paired")
def show_paired(unit: str, token: str) -> ResponseReturnValue:
    """Tell who has paired this device what it can do without a line, and what its browser promises."""
    place, _round = unit_and_round(unit, token)
    return render_template("answer/paired.html", place=place, address=address_of(place, ROLE, token))


@blueprint.get("/<unit>/<token>")
def show_start(unit: str, token: str) -> ResponseReturnValue:
    """Show the start screen: the unit, what is promised, and the languages by their own names."""
    place, round_ = unit_and_round(unit, token)
    if round_ is None or services.today() > round_.closes:
        return _resting(place, request.path)
    picture = qr_picture(f"{residents_address()}/s/{place.key}")
    named = {"round": round_, "edition": _edition(round_), "today": services.today()}
    return render_template("answer/kiosk.html", place=place, address=request.path, picture=picture, **named)


@blueprint.get("/<unit>/<token>/resting")
def show_resting(unit: str, token: str) -> str:
    """Show what stands there when the round's last day has passed: a device keeps this for when it has no line."""
    place, _round = unit_and_round(unit, token)
    return _resting(place, address_of(place, ROLE, token))


@blueprint.get("/<unit>/<token>/<language>")
def show_sheet(unit: str, token: str, language: str) -> ResponseReturnValue:
    """Show the sheet, empty."""
    if offered(language) is None:
        return redirect(url_for("answer.kiosk.show_start", unit=unit, token=token))
    return empty_sheet(_sheet(unit, token))


@blueprint.post("/<unit>/<token>/<language>")
def submit_answers(unit: str, token: str, language: str) -> ResponseReturnValue:
    """Take the answers."""
    posted, ours, chosen = read_post()
    return receive(_sheet(unit, token), posted, ours, chosen)


@blueprint.get("/<unit>/<token>/<language>/thanks")
def show_thanks(unit: str, token: str, language: str) -> ResponseReturnValue:
    """Show the thanks, and after a while the start screen for the next person."""
    if offered(language) is None:
        return redirect(url_for("answer.kiosk.show_start", unit=unit, token=token))
    place, round_ = unit_and_round(unit, token)
    return thanks(place, round_, ROLE, token)


def _ask_for_code(problem: str = "") -> str:
    reader = current_language().locale
    named = [
        (spoken, spoken.locale.get_display_name(reader), picture)
        for spoken in offered_languages()
        if (picture := name_picture(spoken))
    ]
    return render_template("answer/pair.html", problem=problem, minutes=PAIRING_MINUTES, letters=named)


def _resting(place: Place, start: str) -> str:
    next_ = coming_round(place)
    opens = day(next_.opens) if next_ and not next_.needs_code(ROLE) else ""
    return render_template("answer/kiosk_closed.html", place=place, again=start, opens=opens)


def _edition(round_: Round) -> str:
    """Return a mark of all that the pages are drawn from: a device fetches them again when it is another."""
    drawn_from = app_version(), languages_key(), texts(), round_
    return hashlib.sha256(repr(drawn_from).encode()).hexdigest()[:16]


def _sheet(unit: str, token: str) -> Sheet:
    place, round_ = unit_and_round(unit, token)
    if round_ is None:
        raise ErrorPage("closed")
    return Sheet(place, round_, ROLE, token)
