"""Canaries: what a reader sends is looked for in every file afterwards, and is nowhere.

Codes, form ids and addresses in every field, header, path and query, through 200 answers and some 130 forced
errors on the running web. Searched: all that the servers print, the database's files with their logs, the
instance folder, the folder for passing files. The controls: a web with an access log, and a PostgreSQL that
logs as it does unless told otherwise: both are caught.
"""

import re
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import psycopg
import pytest

from survey.domain.codes import grouped
from tests.attacks.running import (
    ANSWERS,
    FAULT,
    FORM,
    OURS,
    SHEET,
    Client,
    Instance,
    client,
    instance,
    running,
    serving,
)
from tests.attacks.tools import bytes_below, forms_of
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")
ANSWERED, ROUNDS = 200, 8
ANY = 0
BIRD = "kanariefagel"
ADDRESS = f"anna.{BIRD}@post.example"
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
# As docs/operating.md says.
QUIET = {
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
Gone = Callable[[], AbstractContextManager[None]]
CODE_RUN = re.compile(rb"[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){15,}")


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


def use(person: Client, codes: list[str], gone: Gone) -> tuple[set[str], Counter[int]]:
    """Answers and errors, then answers while the database is not there; form ids used, and statuses."""
    form_ids, seen = set(), Counter[int]()
    for number in range(ANSWERED):
        code = codes[number] if number % 3 == 0 else ""
        posted = full(person, code)
        form_ids.add(posted["form_id"])
        for _ in range(2 if number % 10 == 0 else 1):
            seen[person.post(SHEET, posted, {**HEADERS, **OURS}).status] += 1
    for number in range(ROUNDS):
        code = codes[number]
        for status, deed in errors(person, code):
            found = deed()
            assert status in (ANY, found), (found, status)
            seen[found] += 1
        torn(person, code)
    last = full(person, codes[-1])
    form_ids.add(last["form_id"])
    with gone():
        for _ in range(2):
            seen[person.post(SHEET, last, {**HEADERS, **OURS}).status] += 1
    return form_ids, seen


def standing(needles: Iterable[bytes], where: bytes) -> set[bytes]:
    """Which of many needles stand there; in one pass by their first four bytes, for the files are large."""
    wanted = set(needles)
    if not wanted or len(where) < 4:
        return set()
    heads = np.array(sorted({int.from_bytes(each[:4], "little") for each in wanted}), np.uint32)
    data = np.frombuffer(where, np.uint8).astype(np.uint32)
    windows = data[:-3] | data[1:-2] << 8 | data[2:-1] << 16 | data[3:] << 24
    near = heads[np.searchsorted(heads, windows).clip(max=len(heads) - 1)]
    spots = np.flatnonzero(near == windows)
    lengths = {len(each) for each in wanted}
    return {where[at : at + length] for at in spots for length in lengths} & wanted


def traces(where: bytes, codes: Iterable[str], form_ids: Iterable[str]) -> set[str]:
    """What of it all stands there, as it was written or in another dress."""
    found = {BIRD} if any(form in where for form in forms_of(BIRD.encode())) else set()
    found |= {word for word in ("198.51.100.7", "post.example") if word.encode() in where}
    known = set(codes)
    for run in CODE_RUN.finditer(where):
        text = run.group().translate(None, b" -").decode().upper()
        found |= {text[at : at + 16] for at in range(len(text) - 15)} & known
    needles = {form: code for code in known for form in forms_of(code.encode())}
    for form_id in form_ids:
        chance, _, signature = form_id.partition(".")
        needles |= dict.fromkeys((chance.encode(), signature.encode(), bytes.fromhex(chance)), form_id)
    return found | {needles[each] for each in standing(needles, where)}


@contextmanager
def away(made: Instance) -> Iterator[None]:
    """The SQLite file is not there."""
    made.engine.dispose()
    path = made.folder / "survey.sqlite"
    path.rename(path.with_name("away"))
    yield
    path.with_name("away").rename(path)


def test_no_trace_is_left_with_sqlite(tmp_path: Path) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    with instance(tmp_path / "instance") as made:
        codes = made.codes(ANSWERED)
        with (
            serving(made, "tests.attacks.served:app", PATIENCE="1", TMPDIR=str(passing)) as web,
            client(web) as person,
        ):
            form_ids, seen = use(person, codes, lambda: away(made))
            running_files = bytes_below(tmp_path)
        assert seen[303] == ANSWERED + ANSWERED // 10 and seen[503] == 2 and seen[500] == ROUNDS
        assert sum(n for status, n in seen.items() if status >= 400) > 100
        assert "stopped by RuntimeError" in web.said() and "stopped by DatabaseUnavailable" in web.said()
        assert (made.folder / "survey.sqlite-wal").stat().st_size > 0
        assert traces(running_files, codes, form_ids) == set()
    assert traces(bytes_below(tmp_path), codes, form_ids) == set()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds the tables for itself."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE invitation, seen IN ACCESS EXCLUSIVE MODE")
        yield


