"""This process: its memory kept private, with no dump of it, no look into it, no page of it on a disk; and its end.

Answers, keys and addresses are in memory while they are handled. Called where a process starts (`wsgi.py`): the web,
the worker, every command.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_CURRENT, _FUTURE, _ON_FAULT = 1, 2, 4
_CAP_IPC_LOCK = 1 << 14
_SELF = Path("/proc/self/status")


def keep_memory_private() -> None:
    """Forbid core dumps and reading by other processes of this account, and swapping where the system lets us."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    here = ctypes.CDLL(None, use_errno=True)
    # The limit alone does not hold where dumps are handed to a program, as systemd has it.
    here.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if _may_lock():
        # Only pages in use: memory that was asked for and never touched stays unclaimed.
        here.mlockall(_CURRENT | _FUTURE | _ON_FAULT)


def _may_lock() -> bool:
    # With a limit, a lock of all that is to come would stop the process when it reaches that.
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if hard == resource.RLIM_INFINITY and soft != hard:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
    return hard == resource.RLIM_INFINITY or bool(int(_status("CapEff") or "0", 16) & _CAP_IPC_LOCK)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process the moment the process `parent`, which started it, ends, however that ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # it had ended already


def _status(name: str) -> str:
    lines = _SELF.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:")), "0")
