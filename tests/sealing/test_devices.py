"""A round is refused while its keys lie beside the answers, in a backup, or on one volume only."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.config import Settings
from survey.sealing.devices import KeysRefused, device_of, refuse_shared_device
from survey.sealing.opening import open_round
from survey.store import rounds
from survey.store.engine import reading, writing
from survey.store.folder import DataFolder, data_folder
from tests.factories import furnish, make_round

DEVICES = {"/keys-a": 1, "/keys-b": 2, "/backup": 3}


def device(path: Path) -> int:
    """Three volumes; all else is on the system's device, number 0."""
    return next((number for root, number in DEVICES.items() if path.is_relative_to(root)), 0)


@pytest.fixture
def apart(tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path,
        secret="s" * 40,
        private_keys="/keys-a/private",
        pepper_keys="/keys-b/pepper",
        keys_not_backed_up=True,
    )


def test_keys_on_two_volumes_of_their_own_are_good(engine: Engine, apart: Settings) -> None:
    refuse_shared_device(apart, engine, device)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"keys_not_backed_up": False}, "keys_not_backed_up is not true"),
        ({"private_keys": ""}, "private_keys is not set"),
        ({"pepper_keys": ""}, "pepper_keys is not set"),
        ({"pepper_keys": "/keys-a/pepper"}, "same device"),
        ({"private_keys": "/home/keys/private"}, "on the (system|database)'s device"),
        ({"private_keys": "/keys-a"}, "name a folder inside each"),
    ],
)
def test_anything_less_is_refused_in_words(
    engine: Engine, apart: Settings, change: dict[str, object], reason: str
) -> None:
    with pytest.raises(KeysRefused, match=reason):
        refuse_shared_device(replace(apart, **change), engine, device)


def test_the_databases_own_device_is_refused(
    sqlite_url: str, open_engine: Callable[..., Engine], apart: Settings
) -> None:
    engine = open_engine(sqlite_url)
    where = data_folder(engine).path
    assert where is not None and where == Path(sqlite_url.removeprefix("sqlite:///")).parent
    with pytest.raises(KeysRefused, match="on the database's device"):
        refuse_shared_device(apart, engine, lambda path: 1 if path == where else device(path))


def test_postgresql_on_this_machine_tells_its_folder(
    postgres_url: str, open_engine: Callable[..., Engine], apart: Settings
) -> None:
    engine = open_engine(postgres_url)
    found = data_folder(engine)
    assert found.path is not None and (found.path / "PG_VERSION").exists()
    with pytest.raises(KeysRefused, match="on the database's device"):
        refuse_shared_device(apart, engine, lambda path: 2 if path == found.path else device(path))


def test_postgresql_that_does_not_tell_is_refused_and_one_elsewhere_is_not_asked(
    apart: Settings, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr("survey.sealing.devices.data_folder", lambda engine: DataFolder(None, unknown=True))
    with pytest.raises(KeysRefused, match="pg_read_all_settings"):
        refuse_shared_device(apart, engine, device)
    monkeypatch.setattr("survey.sealing.devices.data_folder", lambda engine: DataFolder(None))
    refuse_shared_device(apart, engine, device)


def test_only_a_demo_keeps_keys_beside_the_answers(engine: Engine, tmp_path: Path) -> None:
    beside = Settings(instance=tmp_path, secret="s" * 40)
    with writing(engine) as connection:
        furnish(connection, [], make_round("r1"))
    with pytest.raises(KeysRefused):
        open_round(engine, beside, "r1")
    with reading(engine) as connection:
        found = rounds.get_round(connection, "r1")
    assert found is not None and found.state == "draft"
    assert not (tmp_path / "keys").exists()
    open_round(engine, replace(beside, demo=True), "r1")


def test_a_folder_that_is_not_there_yet_is_on_its_parents_device(tmp_path: Path) -> None:
    assert device_of(tmp_path / "not" / "yet") == tmp_path.stat().st_dev
