"""/staff/followup/resident-message: the resident message of a round, written by the group or the coordinator."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey.domain.rounds import round_names
from survey.domain.rounds.lifecycle import Round
from survey.domain.text.clean_text import clean_prose
from survey.domain.text.i18n import N_
from survey.publication import edition_reader
from survey.store.core import rounds
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.published import resident_messages
from survey.web.i18n.language import offered, offered_languages
from survey.web.i18n.language_files import SOURCE
from survey.web.request import services
from survey.web.signin.views import requires
from survey.web.staff import audit_log

blueprint = Blueprint("resident_message", __name__, url_prefix="/resident-message")
MAX_LENGTH = 3_000
TOO_LONG = N_("Texten är för lång. Skriv högst 3 000 tecken. Inget är sparat.")


@blueprint.get("/<round_key>")
@requires("write_plan")
def show_form(round_key: str) -> str:
    """Show the text as it stands."""
    round_, region = _published_round(round_key)
    with read_transaction(services.engine()) as connection:
        text = resident_messages.get(connection, region, round_key, _language())
    return _render_form(round_, region, text, text)


@blueprint.post("/<round_key>")
@requires("write_plan")
def save_message(round_key: str) -> ResponseReturnValue:
    """Save the text, unless somebody else has changed it meanwhile."""
    round_, region = _published_round(round_key)
    written, was = (clean_prose(request.form.get(name, "")) for name in ("text", "was"))
    language = _language()
    with read_transaction(services.engine()) as connection:
        now = resident_messages.get(connection, region, round_key, language)
    if len(written) > MAX_LENGTH:
        return _render_form(round_, region, written, was, TOO_LONG), 422
    try:
        with write_transaction(services.engine()) as connection:
            now = resident_messages.get(connection, region, round_key, language)
            if clean_prose(now) != was:
                return _render_form(round_, region, written, now, stored=now), 409
            if resident_messages.save(connection, region, round_key, written, language):
                audit_log.event_note("told_residents", place=region, round=round_key, language=language or SOURCE)(
                    connection
                )
    except DatabaseConflict:
        return _render_form(round_, region, written, now, stored=now), 409
    return redirect(url_for(".show_form", round_key=round_key, language=language, saved=1))


def _language() -> str | None:
    """Return the language that is written in, one that residents are offered; None for Swedish."""
    spoken = offered(request.args.get("language", SOURCE))
    return (spoken.tag if spoken.tag != SOURCE else None) if spoken else abort(404)


def _published_round(round_key: str) -> tuple[Round, str]:
    """Return a published round, and the region in its edition; abort with 404 when there is none."""
    with read_transaction(services.engine()) as connection:
        round_ = rounds.get_round(connection, round_key)
        edition = next(
            (each for each in edition_reader.latest_by_round(connection) if each.head["round"]["key"] == round_key),
            None,
        )
    if round_ is None or edition is None:
        abort(404)
    return round_, next(str(place["key"]) for place in edition.head["places"] if place["level"] == "region")


def _render_form(  # noqa: PLR0917 (a form: of what, written how, what is wrong)
    round_: Round, region: str, text: str, was: str, problem: str = "", stored: str | None = None
) -> str:
    with read_transaction(services.engine()) as connection:
        swedish = resident_messages.get(connection, region, round_.key)
        there = resident_messages.languages(connection, region, round_.key) | ({SOURCE} if swedish else set())
    named: dict[str, Any] = {
        "stored": stored,
        "round": round_,
        "text": text,
        "was": was,
        "problem": problem,
        "longest": MAX_LENGTH,
    }
    named |= {
        "swedish": swedish,
        "there": there,
        "spoken": offered(_language() or SOURCE),
        "offered": offered_languages(),
    }
    named["round_name"] = round_names.localised_round_name(round_.name, gettext)
    return render_template("followup/resident_message.html", **named, saved="saved" in request.args)
