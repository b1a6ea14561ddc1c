"""Requests that are begun and never ended, many at a time: everybody else is answered as soon as before.

Half a body, a byte now and then, chunks without a last one, half a head, and nothing at all. Each ends by itself. The
control is the server as it was, which reads a body while a worker waits for it.
"""

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.attacks.full import FULL, Shown, sized
from tests.attacks.running import ANSWERS, SHEET, Client, Web, instance, serving
from tests.deploy.proxies import RESIDENT, front

pytestmark = pytest.mark.xdist_group("web")
HEAD = (
    f"POST {SHEET} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n"
)
BEGUN = {
    "half a body": f"{HEAD}Content-Length: 1000\r\n\r\nform_id=",
    "half a body that is said to be a long list": f"{HEAD}Content-Length: 60000\r\n\r\nform_id=",
    "a byte now and then": f"{HEAD}Content-Length: 1000\r\n\r\nform_id=",
    "chunks without a last one": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nfor\r\n",
    "half a head": HEAD,
    "nothing": "",
}
DRIPS = ("a byte now and then",)
THROUGH = 100  # fewer than a proxy takes from one address
OPEN, BOUND, PATIENCE, HEAD_WITHIN = sized(300, 3_000), 4.0, sized(2.0, 20.0), 10.0


@contextmanager
def begun(port: int, how: str, count: int = OPEN) -> Iterator[list[socket.socket]]:
    """So many connections with a request that is begun; those that drip go on dripping."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    lines: list[socket.socket] = []
    ended = threading.Event()

    def drip() -> None:
        while not ended.wait(0.2):
            for line in lines:
                with suppress(OSError):
                    line.send(b"x")

    dripping = threading.Thread(target=drip)
    try:
        for _ in range(count):
            lines.append(socket.create_connection(("127.0.0.1", port)))
            lines[-1].sendall(BEGUN[how].encode())
        if how in DRIPS:
            dripping.start()
        yield lines
    finally:
        ended.set()
        if how in DRIPS:
            dripping.join()
        for line in lines:
            line.close()


def thanked_within(port: int, tries: int = 5) -> float:
    """The longest that somebody waited who fetched the sheet and sent it, each time on a new connection."""
    longest = 0.0
    for _ in range(tries):
        since = time.monotonic()
        with closing(Client(port, BOUND)) as honest:
            assert honest.post(SHEET, {**ANSWERS, "form_id": honest.form_id()}).status == 303
        longest = max(longest, time.monotonic() - since)
    return longest


def until_hung_up(line: socket.socket, within: float) -> bytes:
    """What came on a line until the server closed it or said all it had to say."""
    line.settimeout(within)
    return line.recv(64 * 1024)


@pytest.mark.parametrize("how", list(BEGUN))
def test_who_never_ends_a_request_keeps_nobody_waiting(how: str, web: Web, shown: Shown) -> None:
    with begun(web.port, how) as lines:
        waited = thanked_within(web.port)
        if BEGUN[how].count("\r\n\r\n"):
            assert until_hung_up(lines[-1], PATIENCE + 10).startswith(b"HTTP/1.1 408 ")
        elif FULL:
            assert until_hung_up(lines[-1], HEAD_WITHIN + 5) == b""
        shown(
            "half", f"{OPEN} connections: {how}", f"others thanked within {waited:.2f} s, bound {BOUND:.0f} s", n=OPEN
        )
    assert waited < BOUND


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The resident part as it is served, with less patience in a short run."""
    folder = tmp_path_factory.mktemp("half") / "instance"
    with instance(folder) as made, serving(made, "tests.attacks.served:app", BODY_PATIENCE=str(PATIENCE)) as running:
        yield running


@pytest.mark.parametrize("how", ["half a body", "a byte now and then", "half a head"])
@pytest.mark.parametrize("kind", ["nginx", "haproxy"])
def test_nor_do_they_through_a_proxy(kind: str, how: str, web: Web, tmp_path: Path, shown: Shown) -> None:
    text = BEGUN[how].replace("Host: localhost", f"Host: {RESIDENT}").encode()
    with front(kind, tmp_path / "front", web.port, web.port) as made, ExitStack() as lines:
        begun = [lines.enter_context(made.line()) for _ in range(THROUGH)]
        for line in begun:
            line.sendall(text)
        since = time.monotonic()
        with closing(made.client()) as honest:
            done = honest.post(SHEET, {**ANSWERS, "form_id": honest.form_id()})
        waited = time.monotonic() - since
        for line in begun if how in DRIPS else ():
            line.sendall(b"x")
    shown("half", f"{THROUGH} connections through {kind}: {how}", f"thanked within {waited:.2f} s", n=THROUGH)
    assert done.status == 303 and waited < BOUND


def test_control_the_server_as_it_was_lets_everybody_wait(tmp_path: Path, shown: Shown) -> None:
    with (
        instance(tmp_path / "instance") as made,
        serving(made, interface="wsgi") as web,
        begun(web.port, "half a body", 20),
        pytest.raises(TimeoutError),
    ):
        thanked_within(web.port)
    shown("half", "20 half bodies to a server that reads while the app waits", f"nobody answered within {BOUND:.0f} s",
          n=20, control=True)  # fmt: skip
