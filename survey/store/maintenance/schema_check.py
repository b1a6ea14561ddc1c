"""Checks of a running database: its columns, indexes, foreign objects, the envelopes' lengths, durability.

For the deep check and `flask db doctor`; changes nothing.
"""

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from survey.store.maintenance.migrate import configuration
from survey.store.maintenance.postgres_logging import settings_other_than
from survey.store.tables import envelope, metadata

DURABLE = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_write", "remote_apply"}}
DURABLE |= {"data_checksums": {"on"}}
DURABLE_FILE = {"journal_mode": "wal", "synchronous": "2"}
_LENGTHS = sa.select(sa.func.length(envelope.c.sealed)).distinct()
# Tables of answers and codes: no trigger or rule but the survey's own may run there.
_ANSWERED = ("access_code", "used_form_id", "batch", "envelope", "tally", "background_tally", "outbox_message")
_PLANTED = sa.text(
    "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace UNION ALL "
    "SELECT rulename, tablename FROM pg_rules WHERE schemaname = current_schema() AND rulename <> '_RETURN'"
)
_PLANTED_IN_FILE = sa.text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
# Views of every kind, tables that are elsewhere, and what runs when tables are changed.
_NOT_IN_SCHEMA = sa.text(
    "SELECT 'view ' || relname FROM pg_class WHERE relkind IN ('v', 'm', 'f') "
    "AND relnamespace = current_schema()::regnamespace "
    "UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger "
    "UNION ALL SELECT 'large object of ' || pg_get_userbyid(lomowner) FROM pg_largeobject_metadata"
)
_NOT_IN_SCHEMA_FILE = sa.text("SELECT 'view ' || name FROM sqlite_master WHERE type = 'view'")


def schema_differences(connection: Connection) -> list[str]:
    """Return the tables and columns that are in the database or in `survey.store.tables`, but not in both."""
    looked = sa.inspect(connection)
    here = {name: {column["name"] for column in looked.get_columns(name)} for name in looked.get_table_names()}
    here.pop("alembic_version", None)
    ours = {table.name: {column.name for column in table.c} for table in metadata.tables.values()}
    found = [f"table {name}" for name in here.keys() ^ ours.keys()]
    for name in here.keys() & ours.keys():
        found += [f"{name}.{column}" for column in here[name] ^ ours[name]]
    return sorted([*found, *_onlookers(connection)])


def version_faults(connection: Connection) -> list[str]:
    """Return the version that the schema is at, where it is another than the newest of this program's."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    there = sa.inspect(connection).has_table("alembic_version")
    now = connection.scalar(sa.text("SELECT version_num FROM alembic_version")) if there else None
    return [] if now == newest else [f"it is at {now or 'no version'}, and the program at {newest}"]


def missing_indexes(connection: Connection) -> list[str]:
    """Return the indexes that `survey.store.tables` names, and the database has not."""
    looked = sa.inspect(connection)
    here = {index["name"] for name in looked.get_table_names() for index in looked.get_indexes(name)}
    ours = {(str(index.name), table.name) for table in metadata.tables.values() for index in table.indexes}
    return [f"no index {name} on {table}" for name, table in sorted(ours) if name not in here]


def _onlookers(connection: Connection) -> list[str]:
    """Return the triggers and the like that run when an answer is written, or read along."""
    in_file = connection.dialect.name == "sqlite"
    rows = connection.execute(_PLANTED_IN_FILE if in_file else _PLANTED)
    found = [f"trigger {name} on {table}" for name, table in rows if table in _ANSWERED]
    return found + list(connection.scalars(_NOT_IN_SCHEMA_FILE if in_file else _NOT_IN_SCHEMA))


def envelope_lengths(connection: Connection) -> set[int]:
    """Return the set of the waiting envelopes' lengths, in bytes."""
    return set(connection.scalars(_LENGTHS))


def not_durable(connection: Connection) -> list[str]:
    """Return the settings by which an answer that was thanked for could be lost."""
    if connection.dialect.name != "sqlite":
        return settings_other_than(connection, DURABLE)
    found = {name: str(connection.scalar(sa.text(f"PRAGMA {name}"))) for name in DURABLE_FILE}
    return [f"{name} = {value}" for name, value in found.items() if value != DURABLE_FILE[name]]
