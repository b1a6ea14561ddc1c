"""What is in a process's memory stays there: a real process of ours leaves no dump, and is not swapped where it may."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from survey.__main__ import ensure_instance

ROOT = Path(__file__).resolve().parent.parent.parent
# As PR_GET_DUMPABLE and the process's own status say.
TELLING = """
import ctypes, resource, sys
{first}
locked = open("/proc/self/status").read().partition("VmLck:")[2].split()[0]
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE), locked, flush=True)
sys.stdin.read()
"""


def started(folder: Path, first: str) -> tuple[subprocess.Popen[str], list[int]]:
    """A process that says how it is kept, and waits."""
    ensure_instance(folder / "instance")
    environ = {**os.environ, "INSTANCE": str(folder / "instance"), "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", TELLING.format(first=first)], cwd=folder, env=environ, text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert child.stdout
    return child, [int(each) for each in child.stdout.readline().split()]


def dumps(child: subprocess.Popen[str]) -> bool:
    """Whether it leaves a core when it crashes."""
    child.send_signal(signal.SIGABRT)
    _, status = os.waitpid(child.pid, 0)
    child.returncode = status
    return os.WCOREDUMP(status)


def test_the_app_keeps_its_memory_to_itself(tmp_path: Path) -> None:
    child, (dumpable, soft, hard, locked) = started(tmp_path, "import wsgi")
    assert (dumpable, soft, hard) == (0, 0, 0)
    assert (locked > 0) is may_lock()
    assert not dumps(child)


# Where dumps are handed to a program, the limit does not hold: here it is lifted, and nothing else.
LIMITLESS = """
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
resource.setrlimit = lambda *_: None
"""
LOADED = "from survey.machine.process import keep_memory_private"
KEPT = "keep_memory_private()"


def test_no_dump_is_left_where_the_limit_does_not_hold(tmp_path: Path) -> None:
    child, (dumpable, *_) = started(tmp_path, LIMITLESS + LOADED + "\n" + KEPT)
    assert (dumpable, dumps(child)) == (0, False)
    assert [path.name for path in tmp_path.iterdir()] == ["instance"]


def test_control_a_process_that_does_nothing_of_the_kind(tmp_path: Path) -> None:
    child, (dumpable, soft, _, locked) = started(tmp_path, LIMITLESS)
    assert (dumpable, locked) == (1, 0)
    # A machine may forbid dumps to all, or name nothing that takes them; else this one is made.
    assert dumps(child) or soft == 0 or not Path("/proc/sys/kernel/core_pattern").read_text().strip()


def may_lock() -> bool:
    """Whether this account may lock all memory, as the kernel says."""
    told = Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0]
    endless = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1] == resource.RLIM_INFINITY
    return endless or bool(int(told, 16) >> 14 & 1)


def test_with_a_limit_nothing_is_locked_so_nothing_runs_into_it(tmp_path: Path) -> None:
    hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
    limit = 4 << 20 if hard == resource.RLIM_INFINITY else min(hard, 4 << 20)
    first = f"""
resource.setrlimit(resource.RLIMIT_MEMLOCK, ({limit}, {limit}))
import ctypes, os
{LOADED}
os.geteuid() == 0 and (os.setgroups([]), os.setgid(65534), os.setuid(65534))
{KEPT}
grown = bytearray({2 * limit})
"""
    child, (dumpable, *_, locked) = started(tmp_path, first)
    child.communicate("")
    assert (dumpable, locked, child.returncode) == (0, 0, 0)


def test_what_was_loaded_at_the_start_is_not_looked_through_again(tmp_path: Path) -> None:
    ensure_instance(tmp_path / "instance")
    environ = {**os.environ, "INSTANCE": str(tmp_path / "instance"), "PART": "resident", "PYTHONPATH": str(ROOT)}
    asked = "import gc, wsgi; print(gc.get_freeze_count(), len(gc.get_objects()))"
    told = subprocess.run([sys.executable, "-c", asked], env=environ, capture_output=True, text=True, check=True).stdout
    frozen, looked_through = map(int, told.split())
    assert frozen > 20 * looked_through
