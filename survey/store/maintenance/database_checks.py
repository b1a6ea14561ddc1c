"""Every check of the database that needs nothing but the database, by name, with what to do where one finds a fault.

The deep check takes those that a promise stands on; `flask db doctor` takes all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from survey.store.maintenance import postgres_health, postgres_logging, schema_check, sqlite_health
from survey.store.roles import granted

See = Callable[[Connection], list[str]]


@dataclass(frozen=True)
class DatabaseCheck:
    """A check: its name, what it sees, what to do then, what it says when all is well, and what it always adds."""

    name: str
    see: See
    remedy: str
    well: str = "as promised"
    always: Callable[[Connection], str] | None = None

    def detail(self, connection: Connection, faults: list[str]) -> str:
        """Return its line, without what to do."""
        return ("; ".join(faults) or self.well) + (self.always(connection) if self.always else "")


def _readers(connection: Connection) -> str:
    return f"; read along by {postgres_logging.count_wal_readers(connection)} as it is written"


PROMISES = (
    DatabaseCheck("columns", schema_check.schema_differences, "Run db upgrade; what is not ours, drop."),
    DatabaseCheck("durability", schema_check.not_durable, "Set it on, or an answer that was thanked for may be lost."),
    DatabaseCheck(
        "database log",
        postgres_logging.revealing_settings,
        "Set it in postgresql.conf as docs/operating.md says, and reload; what is loaded wants a restart.",
    ),
    DatabaseCheck("database rights", granted.excess_rights, "Run db roles as the owner; else ask an administrator."),
    DatabaseCheck(
        "write-ahead log",
        postgres_logging.wal_retention,
        "Turn it off, or drop it, unless the archive goes when the round has closed.",
        "nothing is kept beyond the database",
        _readers,
    ),
)
_BOTH = (
    DatabaseCheck("version", schema_check.version_faults, "Run db upgrade.", "the newest"),
    DatabaseCheck("indexes", schema_check.missing_indexes, "Run db upgrade; else put a backup back.", "all there"),
)
_POSTGRES = (
    DatabaseCheck("server", postgres_health.old_version, "Take a newer server.", "new enough"),
    DatabaseCheck("roles", granted.missing_rights, "Run db roles as the owner.", "each part has its own"),
    DatabaseCheck(
        "listening",
        postgres_health.open_listening,
        "Set ssl = on with a certificate, and sslmode=verify-full in `database`.",
        "nobody on the way reads along",
    ),
    DatabaseCheck("held log", postgres_health.held_wal, "Start its reader again, or drop the slot.", "little"),
    DatabaseCheck("transactions", postgres_health.long_transactions, "End the process that holds it.", "none is old"),
    DatabaseCheck("dead rows", postgres_health.bloated_tables, "VACUUM it; is autovacuum on?", "few"),
    DatabaseCheck("freezing", postgres_health.late_freezing, "VACUUM FREEZE; is autovacuum on?", "in time"),
    DatabaseCheck("built indexes", postgres_health.broken_indexes, "REINDEX it.", "all whole"),
    DatabaseCheck(
        "connections",
        postgres_health.near_connection_limit,
        "Raise max_connections, or put PgBouncer in between.",
        "room for more",
    ),
)


def checks(kind: str, min_free_mb: int) -> tuple[DatabaseCheck, ...]:
    """Return every check of a database of this kind."""
    return (*PROMISES, *_BOTH, *(_POSTGRES if kind != "sqlite" else _of_file(min_free_mb)))


def _of_file(min_free_mb: int) -> tuple[DatabaseCheck, ...]:
    room = partial(sqlite_health.short_of_room, min_free_mb=min_free_mb)
    return (
        DatabaseCheck("library", sqlite_health.old_library, "Take a newer Python.", "new enough"),
        DatabaseCheck("pages", sqlite_health.broken_pages, "Stop everything, and put a backup back.", "whole"),
        DatabaseCheck("room", room, "Make room; at worst delete the file `reserve`.", "enough"),
        DatabaseCheck("log file", sqlite_health.long_wal, "Start the services anew.", "short"),
    )
