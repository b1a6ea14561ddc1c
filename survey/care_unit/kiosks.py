"""The kiosks of a unit: paired, seen to be alive, and revoked. Never what is answered there."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.care_unit.access import place_of
from survey.care_unit.overview import UnitOverview
from survey.domain.clock import utc_text
from survey.domain.kiosks.alarms import KioskAlarm, kiosk_alarm
from survey.domain.kiosks.times import PAIRING_MINUTES
from survey.domain.rounds.access_codes import grouped
from survey.domain.rounds.lifecycle import Round
from survey.domain.text.clean_text import one_line
from survey.sealing.intake import kiosk_tokens
from survey.store.channels import kiosks
from survey.store.channels.kiosks import Kiosk
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.pages.page_cache import app_version
from survey.web.request import services
from survey.web.request.addresses import residents_address, shown_host
from survey.web.signin.views import requires
from survey.web.staff import audit_log

blueprint = Blueprint("kiosks", __name__)
MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class Device:
    """A kiosk as the unit's page shows it; `alarm`: why somebody should look after it."""

    kiosk: Kiosk
    alarm: KioskAlarm | None
    is_current: bool

    @property
    def last_contact(self) -> datetime | None:
        """Return the hour in which it was last heard of."""
        hour = self.kiosk.last_contact_hour
        return datetime.fromisoformat(hour) if hour else None


def devices(connection: Connection, unit: str, round_: Round | None) -> list[Device]:
    """Return the unit's devices, between rounds too: a lost one must be revoked whenever that is."""
    return [_device(each, round_) for each in kiosks.of_unit(connection, unit, _minute())]


def _device(kiosk: Kiosk, round_: Round | None) -> Device:
    report = kiosk.report
    keeps = report.persisted is not None
    alarm = kiosk_alarm(kiosk.last_contact_hour, report.waiting, keeps, round_, services.today())
    return Device(kiosk, alarm, report.version in ("", app_version()))


def may_pair(place: UnitOverview) -> bool:
    """Return whether a device has anything to show: residents may answer without a code now."""
    return place.round is not None and not place.round.needs_code("patient")


@blueprint.post("/<unit>/kiosks")
@requires("make_links")
def pair_kiosk(unit: str) -> ResponseReturnValue:
    """Add a device, that waits ten minutes to be paired; forget those that waited longer."""
    device = secrets.token_hex(16)
    hashed = kiosk_tokens.hash_token(services.kiosk_key(), _code(device))
    name = one_line(request.form.get("name", ""))[:MAX_NAME_LENGTH]
    with write_transaction(services.engine()) as connection:
        place = place_of(connection, unit)
        kiosks.delete_expired(connection, _minute())
        name = name or _free_name(kiosks.of_unit(connection, place.key, _minute()))
        until = utc_text(services.now(), timedelta(minutes=PAIRING_MINUTES))
        kiosks.add(connection, device, place.key, name, pairing=hashed, until=until)
        audit_log.event_note("kiosk_paired", unit=place.key)(connection)
    return redirect(url_for("care_unit.kiosks.show_pairing_code", unit=place.key, device=device))


@blueprint.get("/<unit>/kiosks/<device>")
@requires("make_links")
def show_pairing_code(unit: str, device: str) -> ResponseReturnValue:
    """Show the code of a device that waits; once it is paired, or has expired, lead back to the unit's page."""
    with read_transaction(services.engine()) as connection:
        place = place_of(connection, unit)
        known = kiosks.of_unit(connection, place.key, _minute())
        waiting = [each for each in known if each.id == device and not each.paired]
    if not waiting:
        return redirect(url_for("care_unit.show_unit", unit=place.key))
    address = shown_host(f"{residents_address()}/kiosk")
    named = {"name": waiting[0].name, "code": grouped(_code(device)), "address": address, "minutes": PAIRING_MINUTES}
    return render_template("care_unit/pairing.html", place=place, **named)


@blueprint.post("/<unit>/kiosks/<device>/revoke")
@requires("make_links")
def revoke_kiosk(unit: str, device: str) -> ResponseReturnValue:
    """Revoke a device: from now on it shows nothing."""
    with read_transaction(services.engine()) as connection:
        place = place_of(connection, unit)
    if "\0" not in device:
        with write_transaction(services.engine()) as connection:
            kiosks.revoke(connection, device, place.key)
            audit_log.event_note("kiosk_let_go", unit=place.key)(connection)
        flash(_("Surfplattan är bortkopplad. Svar som väntar i den skickas om den kopplas igen."))
    return redirect(url_for("care_unit.show_unit", unit=place.key))


def _code(device: str) -> str:
    return kiosk_tokens.pairing_code(services.kiosk_key(), device)


def _free_name(known: list[Kiosk]) -> str:
    taken = {each.name for each in known}
    return next(name for n in count(1) if (name := str(_("Surfplatta %(n)s", n=n))) not in taken)


def _minute() -> str:
    return utc_text(services.now())
