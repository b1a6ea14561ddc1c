"""How a running database is made and set: its columns, the envelopes' lengths, durability, what its log tells, who may
read. For the deep check; changes nothing.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.accepting import READABLE
from survey.store.tables import inbox, metadata

# What keeps PostgreSQL's own log silent about values; docs/operating.md says so too.
QUIET = {
    "log_min_error_statement": {"panic"},
    "log_parameter_max_length_on_error": {"0"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none"},
    "log_min_duration_statement": {"-1"},
}
DURABLE = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_write", "remote_apply"}}
DURABLE |= {"data_checksums": {"on"}}
DURABLE_FILE = {"journal_mode": "wal", "synchronous": "2"}
_LENGTHS = sa.select(sa.func.length(inbox.c.envelope)).distinct()
_GRANTS = sa.text(
    "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
    "WHERE table_schema = current_schema() AND grantee <> current_user AND grantee NOT LIKE 'pg\\_%'"
)


def strangers(connection: Connection) -> list[str]:
    """Tables and columns that are here and not in `survey.store.tables`, or the other way round."""
    looked = sa.inspect(connection)
    here = {name: {column["name"] for column in looked.get_columns(name)} for name in looked.get_table_names()}
    here.pop("alembic_version", None)
    ours = {table.name: {column.name for column in table.c} for table in metadata.tables.values()}
    found = [f"table {name}" for name in here.keys() ^ ours.keys()]
    for name in here.keys() & ours.keys():
        found += [f"{name}.{column}" for column in here[name] ^ ours[name]]
    return sorted(found)


def envelope_lengths(connection: Connection) -> set[int]:
    """How long the waiting envelopes are."""
    return set(connection.scalars(_LENGTHS))


def not_durable(connection: Connection) -> list[str]:
    """What is set so that an answer that was thanked for could be lost."""
    if connection.dialect.name != "sqlite":
        return _set_otherwise(connection, DURABLE)
    found = {name: str(connection.scalar(sa.text(f"PRAGMA {name}"))) for name in DURABLE_FILE}
    return [f"{name} = {value}" for name, value in found.items() if value != DURABLE_FILE[name]]


def telling_logs(connection: Connection) -> list[str]:
    """What makes the database's own log tell of values; SQLite has no log."""
    return [] if connection.dialect.name == "sqlite" else _set_otherwise(connection, QUIET)


def open_to_others(connection: Connection) -> list[str]:
    """What other roles than the owner may do with tables that tell of answers; SQLite has no roles."""
    if connection.dialect.name == "sqlite":
        return []
    rows = connection.execute(_GRANTS)
    return sorted(f"{right} on {table}" for table, right in rows if (table, right) not in _ALLOWED)


_ALLOWED = {(table, "SELECT") for table, columns in READABLE.items() if not columns}


def _set_otherwise(connection: Connection, wanted: dict[str, set[str]]) -> list[str]:
    found = {name: str(connection.scalar(sa.text(f"SELECT current_setting('{name}', true)"))) for name in wanted}
    return [f"{name} = {value}" for name, value in found.items() if value not in wanted[name]]
