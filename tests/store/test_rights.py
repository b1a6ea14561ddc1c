"""Who may do what on PostgreSQL beside the owner is seen, however it was given; what follows the server's log too."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.store.database.engine import make_engine
from survey.store.maintenance.postgres_logging import count_wal_readers, revealing_settings, wal_retention
from survey.store.maintenance.schema_check import schema_differences
from survey.store.roles.granted import excess_rights, missing_rights
from survey.store.roles.rights import PARTS
from tests.parts import Parts, owned_database
from tests.postgres import Cluster

OTHER = f"other_{secrets.token_hex(4)}"
# Not set in a test's server: told by the test of the log.
QUIET = (
    "log_min_error_statement = panic",
    "log_parameter_max_length = 0",
    "log_parameter_max_length_on_error = 0",
    "log_error_verbosity = terse",
)


@pytest.fixture(scope="module")
def parts(cluster: Cluster) -> Iterator[Parts]:
    """A database as docs/operating.md has it, and another role with no right."""
    cluster.execute(f"CREATE ROLE {OTHER} LOGIN")
    with owned_database(cluster) as made:
        yield made
    cluster.execute(f"DROP ROLE {OTHER}")


@pytest.fixture(scope="module")
def owned(parts: Parts) -> Iterator[Engine]:
    """The same, as the server's administrator."""
    administrator = make_engine(parts.cluster.url(parts.database))
    yield administrator
    administrator.dispose()


@pytest.fixture
def names(parts: Parts) -> dict[str, str]:
    """What a statement and a fault name."""
    roles = {part: parts.role(part) for part in PARTS}
    return {"owner": parts.owner, "other": OTHER, "database": parts.database, **roles}


Seen = Callable[..., list[str]]


@pytest.fixture
def seen(owned: Engine, parts: Parts) -> Iterator[Seen]:
    """What a look sees as the owner, after the administrator has run statements; all undone afterwards."""
    with owned.connect() as connection, connection.begin() as transaction:

        def see(look: Callable[[Connection], list[str]], *statements: str) -> list[str]:
            for statement in statements:
                connection.execute(sa.text(statement))
            connection.execute(sa.text(f"SET LOCAL SESSION AUTHORIZATION {parts.owner}"))
            return look(connection)

        yield see
        transaction.rollback()


def test_an_installation_as_it_is_told_to_be_is_well(seen: Seen) -> None:
    assert seen(excess_rights) == seen(missing_rights) == []


