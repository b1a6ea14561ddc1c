"""Canaries in everything that a reader can send, and the search for them, in any dress, through every file left.

For the canary test. The search is fast: thousands of codes and form ids are looked for in hundreds of megabytes, in one
pass by their first four bytes.
"""

import re
import resource
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.attacks.running import ANSWERS, FAULT, FORM, OURS, ROOT, SHEET, Client
from tests.attacks.tools import forms_of

BIRD = "kanariefagel"
ADDRESS = f"anna.{BIRD}@post.example"
CODE_RUN = re.compile(rb"[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){15,}")
PIECE = 1 << 22
ANY = 0
HEADERS = {
    "User-Agent": f"Mozilla/5.0 {ADDRESS}",
    "Referer": f"https://post.example/{ADDRESS}",
    "X-Forwarded-For": f"{ADDRESS}, 198.51.100.7",
    "X-Request-Id": ADDRESS,
    "Cookie": f"session={BIRD}; staff={BIRD}",
    "Accept-Language": f"{BIRD}, sv;q=0.5",
    "Authorization": f"Bearer {BIRD}",
    BIRD: BIRD,
}


def full(person: Client, code: str = "", form_id: str = "") -> dict[str, str]:
    """A form with a canary wherever text may stand."""
    return {**ANSWERS, "code": code, "form_id": form_id or person.form_id(), "pad": ADDRESS, BIRD: ADDRESS}


def errors(person: Client, code: str) -> Iterator[tuple[int, Callable[[], int]]]:
    """Every way to be refused, with canaries all over: the status expected, and the deed."""
    form_id = person.form_id()
    good = {**full(person, code, form_id)}
    here = {**HEADERS, **OURS}

    def post(path: str, posted: dict[str, str], **more: str) -> Callable[[], int]:
        return lambda: person.post(path, posted, {**here, **more}).status

    def ask(method: str, path: str, body: bytes | None = None, **more: str) -> Callable[[], int]:
        return lambda: person.ask(method, path, body, {**here, **more}).status

    yield 404, ask("GET", f"/s/{BIRD}?code={code}&mail={ADDRESS}")
    yield 302, ask("GET", f"{SHEET}/{code}?mail={ADDRESS}")
    yield ANY, ask("GET", f"{SHEET}%23{code}")
    yield 404, post(f"/s/{BIRD}", good)
    yield 404, ask("GET", f"/results/{ADDRESS}")
    yield 405, ask("DELETE", f"{SHEET}?{code}={ADDRESS}")
    yield 413, post(SHEET, {**good, "pad": (ADDRESS + code) * 500})
    yield 415, ask("POST", SHEET, f'{{"mail": "{ADDRESS}", "code": "{code}"}}'.encode())
    yield 403, post(SHEET, good, **{"Sec-Fetch-Site": "cross-site", "Origin": f"https://{BIRD}.example"})
    yield 422, post(SHEET, {**good, "trygghet": ADDRESS})
    yield 422, post(SHEET, {**good, "code": ADDRESS})
    yield 422, post(SHEET, {"code": code, "form_id": form_id, BIRD: ADDRESS})
    yield 422, post("/", {"find": f"{BIRD} {ADDRESS}"})
    yield 422, post("/", {"find": code})
    yield 500, post(SHEET, good, **{"User-Agent": FAULT})
    yield 400, lambda: garbled(person, f"GET /{ADDRESS}?{code} HTTP/7\r\n{BIRD}: {ADDRESS}\r\n\r\n")
    yield 400, lambda: garbled(person, f"POST {SHEET} HTTP/1.1\r\nHost: {BIRD}\r\nContent-Length: {code}\r\n\r\n")


def garbled(person: Client, text: str) -> int:
    """Bytes that are no request; the status of the reply."""
    with socket.create_connection(("127.0.0.1", person.connection.port or 0), timeout=5) as line:
        line.sendall(text.encode())
        return int(line.recv(65536).split()[1])


def torn(person: Client, code: str) -> None:
    """A post whose sender hangs up in the middle of it."""
    with socket.create_connection(("127.0.0.1", person.connection.port or 0), timeout=5) as line:
        head = f"POST {SHEET}?{BIRD} HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM['Content-Type']}\r\n"
        line.sendall(f"{head}Content-Length: 900\r\n\r\ncode={code}&mail={ADDRESS}".encode())


def standing(needles: Iterable[bytes], where: bytes) -> set[bytes]:
    """Which of many needles, each of four bytes or more, stand there."""
    wanted = set(needles)
    heads = np.unique(np.array([int.from_bytes(each[:4], "little") for each in wanted], np.uint32))
    begins = np.zeros(1 << 24, bool)
    begins[heads & 0xFFFFFF] = True
    lengths, found = {len(each) for each in wanted}, set[bytes]()
    whole = np.frombuffer(where, np.uint8)
    for start in range(0, max(0, len(whole) - 3), PIECE):
        data = whole[start : start + PIECE + 3].astype(np.uint32)
        three = data[:-3] | data[1:-2] << 8 | data[2:-1] << 16
        spots = np.flatnonzero(begins[three])
        near = spots[np.isin(three[spots] | data[spots + 3] << 24, heads)] + start
        found |= {where[at : at + length] for at in near for length in lengths} & wanted
    return found


class Search:
    """Looks for codes, form ids, and whatever else of a reader's could have been written down."""

    def __init__(self, codes: Iterable[str], form_ids: Iterable[str]) -> None:
        """Works out every dress in which they may stand."""
        self.codes = set(codes)
        self.searched = 0
        self._needles = {form: code for code in self.codes for form in forms_of(code.encode())}
        for form_id in form_ids:
            chance, _, signature = form_id.partition(".")
            self._needles |= dict.fromkeys((chance.encode(), signature.encode(), bytes.fromhex(chance)), form_id)

    def traces(self, where: bytes) -> set[str]:
        """What of it all stands there, as it was written or in another dress."""
        self.searched += len(where)
        found = {BIRD} if any(form in where for form in forms_of(BIRD.encode())) else set()
        found |= {word for word in ("198.51.100.7", "post.example") if word.encode() in where}
        for run in CODE_RUN.finditer(where):
            text = run.group().translate(None, b" -").decode().upper()
            found |= {text[at : at + 16] for at in range(len(text) - 15)} & self.codes
        return found | {self._needles[each] for each in standing(self._needles, where)}

    def below(self, *places: Path) -> set[str]:
        """What stands in files and folders, file by file."""
        files = [path for place in places for path in (place.rglob("*") if place.is_dir() else [place])]
        return {trace for path in files if path.is_file() for trace in self.traces(path.read_bytes())}

    @property
    def megabytes(self) -> str:
        """How much has been searched."""
        return f"{self.searched / 2**20:.0f} MB"


def cores() -> list[Path]:
    """The core dumps in the folder that the servers work in."""
    return [path for path in ROOT.glob("core*") if path.is_file()]


@contextmanager
def cores_allowed() -> Iterator[None]:
    """What is started meanwhile may leave a core dump, if it does not forbid that to itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
