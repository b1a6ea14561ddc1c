"""A backup that is made while answers come in holds all that were thanked for, opens, adds up, and is nobody else's."""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy import Engine

from survey.cli.db import command
from survey.config import Settings
from survey.sealing.checks import backup
from survey.sealing.checks.backup import back_up, prove
from survey.sealing.checks.file_permissions import check_file_permissions
from survey.sealing.checks.finding import Finding
from survey.store import tables
from survey.store.database.engine import DatabaseFault, make_engine, write_transaction
from survey.store.maintenance.copies import CopyFailed, copy
from survey.store.maintenance.migrate import upgrade
from tests.answering import Answering, make_answering
from tests.postgres import Cluster
from tests.sealed import Sealed, make_sealed, responses


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Sealed:
    """An open round with answers; on PostgreSQL with that server's own programs."""
    if engine.dialect.name == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        monkeypatch.setenv("PATH", f"{cluster.install / 'bin'}:{os.environ['PATH']}")
    made = make_sealed(engine, tmp_path / "instance")
    made.fill({"vast-ett": 30, "ost-ett": 3})
    return made


@contextmanager
def answers_coming(sealed: Sealed) -> Iterator[list[None]]:
    """Answers keep coming meanwhile; one entry for each that was thanked for."""
    thanked: list[None] = []
    enough = threading.Event()

    def send() -> None:
        for response in responses(3000, seed="meanwhile"):
            if enough.is_set():
                return
            sealed.send("vast-tva", response)
            thanked.append(None)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        while len(thanked) < 20 and sender.is_alive():
            enough.wait(0.005)
        yield thanked
    finally:
        enough.set()
        sender.join()


def test_a_copy_made_while_answers_come_holds_all_that_were_thanked_for(sealed: Sealed, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    with answers_coming(sealed) as thanked:
        before = 33 + len(thanked)
        proof = back_up(sealed.engine, target)
        after = 34 + len(thanked)
    assert proof.ok and before <= proof.accepted == proof.waiting <= after
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("backup")) == ["backup"]


def test_control_a_plain_copy_of_the_file_lacks_answers(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path / "instance")
    sealed.fill({"vast-ett": 30})
    (tmp_path / "elsewhere").mkdir()
    plain = shutil.copy(sealed.engine.url.database or "", tmp_path / "elsewhere" / "plain")
    assert prove(Path(plain), "sqlite").accepted < 30 == back_up(sealed.engine, tmp_path / "backup").accepted


def test_a_backup_can_be_put_back(sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path / "instance")
    sealed.fill({"vast-ett": 12})
    back_up(sealed.engine, tmp_path / "backup")
    restored = tmp_path / "restored.sqlite"
    shutil.copy(tmp_path / "backup", restored)
    upgrade(f"sqlite:///{restored}")
    again = Sealed(open_engine(f"sqlite:///{restored}"), sealed.settings)
    again.fill({"vast-ett": 1}, seed=2)
    again.close()
    assert again.totals()["vast-ett", "patient", "open"] == 13


def test_a_damaged_copy_is_no_backup(sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(engine: Engine, target: Path) -> None:
        copy(engine, target)
        os.truncate(target, target.stat().st_size // 2)

    monkeypatch.setattr(backup, "copy", half)
    with pytest.raises(DatabaseFault):
        back_up(sealed.engine, tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("backup")] == []


def test_a_copy_of_a_database_that_does_not_add_up_says_so_and_is_kept(sealed: Sealed, tmp_path: Path) -> None:
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.update(tables.batch).where(tables.batch.c.accepted > 0).values(accepted=99))
    assert not back_up(sealed.engine, tmp_path / "backup").ok
    assert (tmp_path / "backup").exists()


def test_a_copy_with_fewer_answers_than_there_were_is_none(
    sealed: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "prove", lambda path, kind: backup.Proof(accepted=32, waiting=32, wrong=0))
    with pytest.raises(CopyFailed, match="lacks answers"):
        back_up(sealed.engine, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


@pytest.fixture
def trial(tmp_path: Path) -> Answering:
    return make_answering(tmp_path / "instance", part="all", demo=True)


def test_one_command_and_never_over_what_is_there(trial: Answering, tmp_path: Path) -> None:
    with trial.app.app_context():
        made = CliRunner().invoke(command, ["backup", str(tmp_path / "backup")])
        again = CliRunner().invoke(command, ["backup", str(tmp_path / "backup")])
        nowhere = CliRunner().invoke(command, ["backup", str(tmp_path / "nowhere" / "backup")])
    assert made.exit_code == 0 and "everything in it adds up" in made.output
    assert again.exit_code == 1 and "is there already" in again.output
    assert nowhere.exit_code == 1 and "No backup was made" in nowhere.output


def test_the_files_of_the_database_are_closed_to_others_from_the_first_byte(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "survey.sqlite"
        upgrade(f"sqlite:///{path}")
        engine = make_engine(f"sqlite:///{path}")
        with write_transaction(engine) as connection:
            connection.execute(sa.text("UPDATE health SET ok = 1"))
            modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.glob("survey.sqlite*")}
        engine.dispose()
    finally:
        os.umask(before)
    assert modes == {
        "survey.sqlite": 0o640, "survey.sqlite-wal": 0o640, "survey.sqlite-shm": 0o640, "survey.sqlite-queue": 0o660,
    }  # fmt: skip


def test_files_that_were_open_are_closed_by_the_next_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "survey.sqlite"
    upgrade(f"sqlite:///{path}")
    path.chmod(0o666)
    upgrade(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o777 == 0o660
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM envelope").fetchone() == (0,)
    connection.close()


def test_the_deep_check_names_what_every_account_can_read(open_engine: Callable[..., Engine]) -> None:
    with tempfile.TemporaryDirectory(prefix="sju-open-") as at:
        path = Path(at) / "instance" / "survey.sqlite"
        path.parent.mkdir(mode=0o750)
        upgrade(f"sqlite:///{path}")
        engine, settings = open_engine(f"sqlite:///{path}"), Settings(instance=path.parent, secret="s" * 40)
        Path(at).chmod(0o755)
        assert check_file_permissions(engine, settings) == Finding("files", True, "open to every account here: none")
        path.chmod(0o644)
        assert check_file_permissions(engine, settings).ok, "nobody can enter the folder"
        path.parent.chmod(0o755)
        (path.parent / "config.toml").touch(0o644)
        said = "open to every account here: instance, config.toml, survey.sqlite"
        assert check_file_permissions(engine, settings) == Finding("files", False, said)
