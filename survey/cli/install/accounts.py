"""The accounts that an installation's parts run as, and who owns what of its files.

Where root installs, the files are the worker's, each group reads what it needs, and the tables are the owner's.
Whoever is not root installs for one account alone: their own.
"""

import grp
import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.config import ROOT

# Who commands, and owns the tables: no service runs as this one.
OWNER = "survey"
WORKER, STAFF, RESIDENT = "survey-worker", "survey-staff", "survey-resident"
ALL_PARTS, INNER_PARTS = "survey", "survey-inner"


@dataclass(frozen=True)
class Owners:
    """The owner's and the worker's users, the group of all parts, that of the staff's part and the worker."""

    owner: int
    worker: int
    all_parts: int
    inner_parts: int
    switch: bool

    def give(self, path: Path, group: int, mode: int) -> None:
        """Give a file or folder that was made now to the worker, and let a group read it."""
        if self.switch:
            os.chown(path, self.worker, group)
        path.chmod(mode)

    def run(self, instance: Path, *command: str, role: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command of ours as the owner's account, or as the worker's with its `role` in the database."""
        # What points at root's own files, or at one part, is nobody else's.
        environ = {name: value for name, value in os.environ.items() if name not in ("HOME", "PART", "PGUSER", "USER")}
        environ |= {"PGUSER": role} if role else {}
        return subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            cwd=ROOT, env={**environ, "INSTANCE": str(instance)}, capture_output=True, text=True, check=False,
            umask=0o027, **self._account(self.worker if role else self.owner),
        )  # fmt: skip

    def _account(self, user: int) -> dict[str, Any]:
        if not self.switch:
            return {}
        return {"user": user, "group": self.all_parts, "extra_groups": [self.inner_parts]}


def owners_here(switch: bool) -> Owners | None:
    """Return the owners on this machine; None where root installs and the accounts are not there.

    `switch`: whether to hand over to the worker's account, as root may.
    """
    if not switch:
        return Owners(os.geteuid(), os.geteuid(), os.getegid(), os.getegid(), switch=False)
    try:
        all_parts, inner_parts = (grp.getgrnam(name).gr_gid for name in (ALL_PARTS, INNER_PARTS))
        owner, worker = (pwd.getpwnam(name).pw_uid for name in (OWNER, WORKER))
        return Owners(owner, worker, all_parts, inner_parts, switch=True)
    except KeyError:
        return None
