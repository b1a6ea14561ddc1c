"""An answer given in this very process, straight through the WSGI callable: no server, no socket, no second process.

The CPU of the same work swings by a fifth when neighbours use the machine, but only upwards. The tenth percentile of
many walks, over the tenth percentile of as many bare requests between them, stays within some percent.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import repeat
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench.bare import app as bare
from bench.load import ANSWERS, FORM_ID, Refused
from bench.sheet import middle, tenth

UNIT = "froso"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Spent(NamedTuple):
    """Seconds."""

    cpu: float
    wall: float


class Reply(NamedTuple):
    """What came back, and what it took."""

    status: int
    headers: dict[str, str]
    body: bytes
    spent: Spent


def environ(method: str, path: str, body: bytes = b"") -> dict[str, Any]:
    """A request as granian hands it over."""
    found: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_ACCEPT_LANGUAGE": "sv",
        "HTTP_SEC_FETCH_SITE": "same-origin",
    }
    if body:
        found |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
    return found


def ask(app: Wsgi, method: str, path: str, body: bytes = b"") -> Reply:
    """One request, and what it took from the callable's start to its last byte."""
    statuses: list[Any] = []
    asked = environ(method, path, body)
    cpu, wall = time.process_time(), time.perf_counter()
    content = b"".join(app(asked, lambda *words: statuses.extend(words)))
    spent = Spent(time.process_time() - cpu, time.perf_counter() - wall)
    return Reply(int(statuses[0][:3]), {name.lower(): value for name, value in statuses[1]}, content, spent)


def posted(page: bytes) -> bytes:
    """A full sheet, as the form of this page would send it."""
    found = FORM_ID.search(page)
    if not found:
        raise Refused("the page has no form id")
    return urlencode({**ANSWERS, "form_id": found[0].decode(), "code": ""}).encode()


@dataclass
class Walker:
    """Answers again and again through one app, and keeps what each of the three requests took."""

    app: Wsgi
    addresses: Iterator[str] = field(default_factory=lambda: repeat(f"/s/{UNIT}"))
    spent: list[tuple[Spent, Spent, Spent]] = field(default_factory=list)

    def walk(self) -> None:
        """The questions, the answers, the thanks."""
        address = next(self.addresses)
        page = ask(self.app, "GET", address)
        taken = ask(self.app, "POST", address, posted(page.body))
        if taken.status != 303:
            raise Refused(f"POST: {taken.status}")
        thanks = ask(self.app, "GET", taken.headers["location"])
        if (page.status, thanks.status) != (200, 200):
            raise Refused(f"GET: {page.status}, {thanks.status}")
        self.spent.append((page.spent, taken.spent, thanks.spent))

    @property
    def cpu(self) -> float:
        """CPU seconds of a whole answer, tenth percentile of each request."""
        return sum(self.cpu_of)

    @property
    def cpu_of(self) -> tuple[float, float, float]:
        """The same for each of the three requests."""
        get, post, thanks = (tenth(walk[n].cpu for walk in self.spent) for n in range(3))
        return get, post, thanks

    @property
    def mean(self) -> float:
        """CPU seconds of the questions and the answers, on the whole: what only now and then is paid counts too."""
        return sum(page.cpu + taken.cpu for page, taken, _ in self.spent) / len(self.spent)

    @property
    def wall(self) -> float:
        """Seconds from the first byte to the thanks' last, median."""
        return middle(sum(each.wall for each in walk) for walk in self.spent)


@dataclass
class Bare:
    """The yardstick: bare requests between the walks."""

    spent: list[float] = field(default_factory=list)

    def walk(self) -> None:
        """One."""
        self.spent.append(ask(bare, "GET", "/").spent.cpu)

    @property
    def cpu(self) -> float:
        """CPU seconds of a request, tenth percentile."""
        return tenth(self.spent)


def take_turns(walkers: Sequence[Walker], walks: int, warm: int = 50) -> Bare:
    """Let them walk in turns, and a bare request after each turn; the first walks warm up and are forgotten."""
    yardstick = Bare()
    for count in (min(warm, walks), walks):
        yardstick.spent.clear()
        for each in walkers:
            each.spent.clear()
        for _ in range(count):
            for each in walkers:
                each.walk()
            yardstick.walk()
    return yardstick
