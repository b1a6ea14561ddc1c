"""The disk that the answers lie on: is there room enough left, and a ballast to throw overboard when there is not.

For the health page and the worker. A SQLite database that is full takes no answers and can't close a round either, for
closing writes too: then the operator deletes the ballast, and there is room to close with.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

HEALTH = "disk"
BALLAST = "ballast"
MB = 1 << 20

Room = Callable[[Path], int]


def room_left(folder: Path) -> int:
    """How many bytes may still be written to the disk of a folder."""
    return shutil.disk_usage(folder).free


def sqlite_folder(engine: Engine) -> Path | None:
    """The folder of a SQLite database; None for PostgreSQL, which keeps its own house."""
    return Path(str(engine.url.database)).parent if engine.dialect.name == "sqlite" else None


def is_short(folder: Path | None, least_mb: int, room: Room = room_left) -> bool:
    """Whether less is left there than the operator wants, or the disk does not even say; never of no folder."""
    try:
        return folder is not None and room(folder) < least_mb * MB
    except OSError:
        return True


def lay_ballast(folder: Path, size_mb: int, least_mb: int, room: Room = room_left) -> bool:
    """Lay the ballast down where it is missing and there is room to spare; whether it was laid now."""
    path, size = folder / BALLAST, size_mb * MB
    lies = path.stat().st_size if path.exists() else 0
    if lies >= size or room(folder) + lies - size < least_mb * MB:
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
        # Half a ballast on a full disk would be in the way.
        path.unlink(missing_ok=True)
        raise
    return True
