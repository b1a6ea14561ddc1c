"""Kiosks: the devices that a unit has paired. A device is named, never a person; its last contact is kept to the hour.

On PostgreSQL the resident part may only call the two functions that pair a device and note that it is alive.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import kiosk


class KioskReport(NamedTuple):
    """A device's report at a contact. Answers that wait there, or came too late: 0, 1 for fewer than ten, else tens.

    `persisted`: whether its browser has promised to keep what waits; None where it keeps nothing.
    """

    waiting: int = 0
    late: int = 0
    persisted: bool | None = None
    version: str = ""


class Kiosk(NamedTuple):
    """A device: the unit's name for it, whether it is paired, and the hour of its last contact ("2026-11-28 14").

    `report`: what it said of itself then.
    """

    id: str
    unit: str
    name: str
    paired: bool
    last_contact_hour: str
    report: KioskReport = KioskReport()


_ADD = sa.insert(kiosk)
_OF_UNIT = (
    sa.select(
        kiosk.c.id,
        kiosk.c.unit,
        kiosk.c.name,
        kiosk.c.token_hash.is_not(None).label("paired"),
        kiosk.c.last_contact_hour,
        *(kiosk.c[name] for name in KioskReport._fields),
    )
    .where(
        kiosk.c.unit == sa.bindparam("at_unit"),
        sa.or_(kiosk.c.token_hash.is_not(None), kiosk.c.pairing_expires >= sa.bindparam("now")),
    )
    .order_by(kiosk.c.name, kiosk.c.id)
)
_UNIT = sa.select(kiosk.c.unit).where(kiosk.c.token_hash == sa.bindparam("token"))
_REVOKE = sa.delete(kiosk).where(kiosk.c.id == sa.bindparam("wanted"), kiosk.c.unit == sa.bindparam("at_unit"))
_FORGET = sa.delete(kiosk).where(kiosk.c.token_hash.is_(None), kiosk.c.pairing_expires < sa.bindparam("now"))
_PAIR = (
    sa.update(kiosk)
    .where(kiosk.c.pairing_hash == sa.bindparam("pairing"), kiosk.c.pairing_expires >= sa.bindparam("now"))
    .values(token_hash=sa.bindparam("token"), pairing_hash=sa.null())
    .returning(kiosk.c.unit)
)
_ALIVE = (
    sa.update(kiosk)
    .where(kiosk.c.token_hash == sa.bindparam("token"))
    .values(
        last_contact_hour=sa.bindparam("hour"),
        waiting=sa.bindparam("now_waiting"),
        late=sa.case((kiosk.c.late > sa.bindparam("now_late"), kiosk.c.late), else_=sa.bindparam("now_late")),
        persisted=sa.bindparam("now_persisted"),
        version=sa.bindparam("now_version"),
    )
)
_FORGET_LATE = sa.update(kiosk).values(late=0)
_CALL_PAIR = sa.text("SELECT pair_kiosk(:pairing, :token, :now)")
_CALL_ALIVE = sa.text("SELECT kiosk_alive(:token, :hour, :now_waiting, :now_late, :now_persisted, :now_version)")


def add(connection: Connection, wanted: str, unit: str, name: str, *, pairing: bytes, until: str) -> None:
    """Store a device that waits to be paired."""
    row = {"id": wanted, "unit": unit, "name": name, "pairing_hash": pairing}
    connection.execute(_ADD, {**row, "pairing_expires": until, "last_contact_hour": ""})


def delete_expired(connection: Connection, now: str) -> int:
    """Delete the devices whose code was never used and has expired; return their number."""
    return connection.execute(_FORGET, {"now": now}).rowcount


def of_unit(connection: Connection, unit: str, now: str) -> list[Kiosk]:
    """Return the unit's devices, and those that may still be paired."""
    found = connection.execute(_OF_UNIT, {"at_unit": unit, "now": now})
    return [Kiosk(row.id, row.unit, row.name, row.paired, row.last_contact_hour, _report(row)) for row in found]


def _report(row: sa.Row[Any]) -> KioskReport:
    return KioskReport(row.waiting, row.late, row.persisted, row.version)


def unit_of(connection: Connection, token: bytes) -> str | None:
    """Return the unit of the device with this token; None when there is none, or no longer."""
    found = connection.scalar(_UNIT, {"token": token})
    return str(found) if found is not None else None


def pair(connection: Connection, pairing: bytes, token: bytes, now: str) -> str | None:
    """Pair a device, once, and return its unit; None when the code is unknown, used or expired."""
    call = _CALL_PAIR if connection.dialect.name == "postgresql" else _PAIR
    found = connection.scalar(call, {"pairing": pairing, "token": token, "now": now})
    return str(found) if found is not None else None


def note_contact(connection: Connection, token: bytes, hour: str, report: KioskReport) -> None:
    """Note that the device made contact in this hour, and what it reported."""
    call = _CALL_ALIVE if connection.dialect.name == "postgresql" else _ALIVE
    named = {f"now_{name}": value for name, value in report._asdict().items()}
    connection.execute(call, {"token": token, "hour": hour, **named})


def forget_late(connection: Connection) -> None:
    """Forget what came too late to the round before."""
    connection.execute(_FORGET_LATE)


def revoke(connection: Connection, wanted: str, unit: str) -> int:
    """Delete a unit's device; return the number deleted, 0 or 1."""
    return connection.execute(_REVOKE, {"wanted": wanted, "at_unit": unit}).rowcount
