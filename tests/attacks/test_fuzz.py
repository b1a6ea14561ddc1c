"""Any request at all, to every address of the whole product: it answers in its own words, or not at all.

No fault of ours (5xx), nothing in the log, and nothing of what was sent comes back but in the few places where a page
gives readers their own text: `echoes` names them all, each escaped to the letter. Most requests are handed straight to
the application, some thousands go over the wire. The controls are views that say too much, planted in an app of the
test's own. There is no OpenAPI description to draw from, for forms are the only interface: `strange_requests` draws.
"""

import http.client
import logging
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, redirect, request
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.attacks.echoes import Heard, faults
from tests.attacks.full import Shown, sized
from tests.attacks.running import running
from tests.attacks.strange_requests import FELL, MARK, Asked, Letter, letters, requests
from tests.attacks.whole_product import OF_UNIT, Product, whole_product
from tests.followup.staffed import PEOPLE

PARTS, HANDED = sized(1, 4), sized(1_500, 25_000)
WRITING = sized(1_000, 10_000)
WIRED, DATABASES = sized(400, 2_500), sized(("postgresql",), ("sqlite", "postgresql"))
LOST = (OSError, http.client.HTTPException)


class Listener(logging.Handler):
    """Keeps whatever any logger says."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.said.append(self.format(record))


Send = Callable[[Asked], Heard]


@contextmanager
def handing(app: Flask) -> Iterator[Send]:
    """A way to hand requests straight to the application, hearing its log too."""
    listener, told = Listener(), []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        told[:] = [int(status[:3]), tuple(headers)]

    def send(asked: Asked) -> Heard:
        listener.said.clear()
        pieces = app(asked.environ(), start)
        body = b"".join(pieces)
        getattr(pieces, "close", lambda: None)()
        return Heard(told[0], told[1], body, tuple(listener.said))

    logging.getLogger().addHandler(listener)
    try:
        yield send
    finally:
        logging.getLogger().removeHandler(listener)


def wiring(port: int) -> Send:
    """A way to send requests over the wire, each on a line of its own."""

    def send(asked: Asked) -> Heard:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
            with suppress(*LOST):  # what is refused may not be read to its end
                line.sendall(asked.wire())
            try:
                reply = http.client.HTTPResponse(line, method=asked.method)
                reply.begin()
                return Heard(reply.status, tuple(reply.getheaders()), reply.read())
            except LOST:
                return Heard(0)

    return send


def fuzz(product: Product, send: Send, wanted: int, chance: int, only: str = "") -> tuple[Counter[int], dict[str, str]]:
    """Send so many strange requests: the statuses, and one request for each kind of fault at each address."""
    addresses = {rule: methods for rule, methods in product.addresses().items() if only in rule}
    statuses: Counter[int] = Counter()
    found: dict[str, str] = {}

    def ask(asked: Asked) -> None:
        heard = send(asked)
        statuses[heard.status] += 1
        for fault in faults(asked, heard):
            found.setdefault(f"{asked.target[:14]!r} {fault[:40]}", f"{fault}: {asked}")

    def post(letter: Letter) -> None:
        product.at_work()  # however long this takes
        entry = product.entry() if letter.entered else None
        for asked in requests(letter, addresses, entry):
            ask(asked)

    for asked in FELL:
        ask(asked)
    most = wanted // (len(addresses) + 5) + 1
    options: dict[str, Any] = {"database": None, "deadline": None, "phases": [Phase.generate]}
    tuned = settings(max_examples=most, suppress_health_check=list(HealthCheck), **options)
    seed(chance)(tuned(given(letters(product.known()))(post)))()
    return statuses, found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_makes_the_application_fail_or_repeat_it(part: int, shown: Shown, tmp_path: Path) -> None:
    with whole_product(tmp_path / "instance") as product, handing(product.app) as send:
        statuses, found = fuzz(product, send, HANDED, part)
    assert statuses.total() >= HANDED and found == {}
    assert set(statuses) >= {200, 302, 303, 400, 403, 404, 405, 422}
    result = f"{sum(n for status, n in statuses.items() if status >= 500)} statuses of 5xx, {len(found)} faults"
    shown("fuzz", f"handed to the whole application, part {part + 1} of {PARTS}", result, n=statuses.total(), seed=part)


@pytest.mark.parametrize("role", ["unit", "coordinator"])
def test_nor_does_one_who_may_write(role: str, shown: Shown, tmp_path: Path) -> None:
    """What they write is kept and shown again, so here it need not be gone, only harmless."""
    person = OF_UNIT[0] if role == "unit" else PEOPLE["Sven"][0]
    harm = (b"<script>" + MARK, b'"><b>' + MARK)
    raw: list[bytes] = []
    with whole_product(tmp_path / "instance") as product, handing(product.app) as send:

        def watched(asked: Asked) -> Heard:
            heard = send(asked)
            raw.extend(
                each for each in harm if each in heard.body.lower() and heard.header("content-type")[:9] == "text/html"
            )
            return heard

        statuses, found = fuzz(replace(product, person=person), watched, WRITING, 11, only="/staff/")
    found = {key: fault for key, fault in found.items() if not fault.startswith("the page gives back")}
    assert statuses.total() >= WRITING and found == {} and raw == []
    assert set(statuses) >= {200, 302, 404, 422}
    result = f"{sum(n for status, n in statuses.items() if status >= 500)} statuses of 5xx, {len(found)} faults"
    shown("fuzz", f"the staff's pages, signed in as {role}", result, n=statuses.total(), seed=11)


@pytest.mark.xdist_group("web")
@pytest.mark.parametrize("kind", DATABASES)
def test_nor_one_on_the_wire(kind: str, request: pytest.FixtureRequest, shown: Shown, tmp_path: Path) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    folder = tmp_path / "instance"
    with whole_product(folder, database) as product, running(tmp_path, {"INSTANCE": str(folder), "PART": "all"}) as web:
        statuses, found = fuzz(product, wiring(web.port), WIRED, 7)
        said = web.said()
    assert statuses.total() >= WIRED and found == {}
    assert statuses[0] < statuses.total() / 10
    assert "Traceback" not in said and "stopped" not in said and MARK.decode() not in said.lower()
    result = f"{sum(n for status, n in statuses.items() if status >= 500)} statuses of 5xx, {len(found)} faults"
    shown("fuzz", f"over the wire, {kind}", f"{result}, {statuses[0]} hung up", n=statuses.total(), seed=7)


def plant(app: Flask) -> None:
    """Views that say too much, each in its own way."""

    def fails() -> str:
        raise RuntimeError(request.full_path)

    def logs() -> str:
        logging.getLogger("survey").error("%s", request.form)
        return ""

    def header() -> Response:
        return Response(headers={"X-Asked": request.query_string})

    views: dict[str, Callable[[], Any]] = {
        "fails": fails,
        "logs": logs,
        "staff/header": header,
        "repeats": lambda: request.query_string,
        "leads": lambda: redirect("//" + request.host),
        "unescaped": lambda: f'name="code" value="{request.form.get("code", "")}"',
    }
    for name, view in views.items():
        app.add_url_rule(f"/{name}/planted", name, view, methods=["GET", "POST"])


def test_control_views_that_say_too_much_are_found(shown: Shown, tmp_path: Path) -> None:
    with whole_product(tmp_path / "instance", plant=plant) as product, handing(product.app) as send:
        statuses, found = fuzz(product, send, 300, 1, only="planted")
        sly = replace(FELL[-1], target=b"/unescaped/planted")
        found |= {f"{sly.target[:14]!r} {fault}": fault for fault in faults(sly, send(sly))}
    kinds = {
        "/fails/planted": "status 500",
        "/logs/planted": "the log says",
        "/staff/header/": "the header X-Asked",
        "/repeats/plant": "the page gives back",
        "/leads/planted": "a redirect leads",
        "/unescaped/pla": "the page gives back",
    }
    caught = [place for place, kind in kinds.items() if any(place in key and kind in key for key in found)]
    assert caught == list(kinds), found
    result = f"{len(caught)} of {len(kinds)} found"
    shown("fuzz", "views planted that say too much", result, n=statuses.total(), seed=1, control=True)
