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

from survey.sealing.keys.durable import (
    PARTIAL_SUFFIX,
    Checkpoint,
    erase,
    files_in,
    make_folder,
    no_checkpoint,
    sync_folder,
    write,
)
from survey.store.database.engine import DatabaseUnavailable

KEY_SIZE = 32
OUTBOX_KEY = "outbox_key"  # name of the key that the round's waiting messages are sealed to
NOTED = ".noted"  # suffix of the file with the envelopes that the worker has seen of a round
RNG_SEED = "rng-seed"  # the round's own seed, kept with its keys: a rerun of its closing draws the same

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class KeysMissing(DatabaseUnavailable):
    """A key that can't be read: is its volume mounted? Nothing can be accepted or opened."""


@dataclass(frozen=True)
class KeyVolumes:
    """The folders of the private keys and of the peppers, each with a copy on the other's volume."""

    private: Path
    pepper: Path

    def __post_init__(self) -> None:
        """Raise ValueError for two folders of one name: both kinds of keys would lie in one."""
        if self.private.name == self.pepper.name:
            raise ValueError("private_keys and pepper_keys must be folders of different names")

    @property
    def private_folders(self) -> tuple[Path, ...]:
        """The folders of private keys; a single one only where both have the same parent, as in the demo."""
        return tuple(dict.fromkeys((self.private, self.pepper.parent / self.private.name)))

    @property
    def pepper_folders(self) -> tuple[Path, ...]:
        """The folders of peppers."""
        return tuple(dict.fromkeys((self.pepper, self.private.parent / self.pepper.name)))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock of opening, closing and sweeping: a sweep must not take a key whose row is yet to come."""
        self.private.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.private, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def make_private(self, round_key: str, keys: Mapping[str, bytes], checkpoint: Checkpoint = no_checkpoint) -> None:
        """Write a round's private keys by name; all of them whole and durable when this returns."""
        for folder in self.private_folders:
            target = make_folder(folder / safe_name(round_key), 0o700)
            for name, raw in keys.items():
                write(target / safe_name(name), raw, 0o600)
                checkpoint("key written")
            sync_folder(target)

    def private_names(self, round_key: str) -> set[str]:
        """Return the names of the round's private keys on either volume."""
        return {path.name for folder in self.private_folders for path in files_in(folder / safe_name(round_key))}

    def private_key(self, round_key: str, name: str) -> bytes:
        """Return a batch's private key; raise KeysMissing."""
        return read_key([folder / safe_name(round_key) / safe_name(name) for folder in self.private_folders])

    def erase_private(
        self, round_key: str, names: set[str] | None = None, checkpoint: Checkpoint = no_checkpoint
    ) -> int:
        """Overwrite and remove the round's keys, all or those named; return the number of files. Safe to run again."""
        erased = 0
        for folder in (volume / safe_name(round_key) for volume in self.private_folders):
            gone = [path for path in files_in(folder) if names is None or path.name in names]
            erase(gone, checkpoint)
            erased += len(gone)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
                sync_folder(folder.parent)
        return erased

    def private_rounds(self) -> set[str]:
        """Return the rounds that have any private key left."""
        found = {path.name for folder in self.private_folders if folder.is_dir() for path in folder.iterdir()}
        return {name for name in found if not name.endswith((NOTED, f"{NOTED}{PARTIAL_SUFFIX}"))}

    def make_pepper(self, round_key: str) -> None:
        """Give the round a pepper on both volumes; one that is there already stays."""
        keep_key(pepper_paths(self, round_key), lambda: secrets.token_bytes(KEY_SIZE))

    def pepper_of(self, round_key: str) -> bytes:
        """Return the round's pepper; raise KeysMissing. Read each time: a forgotten one is nowhere in memory."""
        return read_key(pepper_paths(self, round_key))

    def erase_pepper(self, round_key: str) -> int:
        """Overwrite and remove the round's pepper; return the number of files. Safe to run again."""
        return erase_files(pepper_paths(self, round_key))


@lru_cache(maxsize=256)
def pepper_paths(volumes: KeyVolumes, round_key: str, ending: str = "") -> tuple[Path, ...]:
    """Return where a round's pepper lies on both volumes; with an ending, what lies beside it."""
    # Asked for each answer, and putting paths together costs ten times as much as reading the file.
    return tuple(folder / f"{safe_name(round_key)}{ending}" for folder in volumes.pepper_folders)


def safe_name(name: str) -> str:
    """Return a round's or batch's name as a file name; raise ValueError for an unsafe one."""
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a round or a batch")
    return name


def keep_key(copies: Iterable[Path], draw: Callable[[], bytes]) -> None:
    """Write a key to all copies, durably; one that is there whole already stays, else it is drawn now."""
    found = [path.read_bytes() for path in copies if path.is_file()]
    raw = next((key for key in found if len(key) == KEY_SIZE), None) or draw()
    for path in copies:
        if not path.is_file() or path.read_bytes() != raw:
            make_folder(path.parent, 0o750)
            write(path, raw, 0o640)
            sync_folder(path.parent)


def erase_files(copies: Iterable[Path]) -> int:
    """Overwrite and remove all copies; return the number of files. Safe to run again."""
    gone = [path for path in copies if path.is_file()]
    erase(gone)
    return len(gone)


def read_key(copies: Iterable[Path]) -> bytes:
    """Return a key from the first copy that is whole; raise KeysMissing."""
    for path in copies:
        try:
            raw = _content(path)
        except OSError:
            continue
        if len(raw) == KEY_SIZE:
            return raw
    raise KeysMissing("a key can't be read on either volume")


def _content(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, KEY_SIZE + 1)
    finally:
        os.close(descriptor)
