"""Canaries: what a reader sends is looked for in every file afterwards, and is nowhere.

Codes, form ids and addresses in every field, header, path and query, through many answers and forced errors on the
running web; then a worker is aborted, as a crash would. Searched: all that the servers print, the database's files
with their logs, the instance folder, the folder for passing files, and the core dumps where this system puts them: in
the folder that a process works in. (Where the kernel hands them to a program or another folder, the limit that forbids
them is all that is looked at.) The controls: a web with an access log, a PostgreSQL that logs as it does unless told
otherwise, and a process that may leave a core dump: all three are caught.
"""

import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from survey.domain.rounds.access_codes import grouped
from tests.attacks.canaries import ANY, BIRD, HEADERS, Search, cores, cores_allowed, errors, full, torn
from tests.attacks.full import Shown, sized
from tests.attacks.running import (
    OURS,
    SHEET,
    Client,
    Instance,
    Web,
    client,
    instance,
    running,
    serving,
)
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")
ANSWERED, ROUNDS, GONE = sized(200, 10_000), sized(8, 68), sized(2, 10)
# As docs/operating.md says.
QUIET = {
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")
Gone = Callable[[], AbstractContextManager[None]]


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
        for _ in range(GONE):
            seen[person.post(SHEET, last, {**HEADERS, **OURS}).status] += 1
    return form_ids, seen


def abort(web: Web) -> None:
    """A worker crashes with all that it has in memory; no core dump may be left, and none is wanted."""
    worker = web.family()[0]
    limit = worker.rlimit(psutil.RLIMIT_CORE)
    worker.send_signal(signal.SIGABRT)
    worker.wait(20)
    left = cores()
    for path in left:
        path.unlink()
    assert limit[0] == 0 and left == []


def errors_of(seen: Counter[int]) -> str:
    """What was forced, in words."""
    return f"{ANSWERED} answers, {sum(n for status, n in seen.items() if status >= 400)} errors"


@contextmanager
def away(made: Instance) -> Iterator[None]:
    """The SQLite file is not there."""
    made.engine.dispose()
    path = made.folder / "survey.sqlite"
    path.rename(path.with_name("away"))
    yield
    path.with_name("away").rename(path)


def test_no_trace_is_left_with_sqlite(shown: Shown, tmp_path: Path) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    with instance(tmp_path / "instance") as made, cores_allowed():
        codes = made.codes(ANSWERED)
        served = serving(made, "tests.attacks.served:app", PATIENCE="1", TMPDIR=str(passing))
        with served as web, client(web) as person:
            form_ids, seen = use(person, codes, lambda: away(made))
            abort(web)
            search = Search(codes, form_ids)
            found = search.below(tmp_path)
        assert seen[303] == ANSWERED + ANSWERED // 10 and seen[503] == GONE and seen[500] == ROUNDS
        assert sum(n for status, n in seen.items() if status >= 400) >= 15 * ROUNDS
        assert all(f'stopped kind="{kind} at survey.' in web.said() for kind in ("RuntimeError", "DatabaseUnavailable"))
        assert (made.folder / "survey.sqlite-wal").stat().st_size > 0
    found |= search.below(tmp_path)
    shown("canary", f"{errors_of(seen)}, SQLite", f"{len(found)} hits in {search.megabytes}", n=ANSWERED)
    assert found == set()


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program holds the tables for itself."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE access_code, used_form_id IN ACCESS EXCLUSIVE MODE")
        yield


def test_no_trace_is_left_with_postgresql(cluster: Cluster, postgres_url: str, shown: Shown, tmp_path: Path) -> None:
    name = postgres_url.rpartition("/")[2]
    for setting, value in QUIET.items():
        cluster.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    with instance(tmp_path / "instance", postgres_url) as made, cores_allowed():
        codes = made.codes(ANSWERED)
        with serving(made, "tests.attacks.served:app", PATIENCE="1") as web, client(web) as person:
            form_ids, seen = use(person, codes, lambda: locked(postgres_url))
            abort(web)
        assert seen[303] == ANSWERED + ANSWERED // 10 and seen[503] == GONE
    assert "lock timeout" in cluster.log()
    cluster.execute("CHECKPOINT")
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT pg_relation_filepath('used_form_id')").fetchone()
    assert row is not None
    search, folder = Search(codes, form_ids), (cluster.data / row[0]).parent
    found = search.below(tmp_path, folder, cluster.data / "pg_wal", cluster.folder / "log")
    shown("canary", f"{errors_of(seen)}, PostgreSQL", f"{len(found)} hits in {search.megabytes}", n=ANSWERED)
    assert found == set()


