"""The room on the database's disk, and the reserve: laid only where there is room to spare, and really there."""

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.store.maintenance.disk import MB, RESERVE, free_bytes, is_short, sqlite_folder, write_reserve
from tests.attacks.tools import in_child


def has(megabytes: float) -> Callable[[Path], int]:
    """A disk with so much room left."""
    return lambda _: int(megabytes * MB)


def silent(_: Path) -> int:
    """A disk that does not answer."""
    raise OSError


def test_less_than_the_operator_wants_is_short(tmp_path: Path) -> None:
    assert [is_short(tmp_path, 256, has(left)) for left in (0, 255.9, 256, 5000)] == [True, True, False, False]
    assert is_short(tmp_path, 256, silent)
    assert not is_short(None, 256, silent)


def test_the_room_is_that_of_the_folder_s_own_disk(tmp_path: Path) -> None:
    assert 0 < free_bytes(tmp_path) <= os.statvfs(tmp_path).f_blocks * os.statvfs(tmp_path).f_frsize
    assert is_short(tmp_path, 1 << 40) and not is_short(tmp_path, 0)


def test_only_sqlite_lies_in_a_folder_of_ours(
    sqlite_url: str, postgres_url: str, open_engine: Callable[..., Engine]
) -> None:
    assert sqlite_folder(open_engine(sqlite_url)) == Path(sqlite_url.removeprefix("sqlite:///")).parent
    assert sqlite_folder(open_engine(postgres_url)) is None


def test_the_reserve_takes_up_what_it_says_and_is_laid_once(tmp_path: Path) -> None:
    assert write_reserve(tmp_path, 2, 256, has(300))
    laid = (tmp_path / RESERVE).stat()
    assert laid.st_size == 2 * MB and laid.st_blocks * 512 >= 2 * MB
    assert not write_reserve(tmp_path, 2, 256, has(300))
    assert (tmp_path / RESERVE).stat().st_mtime_ns == laid.st_mtime_ns


@pytest.mark.parametrize(("left", "lies", "laid"), [(257, 0, False), (258, 0, True), (257, 1, True), (256, 1, False)])
def test_it_is_laid_only_where_enough_is_left_beside_it(tmp_path: Path, left: int, lies: int, laid: bool) -> None:
    if lies:
        (tmp_path / RESERVE).write_bytes(bytes(lies * MB))
    assert write_reserve(tmp_path, 2, 256, has(left)) is laid
    assert (tmp_path / RESERVE).exists() is (laid or lies > 0)


def test_there_may_be_none(tmp_path: Path) -> None:
    assert not write_reserve(tmp_path, 0, 256, has(5000))
    assert list(tmp_path.iterdir()) == []


def test_half_a_reserve_is_not_left_in_the_way(tmp_path: Path) -> None:
    def lay() -> None:
        # In a child, because a process can't lift its own limit again.
        resource.setrlimit(resource.RLIMIT_FSIZE, (MB, MB))
        with pytest.raises(OSError, match="File too large"):
            write_reserve(tmp_path, 2, 256, has(300))

    assert in_child(lay) == 0
    assert list(tmp_path.iterdir()) == []
