"""Taking answers in, on both databases: once, whole, only into an open round; and by whom on PostgreSQL."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.store import batches, editions, health, inbox, invitations, places, rounds, seen
from survey.store.accepting import ACCEPTED, CLOSED, REPEATED, UNKNOWN, Arrival, accept, grant_resident
from survey.store.batches import Batch
from survey.store.engine import DatabaseFault, reading, writing
from survey.store.tables import metadata
from tests import factories
from tests.postgres import Cluster

ROUND, UNIT, OTHER = "host-2026", "vast-ett", "vast-tva"
OWN, OPEN, STAFF, SECOND, SECOND_OPEN = ("a" * 32, "b" * 32, "c" * 32, "d" * 32, "e" * 32)
CODE, UNKNOWN_CODE = b"c" * 32, b"u" * 32
MADE = [
    Batch(OWN, UNIT, ROUND, "patient", "invited", b"k" * 32),
    Batch(OPEN, UNIT, ROUND, "patient", "open", b"k" * 32),
    Batch(STAFF, UNIT, ROUND, "provider", "invited", b"k" * 32),
    Batch(SECOND, factories.REGION, ROUND, "patient", "bg-invited", b"k" * 32),
    Batch(SECOND_OPEN, factories.REGION, ROUND, "patient", "bg-open", b"k" * 32),
]


@pytest.fixture
def asked(engine: Engine) -> Engine:
    """A database with an open round, its batches and one code."""
    with writing(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
        factories.step_to(connection, ROUND, "open")
        batches.add_batches(connection, MADE)
        invitations.add(connection, [CODE], UNIT, ROUND, "patient")
    return engine


def _invited(code: bytes = CODE, **changed: Any) -> Arrival:
    usual = Arrival(
        round=ROUND,
        unit=UNIT,
        role="patient",
        channel="invited",
        code_hash=code,
        form_id_hash=None,
        batch=OWN,
        envelope_id=secrets.token_bytes(16),
        envelope=b"sealed",
        background_batch=SECOND,
        background_id=secrets.token_bytes(16),
        background_envelope=b"sealed too",
    )
    return replace(usual, **changed)


def _by_link(form_id: bytes = b"f" * 32, **changed: Any) -> Arrival:
    own = {"channel": "open", "code_hash": None, "form_id_hash": form_id, "batch": OPEN}
    return _invited(**{**own, "background_batch": SECOND_OPEN, **changed})


def _take(engine: Engine, arrival: Arrival) -> str:
    with writing(engine) as connection:
        return accept(connection, arrival)


def _stand(engine: Engine) -> dict[str, tuple[int, int, int]]:
    """Accepted, repeats and waiting of each batch that has any."""
    with reading(engine) as connection:
        waiting = inbox.waiting(connection, ROUND)
        found = batches.batches(connection, ROUND)
    stand = {each.id: (each.accepted, each.repeats, waiting.get(each.id, 0)) for each in found}
    return {name: numbers for name, numbers in stand.items() if any(numbers)}


def test_a_code_is_good_once(asked: Engine) -> None:
    assert [_take(asked, _invited()) for _ in range(3)] == [ACCEPTED, REPEATED, REPEATED]
    assert _stand(asked) == {OWN: (1, 2, 1), SECOND: (1, 0, 1)}
    with reading(asked) as connection:
        assert inbox.envelopes(connection, OWN) == [b"sealed"]
        assert inbox.envelopes(connection, SECOND) == [b"sealed too"]


def test_a_form_is_good_once(asked: Engine) -> None:
    assert [_take(asked, _by_link()) for _ in range(3)] == [ACCEPTED, REPEATED, REPEATED]
    assert _take(asked, _by_link(b"g" * 32)) == ACCEPTED
    assert _stand(asked) == {OPEN: (2, 2, 2), SECOND_OPEN: (2, 0, 2)}


def test_staff_send_no_second_envelope(asked: Engine) -> None:
    with writing(asked) as connection:
        invitations.add(connection, [b"s" * 32], UNIT, ROUND, "provider")
    without = {"background_batch": None, "background_id": None, "background_envelope": None}
    assert _take(asked, _invited(b"s" * 32, role="provider", batch=STAFF, **without)) == ACCEPTED
    assert _stand(asked) == {STAFF: (1, 0, 1)}


def test_an_unknown_code_changes_nothing(asked: Engine) -> None:
    assert _take(asked, _invited(UNKNOWN_CODE)) == UNKNOWN
    assert _stand(asked) == {}


def test_a_code_is_good_at_its_own_unit_and_role_only(asked: Engine) -> None:
    elsewhere = Batch("1" * 32, OTHER, ROUND, "patient", "invited", b"k" * 32)
    with writing(asked) as connection:
        batches.add_batches(connection, [elsewhere])
    assert _take(asked, _invited(unit=OTHER, batch=elsewhere.id)) == UNKNOWN
    without = {"background_batch": None, "background_id": None, "background_envelope": None}
    assert _take(asked, _invited(role="provider", batch=STAFF, **without)) == UNKNOWN
    assert _take(asked, _invited()) == ACCEPTED


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch": OPEN},
        {"batch": STAFF},
        {"batch": "9" * 32},
        {"unit": OTHER},
        {"round": "annan"},
        {"background_batch": SECOND_OPEN},
        {"background_batch": OWN},
    ],
)
def test_a_batch_of_something_else_takes_nothing(wrong: dict[str, str], asked: Engine) -> None:
    assert _take(asked, _invited(**wrong)) == CLOSED
    assert _stand(asked) == {}


def test_a_closing_round_takes_nothing(asked: Engine) -> None:
    with writing(asked) as connection:
        rounds.set_state(connection, ROUND, "closing")
    assert [_take(asked, each) for each in (_invited(), _by_link())] == [CLOSED, CLOSED]
    assert _stand(asked) == {}


def test_a_settled_batch_takes_nothing(asked: Engine) -> None:
    with writing(asked) as connection:
        batches.settle(connection, OWN, counted=0, moved=0, destroyed=0, equal_patterns=False)
    assert _take(asked, _invited()) == CLOSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"form_id_hash": b"f" * 32},
        {"code_hash": None},
        {"channel": "open"},
        {"background_batch": None},
        {"background_envelope": None},
        {"role": "provider"},
    ],
)
def test_parts_that_do_not_belong_together_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="belong"):
        _invited(**wrong)


def test_the_database_refuses_them_too(postgres_url: str, open_engine: Callable[..., Engine]) -> None:
    parts = vars(_invited()) | {"background_envelope": None}
    names = ", ".join(f":{name}" for name in parts)
    with pytest.raises(DatabaseFault), writing(open_engine(postgres_url)) as connection:
        connection.execute(sa.text(f"SELECT accept({names})"), parts)


def _race(engine: Engine, arrivals: list[Arrival]) -> list[str]:
    found: list[str] = []
    together = threading.Barrier(len(arrivals))

    def send(arrival: Arrival) -> None:
        together.wait()
        found.append(_take(engine, arrival))

    senders = [threading.Thread(target=send, args=(arrival,)) for arrival in arrivals]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    return sorted(found)


@pytest.mark.parametrize("make", [_invited, _by_link])
def test_a_race_on_one_code_has_one_winner(make: Callable[[], Arrival], asked: Engine) -> None:
    assert _race(asked, [make() for _ in range(12)]) == [ACCEPTED] + [REPEATED] * 11
    assert sorted(_stand(asked).values()) == [(1, 0, 1), (1, 11, 1)]


def test_closing_waits_for_answers_on_their_way(
    postgres_url: str, open_engine: Callable[..., Engine]
) -> None:
    engine = open_engine(postgres_url, patience=0.3)
    with writing(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
        factories.step_to(connection, ROUND, "open")
        batches.add_batches(connection, MADE)
    with writing(engine) as connection:
        assert accept(connection, _by_link()) == ACCEPTED
        with pytest.raises(DatabaseFault, match="55P03"), writing(engine) as closing:
            rounds.lock_round_for_closing(closing, ROUND)
    with writing(engine) as closing:
        assert rounds.lock_round_for_closing(closing, ROUND) == "open"


def _as_resident(cluster: Cluster, url: str, engine: Engine, role: str) -> str:
    cluster.execute(f"CREATE ROLE {role} LOGIN")
    grant_resident(engine, role)
    return url.replace("postgres@", f"{role}@")


@pytest.fixture
def resident(cluster: Cluster, postgres_url: str, open_engine: Callable[..., Engine]) -> "Any":
    """The address as the resident part's own role has it, on a database with an open round and a code."""
    engine = open_engine(postgres_url)
    with writing(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
        factories.step_to(connection, ROUND, "open")
        batches.add_batches(connection, MADE)
        invitations.add(connection, [CODE], UNIT, ROUND, "patient")
    role = f"resident_{secrets.token_hex(4)}"
    yield _as_resident(cluster, postgres_url, engine, role)
    with writing(engine) as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
    cluster.execute(f"DROP ROLE {role}")


def test_the_resident_role_serves_its_pages(resident: str, open_engine: Callable[..., Engine]) -> None:
    engine = open_engine(resident)
    with reading(engine) as connection:
        assert len(places.all_places(connection)) == 7
        assert rounds.open_round_for(connection, UNIT, factories.make_round().closes) is not None
        assert batches.public_batch(connection, ROUND, UNIT, "patient", "invited") == (OWN, b"k" * 32)
        assert batches.background_batch(connection, ROUND, "invited") == (SECOND, b"k" * 32)
        assert editions.latest_by_round(connection) == []
        assert editions.drawing(connection, 1, UNIT, "gap", language="sv", theme="light") is None
        assert health.lines(connection) == []
    assert [_take(engine, each) for each in (_invited(), _invited(), _by_link())] == [
        ACCEPTED,
        REPEATED,
        ACCEPTED,
    ]


FORBIDDEN = [
    *(
        f"SELECT * FROM {table}"
        for table in ("inbox", "invitation", "seen", "tally", "background_tally", "person")
    ),
    "SELECT accepted, repeats FROM batch",
    "SELECT count(*) FROM inbox",
    "INSERT INTO seen VALUES ('x', 'host-2026')",
    "INSERT INTO inbox VALUES ('x', 'a', 'x')",
    "UPDATE round SET state = 'closed'",
    "UPDATE batch SET accepted = 0",
    "DELETE FROM invitation",
    "TRUNCATE seen",
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
            if connection.execute("SELECT has_any_column_privilege(%s, 'SELECT')", [f'"{table}"']).fetchone()
            == (True,)
        }
        assert readable == {"place", "round", "batch", "edition", "drawing", "health"}


def test_another_role_may_not_even_accept(resident: str, cluster: Cluster) -> None:
    cluster.execute("CREATE ROLE stranger LOGIN")
    try:
        url = f"postgresql://stranger@{resident.partition('@')[2]}"
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(b"SELECT accept(" + b", ".join([b"NULL"] * 12) + b")")
    finally:
        cluster.execute("DROP ROLE stranger")


def test_only_postgresql_grants(sqlite_url: str, open_engine: Callable[..., Engine]) -> None:
    with pytest.raises(DatabaseFault):
        grant_resident(open_engine(sqlite_url), "somebody")


def test_spending_and_remembering_are_the_same_alone(asked: Engine) -> None:
    def twice(step: Callable[[Connection], int]) -> list[int]:
        with writing(asked) as connection:
            return [step(connection), step(connection)]

    assert twice(lambda c: invitations.spend(c, CODE, UNIT, ROUND, "patient")) == [1, 0]
    assert twice(lambda c: seen.remember(c, b"f" * 32, ROUND)) == [1, 0]
