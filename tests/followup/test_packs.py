"""Meeting packs: frozen for ever; the next opens with what became of the last decisions."""

import hashlib
import re
import threading
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.packs import freeze as freezing
from survey.store.core import places
from survey.store.database.engine import DatabaseFault, read_transaction, write_transaction
from survey.store.published import packs
from survey.store.staff import audit_log as log
from tests.care_unit.printed import language, opened, words
from tests.followup.packing import CHOSEN, decide, fields_of, freeze, house_of, make, unit_name, write
from tests.followup.staffed import StaffBrowser, furnish_instance
from tests.followup.test_plan import add, form_of


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Packs are written: an instance of one's own."""
    return furnish_instance(tmp_path / "packs", 2)


@pytest.fixture
def browser(app: Flask) -> StaffBrowser:
    """Freja of the follow-up group."""
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    return browser


def test_a_pack_from_first_to_last(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    write(browser, address, introduction="Vi läser <b>våren</b>.", comment_trygghet="Bättre än vi trodde.")
    decide(browser, address, due="2024-10-01")
    assert "Bättre än vi trodde." in browser.get(f"{address}/preview").words()
    html = freeze(browser, address)
    page = browser.get(f"{address}/pack.html")
    read = page.words()
    for said in ("Mötespaket 1", "Vi läser <b>våren</b>.", "Bättre än vi trodde.", "Ringa upp alla inom två dagar"):
        assert said in read
    assert unit_name(app) in read
    assert "<script" not in page.text
    assert not re.findall(r'(?:src|href|srcset)="(?!data:)[^"]', page.text)
    with read_transaction(house_of(app).engine) as connection:
        kept = packs.get(connection, address.rpartition("/")[2])
    assert kept is not None and kept.sha256 == hashlib.sha256(html).hexdigest()
    assert kept.sha256 in browser.get(address).words()


@pytest.mark.parametrize(("tag", "marks"), [("en", 2), ("sv", 0)])
def test_a_pack_in_a_language_that_nobody_has_read_says_so_at_each_question(tag: str, marks: int, app: Flask) -> None:
    browser = StaffBrowser(app, tag)
    browser.sign_in("Freja")
    address = make(browser, app, questions=["trygghet", "overblick"])
    freeze(browser, address)
    found = [each for each in browser.get(f"{address}/pack.html").all("p") if each.get("class") == "draft-translation"]
    assert [each.text for each in found] == ["Translation not reviewed"] * marks


def test_the_pdf_opens_with_title_language_and_tags(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    freeze(browser, address)
    pdf = browser.client.get(f"{address}/pack.pdf").data
    with opened(pdf) as document:
        assert len(document) >= 3
        assert document.get_metadata_dict()["Title"].startswith(CHOSEN["title"])
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document) and language(document) == "sv"
    assert "Fredagsgruppen i maj" in words(pdf)[0]
    assert "1 / " in words(pdf)[0]


def test_a_frozen_pack_is_the_same_to_the_byte_whatever_happens_later(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    html, pdf = freeze(browser, address), browser.client.get(f"{address}/pack.pdf").data
    house = house_of(app)
    with write_transaction(house.engine) as connection:
        known = places.all_places(connection)
        changed = [
            replace(place, name="Ett annat namn", valid_to=house.today()) if place.key == "brunflo" else place
            for place in known
        ]
        places.save_places(connection, changed)
    assert unit_name(app) == "Ett annat namn"
    app.extensions["services"] = replace(house, today=lambda: house.today().replace(year=2025))
    assert browser.client.get(f"{address}/pack.html").data == html
    assert browser.client.get(f"{address}/pack.pdf").data == pdf
    assert hashlib.sha256(html).hexdigest() in browser.get(address).words()


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pack SET title = 'x'",
        "UPDATE pack SET html = NULL, sha256 = NULL",
        "DELETE FROM pack_comment",
        "DELETE FROM pack",
        "UPDATE pack_comment SET text = 'x'",
        "UPDATE pack_decision SET text = 'x'",
        "DELETE FROM pack_decision",
        "INSERT INTO pack_comment SELECT id, 'overblick', 'x' FROM pack",
    ],
)
def test_the_database_refuses_to_change_a_frozen_pack(change: str, browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    write(browser, address, comment_trygghet="Kvar")
    decide(browser, address)
    freeze(browser, address)
    with pytest.raises(DatabaseFault), write_transaction(house_of(app).engine) as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql(change)


def test_the_pages_refuse_to_change_a_frozen_pack(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    decide(browser, address)
    old = fields_of(browser, address)
    html = freeze(browser, address)
    for path, fields in (
        ("", {"introduction": "Sent"}),
        ("/content", {**CHOSEN, "edition": "2", "questions": "overblick", "units": ""}),
        ("/decisions", {"text": "Sent", "who": "Ingen"}),
        ("/decisions/1/remove", {}),
        ("/remove", {}),
    ):
        page = browser.post(address + path, {**old, **fields}, 409)
        assert "har ändrats under tiden" in page.words()
    browser.get(f"{address}/content", 409)
    browser.get(f"{address}/preview", 409)
    assert browser.client.get(f"{address}/pack.html").data == html


def test_two_tabs_freezing_at_once_give_one_pack(app: Flask, browser: StaffBrowser) -> None:
    address = make(browser, app)
    ready = threading.Barrier(2)
    tabs = []
    for _tab in range(2):
        tab = StaffBrowser(app)
        tab.sign_in("Freja")
        tabs.append((tab, tab.get(address).fields()["csrf_token"]))
    statuses: list[int] = []

    def press(tab: StaffBrowser, mark: str) -> None:
        ready.wait()
        statuses.append(tab.client.post(f"{address}/freeze", data={"csrf_token": mark}).status_code)

    threads = [threading.Thread(target=press, args=each) for each in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302, 302]
    with read_transaction(house_of(app).engine) as connection:
        assert [each.number for each in packs.all_packs(connection)] == [1]
        frozen = [line for line in log.newest(connection, most=50) if line.what == "pack_frozen"]
    assert len(frozen) == 1


def test_what_is_changed_while_it_is_drawn_is_in_the_pack(
    app: Flask, browser: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make(browser, app)
    id_, engine = address.rpartition("/")[2], house_of(app).engine
    drawn, real = [], freezing.render_pack

    def slow(pack: packs.Pack) -> str:
        made = real(pack)
        if not drawn:
            with write_transaction(engine) as connection:
                packs.add_decision(connection, id_, text="I sista stund", who="Någon", due_on=None)
        drawn.append(pack)
        return made

    monkeypatch.setattr(freezing, "render_pack", slow)
    assert "I sista stund" in freeze(browser, address).decode()
    assert len(drawn) == 2


def test_the_next_pack_opens_with_what_became_of_the_decisions(browser: StaffBrowser, app: Flask) -> None:
    first = make(browser, app)
    decide(browser, first)
    decide(browser, first, "Skriva ner nästa steg")
    html = freeze(browser, first)
    browser.post(f"{first}/decisions/1/became", {"status": "done", "outcome": "Klart i mars"})
    browser.post(f"{first}/decisions/2/became", {"status": "dropped", "outcome": "Ingen tid"})
    browser.post(f"{first}/decisions/2/became", {"status": "sold", "outcome": ""}, 422)
    browser.post(f"{first}/decisions/7/became", {"status": "done", "outcome": ""}, 404)
    assert browser.client.get(f"{first}/pack.html").data == html
    second = make(browser, app, title="Fredagsgruppen i november")
    html = freeze(browser, second)
    read = html.decode()
    assert "Vad det blev av besluten sist" in read
    assert "Klar</b>" in read and "Klart i mars" in read and "Struken</b>" in read
    assert "Mötespaket 2" in read
    # What is told later of the same decision is not in the pack that was frozen before.
    browser.post(f"{first}/decisions/2/became", {"status": "going_on", "outcome": "Ändå"})
    assert browser.client.get(f"{second}/pack.html").data == html


def test_a_decision_still_open_is_told_of_past_a_pack_without_any(browser: StaffBrowser, app: Flask) -> None:
    first = make(browser, app)
    decide(browser, first)
    decide(browser, first, "Skriva ner nästa steg")
    freeze(browser, first)
    browser.post(f"{first}/decisions/1/became", {"status": "going_on", "outcome": "Halvvägs"})
    browser.post(f"{first}/decisions/2/became", {"status": "done", "outcome": "Klart i mars"})
    freeze(browser, make(browser, app, title="Emellan"))
    third = freeze(browser, make(browser, app, title="Fredagsgruppen i november")).decode()
    assert "Halvvägs" in third and "Klart i mars" not in third


def test_a_decision_that_is_written_but_not_added_is_frozen_with_the_pack(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    browser.post(f"{address}/freeze", {"text": "Ringa upp alla", "who": ""}, 422)
    assert "utkast" in browser.get(address).words().lower()
    browser.post(f"{address}/freeze", {"text": "Ringa upp alla", "who": "Närvårdschefen", "due_on": ""})
    assert "Ringa upp alla" in browser.client.get(f"{address}/pack.html").text


def test_a_pack_opens_with_the_plan_s_own_decisions_too(browser: StaffBrowser, app: Flask) -> None:
    given = {"decided_on": "2024-05-17", "decision": "Vi går igenom kallelserna", "who": "Åre", "status": "ongoing"}
    add(browser, "decision", given)
    read = freeze(browser, make(browser, app)).decode()
    start = read.index("Vad det blev av besluten sist")
    assert start < read.index("Pågår", start) < read.index("Vi går igenom kallelserna", start)
    plan = "/staff/followup/plan"
    (changed,) = re.findall(rf'href="({plan}/decision/[^"]+)"', browser.get(f"{plan}/").text)
    address, fields = form_of(browser.get(changed))
    browser.post(address, fields | {"status": "done", "ended_on": "2020-01-01"}, 302)
    later = freeze(browser, make(browser, app, title="Fredagsgruppen i november")).decode()
    assert "Vi går igenom kallelserna" not in later


def test_what_a_pack_decided_stands_in_the_plan_and_on_the_place_s_page(browser: StaffBrowser, app: Flask) -> None:
    first = make(browser, app)
    decide(browser, first, "Ringa <alla>")
    assert "Ringa <alla>" not in browser.get("/staff/followup/plan/").words()
    freeze(browser, first)
    browser.post(f"{first}/decisions/1/became", {"status": "going_on", "outcome": "Halvvägs"})
    for address in ("/staff/followup/plan/", "/staff/followup/2/jh"):
        words = browser.get(address).words()
        assert "Ringa <alla>" in words and "Pågår" in words and "Halvvägs" in words, address
        assert f'href="{first}#decision-1"' in browser.get(address).text
    unit = StaffBrowser(app)
    unit.sign_in("Odd")
    assert "Ringa <alla>" not in unit.get("/staff/followup/plan/").words()


@pytest.mark.slow
def test_a_pack_says_how_the_difference_has_changed(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path / "five", 5)
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    told = {
        question: found[1]
        for question in QUESTIONS
        for within in [browser.get(f"/staff/followup/5/jh/{question}").words("main")]
        if (found := re.search(r"(Skillnaden (?:har ändrats med|var) .*?\.) Förändringen", within))
    }
    assert told
    for question, said in told.items():
        html = freeze(browser, make(browser, app, questions=question, title=question, edition="5")).decode()
        assert said in " ".join(html.split())
