"""The two key volumes: private keys, the worker's alone, and peppers, which the web reads too.

For accepting, opening, closing and forgetting. Losing both volumes loses the open round, so each holds
both folders: `private/` on the first volume has its copy beside `pepper/` on the second, and the other
way round. Written and erased with fsync of file and folder, so that "it is there" and "it is gone" are
true after a power cut.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from survey.store.engine import DatabaseUnavailable

KEY_SIZE = 32
SPOOL = "spool"  # what the round's waiting messages are sealed to
CHANCE = "chance"  # the round's own dice, kept with its keys: a rerun of its closing throws the same

Step = Callable[[str], None]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def nothing(step: str) -> None:
    """The step callback of all but the tests, which stop there."""


class KeysMissing(DatabaseUnavailable):
    """A key that should be there can't be read: is its volume mounted? Nothing can be accepted or opened."""


@dataclass(frozen=True)
class KeyVolumes:
    """The folders of the private keys and of the peppers, each with a copy on the other's volume."""

    private: Path
    pepper: Path

    def __post_init__(self) -> None:
        """Two folders of one name would put both kinds of keys into one."""
        if self.private.name == self.pepper.name:
            raise ValueError("private_keys and pepper_keys must be folders of different names")

    @property
    def private_folders(self) -> tuple[Path, ...]:
        """Where private keys lie; one folder only where both have the same parent, as in the demo."""
        return tuple(dict.fromkeys((self.private, self.pepper.parent / self.private.name)))

    @property
    def pepper_folders(self) -> tuple[Path, ...]:
        """Where peppers lie."""
        return tuple(dict.fromkeys((self.pepper, self.private.parent / self.pepper.name)))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Opening, closing and sweeping take turns: a sweep must not take a key whose row is yet to come."""
        self.private.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.private, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def make_private(self, round_key: str, keys: Mapping[str, bytes], step: Step = nothing) -> None:
        """Keep a round's private keys by name; all of them whole and durable when this returns."""
        for folder in self.private_folders:
            target = _folder(folder / _safe(round_key), 0o700)
            for name, raw in keys.items():
                _write(target / _safe(name), raw, 0o600)
                step("key written")
            _sync_folder(target)

    def private_names(self, round_key: str) -> set[str]:
        """The names of the round's private keys on either volume."""
        return {path.name for folder in self.private_folders for path in _files(folder / _safe(round_key))}

    def private_key(self, round_key: str, name: str) -> bytes:
        """A batch's private key; raises KeysMissing."""
        return _read([folder / _safe(round_key) / _safe(name) for folder in self.private_folders])

    def erase_private(self, round_key: str, names: set[str] | None = None, step: Step = nothing) -> int:
        """Overwrite and remove the round's keys, all or those named; how many files. Safe to run again."""
        erased = 0
        for folder in (volume / _safe(round_key) for volume in self.private_folders):
            gone = [path for path in _files(folder) if names is None or path.name in names]
            _erase(gone, step)
            erased += len(gone)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
                _sync_folder(folder.parent)
        return erased

    def private_rounds(self) -> set[str]:
        """The rounds that have any private key left."""
        return {path.name for folder in self.private_folders if folder.is_dir() for path in folder.iterdir()}

    def make_pepper(self, round_key: str) -> None:
        """Give the round a pepper on both volumes; one that is there already stays."""
        places = [folder / _safe(round_key) for folder in self.pepper_folders]
        found = [path.read_bytes() for path in places if path.is_file()]
        raw = next((pepper for pepper in found if len(pepper) == KEY_SIZE), None) or secrets.token_bytes(KEY_SIZE)
        for path in places:
            if not path.is_file() or path.read_bytes() != raw:
                _folder(path.parent, 0o750)
                _write(path, raw, 0o640)
                _sync_folder(path.parent)

    def pepper_of(self, round_key: str) -> bytes:
        """The round's pepper; raises KeysMissing. Read each time: a forgotten one is nowhere in memory."""
        return _read(_pepper_paths(self, round_key))

    def erase_pepper(self, round_key: str) -> int:
        """Overwrite and remove the round's pepper; safe to run again."""
        gone = [path for folder in self.pepper_folders if (path := folder / _safe(round_key)).is_file()]
        _erase(gone, nothing)
        return len(gone)


@lru_cache(maxsize=64)
def _pepper_paths(volumes: KeyVolumes, round_key: str) -> tuple[str, ...]:
    # Asked for each answer, and putting paths together costs ten times as much as reading the file.
    return tuple(str(folder / _safe(round_key)) for folder in volumes.pepper_folders)


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a round or a batch")
    return name


def _folder(path: Path, mode: int) -> Path:
    if not path.is_dir():
        path.parent.mkdir(mode=mode, parents=True, exist_ok=True)
        path.mkdir(mode=mode, exist_ok=True)
        _sync_folder(path.parent)
    return path


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _write(path: Path, raw: bytes, mode: int) -> None:
    # Beside its place first: a half-written key never carries a key's name.
    half = path.with_name(f"{path.name}.half")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        os.fchmod(descriptor, mode)
        os.write(descriptor, raw)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    half.replace(path)


def _read(copies: Iterable[str | Path]) -> bytes:
    for path in copies:
        try:
            raw = _content(path)
        except OSError:
            continue
        if len(raw) == KEY_SIZE:
            return raw
    raise KeysMissing("a key can't be read on either volume")


def _content(path: str | Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, KEY_SIZE + 1)
    finally:
        os.close(descriptor)


def _erase(paths: list[Path], step: Step) -> None:
    for path in paths:
        with path.open("r+b", buffering=0) as file:
            size = max(file.seek(0, os.SEEK_END), KEY_SIZE)
            file.seek(0)
            file.write(os.urandom(size))
            os.fsync(file.fileno())
        path.unlink()
        step("key erased")
    for folder in {path.parent for path in paths}:
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
