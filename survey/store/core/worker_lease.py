"""The lease that one worker of several holds: a lock of PostgreSQL's, kept by a connection of its own.

Nothing is written. A row that is renewed would give the database a clock: each renewal takes a transaction's number,
and between two answers' numbers one would read how many seconds lie. The lock is one on a table without rows, which
only a role with rights to it can hold, and it ends with its connection: with the worker, its host or its network, and
with a primary that is lost. SQLite's file is on one host, where the key volumes have a lock of their own.
"""

from sqlalchemy import Connection, Engine

from survey.store.database.engine import FAULTS, DatabaseFault
from survey.store.database.errors import translated
from survey.store.database.table_locks import lock_table_now
from survey.store.tables import worker_lease

_HELD_BY_ANOTHER = "55P03"


class LeaseLost(Exception):
    """A lease that is no longer held: another worker may be at the same work."""


class WorkerLease:
    """The lease, held or not, on one engine."""

    def __init__(self, engine: Engine) -> None:
        """Make one that is not held yet."""
        self._engine = engine
        self._alone = engine.dialect.name != "postgresql"
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Return whether this worker holds the lease, after trying to get it; False while another has it.

        Raises DatabaseFault when the database can't say.
        """
        if self._alone or self._is_held():
            return True
        try:
            self._connection = self._engine.connect()
            lock_table_now(self._connection, worker_lease.name)
        except FAULTS as error:
            self.release()
            fault = translated(error)
            if _HELD_BY_ANOTHER in str(fault):
                return False
            raise fault from None
        return True

    def refuse_lost(self) -> None:
        """Raise LeaseLost unless the lease is held now, by the word of the server that holds it."""
        if not self._alone and not self._is_held():
            raise LeaseLost("the worker's lease is another's")

    def release(self) -> None:
        """Let go of it, for the next one to take."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                # Not back to the pool: a connection that lives on would keep the lock.
                connection.invalidate()
                connection.close()
            except FAULTS:
                return

    def _is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except (*FAULTS, DatabaseFault):
            self.release()
            return False
        return True
