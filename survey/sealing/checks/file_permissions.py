"""The check of the installation's file permissions: database, settings and their folders. For the deep check."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from survey.config import Settings
from survey.sealing.checks.finding import Finding

_OTHERS = 0o007
_INTO = 0o001


def check_file_permissions(engine: Engine, settings: Settings) -> Finding:
    """Check that no other account of this machine can read, or change, the survey's files."""
    found = [path.name for path in _own(engine, settings) if _is_open(path)]
    return Finding("files", not found, f"open to every account here: {', '.join(found) or 'none'}")


def _own(engine: Engine, settings: Settings) -> Iterator[Path]:
    yield from (settings.instance, settings.instance / "config.toml")
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        yield from dict.fromkeys((path, *sorted(path.parent.glob(f"{path.name}-*"))))


def _is_open(path: Path) -> bool:
    try:
        own = path.stat().st_mode & _OTHERS
        # A folder on the way that lets nobody in closes all that lies in it.
        return bool(own) and all(folder.stat().st_mode & _INTO for folder in path.resolve().parents)
    except OSError:
        return False
