"""The whole demo at rest, as `make run` starts it: what each of its processes holds.

At rest: all is filled, published and drawn, and residents and a coordinator have read pages. A page with figures loads
what computes in the process that shows it, once; then it is measured again, when both have shown every kind of page.
"""

import html
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psutil

from bench.instance import house_of
from bench.server import ROOT, await_listening, free_port, pss_of
from bench.sheet import Row, row, show
from survey.__main__ import ensure_instance, sign_ins
from survey.app import create_app

AT_MOST = 350  # MB
ASKED = ("/", "/s/froso", "/s/froso/ar", "/staff/admin", "/staff/admin/rounds")
WITH_FIGURES = (
    "",
    "/trygghet",
    "/charts",
    "/places",
    "/who",
    "/residents",
    "/planner",
    "/gap.sv.light.svg",
    "/gap.csv",
)
TIMES = 8  # so often that both processes have been asked for each
PATIENCE = 120.0
FILLED = (("db", "upgrade"), ("demo",), ("worker", "--once"))


def fill(folder: Path) -> None:
    """A demo, filled and drawn."""
    ensure_instance(folder)
    for command in FILLED:
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        subprocess.run(flask, cwd=ROOT, env={**os.environ, "INSTANCE": str(folder)}, check=True, capture_output=True)


@contextmanager
def at_rest(folder: Path) -> Iterator[tuple[psutil.Process, Callable[[], None]]]:
    """What `make run` starts in a filled instance, once it has been read in and has nothing more to do.

    And what reads the pages with figures there.
    """
    port = free_port()
    environ = {**os.environ, "INSTANCE": str(folder), "PORT": str(port)}
    run = subprocess.Popen([sys.executable, "-m", "survey"], cwd=ROOT, env=environ,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        await_listening(port, run)
        worker = next(each for each in psutil.Process(run.pid).children() if "worker" in each.cmdline())
        # It looks whether there is something to draw.
        for done in (worker.children, lambda: not worker.children()):
            _until(done)
        web = f"http://127.0.0.1:{port}"
        reader = _signed_in(folder, web)
        _read(reader, web, ASKED)
        yield psutil.Process(run.pid), lambda: _read(reader, web, _with_figures(reader, web))
    finally:
        run.terminate()
        run.wait(30)


def _until(done: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > end:
            raise RuntimeError("the worker has no rest")
        time.sleep(0.01)


def _signed_in(folder: Path, web: str) -> OpenerDirector:
    app = create_app("staff", folder)
    email, _, password = next(each for each in sign_ins(app) if each[1] == "coordinator")
    house_of(app).engine.dispose()
    reader = build_opener(HTTPCookieProcessor(CookieJar()))
    page = reader.open(f"{web}/staff/sign-in").read().decode()
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    fields = {"email": email, "password": password, "csrf_token": html.unescape(found[1])}
    reader.open(Request(f"{web}/staff/sign-in", urlencode(fields).encode(), {"Origin": web}))
    return reader


def _read(reader: OpenerDirector, web: str, paths: Sequence[str]) -> None:
    for path in [*paths] * TIMES:
        with reader.open(web + path) as reply:
            assert reply.url == web + path, reply.url


def _with_figures(reader: OpenerDirector, web: str) -> list[str]:
    newest = reader.open(f"{web}/staff/followup/").url.removeprefix(web)
    return [newest + path for path in WITH_FIGURES]


def rows_of(run: psutil.Process, at_most: float | None = AT_MOST) -> list[Row]:
    """A line for each part, and for all."""
    server, worker = sorted(run.children(), key=lambda each: "worker" in each.cmdline())
    web = [pss_of(each) for each in server.children()]
    parts = {
        "make run itself": pss_of(run),
        "the server": pss_of(server),
        f"its {len(web)} processes": sum(web),
        "the worker": pss_of(worker),
    }
    return [
        *(row(f"{what}, PSS, MB", size, 0) for what, size in parts.items()),
        row("all of it, PSS, MB", sum(parts.values()), 0, at_most),
    ]


def main() -> None:
    """Fill, start, read, measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        fill(instance)
        with at_rest(instance) as (run, read_figures):
            show("The demo at rest, SQLite", rows_of(run))
            read_figures()
            show("The same when both processes have shown figures", rows_of(run, None))