def test_what_a_part_lacks_is_seen(seen: Seen, names: dict[str, str]) -> None:
    taken = ("REVOKE EXECUTE ON FUNCTION accept FROM {resident}", "REVOKE INSERT ON audit_line FROM {staff}")
    assert seen(missing_rights, *(each.format(**names) for each in taken)) == [
        "no EXECUTE on accept() for {resident}".format(**names),
        "no INSERT on audit_line for {staff}".format(**names),
    ]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("GRANT SELECT ON envelope TO {other}", "SELECT on envelope for {other}"),
        ("GRANT SELECT ON place TO PUBLIC", "SELECT on place for PUBLIC"),
        ("GRANT INSERT ON envelope TO PUBLIC", "INSERT on envelope for PUBLIC"),
        ("GRANT SELECT ON envelope TO pg_monitor", "SELECT on envelope for pg_monitor"),
        ("GRANT SELECT (sealed) ON envelope TO {other}", "SELECT on envelope.sealed for {other}"),
        ("GRANT SELECT (accepted) ON batch TO {resident}", "SELECT on batch.accepted for {resident}"),
        ("GRANT UPDATE (public_key) ON batch TO {resident}", "UPDATE on batch.public_key for {resident}"),
        ("GRANT EXECUTE ON FUNCTION accept TO PUBLIC", "EXECUTE on accept() for PUBLIC"),
        ("CREATE FUNCTION peek() RETURNS int LANGUAGE sql AS 'SELECT 1'", "EXECUTE on peek() for PUBLIC"),
        ("GRANT CREATE ON SCHEMA public TO {other}", "CREATE on the schema public for {other}"),
        ("GRANT CONNECT ON DATABASE {database} TO PUBLIC", "CONNECT on the database {database} for PUBLIC"),
        ("GRANT CREATE ON DATABASE {database} TO {other}", "CREATE on the database {database} for {other}"),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO {other}",
            "SELECT on the future whatever is made for {other}",
        ),
        ("ALTER ROLE {other} SUPERUSER", "{other} is a superuser"),
        ("ALTER ROLE {owner} SUPERUSER", "{owner} is a superuser"),
        ("ALTER ROLE {other} BYPASSRLS", "{other} has BYPASSRLS"),
        ("ALTER ROLE {other} REPLICATION", "{other} may stream the whole server"),
        ("GRANT {owner} TO {other}", "{other} is a member of {owner}"),
        ("GRANT {resident} TO {other}", "{other} is a member of {resident}"),
        *(
            (f"GRANT {role} TO {{other}}", f"{{other}} is a member of {role}")
            for role in ("pg_read_all_data", "pg_write_all_data", "pg_monitor", "pg_read_server_files")
        ),
        ("GRANT pg_execute_server_program TO {owner}", "{owner} is a member of pg_execute_server_program"),
        ("GRANT SELECT ON envelope TO {staff}", "SELECT on envelope for {staff}"),
        ("GRANT SELECT (sealed) ON outbox_message TO {staff}", "SELECT on outbox_message.sealed for {staff}"),
        ("GRANT EXECUTE ON FUNCTION accept TO {staff}", "EXECUTE on accept() for {staff}"),
        ("GRANT UPDATE ON audit_line TO {worker}", "UPDATE on audit_line for {worker}"),
        ("GRANT INSERT ON envelope TO {worker}", "INSERT on envelope for {worker}"),
        ("GRANT SELECT ON account TO {worker}", "SELECT on account for {worker}"),
        ("GRANT USAGE ON SEQUENCE account_id_seq TO {resident}", "USAGE on account_id_seq for {resident}"),
        ("GRANT {staff} TO {other}", "{other} is a member of {staff}"),
        ("GRANT {worker} TO {resident}", "{resident} is a member of {worker}"),
        ("CREATE ROLE between IN ROLE pg_monitor; GRANT between TO {other}", "{other} is a member of pg_monitor"),
    ],
)  # fmt: skip
def test_each_way_to_be_let_in_is_seen(seen: Seen, names: dict[str, str], statement: str, fault: str) -> None:
    found = seen(excess_rights, *statement.format(**names).split("; "))
    assert fault.format(**names) in found


def test_who_was_given_nothing_may_not_even_connect(parts: Parts) -> None:
    psycopg.connect(parts.url("resident")).close()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(parts.cluster.url(parts.database, OTHER))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("CREATE VIEW peek AS SELECT * FROM envelope", "view peek"),
        ("CREATE MATERIALIZED VIEW peek AS SELECT * FROM envelope", "view peek"),
        ("CREATE RULE copied AS ON INSERT TO envelope DO ALSO NOTHING", "trigger copied on envelope"),
        (
            "CREATE TRIGGER copied AFTER INSERT ON envelope FOR EACH ROW EXECUTE FUNCTION audit_kept()",
            "trigger copied on envelope",
        ),
    ],
)
def test_what_reads_along_inside_the_database_is_seen(seen: Seen, statement: str, fault: str) -> None:
    assert seen(schema_differences, statement) == [fault]


def test_what_reads_along_inside_a_file_is_seen(sqlite_url: str, open_engine: Callable[..., Engine]) -> None:
    with open_engine(sqlite_url).connect() as connection:
        assert schema_differences(connection) == []
        connection.exec_driver_sql("CREATE VIEW peek AS SELECT * FROM envelope")
        connection.exec_driver_sql("CREATE TRIGGER copied AFTER INSERT ON envelope BEGIN SELECT 1; END")
        assert schema_differences(connection) == ["trigger copied on envelope", "view peek"]


