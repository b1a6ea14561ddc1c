"""The free room on the disk of the answers, and a reserve file to delete when there is none left.

For the health page and the worker. A SQLite database that is full takes no answers and can't close a round either, for
closing writes too: then the operator deletes the reserve, and there is room to close with.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

HEALTH = "disk"
RESERVE = "reserve"
MB = 1 << 20

FreeBytes = Callable[[Path], int]
FreeShare = Callable[[Path], float]


def free_bytes(folder: Path) -> int:
    """Return the number of bytes that may still be written to the disk of a folder."""
    return shutil.disk_usage(folder).free


def free_share(folder: Path) -> float:
    """Return how much of the disk of a folder may still be written to, from 0 to 1."""
    room = shutil.disk_usage(folder)
    return room.free / room.total if room.total else 0.0


def sqlite_folder(engine: Engine) -> Path | None:
    """Return the folder of a SQLite database; None for PostgreSQL, whose disk is its own."""
    return Path(str(engine.url.database)).parent if engine.dialect.name == "sqlite" else None


def is_short(folder: Path | None, min_free_mb: int, free: FreeBytes = free_bytes) -> bool:
    """Return whether less than `min_free_mb` is left there, or the disk does not say; False without a folder."""
    try:
        return folder is not None and free(folder) < min_free_mb * MB
    except OSError:
        return True


def write_reserve(folder: Path, size_mb: int, min_free_mb: int, free: FreeBytes = free_bytes) -> bool:
    """Write the reserve file where it is missing and there is room to spare; return whether it was written now."""
    path, size = folder / RESERVE, size_mb * MB
    lies = path.stat().st_size if path.exists() else 0
    if lies >= size or free(folder) + lies - size < min_free_mb * MB:
        return False
    try:
        path.touch(mode=0o640)
        with path.open("wb") as file:
            for _ in range(size_mb):
                # Not zeros: some disks keep no room for those.
                file.write(os.urandom(MB))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        # Half a reserve on a full disk would be in the way.
        path.unlink(missing_ok=True)
        raise
    return True
