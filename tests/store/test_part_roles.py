"""What each part's PostgreSQL role may not do: it tries, and each guard falls to a planted grant."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from click.testing import Result
from psycopg import errors
from sqlalchemy import Engine

from survey.app import create_app
from survey.store.database.engine import DatabaseFault, make_engine, read_transaction, write_transaction
from survey.store.database.table_locks import take_turn
from survey.store.maintenance.migrate import upgrade
from survey.store.roles.granted import excess_rights, missing_rights
from survey.store.roles.make_roles import make_roles
from survey.store.roles.rights import _TABLES, PARTS
from survey.store.tables import metadata
from tests.parts import Parts, owned_database
from tests.postgres import Cluster

DENIED = (errors.InsufficientPrivilege, errors.WrongObjectType, errors.ObjectNotInPrerequisiteState)
CALL = "NULL, NULL, NULL, 'open', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
# What nobody but the owner, or nobody at all, may do; with what would let it happen.
FOR_ALL = {
    "INSERT INTO envelope VALUES ('x', 'a', 'x')": "GRANT INSERT ON envelope TO {role}",
    "UPDATE envelope SET sealed = 'x'": "GRANT UPDATE ON envelope TO {role}",
    "UPDATE tally SET yes = 7": "GRANT UPDATE ON tally TO {role}",
    "UPDATE batch SET accepted = 0": "GRANT UPDATE ON batch TO {role}",
    "UPDATE batch SET public_key = 'x'": "GRANT UPDATE (public_key) ON batch TO {role}",
    "UPDATE access_code SET spent = 1": "GRANT UPDATE ON access_code TO {role}",
    "SELECT code_hash, spent FROM access_code": "GRANT SELECT ON access_code TO {role}",
    "SELECT form_id_hash FROM used_form_id": "GRANT SELECT ON used_form_id TO {role}",
    "UPDATE edition SET body = ''": "GRANT UPDATE ON edition TO {role}",
    "DELETE FROM audit_line WHERE false": "GRANT DELETE, SELECT ON audit_line TO {role}",
    "CREATE TABLE mine (x text)": "GRANT CREATE ON SCHEMA public TO {role}",
    "CREATE SCHEMA mine": "GRANT CREATE ON DATABASE {database} TO {role}",
    "CREATE TEMP TABLE envelope (x text)": "GRANT TEMP ON DATABASE {database} TO {role}",
    "SET ROLE {owner}": "GRANT {owner} TO {role}",
    "ALTER TABLE audit_line DISABLE TRIGGER ALL": "GRANT {owner} TO {role}",
    "DROP FUNCTION throttle_link": "GRANT {owner} TO {role}",
    "CREATE OR REPLACE FUNCTION throttle_link(p_round text, p_unit text, p_role text) RETURNS void "
    "LANGUAGE sql AS ''": "GRANT {owner} TO {role}",
    "SELECT pg_read_file('PG_VERSION')": "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {role}",
    "COPY place TO PROGRAM 'true'": "GRANT pg_execute_server_program TO {role}; GRANT SELECT ON place TO {role}",
    "SET session_replication_role = replica": "GRANT SET ON PARAMETER session_replication_role TO {role}",
    "SET log_statement = 'all'": "GRANT SET ON PARAMETER log_statement TO {role}",
    "CREATE ROLE more": "ALTER ROLE {role} CREATEROLE",
}
# What another part may do, and this one may not.
OF_OTHERS = {
    "resident": {
        "TRUNCATE envelope": "GRANT TRUNCATE ON envelope TO {role}",
        "SELECT * FROM envelope": "GRANT SELECT ON envelope TO {role}",
        "COPY envelope TO STDOUT": "GRANT SELECT ON envelope TO {role}",
        "SELECT accepted FROM batch": "GRANT SELECT (accepted) ON batch TO {role}",
        "SELECT email FROM account": "GRANT SELECT ON account TO {role}",
        "UPDATE round SET state = 'closing'": "GRANT UPDATE ON round TO {role}",
        f"SELECT accept_paper({CALL})": "GRANT EXECUTE ON FUNCTION accept_paper TO {role}",
        "SELECT take_turn('audit_line')": "GRANT EXECUTE ON FUNCTION take_turn TO {role}",
    },
    "staff": {
        "TRUNCATE envelope": "GRANT TRUNCATE ON envelope TO {role}",
        "SELECT * FROM envelope": "GRANT SELECT ON envelope TO {role}",
        "COPY envelope TO STDOUT": "GRANT SELECT ON envelope TO {role}",
        "SELECT count(*) FROM envelope": "GRANT SELECT (id) ON envelope TO {role}",
        "DELETE FROM envelope": "GRANT DELETE ON envelope TO {role}",
        "SELECT * FROM tally": "GRANT SELECT ON tally TO {role}",
        "SELECT * FROM background_tally": "GRANT SELECT ON background_tally TO {role}",
        "SELECT sealed FROM outbox_message": "GRANT SELECT (sealed) ON outbox_message TO {role}",
        "UPDATE outbox_key SET public_key = 'x'": "GRANT UPDATE ON outbox_key TO {role}",
        "UPDATE round SET protection = ''": "GRANT UPDATE (protection) ON round TO {role}",
        "INSERT INTO edition VALUES (1, 'x', NULL, now(), '', '')": "GRANT INSERT ON edition TO {role}",
        "UPDATE pg_class SET relname = relname": "ALTER ROLE {role} SUPERUSER",
        f"SELECT accept({CALL})": "GRANT EXECUTE ON FUNCTION accept TO {role}",
    },
    "worker": {
        "SELECT email FROM account": "GRANT SELECT ON account TO {role}",
        "INSERT INTO account (email) VALUES ('x')": "GRANT INSERT ON account TO {role}; "
        "GRANT USAGE ON SEQUENCE account_id_seq TO {role}",
        "SELECT token_hash FROM staff_session": "GRANT SELECT ON staff_session TO {role}",
        "SELECT token_hash FROM kiosk": "GRANT SELECT ON kiosk TO {role}",
        "INSERT INTO access_code VALUES ('x', 'u', 'r', 'patient', 0)": "GRANT INSERT ON access_code TO {role}",
        "INSERT INTO used_form_id VALUES ('x', 'r')": "GRANT INSERT ON used_form_id TO {role}",
        "UPDATE round SET threshold_patient = 10": "GRANT UPDATE ON round TO {role}",
        "UPDATE place SET headcount = 1": "GRANT UPDATE ON place TO {role}",
        f"SELECT accept({CALL})": "GRANT EXECUTE ON FUNCTION accept TO {role}",
    },
}
TRIES = [(part, *each) for part in PARTS for each in {**FOR_ALL, **OF_OTHERS[part]}.items()]


@pytest.fixture(scope="module")
def parts(cluster: Cluster) -> Iterator[Parts]:
    """A database with its owner and the parts' roles."""
    with owned_database(cluster) as made:
        yield made