def test_no_trace_is_left_with_postgresql(cluster: Cluster, postgres_url: str, tmp_path: Path) -> None:
    name = postgres_url.rpartition("/")[2]
    for setting, value in QUIET.items():
        cluster.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    with instance(tmp_path / "instance", postgres_url) as made:
        codes = made.codes(ANSWERED)
        with serving(made, "tests.attacks.served:app", PATIENCE="1") as web, client(web) as person:
            form_ids, seen = use(person, codes, lambda: locked(postgres_url))
        assert seen[303] == ANSWERED + ANSWERED // 10 and seen[503] == 2
    assert "lock timeout" in cluster.log()
    cluster.execute("CHECKPOINT")
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT pg_relation_filepath('seen')").fetchone()
    assert row is not None
    folder = (cluster.data / row[0]).parent
    where = bytes_below(tmp_path, folder, cluster.data / "pg_wal", cluster.folder / "log")
    assert traces(where, codes, form_ids) == set()


def test_control_an_access_log_is_caught(tmp_path: Path) -> None:
    environ = {"NAIVE": "logs", "NAIVE_FILE": str(tmp_path / "naive.sqlite")}
    with running(tmp_path, environ, "tests.attacks.naive:app") as web, client(web) as person:
        posted = full(person, "K7QX2M9RT4WB8ZHN")
        person.post(SHEET, posted, {**HEADERS, **OURS})
        codes, form_ids = [posted["code"]], ["ab" * 16 + ".signature"]
        assert traces(web.log.read_bytes(), codes, form_ids) == {BIRD, "198.51.100.7", "post.example", *codes}
        assert traces((tmp_path / "naive.sqlite").read_bytes(), codes, form_ids) >= {BIRD, *codes}


def test_control_the_search_sees_through_every_dress() -> None:
    code, form_id = "K7QX2M9RT4WB8ZHN", "0123456789abcdef" * 2 + ".signature"
    dresses = [code, code.lower(), grouped(code), grouped(code).replace("-", " "), f"x{code}y"]
    assert all(traces(b"\0" + dress.encode() + b"\0", [code], []) == {code} for dress in dresses)
    assert traces(b"x" + form_id[:32].encode(), [], [form_id]) == {form_id}
    assert traces(bytes.fromhex(form_id[:32]), [], [form_id]) == {form_id}
    assert traces(BIRD.encode().hex().encode(), [], []) == {BIRD}


def test_control_what_postgresql_says_unless_told_otherwise(cluster: Cluster, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    for setting in ("quiet", "loud"):
        if setting == "loud":
            cluster.execute(f"ALTER DATABASE {name} RESET ALL")
        else:
            for option, value in QUIET.items():
                cluster.execute(f"ALTER DATABASE {name} SET {option} = '{value}'")
        bird = f"{setting}-{name}-bird"
        with psycopg.connect(postgres_url) as connection, pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("INSERT INTO seen VALUES ('\\x00', %s)", (bird,))
        assert (bird in cluster.log()) is (setting == "loud")


def test_operating_says_what_keeps_postgresql_quiet() -> None:
    operating = Path("docs/operating.md").read_text(encoding="utf-8")
    assert [f"{name} = {value}" for name, value in QUIET.items() if f"{name} = {value}" not in operating] == []
