"""Every status, its headers and its page; and what a fault may say of the request that met it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.answer import submit
from survey.store.database.engine import DatabaseFull, DatabaseUnavailable
from tests.answering import ANSWERS, Answering, counted, make_answering
from tests.language_folders import OFFERED
from tests.reader import Page, Reader, faults_of_headers, faults_of_page

CANARY = "CANARY4711"


def posted(page: Page, **changed: str) -> dict[str, str]:
    return {**page.fields(), **changed}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that is logged, by anyone, while the test runs."""
    with caplog.at_level(logging.DEBUG):
        yield caplog
    assert CANARY not in caplog.text
    assert "/s/froso" not in caplog.text


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_every_page_in_every_language(invited: Answering, language: str) -> None:
    """The reader looks at each: headers, cookies, markup, labels, language."""
    reader = Reader(invited.app, language)
    pages = [reader.get(f"/{short}/{unit}/{language}") for short in "sp" for unit in ("froso", "stugun")]
    pages += [
        reader.get(address)
        for address in ("/", "/privacy", "/accessibility", "/helping", "/conversation", f"/s/froso/{language}/thanks")
    ]
    pages += [
        reader.get("/nowhere", 404),
        reader.get("/s/nowhere", 404),
        reader.send("DELETE", "/s/froso", 405),
    ]
    pages += [reader.get("/results/2026-host", 404), reader.get("/results/nothing", 404)]
    assert {page.tree.get("lang") for page in pages} == {language}


def test_files_keep_their_own_caching(reader: Reader) -> None:
    reply = reader._client.get("/static/staff.css")
    assert "Content-Security-Policy" in reply.headers
    assert reply.headers["Cache-Control"] != "no-store"
    assert "Set-Cookie" not in reply.headers
    reader.get("/static/nothing.css", 404)


def test_the_reader_sees_faults() -> None:
    """The look at each page can fail: each kind of fault is planted once."""
    from flask import Flask
    from werkzeug.wrappers import Response

    planted = (
        "<!doctype html><html><title>Sida</title><p id=a><p id=a><input name=code>"
        "<form action='https://other.example/'></form><img src='//other.example/x.png'>"
        "<b style='color:red'>x</i>"
    )
    app = Flask("planted")
    app.add_url_rule("/", view_func=lambda: Response(planted, headers={"Set-Cookie": "x=y", "Vary": "Cookie"}))
    reply = app.test_client().get("/")
    headers, page = " ".join(faults_of_headers(reply)), " ".join(faults_of_page(Page(reply)))
    for expected in ("set-cookie should not", "vary should not", "cache-control is None", "policy is None"):
        assert expected in headers
    for expected in (
        "language",
        "title",
        "heading",
        "id a",
        "no label",
        "goes to",
        "fetches",
        "style",
        "broken",
    ):
        assert expected in page


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "https://localhost"}, 303),
        ({"Origin": "http://localhost.other.example"}, 403),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_a_post_from_another_site_is_refused(
    invited: Answering, reader: Reader, headers: dict[str, str], status: int
) -> None:
    (code,) = invited.codes()
    page = reader.post("/s/froso", posted(reader.get("/s/froso"), code=code, **ANSWERS), status, headers)
    assert counted(invited, "invited") == (int(status == 303), 0)
    if status == 403:
        assert "trygghet" not in page.fields()


