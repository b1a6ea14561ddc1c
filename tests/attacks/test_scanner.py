"""Mail scanners and previews open every link, some with a real browser: they spend nothing and read nothing.

With and without script. On PostgreSQL the server itself counts what was read: of codes, nothing.
And nobody can probe who has answered: a fresh and a spent code get the same bytes; that they get them in the same
time is in `test_probe`. The controls: a survey where opening the link is enough, one that tells, and one real answer.
"""

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.attacks.crowd import Crowd, stored
from tests.attacks.full import Shown, sized
from tests.attacks.running import (
    ANSWERS,
    SHEET,
    Client,
    Instance,
    Web,
    client,
    instance,
    running,
    serving,
)
from tests.attacks.tools import Copy, every_row

pytestmark = pytest.mark.xdist_group("web")
VISITS, RENDERED, PAIRS = sized(200, 1_000), sized(9, 90), sized(3, 50)
HEADERS = (
    {},
    {"Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
    {"X-Moz": "prefetch", "X-Purpose": "preview"},
    {"User-Agent": "Mozilla/5.0 (compatible; LinkScanner/1.0)", "Cookie": "seen=1"},
)
# What gateways make of `/s/unit#CODE`: with the code in the part that is sent, too.
LINKS = ("{sheet}", "{sheet}/en", "{sheet}?code={code}", "{sheet}%23{code}", "{sheet}/%23{code}", "{sheet}/thanks")
LINKS += ("{sheet}/sv/thanks?code={code}&form_id=x", "/?find={code}")
SECRET_TABLES = ("access_code", "used_form_id", "envelope")


def visit(person: Client, codes: list[str], visits: int = VISITS) -> set[int]:
    """Open links with codes in them in every way but with a form; the statuses."""
    found = set()
    for number in range(visits):
        code, link = codes[number % len(codes)], LINKS[number % len(LINKS)]
        method = ("GET", "HEAD", "GET", "OPTIONS")[number // len(LINKS) % 4]
        headers = HEADERS[number % len(HEADERS)]
        found.add(person.ask(method, link.format(sheet=SHEET, code=code), headers=headers).status)
    return found


@contextmanager
def chromium() -> Iterator[Page]:
    """A page in Chromium, with script."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        try:
            yield browser.new_page(locale="sv-SE")
        finally:
            browser.close()


def differences(before: Copy, after: Copy) -> Counter[str]:
    """How many rows are new, changed or gone, by table."""
    both = {name: (set(rows), set(after[name])) for name, rows in before.items()}
    return +Counter({name: max(len(new - old), len(old - new)) for name, (old, new) in both.items()})


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_scanners_change_no_row(kind: str, request: pytest.FixtureRequest, shown: Shown, tmp_path: Path) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    with (
        instance(tmp_path / "instance", database) as made,
        serving(made) as web,
        client(web) as person,
    ):
        codes = made.codes(20)
        before = every_row(made.engine)
        assert visit(person, codes) <= {200, 302, 404}
        opened = differences(before, every_row(made.engine))
        # Control: one real answer is seen by the same look.
        assert person.post(SHEET, {**ANSWERS, "code": codes[0]}).status == 303
        answered = differences(before, every_row(made.engine))
    shown("scanner", f"GET, HEAD, OPTIONS, prefetches, {kind}", f"{opened.total()} rows changed", n=VISITS)
    shown("scanner", f"one answer, {kind}", f"{answered.total()} rows changed", n=1, control=True)
    assert opened.total() == 0
    assert set(answered) == {"access_code", "envelope", "batch"}


@pytest.mark.browser
def test_a_scanner_with_a_real_browser_spends_nothing(shown: Shown, tmp_path: Path) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, chromium() as page:
        before = every_row(made.engine)
        asked: list[tuple[str, str]] = []
        page.on("request", lambda request: asked.append((request.method, request.url)))
        for code in made.codes(RENDERED // 3):
            address = f"http://127.0.0.1:{web.port}{SHEET}"
            for link in (f"{address}#{code}", f"{address}#%23{code}", f"{address}/ar%23{code}"):
                page.goto("about:blank")
                page.goto(link, wait_until="load")
                # The script ran: the code is in its field, and nowhere in the address.
                assert page.input_value("#code") == code
                assert "#" not in page.url
                page.mouse.wheel(0, 4000)
        after = every_row(made.engine)
    spent = sum(row[4] for row in after["access_code"])
    shown("scanner", "rendered in Chromium, with script", f"{spent} of {RENDERED // 3} codes spent", n=RENDERED)
    assert {method for method, _ in asked} == {"GET"}
    assert set(differences(before, after)) == {"access_code", "issued_codes"}  # those that were made
    assert spent == 0


def reads(url: str) -> dict[str, int]:
    """How often PostgreSQL has looked into the tables that know of codes and answers, once all have left."""
    with psycopg.connect(url, autocommit=True) as connection:
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        until = time.monotonic() + 20
        while connection.execute(others).fetchone():
            assert time.monotonic() < until
            time.sleep(0.05)
        rows = connection.execute(
            "SELECT relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables"
        ).fetchall()
    return {name: n for name, n in rows if name in SECRET_TABLES}


def reads_of(made: Instance, url: str, visiting: Callable[[Client], object]) -> dict[str, int]:
    """How many looks a visit costs."""
    made.engine.dispose()
    before = reads(url)
    with serving(made) as web, client(web) as person:
        visiting(person)
    after = reads(url)
    return {name: after[name] - before[name] for name in SECRET_TABLES}


def test_scanners_do_not_even_read_a_code(postgres_url: str, shown: Shown, tmp_path: Path) -> None:
    with instance(tmp_path / "instance", postgres_url) as made:
        codes = made.codes(20)
        found = reads_of(made, postgres_url, lambda person: visit(person, codes))
        one = reads_of(made, postgres_url, lambda person: person.post(SHEET, {**ANSWERS, "code": codes[0]}))
    shown("scanner", "looks into codes and answers, by PostgreSQL", f"{sum(found.values())} looks", n=VISITS)
    shown("scanner", "one answer, by PostgreSQL", f"{sum(one.values())} looks", n=1, control=True)
    assert found == dict.fromkeys(SECRET_TABLES, 0)
    assert one["access_code"] > 0


def different(person: Client, fresh: str, spent: str, form_id: str) -> list[str]:
    """Every request in which a reader could tell a spent code from a fresh one, the fresh one's spending last."""
    found = []
    posted = {**ANSWERS, "form_id": form_id}
    ways = {
        "opening": lambda code: person.get(f"{SHEET}?code={code}"),
        "another language": lambda code: person.post(SHEET, {**posted, "code": code, "lang": "en"}),
        "nothing answered": lambda code: person.post(SHEET, {"form_id": form_id, "code": code}),
        "foreign value": lambda code: person.post(SHEET, {**posted, "trygghet": "x", "code": code}),
        "other unit": lambda code: person.post("/s/stugun", {**posted, "code": code}),
        "other role": lambda code: person.post("/p/froso", {**posted, "code": code}),
        "answering": lambda code: person.post(SHEET, {**posted, "code": code}),
    }
    for name, ask in ways.items():
        replies = [ask(code).undated() for code in (spent, fresh)]
        texts = [_without(reply, code) for reply, code in zip(replies, (spent, fresh), strict=True)]
        if texts[0] != texts[1]:
            found.append(name)
    return found


FORM_ID = 76


def _without(reply: tuple[int, object, bytes], code: str) -> tuple[int, object, bytes]:
    """A reply without what the sender wrote, and without the page's own new form id."""
    status, headers, body = reply
    body = body.replace(code.encode(), b"CODE")
    start = body.find(b'name="form_id" value="')
    if start > 0:
        body = body[: start + 22] + body[start + 22 + FORM_ID :]
    return status, headers, body


def test_a_fresh_and_a_spent_code_get_the_same_bytes(shown: Shown, tmp_path: Path) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
        codes, form_id = made.codes(2 * PAIRS), person.form_id()
        found = []
        for spent, fresh in zip(codes[::2], codes[1::2], strict=True):
            assert person.post(SHEET, {**ANSWERS, "code": spent}).status == 303
            found += different(person, fresh, spent, form_id)
        shown("probe", "spent and fresh, byte by byte, in seven ways", f"{len(found)} replies differ", n=7 * PAIRS)
        assert found == []
        crowd = Crowd(web, sent=dict.fromkeys(codes, ANSWERS))
        assert stored(made, crowd).marks == set(codes)


@contextmanager
def naive(tmp_path: Path, habit: str) -> Iterator[tuple[Web, Path]]:
    """The usual survey with one habit."""
    path = tmp_path / "naive.sqlite"
    with running(tmp_path, {"NAIVE": habit, "NAIVE_FILE": str(path)}, "tests.attacks.naive:app") as web:
        yield web, path


def test_control_a_survey_that_tells_is_caught(shown: Shown, tmp_path: Path) -> None:
    with naive(tmp_path, "tells") as (web, _), client(web) as person:
        posted = {**ANSWERS, "form_id": "x"}
        assert person.post(SHEET, {**posted, "code": "spent"}).status == 303
        found = different(person, "fresh", "spent", "x")
    shown("probe", "a survey that tells", f"{len(found)} replies differ", n=7, control=True)
    assert found


def test_control_a_survey_where_opening_is_enough_is_caught(shown: Shown, tmp_path: Path) -> None:
    with naive(tmp_path, "reads") as (web, path), client(web) as person:
        visit(person, ["one", "two"], 40)
        with closing(sqlite3.connect(path)) as connection:
            stored_ = connection.execute("SELECT count(*) FROM answer").fetchone()[0]
    shown("scanner", "a survey where opening is enough", f"{stored_} answers stored", n=40, control=True)
    assert stored_ > 0


def test_a_link_that_a_gateway_broke_is_mended_without_a_look(tmp_path: Path) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
        (code,) = made.codes(1)
        before = every_row(made.engine)
        for path in (SHEET, f"{SHEET}/en"):
            mended = [person.get(f"{path}%23{text}").header("location") for text in (code, "K7QX2M9RT4WB8ZHN", "x")]
            assert mended[0] == f"{path}#{code}" and mended[2] == path
        assert person.get("/s/ingenstans%23").header("location") == "/s/ingenstans"
        assert every_row(made.engine) == before
