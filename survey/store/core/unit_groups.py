"""Named groups of units: their versions, and the units of each."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.places.unit_groups import UnitGroup
from survey.store.tables import unit_group, unit_group_member

_ALL = sa.select(unit_group).order_by(unit_group.c.since, unit_group.c.key, unit_group.c.version)
_UNITS = sa.select(unit_group_member).order_by(unit_group_member.c.unit)
_ADD = sa.insert(unit_group)
_ADD_UNIT = sa.insert(unit_group_member)
_END = (
    sa.update(unit_group)
    .where(unit_group.c.key == sa.bindparam("wanted"), unit_group.c.ended_on.is_(None))
    .values(ended_on=sa.bindparam("day"))
)


def all_groups(connection: Connection) -> list[UnitGroup]:
    """Return every version of every group, the oldest first."""
    units: dict[tuple[str, int], list[str]] = {}
    for row in connection.execute(_UNITS):
        units.setdefault((row.key, row.version), []).append(row.unit)
    return [
        UnitGroup(row.key, row.version, row.name, tuple(units[row.key, row.version]), row.since, row.ended_on)
        for row in connection.execute(_ALL)
    ]


def add(connection: Connection, group: UnitGroup) -> None:
    """Store a new version; raise DatabaseConflict when somebody has made the same one meanwhile."""
    about = {"key": group.key, "version": group.version}
    connection.execute(_ADD, {**about, "name": group.name, "since": group.since, "ended_on": None})
    connection.execute(_ADD_UNIT, [{**about, "unit": unit} for unit in group.units])


def end(connection: Connection, key: str, day: date) -> bool:
    """End the version in force; return whether there was one."""
    return connection.execute(_END, {"wanted": key, "day": day}).rowcount > 0
