"""Versions of the action plan, targets and external measures: every version kept, the newest read.

For the follow-up pages. Staff's words, not answers.
"""

from dataclasses import fields
from functools import cached_property
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.records.action_plan import Activity, Decision, Event
from survey.domain.records.external_measures import Measurement, Target
from survey.domain.records.population import Population
from survey.domain.records.record_types import Record, StoredVersion
from survey.store.database.table_locks import take_turn
from survey.store.tables import activity, decision, event, measurement, population, target

T = TypeVar("T", bound=Record)


class Versions(Generic[T]):
    """The records of one kind, in a table of their versions."""

    def __init__(self, kind: type[T], table: sa.Table) -> None:
        self.kind, self._table = kind, table
        self._names = [each.name for each in fields(kind)]
        own = sa.select(table)
        newer = table.alias("newer")
        none_newer = ~sa.exists().where(newer.c.key == table.c.key, newer.c.version > table.c.version)
        self._newest = own.where(none_newer).order_by(table.c.key)
        self._history = own.where(table.c.key == sa.bindparam("wanted")).order_by(table.c.version)
        self._add = sa.insert(table)

    @cached_property
    def name(self) -> str:
        """The kind's name in addresses and in the audit log."""
        return str(self._table.name)

    def newest(self, connection: Connection) -> list[StoredVersion[T]]:
        """Return the newest version of every record of this kind, ended ones too."""
        return [self._read(row) for row in connection.execute(self._newest)]

    def newest_for_update(self, connection: Connection) -> list[StoredVersion[T]]:
        """Return the same, locked until the transaction ends: two who write at once take turns."""
        take_turn(connection, self._table.name)
        return self.newest(connection)

    def history(self, connection: Connection, key: str) -> list[StoredVersion[T]]:
        """Return every version of one record, the oldest first."""
        return [self._read(row) for row in connection.execute(self._history, {"wanted": key})]

    def add(self, connection: Connection, stored: StoredVersion[T]) -> None:
        """Store a version, after `newest_for_update` has said that it is the next."""
        values = {name: getattr(stored.record, name) for name in self._names}
        connection.execute(
            self._add, {"key": stored.key, "version": stored.version, "saved_on": stored.saved_on, **values}
        )

    def _read(self, row: "sa.Row[Any]") -> StoredVersion[T]:
        thing = self.kind(**{name: getattr(row, name) for name in self._names})
        return StoredVersion(row.key, row.version, row.saved_on, thing)


ACTIVITIES = Versions(Activity, activity)
DECISIONS = Versions(Decision, decision)
EVENTS = Versions(Event, event)
TARGETS = Versions(Target, target)
MEASUREMENTS = Versions(Measurement, measurement)
POPULATION = Versions(Population, population)