@pytest.fixture
def server(parts: Parts) -> Iterator[psycopg.Connection]:
    """The administrator, who becomes somebody else and plants; all is undone afterwards."""
    with psycopg.connect(parts.cluster.url(parts.database)) as connection:
        yield connection
        connection.rollback()


def is_refused(server: psycopg.Connection, role: str, statement: str) -> bool:
    """Whether the server says that this role may not."""
    try:
        with server.transaction(force_rollback=True):
            server.execute(f"SET LOCAL SESSION AUTHORIZATION {role}".encode())
            if statement.startswith("COPY envelope"):
                with server.cursor().copy(statement.encode()) as rows:
                    list(rows)
            else:
                server.execute(statement.encode())
    except DENIED:
        return True
    except psycopg.Error:  # it may, and something else stood in the way: a NULL, a missing row
        return False
    return False


@pytest.mark.parametrize(("part", "statement", "planted"), TRIES)
def test_a_part_may_not_and_with_a_planted_grant_it_may(
    parts: Parts, server: psycopg.Connection, part: str, statement: str, planted: str
) -> None:
    names = {"role": parts.role(part), "owner": parts.owner, "database": parts.database}
    statement = statement.format(**names)
    assert is_refused(server, parts.role(part), statement)
    for each in planted.format(**names).split("; "):
        server.execute(each.encode())
    assert not is_refused(server, parts.role(part), statement), "the guard is another than this one"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_sees_nothing_of_what_others_ask(parts: Parts, part: str) -> None:
    with psycopg.connect(parts.url()) as owner, psycopg.connect(parts.url(part)) as connection:
        owner.execute("SELECT 'hidden words'")
        seen = connection.execute(
            "SELECT query, xact_start, query_start FROM pg_stat_activity WHERE usename = %s", [parts.owner]
        ).fetchall()
    assert seen and {row[1:] for row in seen} == {(None, None)} and "hidden" not in str(seen)


