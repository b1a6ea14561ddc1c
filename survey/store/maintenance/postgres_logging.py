"""PostgreSQL's settings for its log, its loaded modules and its write-ahead log, where they could reveal answers.

For the deep check; changes nothing. A setting may stand in the file, with a role, with a database or with a function:
all of these are read, for what the worker's own session has says nothing of the web's.
"""

from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy import Connection

_OFF, _SILENT = {"off"}, {"-1"}
# What keeps the server's own log without values and without a line for each answer; docs/operating.md says so too.
QUIET = {
    "log_min_error_statement": {"panic"},
    "log_parameter_max_length_on_error": {"0"},
    "log_parameter_max_length": {"0"},
    "log_error_verbosity": {"terse"},
    "log_statement": {"none"},
    "log_duration": _OFF,
    "log_min_duration_statement": _SILENT,
    "log_min_duration_sample": _SILENT,
    "log_transaction_sample_rate": {"0"},
    "track_functions": {"none"},  # would count, for whoever connects, how often an answer was accepted
    **dict.fromkeys((f"log_{part}_stats" for part in ("statement", "parser", "planner", "executor")), _OFF),
    **dict.fromkeys((f"debug_print_{what}" for what in ("parse", "rewritten", "plan")), _OFF),
    "log_min_messages": {"info", "notice", "warning", "error", "log", "fatal", "panic"},
}
TIMES = {"track_commit_timestamp": _OFF}
LOADED = ("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries")
_QUIET_LIBRARIES = {"passwordcheck", "auth_delay", "pg_prewarm"}
_WHY = {
    "auto_explain": "writes statements with their values into the log",
    "pgaudit": "writes statements into the log",
    "pg_stat_statements": "keeps the text of statements and an exact count of their calls",
}
_SEEN = sa.text("SELECT pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')")
_NOW = sa.text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
_ELSEWHERE = sa.text(
    "SELECT unnest(setconfig), CASE setrole WHEN 0 THEN 'database' ELSE pg_get_userbyid(setrole)::text END "
    "FROM pg_db_role_setting LEFT JOIN pg_database ON pg_database.oid = setdatabase "
    "WHERE setdatabase = 0 OR datname = current_database() UNION ALL "
    "SELECT unnest(proconfig), proname || '()' FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
)
_ARCHIVES = "archive_mode", "archive_command", "archive_library"
_SLOTS = sa.text("SELECT slot_name, slot_type, active FROM pg_replication_slots WHERE NOT temporary ORDER BY 1")
_PUBLISHED = sa.text("SELECT pubname FROM pg_publication ORDER BY 1")
_FOLLOWERS = sa.text("SELECT count(*) FROM pg_stat_replication")
_SPELLINGS = {"true": "on", "yes": "on", "1": "on", "false": "off", "no": "off", "": "off"}


def revealing_settings(connection: Connection) -> list[str]:
    """Return the settings and modules that make the server's log reveal values or moments; none on SQLite."""
    if connection.dialect.name == "sqlite":
        return []
    faults = settings_other_than(connection, QUIET)
    now = _settings(connection, LOADED)
    if not connection.scalar(_SEEN):
        faults.append(f"{LOADED[0]} can't be seen: grant pg_read_all_settings to the worker's role")
    faults += [f"{name} = {fault}" for name in LOADED for fault in _libraries(now.get(name, ""))]
    for setting, where in connection.execute(_ELSEWHERE):
        name, _, value = setting.partition("=")
        if name in LOADED:
            faults += [f"{name} = {fault} for {where}" for fault in _libraries(value)]
        elif name in _ALL and _plain(value, _ALL[name]) not in _ALL[name]:
            faults.append(f"{name} = {value} for {where}")
    return faults


def wal_retention(connection: Connection) -> list[str]:
    """Return what keeps each answer's moment longer than the database: archives, slots, publications."""
    if connection.dialect.name == "sqlite":
        return []
    faults = settings_other_than(connection, TIMES)
    archive = _settings(connection, _ARCHIVES)
    if archive.get("archive_mode", "off") != "off":
        faults.append(f"archive_mode = {archive['archive_mode']}: the archive keeps when each answer came")
    for name, kind, active in connection.execute(_SLOTS):
        if kind == "logical":
            faults.append(f"replication slot {name}: hands each row on as it is written")
        elif not active:
            faults.append(f"replication slot {name} has no reader, so the log is kept without end")
    return faults + [f"publication {name}: offers each row as it is written" for name in connection.scalars(_PUBLISHED)]


def count_wal_readers(connection: Connection) -> int:
    """Count the readers of the write-ahead log as it is written: standbys, and any others."""
    return 0 if connection.dialect.name == "sqlite" else int(connection.scalar(_FOLLOWERS) or 0)


def settings_other_than(connection: Connection, wanted: dict[str, set[str]]) -> list[str]:
    """Return this session's settings that have none of the values wanted; one that this server lacks passes."""
    now = _settings(connection, tuple(wanted))
    return [f"{name} = {now[name]}" for name in wanted if name in now and now[name] not in wanted[name]]


_ALL = {**QUIET, **TIMES, "synchronous_commit": {"on", "remote_write", "remote_apply"}}


def _settings(connection: Connection, names: tuple[str, ...]) -> dict[str, str]:
    return {row.name: row.setting for row in connection.execute(_NOW, {"names": list(names)})}


def _plain(value: str, allowed: set[str]) -> str:
    value = value.strip().strip("'").lower()
    return _SPELLINGS.get(value, value) if allowed & {"on", "off"} else value


def _libraries(value: str) -> list[str]:
    names = {PurePath(each.strip().strip("\"'")).name.removesuffix(".so") for each in value.split(",")} - {""}
    return [f"{name}: {_WHY.get(name, 'not known to be silent')}" for name in sorted(names - _QUIET_LIBRARIES)]
