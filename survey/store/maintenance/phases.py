"""The migrations that a database lacks, each of a phase: one that adds, or one that takes away what older code needs.

First *expand*: the code of before and of after both stand what it made, so it may run while the survey runs. Then,
when nothing older runs any more, *contract*. For `flask upgrade`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

EXPAND, CONTRACT = "expand", "contract"
PHASES = (EXPAND, CONTRACT)


@dataclass(frozen=True)
class Migration:
    """A migration: its revision, its phase, and the first line of what it says of itself."""

    revision: str
    phase: str
    title: str


def pending(connection: Connection, config: Config) -> list[Migration]:
    """Return the migrations that a database lacks, in their order; raise RevisionError for one of another version."""
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config)
    found = [_migration(script) for script in scripts.iterate_revisions("heads", current or "base")]
    return found[::-1]


def before_contracting(waiting: Sequence[Migration]) -> str | None:
    """Return the last revision that may be reached while older code runs; None where none waits before that."""
    expanding = list(takewhile(lambda each: each.phase == EXPAND, waiting))
    return expanding[-1].revision if expanding else None


def _migration(script: object) -> Migration:
    module = script.module  # type: ignore[attr-defined]
    # One that says nothing is taken for the kind that must wait.
    return Migration(str(module.revision), getattr(module, "phase", CONTRACT), (module.__doc__ or "").split("\n")[0])
