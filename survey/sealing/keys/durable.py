"""Small files that are there after a power cut when they were written, and gone when they were erased.

For the key volumes: fsync of file and folder, and no file that carries a name before it is whole.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

Checkpoint = Callable[[str], None]

PARTIAL_SUFFIX = ".half"
"""Ends the name of what is not whole yet."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
_PIECE = 1 << 14
_MIN_OVERWRITTEN = 32  # how much is overwritten at least: a half-written key may be shorter than a key


def no_checkpoint(name: str) -> None:
    """Do nothing: the step callback outside the tests, which stop there."""


def make_folder(path: Path, mode: int) -> Path:
    """Return the folder; create it durably when it is missing."""
    if not path.is_dir():
        path.parent.mkdir(mode=mode, parents=True, exist_ok=True)
        path.mkdir(mode=mode, exist_ok=True)
        sync_folder(path.parent)
    return path


def files_in(folder: Path) -> list[Path]:
    """Return the files right in a folder; none when it is missing."""
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def write(path: Path, raw: bytes | Iterable[bytes], mode: int) -> None:
    """Write a file whole, or not at all, in one piece or many; durable once the folder is synced too."""
    # Beside its place first: a half-written key never carries a key's name.
    half = path.with_name(f"{path.name}{PARTIAL_SUFFIX}")
    with os.fdopen(os.open(half, _NEW, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.writelines([raw] if isinstance(raw, bytes) else raw)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def erase(paths: list[Path], checkpoint: Checkpoint = no_checkpoint) -> None:
    """Overwrite each file, on the disk, and remove it."""
    for path in paths:
        with path.open("r+b", buffering=0) as file:
            size = max(file.seek(0, os.SEEK_END), _MIN_OVERWRITTEN)
            file.seek(0)
            for start in range(0, size, _PIECE):
                file.write(os.urandom(min(_PIECE, size - start)))
            os.fsync(file.fileno())
        path.unlink()
        checkpoint("key erased")
    for folder in {path.parent for path in paths}:
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make a folder's list of files durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
