"""The sign-in's named queries on both databases: what is good once is good once, whoever comes first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine

from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.staff import accounts, identities, passkeys, second_factors, staff_sessions
from survey.store.staff.passkeys import Passkey
from survey.store.staff.staff_sessions import StaffSession
from tests import factories

LIMITS = {"started_after": 100, "used_after": 670}


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """A database with two people, 1 and 2."""
    with write_transaction(engine) as connection:
        factories.furnish(connection, (), factories.make_round("host-2026"))
        for name in ("anna", "bo"):
            accounts.add_account(connection, f"{name}@region.example", "x", "followup", factories.REGION)
    return engine


def ids(engine: Engine) -> list[int]:
    with read_transaction(engine) as connection:
        return [person.id for person in accounts.accounts(connection)]


def race(engine: Engine, take: Callable[[Connection], bool]) -> list[bool]:
    def once(_number: int) -> bool:
        with write_transaction(engine) as connection:
            return take(connection)

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(once, range(24)))


def test_a_step_and_every_earlier_one_is_taken_once(furnished: Engine) -> None:
    anna, bo = ids(furnished)
    with write_transaction(furnished) as connection:
        second_factors.set_authenticator(connection, anna, "sealed", 7)
        second_factors.set_authenticator(connection, bo, "sealed", 7)
        assert not second_factors.use_time_step(connection, anna, 7)
        assert not second_factors.use_time_step(connection, anna, 6)
    assert sum(race(furnished, lambda connection: second_factors.use_time_step(connection, anna, 9))) == 1
    with write_transaction(furnished) as connection:
        assert not second_factors.use_time_step(connection, anna, 8)
        assert second_factors.use_time_step(connection, bo, 8)


def test_a_recovery_code_is_spent_once_and_only_by_its_owner(furnished: Engine) -> None:
    anna, bo = ids(furnished)
    with write_transaction(furnished) as connection:
        second_factors.set_recovery_codes(connection, anna, [b"1" * 32, b"2" * 32])
        assert not second_factors.spend_recovery_code(connection, bo, b"1" * 32)
    spend = lambda connection: second_factors.spend_recovery_code(connection, anna, b"1" * 32)  # noqa: E731
    assert sum(race(furnished, spend)) == 1
    with read_transaction(furnished) as connection:
        assert second_factors.recovery_codes_left(connection, anna) == 1


def test_a_passkey_takes_no_challenge_twice(furnished: Engine) -> None:
    anna, bo = ids(furnished)
    with write_transaction(furnished) as connection:
        passkeys.add(connection, Passkey(b"key", anna, b"public", 2**32 - 1, 1_800_000_000_000, "Min telefon"))
    take = lambda connection: passkeys.record_use(connection, b"key", 1_800_000_000_001, 5)  # noqa: E731
    assert sum(race(furnished, take)) == 1
    with write_transaction(furnished) as connection:
        assert not passkeys.record_use(connection, b"key", 1_800_000_000_000, 6)
        passkeys.remove(connection, b"key", bo)
        assert passkeys.find(connection, b"key") == Passkey(
            b"key", anna, b"public", 5, 1_800_000_000_001, "Min telefon"
        )
        second_factors.forget_all(connection, anna)
        assert passkeys.of_account(connection, anna) == []


def test_a_session_is_open_until_it_ends_or_is_over(furnished: Engine) -> None:
    anna, bo = ids(furnished)
    made = [StaffSession(bytes([n]) * 32, anna, 600 + n, 690 + n, 690, n > 1) for n in (1, 2, 3)]
    with write_transaction(furnished) as connection:
        for each in (*made, StaffSession(b"9" * 32, bo, 700, 700, 700, False)):
            staff_sessions.begin(connection, each)
        assert staff_sessions.find(connection, made[0].token_hash, **LIMITS) == made[0]
        assert staff_sessions.of_account(connection, anna, **LIMITS) == made[::-1]
        staff_sessions.end(connection, made[0].token_hash, bo)
        staff_sessions.end(connection, made[1].token_hash, anna)
        assert staff_sessions.of_account(connection, anna, **LIMITS) == [made[2], made[0]]
        staff_sessions.delete_expired(connection, started_after=601, used_after=670)
        assert staff_sessions.of_account(connection, anna, started_after=0, used_after=0) == [made[2]]
        staff_sessions.end_all_at(connection, "anna@region.example")
        assert staff_sessions.of_account(connection, anna, **LIMITS) == []
        assert len(staff_sessions.of_account(connection, bo, **LIMITS)) == 1


def test_a_subject_is_one_person_and_a_person_one_subject_of_an_issuer(furnished: Engine) -> None:
    anna, bo = ids(furnished)
    with write_transaction(furnished) as connection:
        identities.bind(connection, "https://a.example", "1", anna)
        identities.bind(connection, "https://b.example", "1", bo)
    for subject, person in (("1", bo), ("2", anna)):
        with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
            identities.bind(connection, "https://a.example", subject, person)
    with read_transaction(furnished) as connection:
        found = identities.find(connection, "https://a.example", "1")
        assert found and found.id == anna
        assert identities.find(connection, "https://a.example", "2") is None
