"""What `make run` ends as: it holds nothing, stops both when it is stopped, and ends when one of them ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.attacks.running import ROOT, free_port, instance

RUN = [sys.executable, "-c", "import pandas, sys; from survey.serving.together import become; become(int(sys.argv[1]))"]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[psutil.Process]:
    """A process that had loaded much and has become what serves."""
    with instance(tmp_path / "instance") as made:
        environ = {**os.environ, "INSTANCE": str(made.folder)}
        command = [*RUN, str(free_port())]
        with (tmp_path / "log").open("wb") as log:
            child = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
        yield psutil.Process(child.pid)
        child.terminate()
        child.wait(30)


def both(run: psutil.Process) -> list[psutil.Process]:
    """The server and the worker, once they run."""
    end = time.monotonic() + 30
    while len(found := run.children()) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def test_it_holds_nothing_and_stops_both(run: psutil.Process) -> None:
    started = both(run)
    assert "pandas" not in Path(f"/proc/{run.pid}/maps").read_text()
    run.send_signal(signal.SIGTERM)
    assert psutil.wait_procs([*started, run], timeout=30)[1] == []


def test_it_ends_when_one_of_them_ends(run: psutil.Process) -> None:
    started = both(run)
    next(each for each in started if "granian" in each.cmdline()).terminate()
    assert psutil.wait_procs([*started, run], timeout=30)[1] == []
