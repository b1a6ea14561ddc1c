"""Checks of a PostgreSQL database for slowness and shortage, before they show.

For `flask db doctor`; changes nothing.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

OLDEST_VERSION = 15
# Kept for a standby that has fallen behind.
MAX_WAL_KEPT = 1 << 30
MAX_MINUTES = 15
MAX_ROWS_BEHIND = 1_000_000
# A table may hold so many dead rows for each that lives, once there are enough of them to matter.
MAX_DEAD_SHARE, MIN_DEAD = 0.4, 10_000
MAX_CONNECTIONS_SHARE = 0.8

_VERSION = sa.text("SELECT current_setting('server_version_num')::int / 10000")
_SSL = sa.text("""
SELECT current_setting('listen_addresses'), current_setting('ssl'), inet_server_addr() IS NULL
    OR inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1'
""")
_SLOTS = sa.text("""
SELECT slot_name::text, pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
       ELSE pg_current_wal_lsn() END, restart_lsn)::bigint
FROM pg_replication_slots WHERE NOT temporary AND restart_lsn IS NOT NULL ORDER BY 1
""")
# Whose a transaction is, everybody sees; how old it is, its own role alone. What it holds back is seen by all. The
# worker's lease is one that lasts: it holds a lock and no rows, unless it holds back what is dead.
_LONG = sa.text("""
SELECT coalesce(usename, backend_type)::text, extract(epoch FROM now() - xact_start)::int / 60, age(backend_xmin)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND (age(backend_xmin) > :rows OR (xact_start < now() - make_interval(mins => :minutes) AND NOT EXISTS (
    SELECT FROM pg_locks WHERE pg_locks.pid = pg_stat_activity.pid AND granted
      AND relation = to_regclass('worker_lease') AND database = (SELECT oid FROM pg_database
      WHERE datname = current_database())))) ORDER BY 1
""")
_PREPARED = sa.text("SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY 1")
_DEAD = sa.text("""
SELECT relname::text, n_live_tup, n_dead_tup, coalesce(last_autovacuum, last_vacuum) IS NULL
FROM pg_stat_user_tables WHERE schemaname = current_schema() AND n_dead_tup > :least
  AND n_dead_tup > :share * (n_live_tup + n_dead_tup) ORDER BY 1
""")
_CONNECTIONS = sa.text("""
SELECT count(*), current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
FROM pg_stat_activity WHERE backend_type = 'client backend'
""")
_WRAPAROUND = sa.text("""
SELECT age(datfrozenxid), current_setting('autovacuum_freeze_max_age')::int FROM pg_database
WHERE datname = current_database()
""")
_INVALID = sa.text("""
SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace ORDER BY 1
""")


def old_version(connection: Connection) -> list[str]:
    """Return the server's version, where it is older than those that we test with."""
    version = int(connection.scalar(_VERSION) or 0)
    return [f"PostgreSQL {version}"] if version < OLDEST_VERSION else []


def open_listening(connection: Connection) -> list[str]:
    """Return how the server listens, where somebody on the way could read along."""
    addresses, ssl, local = connection.execute(_SSL).one()
    plain = ssl == "off" and addresses not in ("", "localhost", "127.0.0.1", "::1")
    faults = [f"ssl = off and listen_addresses = {addresses}"] if plain else []
    return faults if local or ssl == "on" else [*faults, "this connection crosses a network in plain"]


def held_wal(connection: Connection) -> list[str]:
    """Return the replication slots for whose sake much of the write-ahead log is kept."""
    found = [(name, int(kept)) for name, kept in connection.execute(_SLOTS) if kept > MAX_WAL_KEPT]
    return [f"replication slot {name} keeps {kept >> 20} MB" for name, kept in found]


def long_transactions(connection: Connection) -> list[str]:
    """Return the transactions that have been open for long, and those that are prepared and forgotten."""
    return [*_long(connection), *(f"prepared transaction {gid}" for gid in connection.scalars(_PREPARED))]


def _long(connection: Connection) -> Iterator[str]:
    for who, minutes, behind in connection.execute(_LONG, {"minutes": MAX_MINUTES, "rows": MAX_ROWS_BEHIND}):
        yield f"{who} while {behind} others came and went" if minutes is None else f"{who} for {minutes} minutes"


def bloated_tables(connection: Connection) -> list[str]:
    """Return the tables with many dead rows, each with its share in tens of per cent."""
    rows = connection.execute(_DEAD, {"least": MIN_DEAD, "share": MAX_DEAD_SHARE})
    return [
        f"{name}: {round(10 * dead / (live + dead)) * 10} % dead rows{', never vacuumed' if never else ''}"
        for name, live, dead, never in rows
    ]


def near_connection_limit(connection: Connection) -> list[str]:
    """Return how many connections are open, where few more may be."""
    used, most = connection.execute(_CONNECTIONS).one()
    return [f"{used} of {most} are open"] if used > MAX_CONNECTIONS_SHARE * most else []


def late_freezing(connection: Connection) -> list[str]:
    """Return how far the database is from the day on which it stops taking writes, where that has come near."""
    age, limit = connection.execute(_WRAPAROUND).one()
    return [f"the oldest row is {age} transactions old"] if age > 2 * limit else []


def broken_indexes(connection: Connection) -> list[str]:
    """Return the indexes that were never built to the end."""
    return [f"index {name} is not valid" for name in connection.scalars(_INVALID)]
