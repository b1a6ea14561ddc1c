"""Keys lie on both volumes, readable by who may, and are overwritten before they go."""

import os
import threading
from pathlib import Path

import pytest

from survey.sealing.keys.key_volumes import KeysMissing, KeyVolumes

RAW = bytes(range(32))


@pytest.fixture
def volumes(tmp_path: Path) -> KeyVolumes:
    return KeyVolumes(tmp_path / "a" / "private", tmp_path / "b" / "pepper")


def files(volumes: KeyVolumes) -> set[str]:
    root = volumes.private.parent.parent
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_each_volume_holds_both_folders(volumes: KeyVolumes) -> None:
    volumes.make_private("r1", {"b1": RAW})
    volumes.make_pepper("r1")
    assert files(volumes) == {"a/private/r1/b1", "b/private/r1/b1", "b/pepper/r1", "a/pepper/r1"}
    assert volumes.private_key("r1", "b1") == RAW
    assert len(volumes.pepper_of("r1")) == 32


def test_one_volume_may_be_lost(volumes: KeyVolumes) -> None:
    volumes.make_private("r1", {"b1": RAW})
    volumes.make_pepper("r1")
    pepper = volumes.pepper_of("r1")
    (volumes.private / "r1" / "b1").unlink()
    volumes.pepper.joinpath("r1").write_bytes(b"torn")
    assert volumes.private_key("r1", "b1") == RAW
    assert volumes.pepper_of("r1") == pepper
    volumes.make_pepper("r1")
    assert volumes.pepper.joinpath("r1").read_bytes() == pepper


def test_both_lost_is_said_and_means_nothing_was_saved(volumes: KeyVolumes) -> None:
    with pytest.raises(KeysMissing):
        volumes.private_key("r1", "b1")
    with pytest.raises(KeysMissing):
        volumes.pepper_of("r1")


def test_private_keys_are_the_workers_alone_and_peppers_the_groups_too(volumes: KeyVolumes) -> None:
    before = os.umask(0)
    try:
        volumes.make_private("r1", {"b1": RAW})
        volumes.make_pepper("r1")
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o777 for path in volumes.private.parent.parent.rglob("*")}
    for folder in volumes.private_folders:
        assert modes[folder] == modes[folder / "r1"] == 0o700
        assert modes[folder / "r1" / "b1"] == 0o600
    for folder in volumes.pepper_folders:
        assert (modes[folder], modes[folder / "r1"]) == (0o750, 0o640)


def test_a_key_is_overwritten_before_it_goes(volumes: KeyVolumes, tmp_path: Path) -> None:
    volumes.make_private("r1", {"b1": RAW})
    volumes.make_pepper("r1")
    pepper = volumes.pepper_of("r1")
    # A second name for the same bytes on the disk shows what is left in them.
    left = []
    for number, folder in enumerate((*volumes.private_folders, *volumes.pepper_folders)):
        left.append(tmp_path / f"left{number}")
        os.link(folder / "r1" / "b1" if "private" in folder.name else folder / "r1", left[-1])
    assert volumes.erase_private("r1") == 2
    assert volumes.erase_pepper("r1") == 2
    assert not any(path.read_bytes() in (RAW, pepper, b"\0" * 32) for path in left)
    assert files(volumes) == set() or all("left" in name for name in files(volumes))
    assert volumes.private_rounds() == set()
    assert volumes.erase_private("r1") == volumes.erase_pepper("r1") == 0


def test_only_named_keys_go(volumes: KeyVolumes) -> None:
    volumes.make_private("r1", {"b1": RAW, "b2": RAW})
    volumes.erase_private("r1", {"b1"})
    assert volumes.private_names("r1") == {"b2"}


def test_a_pepper_that_is_there_stays(volumes: KeyVolumes) -> None:
    volumes.make_pepper("r1")
    pepper = volumes.pepper_of("r1")
    volumes.make_pepper("r1")
    assert volumes.pepper_of("r1") == pepper


@pytest.mark.parametrize("name", ["", ".", "..", "../r1", "a/b", ".half", "r 1", "å"])
def test_a_name_is_never_a_path(volumes: KeyVolumes, name: str) -> None:
    for attempt in (volumes.pepper_of, volumes.make_pepper, volumes.erase_private, volumes.private_names):
        with pytest.raises(ValueError, match="not the name"):
            attempt(name)


def test_both_kinds_of_keys_in_one_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="different names"):
        KeyVolumes(tmp_path / "a" / "keys", tmp_path / "b" / "keys")


def test_opening_closing_and_sweeping_take_turns(volumes: KeyVolumes) -> None:
    entered = threading.Event()

    def other() -> None:
        with volumes.locked():
            entered.set()

    thread = threading.Thread(target=other)
    with volumes.locked():
        thread.start()
        assert not entered.wait(0.1)
    assert entered.wait(5)
    thread.join()
