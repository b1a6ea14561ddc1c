"""A mailing on its way: paused, resumed or stopped. Messages that have left can't be taken back."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from survey.care_unit.access import place_of
from survey.channels import CHANNELS
from survey.domain.places.place_tree import Place
from survey.domain.questions.questionnaire import ROLES as WHOM
from survey.domain.rounds.lifecycle import Round
from survey.store.channels import issued_codes, outbox
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services
from survey.web.signin.views import requires
from survey.web.staff import audit_log

blueprint = Blueprint("mailing_progress", __name__)
WHO = "/<unit>/sending/<channel>/<role>"


@blueprint.post(f"{WHO}/<any(pause, resume):action>")
@requires("make_links")
def pause_or_resume(unit: str, channel: str, role: str, action: str) -> ResponseReturnValue:
    """Pause the sending, or resume it."""
    with write_transaction(services.engine()) as connection:
        place, round_ = _asked(connection, unit, channel, role)
        named = {"unit": place.key, "round": round_.key, "role": role, "channel": channel}
        issued_codes.pause(connection, action == "pause", **named)
        audit_log.event_note("sending_paused" if action == "pause" else "sending_resumed", **named)(connection)
    return redirect(url_for("care_unit.show_unit", unit=place.key))


@blueprint.get(f"{WHO}/stop")
@requires("make_links")
def show_stop_form(unit: str, channel: str, role: str) -> ResponseReturnValue:
    """Show how many messages would not be sent, and ask."""
    with read_transaction(services.engine()) as connection:
        place, round_ = _asked(connection, unit, channel, role)
        waiting = outbox.count_of_unit(connection, place.key, round_.key).get((role, channel), 0)
    if not waiting:
        return redirect(url_for("care_unit.show_unit", unit=place.key))
    return render_template("care_unit/stop.html", place=place, channel=CHANNELS[channel], role=role, waiting=waiting)


@blueprint.post(f"{WHO}/stop")
@requires("make_links")
def stop_mailing(unit: str, channel: str, role: str) -> ResponseReturnValue:
    """Delete the messages that wait."""
    with write_transaction(services.engine()) as connection:
        place, round_ = _asked(connection, unit, channel, role)
        named = {"unit": place.key, "round": round_.key, "role": role, "channel": channel}
        count = outbox.delete_list(connection, **named)
        issued_codes.stop(connection, count, **named)
        audit_log.event_note("sending_stopped", **named, count=count)(connection)
    return redirect(url_for("care_unit.show_unit", unit=place.key))


def _asked(connection: Connection, unit: str, channel: str, role: str) -> tuple[Place, Round]:
    place = place_of(connection, unit)
    round_ = rounds.open_round_for(connection, place.key, services.today())
    sends = channel in CHANNELS and CHANNELS[channel].sends and role in WHOM
    if round_ is None or not sends:
        abort(redirect(url_for("care_unit.show_unit", unit=place.key)))
    return place, round_
