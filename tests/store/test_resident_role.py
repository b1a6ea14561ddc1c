"""Who may do what on PostgreSQL: the resident part's account takes answers in and reads its pages."""

import secrets
from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.store.answers import batches, used_form_ids
from survey.store.answers.submissions import ACCEPTED, REPEATED, SealedSubmission, accept
from survey.store.channels import kiosks
from survey.store.channels.kiosks import KioskReport
from survey.store.core import health, places, rounds
from survey.store.database.engine import DatabaseFault, read_transaction, write_transaction
from survey.store.published import editions, region_texts, resident_messages
from survey.store.tables import metadata
from tests import factories
from tests.parts import Parts, owned_database
from tests.postgres import Cluster
from tests.store.arrivals import OWN, ROUND, SECOND, UNIT, ask, by_link, invited


def _take(engine: Engine, arrival: SealedSubmission) -> str:
    with write_transaction(engine) as connection:
        return accept(connection, arrival)


@pytest.fixture
def parts(cluster: Cluster, open_engine: Callable[..., Engine]) -> Iterator[Parts]:
    """A database with an open round and a code, and the parts' roles."""
    with owned_database(cluster) as made:
        ask(open_engine(made.url()))
        yield made


@pytest.fixture
def resident(parts: Parts) -> str:
    """The address as the resident part's own role has it."""
    return parts.url("resident")


def test_the_resident_role_serves_its_pages(resident: str, open_engine: Callable[..., Engine]) -> None:
    engine = open_engine(resident)
    with read_transaction(engine) as connection:
        assert len(places.all_places(connection)) == 7
        assert rounds.open_round_for(connection, UNIT, factories.make_round().closes) is not None
        assert batches.public_batch(connection, ROUND, UNIT, "patient", "invited") == (OWN, b"k" * 32)
        assert batches.background_batch(connection, ROUND, "invited") == (SECOND, b"k" * 32)
        assert editions.latest_by_round(connection) == []
        assert editions.drawing(connection, 1, UNIT, "gap", language="sv", theme="light") is None
        assert health.lines(connection) == []
        assert region_texts.all_texts(connection) == {}
        assert resident_messages.of_round(connection, ROUND) == []
        assert resident_messages.translated(connection, ROUND, "en") == {}
    assert [_take(engine, each) for each in (invited(), invited(), by_link())] == [
        ACCEPTED,
        REPEATED,
        ACCEPTED,
    ]


FORBIDDEN = [
    *(
        f"SELECT * FROM {table}"
        for table in ("envelope", "access_code", "used_form_id", "tally", "answer_count", "account")
    ),
    *(f"SELECT * FROM {table}" for table in ("audit_line", "staff_invitation", "proposal", "reflection", "pack")),
    "UPDATE resident_message SET text = ''",
    "DELETE FROM resident_message_translation",
    "UPDATE region_text SET text = ''",
    "DELETE FROM offered_language",
    "DELETE FROM text_approval",
    "UPDATE proposed_wording SET wording = 'x'",
    "SELECT accepted, duplicates FROM batch",
    "SELECT count(*) FROM envelope",
    "INSERT INTO used_form_id VALUES ('x', 'host-2026')",
    "INSERT INTO envelope VALUES ('x', 'a', 'x')",
    "UPDATE round SET state = 'closed'",
    "UPDATE batch SET accepted = 0",
    "DELETE FROM access_code",
    "SELECT pairing_hash FROM kiosk",
    "UPDATE kiosk SET last_contact_hour = 'x'",
    "TRUNCATE used_form_id",
    "CREATE TABLE mine (x text)",
    "CREATE FUNCTION accept() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "SELECT 1 FROM round FOR UPDATE",
]


def test_the_resident_role_may_do_nothing_else(resident: str) -> None:
    with psycopg.connect(resident, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_the_resident_role_reads_no_more_than_named(resident: str) -> None:
    with psycopg.connect(resident, autocommit=True) as connection:
        readable = {
            table
            for table in metadata.tables
            if connection.execute("SELECT has_any_column_privilege(%s, 'SELECT')", [f'"{table}"']).fetchone() == (True,)
        }
        assert readable == {
            "place",
            "round",
            "batch",
            "edition",
            "drawing",
            "health",
            "kiosk",
            "region_text",
            "offered_language",
            "text_approval",
            "proposed_wording",
            "resident_message",
            "resident_message_translation",
        }


def test_the_resident_role_pairs_a_kiosk_once_and_hears_of_it(
    parts: Parts, resident: str, open_engine: Callable[..., Engine]
) -> None:
    engine = open_engine(parts.url())
    named = {"unit": UNIT, "name": "Väntrummet", "pairing": b"p" * 32, "until": "2026-09-15 12:10"}
    with write_transaction(engine) as connection:
        kiosks.add(connection, "k", **named)  # type: ignore[arg-type]
    with write_transaction(open_engine(resident)) as connection:
        assert kiosks.pair(connection, b"p" * 32, b"t" * 32, "2026-09-15 12:11") is None
        assert kiosks.pair(connection, b"p" * 32, b"t" * 32, "2026-09-15 12:10") == UNIT
        assert kiosks.pair(connection, b"p" * 32, b"u" * 32, "2026-09-15 12:10") is None
        kiosks.note_contact(connection, b"t" * 32, "2026-09-15 12", KioskReport(20, 1, True, "abc"))
        assert kiosks.unit_of(connection, b"t" * 32) == UNIT
        assert used_form_ids.unused(connection, [b"f" * 32, b"g" * 32]) == {b"f" * 32, b"g" * 32}
    with read_transaction(engine) as connection:
        [found] = kiosks.of_unit(connection, UNIT, "")
    assert (found.last_contact_hour, found.report) == ("2026-09-15 12", KioskReport(20, 1, True, "abc"))


def test_another_role_may_not_even_accept(resident: str, cluster: Cluster) -> None:
    database = resident.rpartition("/")[2]
    cluster.execute("CREATE ROLE stranger LOGIN")
    cluster.execute(f"GRANT CONNECT ON DATABASE {database} TO stranger")
    try:
        url = f"postgresql://stranger@{resident.partition('@')[2]}"
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(b"SELECT accept(" + b", ".join([b"NULL"] * 12) + b")")
        calls = (
            b"pair_kiosk('p', 't', '')",
            b"kiosk_alive('t', '', 0, 0, true, '')",
            b"unused_forms(ARRAY['f']::bytea[])",
        )
        for call in (b"SELECT " + each for each in calls):
            with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(call)
    finally:
        cluster.execute(f"REVOKE ALL ON DATABASE {database} FROM stranger")
        cluster.execute("DROP ROLE stranger")


def test_the_servers_log_holds_no_values(resident: str, cluster: Cluster, open_engine: Callable[..., Engine]) -> None:
    engine, canary = open_engine(resident), b"canary-" + secrets.token_hex(8).encode()
    arrival = invited(envelope_id=canary, envelope=canary, background_id=canary, background_envelope=canary)
    with pytest.raises(DatabaseFault):
        _take(engine, arrival)
    parts = vars(arrival) | {"background_batch": None}
    names = ", ".join(f":{name}" for name in parts)
    with pytest.raises(DatabaseFault), write_transaction(engine) as connection:
        connection.execute(sa.text(f"SELECT accept({names})"), parts)
    assert "do not belong together" in cluster.log()
    for shape in (canary.decode(), canary.hex()):
        assert shape not in cluster.log()