@pytest.mark.parametrize("part", PARTS)
def test_what_anybody_who_connects_may_do_stops_nobody(
    parts: Parts, open_engine: Callable[..., Engine], part: str
) -> None:
    """Advisory locks, notices and large objects can't be forbidden: nothing of ours waits for any of them."""
    owner = open_engine(parts.url(), 1.0)
    with psycopg.connect(parts.url(part), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(n) FROM generate_series(-50, 50) AS n")
        connection.execute("NOTIFY anything")
        [number] = connection.execute("SELECT lo_create(0)").fetchone() or ()
        with write_transaction(owner) as writing:
            take_turn(writing, "audit_line")
        make_roles(owner)
        upgrade(owner)
        connection.execute("SELECT lo_unlink(%s)", [number])


@pytest.mark.parametrize("part", PARTS)
def test_a_part_holds_no_lock_on_what_is_not_its_own(parts: Parts, server: psycopg.Connection, part: str) -> None:
    for table in ("envelope", "tally", "audit_line", "round", "batch"):
        own = (part, table) in {("worker", "envelope"), ("worker", "round"), ("staff", "round")}
        if not own:
            assert is_refused(server, parts.role(part), f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    for turn in ("envelope", "round", "audit_line; DROP TABLE envelope"):
        with pytest.raises(psycopg.Error, match=r"no turns|denied"), server.transaction(force_rollback=True):
            server.execute(f"SET LOCAL SESSION AUTHORIZATION {parts.role(part)}".encode())
            server.execute("SELECT take_turn(%s)", [turn])


def test_every_table_is_somebodys_or_named_as_nobodys() -> None:
    """A table that is new here is thought of: whose is it?"""
    named = {name for words in _TABLES.values() for name in words} - {"account_id_seq", "alembic_version"}
    assert named == {table.name for table in metadata.tables.values()}
    for words in _TABLES.values():
        for name, said in words.items():
            table = metadata.tables.get(name)
            columns = {each.strip() for part in said.split("(")[1:] for each in part.split(")")[0].split(",")}
            assert table is None or columns <= set(table.c.keys()), name


@pytest.fixture
def command(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Result]:
    """`flask db …` as who has this address."""

    def call(url: str, *arguments: str) -> Result:
        folder = tmp_path_factory.mktemp("instance")
        (folder / "config.toml").write_text(f'secret = "{"s" * 40}"\ndemo = true\ndatabase = "{url}"\n')
        app = create_app("all", folder)
        with app.app_context():
            done = app.test_cli_runner().invoke(args=["db", *arguments])
        app.extensions["services"].engine.dispose()
        return done

    return call


def test_the_command_says_what_it_did_and_the_second_time_that_nothing_was_to_do(
    cluster: Cluster, command: Callable[..., Result]
) -> None:
    with owned_database(cluster, migrated=False) as parts:
        upgrade(parts.url())
        missing = command(parts.url(), "roles")
        assert missing.exit_code == 1 and f"CREATE ROLE {parts.role('staff')} LOGIN;" in missing.output
        for statement in command(parts.url(), "roles", "--sql").output.splitlines():
            cluster.execute(statement)
        done = command(parts.url(), "roles")
        assert (
            done.exit_code == 0 and f"{parts.role('resident')}: " in done.output and "PUBLIC: 0 rights" in done.output
        )
        again = command(parts.url(), "roles")
        assert (again.exit_code, again.output) == (0, "Every role has what it needs already, and nobody more.\n")
        assert "42501" in command(parts.url("worker"), "roles").output


def test_it_takes_away_what_is_too_much_and_gives_what_a_migration_brought(
    cluster: Cluster, parts: Parts, open_engine: Callable[..., Engine]
) -> None:
    owner = open_engine(parts.url())
    planted = (
        f"GRANT SELECT ON envelope TO {parts.role('staff')}", "GRANT SELECT (sealed) ON envelope TO PUBLIC",
        f"GRANT EXECUTE ON FUNCTION accept TO {parts.role('worker')}", "GRANT CREATE ON SCHEMA public TO PUBLIC",
        f"GRANT TEMP ON DATABASE {parts.database} TO {parts.role('resident')}",
        f"GRANT SELECT ON batch TO {parts.role('resident')} WITH GRANT OPTION",
        f"REVOKE SELECT ON place FROM {parts.role('resident')}",
    )  # fmt: skip
    with psycopg.connect(parts.cluster.url(parts.database), autocommit=True) as administrator:
        for each in planted:
            administrator.execute(each.encode())
    with read_transaction(owner) as connection:
        assert len(excess_rights(connection)) == 6 and len(missing_rights(connection)) == 1
    done = make_roles(owner)
    assert (sum(done.taken.values()), sum(done.given.values()), done.left) == (6, 8, ())
    # With the table's, the seven columns' went too.
    with read_transaction(owner) as connection:
        assert excess_rights(connection) == missing_rights(connection) == []


def test_a_role_that_is_too_much_by_itself_is_told_and_left(parts: Parts, open_engine: Callable[..., Engine]) -> None:
    parts.cluster.execute(f"ALTER ROLE {parts.role('staff')} BYPASSRLS")
    try:
        assert make_roles(open_engine(parts.url())).left == (f"{parts.role('staff')} has BYPASSRLS",)
    finally:
        parts.cluster.execute(f"ALTER ROLE {parts.role('staff')} NOBYPASSRLS")


def test_who_is_not_the_owner_makes_none(parts: Parts, open_engine: Callable[..., Engine]) -> None:
    for part in PARTS:
        with pytest.raises(DatabaseFault, match="42501"):
            make_roles(open_engine(parts.url(part)))


def test_only_postgresql_has_roles(sqlite_url: str, command: Callable[..., Result]) -> None:
    done = command(sqlite_url, "roles")
    assert done.exit_code == 0 and "Nothing to do" in done.output
    with pytest.raises(DatabaseFault):
        make_roles(make_engine(sqlite_url))
