"""The deep check sees each promise broken, one planted fault at a time, and changes nothing itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.questions.responses import pack
from survey.sealing.checks.deep_check import inspect
from survey.sealing.intake import envelope
from survey.sealing.keys.registry import register, registry_of
from survey.sealing.keys.transport_key import make_transport_key
from survey.store import tables
from survey.store.core import health
from survey.store.database.engine import write_transaction
from survey.web.pages import security_headers
from tests.attacks.tools import every_row
from tests.sealed import ROUND, Sealed, a_response, make_sealed

TODAY = date(2026, 9, 20)
ALWAYS = {"place of keys"}
# A test's PostgreSQL is set as it comes: its log is loud, and the test itself is its superuser.
LOUD = {"database log", "database rights"}


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    """An open round with answers waiting."""
    made = make_sealed(engine, tmp_path / "instance")
    made.fill({"vast-ett": 12, "ost-ett": 3})
    health.touch_heartbeat(made.volumes.pepper)  # a worker is at work
    return made


def faults(sealed: Sealed, today: date = TODAY, *folders: Path) -> set[str]:
    """What is found to be not as promised, beyond what a test's installation never is."""
    found = {look.name for look in inspect(sealed.engine, sealed.settings, today, folders) if not look.ok}
    return found - ALWAYS - (LOUD if sealed.engine.dialect.name == "postgresql" else set())


def test_a_sound_installation_is_well_and_is_left_as_it_was(sealed: Sealed) -> None:
    before = every_row(sealed.engine)
    assert faults(sealed) == set()
    assert every_row(sealed.engine) == before
    sealed.close()
    assert faults(sealed) == set()


def test_a_demo_is_never_as_promised(sealed: Sealed) -> None:
    assert "place of keys" in {look.name for look in inspect(sealed.engine, sealed.settings, TODAY) if not look.ok}


def swap_keys_everywhere(sealed: Sealed) -> None:
    made = registry_of(sealed.volumes, ROUND)
    own = envelope.new_key().public_key().public_bytes_raw()
    register(
        sealed.volumes, ROUND, replace(made, batches=tuple(replace(each, public_key=own) for each in made.batches))
    )
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.update(tables.batch).values(public_key=own))


def test_public_keys_are_compared_with_the_private_ones(sealed: Sealed) -> None:
    assert faults(sealed) == set()
    swap_keys_everywhere(sealed)
    assert faults(sealed) == {"seal"}


def set_all(column: sa.Column[Any], value: object) -> Callable[[Sealed], None]:
    """A fault: one column of all rows gets a value."""

    def plant(sealed: Sealed) -> None:
        with write_transaction(sealed.engine) as connection:
            connection.execute(sa.update(column.table).values({column: value}))

    return plant


def add_column(sealed: Sealed) -> None:
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.text("ALTER TABLE envelope ADD COLUMN arrived_at TEXT"))


def put_in_plain(sealed: Sealed) -> None:
    set_all(tables.envelope.c.sealed, b"\xff" * 48 + pack(a_response()))(sealed)


def reopen_a_pepper(sealed: Sealed) -> None:
    sealed.volumes.make_pepper("nobodys-round")


def keep_a_key(sealed: Sealed) -> None:
    sealed.close()
    sealed.volumes.make_private(ROUND, {"kept": b"k" * 32})


def keep_a_transport_key(sealed: Sealed) -> None:
    sealed.close()
    make_transport_key(sealed.volumes, ROUND)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (set_all(tables.batch.c.accepted, 99), "answers"),
        (add_column, "columns"),
        (set_all(tables.envelope.c.sealed, b"short"), "envelopes"),
        (put_in_plain, "envelopes"),
        (set_all(tables.batch.c.state, "closed"), "envelopes"),
        (reopen_a_pepper, "peppers"),
        (keep_a_key, "private keys"),
        (keep_a_transport_key, "peppers"),
    ],
)
def test_a_planted_fault_is_found(sealed: Sealed, plant: Callable[[Sealed], None], found: str) -> None:
    plant(sealed)
    assert found in faults(sealed)


def test_a_pepper_kept_too_long_is_found(sealed: Sealed) -> None:
    sealed.close()
    assert "peppers" in faults(sealed, date(2027, 9, 1))


@pytest.mark.slow
@pytest.mark.parametrize("form", [bytes, lambda key: key.hex().encode(), lambda key: key.hex().upper().encode()])
def test_a_copy_of_a_key_is_found_in_a_backup(sealed: Sealed, tmp_path: Path, form: Callable[[bytes], bytes]) -> None:
    backup = tmp_path / "backup"
    backup.mkdir()
    (backup / "log").write_bytes(b"nothing of note")
    assert faults(sealed, TODAY, backup) == set()
    name = sorted(sealed.volumes.private_names(ROUND))[0]
    (backup / "log").write_bytes(b"x" * 70 + form(sealed.volumes.private_key(ROUND, name)) + b"y")
    assert faults(sealed, TODAY, backup) == {"copies of keys"}


def test_what_postgresql_is_set_to_is_found(
    postgres_url: str, open_engine: Callable[[str], Engine], tmp_path: Path
) -> None:
    made = make_sealed(open_engine(postgres_url), tmp_path / "instance")
    looks = {look.name: look for look in inspect(made.engine, made.settings, TODAY)}
    assert not looks["database log"].ok and "log_min_error_statement" in looks["database log"].detail
    with write_transaction(made.engine) as connection:
        connection.execute(sa.text("CREATE ROLE onlooker_of_tests"))
        connection.execute(sa.text("GRANT SELECT ON envelope TO onlooker_of_tests"))
    try:
        looks = {look.name: look for look in inspect(made.engine, made.settings, TODAY)}
        assert "SELECT on envelope for onlooker_of_tests" in looks["database rights"].detail
        assert (
            looks["write-ahead log"].detail == "nothing is kept beyond the database; read along by 0 as it is written"
        )
    finally:
        with write_transaction(made.engine) as connection:
            connection.execute(sa.text("DROP OWNED BY onlooker_of_tests"))
            connection.execute(sa.text("DROP ROLE onlooker_of_tests"))


def test_what_a_proxy_does_to_the_headers_is_found() -> None:
    ours = [*security_headers.resident_headers(), ("Content-Type", "text/html"), ("Date", "now"), ("Server", "granian")]
    assert security_headers.resident_header_faults(ours) == []
    assert security_headers.resident_header_faults([*ours, ("Set-Cookie", "seen=1")]) == ["set-cookie was added"]
    assert security_headers.resident_header_faults(ours[1:]) == ["content-security-policy is missing or changed"]