def test_control_an_access_log_is_caught(shown: Shown, tmp_path: Path) -> None:
    environ = {"NAIVE": "logs", "NAIVE_FILE": str(tmp_path / "naive.sqlite")}
    with running(tmp_path, environ, "tests.attacks.naive:app") as web, client(web) as person:
        posted = full(person, "K7QX2M9RT4WB8ZHN")
        person.post(SHEET, posted, {**HEADERS, **OURS})
        search = Search([posted["code"]], ["ab" * 16 + ".signature"])
        logged, stored = search.below(web.log), search.below(tmp_path / "naive.sqlite")
    shown("canary", "a survey with an access log", f"{len(logged)} hits in its log", n=1, control=True)
    assert logged == {BIRD, "198.51.100.7", "post.example", posted["code"]}
    assert stored >= {BIRD, posted["code"]}


def test_control_a_core_dump_is_caught(shown: Shown, tmp_path: Path) -> None:
    code = "K7QX2M9RT4WB8ZHN"
    crashing = "import os, sys; told = sys.stdin.read(); os.abort()"
    with cores_allowed():
        may = resource.getrlimit(resource.RLIMIT_CORE)[0] != 0
        ended = subprocess.run([sys.executable, "-c", crashing], input=code.encode(), cwd=tmp_path, check=False)
    assert ended.returncode == -signal.SIGABRT
    found = Search([code], []).below(tmp_path)
    elsewhere = not may or CORE_PATTERN.read_text().startswith(("|", "/"))
    told = "cores are kept elsewhere here" if elsewhere else f"{len(found)} of 1 codes found"
    shown("canary", "a process that may leave a core dump", told, n=1, control=True)
    assert elsewhere or found == {code}


def test_control_the_search_sees_through_every_dress() -> None:
    code, form_id = "K7QX2M9RT4WB8ZHN", "0123456789abcdef" * 2 + ".signature"
    dresses = [code, code.lower(), grouped(code), grouped(code).replace("-", " "), f"x{code}y"]
    assert all(Search([code], []).traces(b"\0" + dress.encode() + b"\0") == {code} for dress in dresses)
    assert Search([], [form_id]).traces(b"x" + form_id[:32].encode()) == {form_id}
    assert Search([], [form_id]).traces(bytes.fromhex(form_id[:32])) == {form_id}
    assert Search([], []).traces(BIRD.encode().hex().encode()) == {BIRD}
    late = b"\1" * (2**22 - 8) + code.encode()  # over the edge of two pieces
    assert Search([code], []).traces(late) == {code}


def test_control_what_postgresql_says_unless_told_otherwise(cluster: Cluster, postgres_url: str, shown: Shown) -> None:
    name, said = postgres_url.rpartition("/")[2], {}
    for setting in ("quiet", "loud"):
        if setting == "loud":
            cluster.execute(f"ALTER DATABASE {name} RESET ALL")
        else:
            for option, value in QUIET.items():
                cluster.execute(f"ALTER DATABASE {name} SET {option} = '{value}'")
        bird = f"{setting}-{name}-bird"
        with psycopg.connect(postgres_url) as connection, pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("INSERT INTO used_form_id VALUES ('\\x00', %s)", (bird,))
        said[setting] = cluster.log().count(bird)
    result = f"{said['loud']} hits in its log, quiet as told {said['quiet']}"
    shown("canary", "a PostgreSQL that logs as it does", result, n=1, control=True)
    assert said["loud"] and not said["quiet"]


def test_operating_says_what_keeps_postgresql_quiet() -> None:
    operating = Path("docs/operating.md").read_text(encoding="utf-8")
    assert [f"{name} = {value}" for name, value in QUIET.items() if f"{name} = {value}" not in operating] == []
