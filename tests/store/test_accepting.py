"""Taking answers in, on both databases: once, whole, only into an open round."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.store.answers import access_codes, batches, envelopes, used_form_ids
from survey.store.answers.batches import Batch
from survey.store.answers.submissions import ACCEPTED, CLOSED, REPEATED, UNKNOWN, SealedSubmission, accept
from survey.store.core import rounds
from survey.store.database.engine import DatabaseFault, read_transaction, write_transaction
from tests.store.arrivals import (
    CODE,
    OPEN,
    OTHER,
    OWN,
    ROUND,
    SECOND,
    SECOND_OPEN,
    STAFF,
    UNIT,
    UNKNOWN_CODE,
    ask,
    by_link,
    invited,
)


@pytest.fixture
def asked(engine: Engine) -> Engine:
    """A database with an open round, its batches and one code."""
    return ask(engine)


def _take(engine: Engine, arrival: SealedSubmission) -> str:
    with write_transaction(engine) as connection:
        return accept(connection, arrival)


def _stand(engine: Engine) -> dict[str, tuple[int, int, int]]:
    """Accepted, repeats and waiting of each batch that has any."""
    with read_transaction(engine) as connection:
        waiting = envelopes.waiting(connection, ROUND)
        found = batches.batches(connection, ROUND)
    stand = {each.id: (each.accepted, each.duplicates, waiting.get(each.id, 0)) for each in found}
    return {name: numbers for name, numbers in stand.items() if any(numbers)}


def test_a_code_is_good_once(asked: Engine) -> None:
    assert [_take(asked, invited()) for _ in range(3)] == [ACCEPTED, REPEATED, REPEATED]
    assert _stand(asked) == {OWN: (1, 2, 1), SECOND: (1, 0, 1)}
    with read_transaction(asked) as connection:
        assert [each.sealed for each in envelopes.envelopes(connection, OWN)] == [b"sealed"]
        assert [each.sealed for each in envelopes.envelopes(connection, SECOND)] == [b"sealed too"]


def test_a_form_is_good_once(asked: Engine) -> None:
    assert [_take(asked, by_link()) for _ in range(3)] == [ACCEPTED, REPEATED, REPEATED]
    assert _take(asked, by_link(b"g" * 32)) == ACCEPTED
    assert _stand(asked) == {OPEN: (2, 2, 2), SECOND_OPEN: (2, 0, 2)}


def test_staff_send_no_second_envelope(asked: Engine) -> None:
    with write_transaction(asked) as connection:
        access_codes.add(connection, [b"s" * 32], UNIT, ROUND, "provider")
    without = {"background_batch": None, "background_id": None, "background_envelope": None}
    assert _take(asked, invited(b"s" * 32, role="provider", batch=STAFF, **without)) == ACCEPTED
    assert _stand(asked) == {STAFF: (1, 0, 1)}


def test_an_unknown_code_changes_nothing(asked: Engine) -> None:
    assert _take(asked, invited(UNKNOWN_CODE)) == UNKNOWN
    assert _stand(asked) == {}


def test_a_code_is_good_at_its_own_unit_and_role_only(asked: Engine) -> None:
    elsewhere = Batch("1" * 32, OTHER, ROUND, "patient", "invited", b"k" * 32)
    with write_transaction(asked) as connection:
        batches.add_batches(connection, [elsewhere])
    assert _take(asked, invited(unit=OTHER, batch=elsewhere.id)) == UNKNOWN
    without = {"background_batch": None, "background_id": None, "background_envelope": None}
    assert _take(asked, invited(role="provider", batch=STAFF, **without)) == UNKNOWN
    assert _take(asked, invited()) == ACCEPTED


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
    assert _take(asked, invited(**wrong)) == CLOSED
    assert _stand(asked) == {}


def test_a_closing_round_takes_nothing(asked: Engine) -> None:
    with write_transaction(asked) as connection:
        rounds.set_state(connection, ROUND, "closing")
    assert [_take(asked, each) for each in (invited(), by_link())] == [CLOSED, CLOSED]
    assert _stand(asked) == {}


def test_a_settled_batch_takes_nothing(asked: Engine) -> None:
    with write_transaction(asked) as connection:
        batches.settle(connection, OWN, counted=0, pooled=0, destroyed=0)
    assert _take(asked, invited()) == CLOSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"form_id_hash": b"f" * 32},
        {"code_hash": None},
        {"collection_mode": "open"},
        {"background_batch": None},
        {"background_envelope": None},
        {"role": "provider"},
    ],
)
def test_parts_that_do_not_belong_together_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="belong"):
        invited(**wrong)


def test_the_database_refuses_them_too(postgres_url: str, open_engine: Callable[..., Engine]) -> None:
    parts = vars(invited()) | {"background_envelope": None}
    names = ", ".join(f":{name}" for name in parts)
    with pytest.raises(DatabaseFault), write_transaction(open_engine(postgres_url)) as connection:
        connection.execute(sa.text(f"SELECT accept({names})"), parts)


def _race(engine: Engine, arrivals: list[SealedSubmission]) -> list[str]:
    found: list[str] = []
    together = threading.Barrier(len(arrivals))

    def send(arrival: SealedSubmission) -> None:
        together.wait()
        found.append(_take(engine, arrival))

    senders = [threading.Thread(target=send, args=(arrival,)) for arrival in arrivals]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    return sorted(found)


@pytest.mark.parametrize("make", [invited, by_link])
def test_a_race_on_one_code_has_one_winner(make: Callable[[], SealedSubmission], asked: Engine) -> None:
    assert _race(asked, [make() for _ in range(12)]) == [ACCEPTED] + [REPEATED] * 11
    assert sorted(_stand(asked).values()) == [(1, 0, 1), (1, 11, 1)]


def test_closing_waits_for_answers_on_their_way(postgres_url: str, open_engine: Callable[..., Engine]) -> None:
    engine = ask(open_engine(postgres_url, patience=0.3))
    with write_transaction(engine) as connection:
        assert accept(connection, by_link()) == ACCEPTED
        with pytest.raises(DatabaseFault, match="55P03"), write_transaction(engine) as closing:
            rounds.lock_round_for_closing(closing, ROUND)
    with write_transaction(engine) as closing:
        assert rounds.lock_round_for_closing(closing, ROUND) == "open"


def test_spending_and_remembering_are_the_same_alone(asked: Engine) -> None:
    def twice(step: Callable[[Connection], int]) -> list[int]:
        with write_transaction(asked) as connection:
            return [step(connection), step(connection)]

    assert twice(lambda c: access_codes.spend(c, CODE, UNIT, ROUND, "patient")) == [1, 0]
    assert twice(lambda c: used_form_ids.remember(c, b"f" * 32, ROUND)) == [1, 0]