def test_where_the_browser_is_silent_the_form_id_must_be_ours(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    forged = posted(reader.get("/p/froso"), code=code, **ANSWERS)
    assert "annan webbplats" in reader.post("/s/froso", forged, 403, headers={}).words()
    assert counted(invited, "invited") == (0, 0)


def test_too_much_and_of_the_wrong_kind(reader: Reader) -> None:
    assert "för stort" in reader.post("/s/froso", {"code": "x" * 20_000}, 413).words()
    reader.post("/s/froso", b"{}", 415, content_type="application/json")
    reader.post("/s/froso", {"code": "x"}, 415, content_type="multipart/form-data")
    reader.post("/", {"find": "x" * 20_000}, 413)


@pytest.mark.parametrize("fault", [DatabaseFull("full"), DatabaseUnavailable("locked")])
def test_a_full_or_locked_database_keeps_every_answer_to_be_sent_again(
    invited: Answering,
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
    log: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    (code,) = invited.codes()
    sent = posted(reader.get("/s/froso"), code=code, age="35-49", at="9", **ANSWERS)

    def refuse(*_: object) -> None:
        raise fault

    with monkeypatch.context() as broken:
        broken.setattr(submit, "accept", refuse)
        page = reader.post("/s/froso", sent, 503)
    assert "Dina svar kunde inte sparas" in page.words()
    assert "Inget är sparat. Dina svar är kvar på den här sidan." in page.words()
    assert page.fields() == sent | {"gender": "", "language_used": "", "help": ""}
    reader.post(page.all("form")[0].get("action", ""), page.fields())
    assert counted(invited, "invited") == (1, 0)
    assert type(fault).__name__ in log.text


def test_a_lost_database(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    lost = make_answering(tmp_path / "lost", open_link=True)
    reader = Reader(lost.app)
    sent = posted(reader.get("/s/froso"), code=CANARY, **ANSWERS)
    lost.house.engine.dispose()
    for file in (tmp_path / "lost").glob("survey.sqlite*"):
        file.rename(tmp_path / f"away-{file.name}")
    lost.app.extensions["answer"].open_rounds = type(lost.app.extensions["answer"].open_rounds)()
    assert "Sidan kan inte visas just nu" in reader.get("/s/froso", 503).words()
    page = reader.post("/s/froso", sent, 503)
    assert page.fields()["trygghet"] == "yes"
    assert page.fields()["code"] == CANARY
    for file in tmp_path.glob("away-survey.sqlite*"):
        file.rename(tmp_path / "lost" / file.name.removeprefix("away-"))
    page = reader.post("/s/froso", {**page.fields(), "code": ""})
    assert counted(lost, "open") == (1, 0)


def test_the_kept_answers_may_be_read_in_another_language(
    invited: Answering, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseUnavailable("locked")

    monkeypatch.setattr(submit, "accept", refuse)
    (code,) = invited.codes()
    page = reader.post("/s/froso", posted(reader.get("/s/froso"), code=code, **ANSWERS), 503)
    languages = [each.get("value") for each in page.all("button") if each.get("name") == "lang"]
    assert languages == [*OFFERED]
    back = reader.post("/s/froso", {**page.fields(), "lang": "en"}, 200)
    assert back.tree.get("lang") == "en"
    assert back.chosen() == ANSWERS


def test_a_fault_of_ours_keeps_the_answers_and_says_nothing_of_them(
    invited: Answering, reader: Reader, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"row {CANARY} trygghet=yes")

    monkeypatch.setattr(submit, "accept", fail)
    (code,) = invited.codes()
    sent = posted(reader.get("/s/froso"), code=code, **ANSWERS)
    page = reader.post(f"/s/froso?{CANARY}", sent, 500, {"Sec-Fetch-Site": "same-origin", "User-Agent": CANARY})
    assert page.fields()["code"] == code
    assert CANARY not in page.text.replace(f'action="/s/froso?{CANARY}"', "")
    assert "RuntimeError at survey.answer.submit:" in log.text


def test_a_fault_in_the_error_page_itself(
    invited: Answering, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    from survey.web.pages import security_headers

    def fail(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(security_headers, "problem_page", fail)
    reply = invited.app.test_client().get("/nowhere")
    assert reply.status_code == 500
    assert "Något gick fel" in reply.text
    assert list(faults_of_headers(reply)) == []


def test_faults_in_number_leave_no_trace(invited: Answering, reader: Reader, log: pytest.LogCaptureFixture) -> None:
    """Whatever is wrong with a request, nothing that a person sent is logged."""
    client = reader._client
    for number in range(100):
        code = f"{CANARY}{number}"
        client.get(f"/s/{code}", headers={"Referer": code, "User-Agent": code})
        client.post(f"/s/froso?{code}", data={"code": code, "trygghet": code}, headers={"Origin": code})
        client.post("/s/froso", data={"code": code, "trygghet": "yes"}, headers={"Sec-Fetch-Site": "same-origin"})
        client.post("/", data={"find": code * 900})
        client.open("/s/froso", method=f"X{number}", headers={"Host": code})
    leftovers = [
        path for path in invited.instance.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()
    ]
    assert leftovers == []
