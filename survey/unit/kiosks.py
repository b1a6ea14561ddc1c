"""A unit pairs a device for its waiting room, sees that it is alive, and lets it go. Never what is answered there."""

import secrets
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from survey.domain.codes import grouped
from survey.domain.text_files import printable
from survey.sealing import device_tokens
from survey.store import kiosks
from survey.store.engine import reading, writing
from survey.store.kiosks import Kiosk
from survey.unit.drawing import residents_address
from survey.unit.mine import ROLES, place_of
from survey.unit.standing import Standing
from survey.web import audit, house
from survey.web.signin import requires

blueprint = Blueprint("kiosks", __name__)
MINUTES = timedelta(minutes=10)
LONGEST = 80


def devices(connection: Connection, stands: Standing) -> list[Kiosk] | None:
    """The unit's devices; None while residents may not answer without a code."""
    if stands.round is None or stands.round.needs_code("patient"):
        return None
    return kiosks.of_unit(connection, stands.place.key, _minute())


@blueprint.post("/<unit>/kiosks")
@requires(*ROLES)
def pair(unit: str) -> ResponseReturnValue:
    """A new device: its code, shown once and good for ten minutes."""
    code = device_tokens.pairing_code()
    hashed = device_tokens.hashed(house.settings().secret, code)
    name = printable(request.form.get("name", "")).strip()[:LONGEST]
    with writing(house.engine()) as connection:
        place = place_of(connection, unit)
        until = f"{house.now() + MINUTES:%Y-%m-%d %H:%M}"
        kiosks.add(connection, secrets.token_hex(8), place.key, name or "Kiosk", pairing=hashed, until=until)
        audit.deed("kiosk_paired", unit=place.key)(connection)
    address = f"{residents_address()}/kiosk".partition("://")[2]
    return render_template("unit/pairing.html", place=place, code=grouped(code), address=address)


@blueprint.post("/<unit>/kiosks/<device>/revoke")
@requires(*ROLES)
def revoke(unit: str, device: str) -> ResponseReturnValue:
    """Let a device go: from now on it shows nothing."""
    with reading(house.engine()) as connection:
        place = place_of(connection, unit)
    if "\0" not in device:
        with writing(house.engine()) as connection:
            kiosks.revoke(connection, device, place.key)
            audit.deed("kiosk_let_go", unit=place.key)(connection)
    return redirect(url_for("unit.page", unit=place.key))


def _minute() -> str:
    return f"{house.now():%Y-%m-%d %H:%M}"