def test_a_quiet_log_is_well(seen: Seen) -> None:
    assert seen(revealing_settings, *(f"SET LOCAL {each}" for each in QUIET)) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        *((f"SET LOCAL {setting}", fault) for setting, fault in (
            ("log_min_error_statement = error", "log_min_error_statement = error"),
            ("log_parameter_max_length = -1", "log_parameter_max_length = -1"),
            ("log_statement = 'all'", "log_statement = all"),
            ("log_duration = on", "log_duration = on"),
            ("log_min_duration_statement = 0", "log_min_duration_statement = 0"),
            ("log_min_duration_sample = 0", "log_min_duration_sample = 0"),
            ("log_transaction_sample_rate = 0.01", "log_transaction_sample_rate = 0.01"),
            ("log_statement_stats = on", "log_statement_stats = on"),
            ("debug_print_plan = on", "debug_print_plan = on"),
            ("log_min_messages = debug2", "log_min_messages = debug2"),
        )),
        ("ALTER ROLE {resident} SET log_statement = 'mod'", "log_statement = mod for {resident}"),
        ("ALTER DATABASE {database} SET log_duration = 'yes'", "log_duration = yes for database"),
        ("ALTER ROLE ALL SET log_min_duration_sample = '5'", "log_min_duration_sample = 5 for database"),
        ("ALTER ROLE {resident} IN DATABASE {database} SET synchronous_commit = off",
         "synchronous_commit = off for {resident}"),
        ("ALTER FUNCTION throttle_link SET log_statement = 'all'", "log_statement = all for throttle_link()"),
        ("ALTER ROLE {resident} SET session_preload_libraries = 'auto_explain'",
         "session_preload_libraries = auto_explain: writes statements with their values into the log for {resident}"),
        ("ALTER DATABASE {database} SET local_preload_libraries = '$libdir/plugins/whatever'",
         "local_preload_libraries = whatever: not known to be silent for database"),
        ("REVOKE pg_read_all_settings FROM {owner}",
         "shared_preload_libraries can't be seen: grant pg_read_all_settings to the worker's role"),
    ],
)  # fmt: skip
def test_each_way_to_make_the_log_tell_is_seen(seen: Seen, names: dict[str, str], statement: str, fault: str) -> None:
    quiet = (f"SET LOCAL {each}" for each in QUIET)
    assert seen(revealing_settings, *quiet, statement.format(**names)) == [fault.format(**names)]


def test_a_publication_is_seen(seen: Seen) -> None:
    assert seen(wal_retention) == []
    found = seen(wal_retention, "RESET SESSION AUTHORIZATION", "CREATE PUBLICATION all_of_it FOR ALL TABLES")
    assert found == ["publication all_of_it: offers each row as it is written"]


def test_a_server_that_loads_archives_and_hands_on_is_seen() -> None:
    with tempfile.TemporaryDirectory(prefix="sju-postgres-") as folder:
        server = Cluster(Path(folder))
        try:
            for setting in ("track_commit_timestamp = on", "shared_preload_libraries = 'auto_explain'",
                            "archive_mode = on", "archive_command = 'true'", "wal_level = logical"):  # fmt: skip
                server.execute(f"ALTER SYSTEM SET {setting}")
            server.stop()
            server.start()
            server.execute("SELECT pg_create_physical_replication_slot('forgotten')")
            server.execute("SELECT pg_create_logical_replication_slot('reader', 'pgoutput')")
            engine = make_engine(server.url("postgres"))
            with engine.connect() as connection:
                loaded = "shared_preload_libraries = auto_explain: writes statements with their values into the log"
                assert loaded in revealing_settings(connection)
                assert wal_retention(connection) == [
                    "track_commit_timestamp = on",
                    "archive_mode = on: the archive keeps when each answer came",
                    "replication slot forgotten has no reader, so the log is kept without end",
                    "replication slot reader: hands each row on as it is written",
                ]
                assert count_wal_readers(connection) == 0
            engine.dispose()
        finally:
            server.stop()
