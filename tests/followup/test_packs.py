"""Meeting packs: chosen, written, decided, frozen for ever; the next opens with what became of the last decisions."""

import hashlib
import re
import threading
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from survey.followup import freezing
from survey.store import audit as log
from survey.store import packs, places
from survey.store.engine import DatabaseConflict, DatabaseFault, reading, writing
from survey.web.house import House
from tests.followup.staffed import StaffBrowser, furnish_instance
from tests.unit.printed import language, opened, words

PACKS = "/staff/followup/packs"
CHOSEN = {"title": "Fredagsgruppen i maj", "edition": "5", "places": "jh", "units": "Brunflo hälsocentral"}


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


def house_of(app: Flask) -> House:
    house: House = app.extensions["house"]
    return house


def unit_name(app: Flask, key: str = "brunflo") -> str:
    with reading(house_of(app).engine) as connection:
        return next(place.name for place in places.all_places(connection) if place.key == key)


def make(browser: StaffBrowser, app: Flask, **more: str) -> str:
    """A draft; its address."""
    fields = {**CHOSEN, "edition": "2", "units": unit_name(app), "questions": "trygghet", **more}
    page = browser.post(f"{PACKS}/new", fields)
    return str(page.response.location)


def fields_of(browser: StaffBrowser, address: str) -> dict[str, str]:
    """The hidden revision of the draft's form."""
    found = re.search(r'name="revision" value="(\d+)"', browser.get(address).text)
    assert found
    return {"revision": found[1]}


def write(browser: StaffBrowser, address: str, status: int = 302, **texts: str) -> None:
    browser.post(address, fields_of(browser, address) | texts, status)


def decide(browser: StaffBrowser, address: str, decided: str = "Ringa upp alla inom två dagar", due: str = "") -> None:
    browser.post(f"{address}/decisions", {"decided": decided, "who": "Närvårdschefen", "due": due})


def freeze(browser: StaffBrowser, address: str) -> bytes:
    browser.post(f"{address}/freeze", {})
    return bytes(browser.client.get(f"{address}/pack.html").data)


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
    with reading(house_of(app).engine) as connection:
        kept = packs.get(connection, address.rpartition("/")[2])
    assert kept is not None and kept.sha256 == hashlib.sha256(html).hexdigest()
    assert kept.sha256 in browser.get(address).words()


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
    with writing(house.engine) as connection:
        known = places.all_places(connection)
        changed = [
            replace(place, name="Ett annat namn", valid_to=house.today()) if place.key == "brunflo" else place
            for place in known
        ]
        places.save_places(connection, changed)
    assert unit_name(app) == "Ett annat namn"
    app.extensions["house"] = replace(house, today=lambda: house.today().replace(year=2025))
    assert browser.client.get(f"{address}/pack.html").data == html
    assert browser.client.get(f"{address}/pack.pdf").data == pdf
    assert hashlib.sha256(html).hexdigest() in browser.get(address).words()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pack SET title = 'x'",
        "UPDATE pack SET html = NULL, sha256 = NULL",
        "DELETE FROM pack_comment",
        "DELETE FROM pack",
        "UPDATE pack_comment SET text = 'x'",
        "UPDATE pack_decision SET decided = 'x'",
        "DELETE FROM pack_decision",
        "INSERT INTO pack_comment SELECT id, 'overblick', 'x' FROM pack",
    ],
)
def test_the_database_refuses_to_change_a_frozen_pack(change: str, browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    write(browser, address, comment_trygghet="Kvar")
    decide(browser, address)
    freeze(browser, address)
    with pytest.raises(DatabaseFault), writing(house_of(app).engine) as connection:
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
        ("/decisions", {"decided": "Sent", "who": "Ingen"}),
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
    with reading(house_of(app).engine) as connection:
        assert [each.number for each in packs.every(connection)] == [1]
        frozen = [line for line in log.newest(connection, most=50) if line.what == "pack_frozen"]
    assert len(frozen) == 1


def test_what_is_changed_while_it_is_drawn_is_in_the_pack(
    app: Flask, browser: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make(browser, app)
    id_, engine = address.rpartition("/")[2], house_of(app).engine
    drawn, real = [], freezing.page

    def slow(pack: packs.Pack) -> str:
        made = real(pack)
        if not drawn:
            with writing(engine) as connection:
                packs.decide(connection, id_, decided="I sista stund", who="Någon", due=None)
        drawn.append(pack)
        return made

    monkeypatch.setattr(freezing, "page", slow)
    assert "I sista stund" in freeze(browser, address).decode()
    assert len(drawn) == 2


def test_the_next_pack_opens_with_what_became_of_the_decisions(browser: StaffBrowser, app: Flask) -> None:
    first = make(browser, app)
    decide(browser, first)
    decide(browser, first, "Skriva ner nästa steg")
    html = freeze(browser, first)
    browser.post(f"{first}/decisions/1/became", {"status": "done", "word": "Klart i mars"})
    browser.post(f"{first}/decisions/2/became", {"status": "dropped", "word": "Ingen tid"})
    browser.post(f"{first}/decisions/2/became", {"status": "sold", "word": ""}, 422)
    browser.post(f"{first}/decisions/7/became", {"status": "done", "word": ""}, 404)
    assert browser.client.get(f"{first}/pack.html").data == html
    second = make(browser, app, title="Fredagsgruppen i november")
    html = freeze(browser, second)
    read = html.decode()
    assert "Vad det blev av besluten sist" in read
    assert "Gjort" in read and "Klart i mars" in read and "Nedlagt" in read
    assert "Mötespaket 2" in read
    # What is told later of the same decision is not in the pack that was frozen before.
    browser.post(f"{first}/decisions/2/became", {"status": "going_on", "word": "Ändå"})
    assert browser.client.get(f"{second}/pack.html").data == html


def test_a_decision_still_open_is_told_of_past_a_pack_without_any(browser: StaffBrowser, app: Flask) -> None:
    first = make(browser, app)
    decide(browser, first)
    decide(browser, first, "Skriva ner nästa steg")
    freeze(browser, first)
    browser.post(f"{first}/decisions/1/became", {"status": "going_on", "word": "Halvvägs"})
    browser.post(f"{first}/decisions/2/became", {"status": "done", "word": "Klart i mars"})
    freeze(browser, make(browser, app, title="Emellan"))
    third = freeze(browser, make(browser, app, title="Fredagsgruppen i november")).decode()
    assert "Halvvägs" in third and "Klart i mars" not in third


def test_a_decision_that_is_written_but_not_added_is_frozen_with_the_pack(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    browser.post(f"{address}/freeze", {"decided": "Ringa upp alla", "who": ""}, 422)
    assert "utkast" in browser.get(address).words().lower()
    browser.post(f"{address}/freeze", {"decided": "Ringa upp alla", "who": "Närvårdschefen", "due": ""})
    assert "Ringa upp alla" in browser.client.get(f"{address}/pack.html").text


def test_who_reads(browser: StaffBrowser, app: Flask) -> None:
    both, own = make(browser, app), make(browser, app, title="Bara Brunflo", places="")
    for address in (both, own):
        freeze(browser, address)
    draft = make(browser, app, title="Ett utkast", places="")
    brita = StaffBrowser(app)
    brita.sign_in("Brita")
    assert "Bara Brunflo" in brita.get(f"{PACKS}/").words()
    brita.get(own)
    brita.get(f"{own}/pack.html")
    brita.get(both)  # the region and the own unit are theirs to read
    brita.get(draft, 403)
    assert "Ett utkast" not in brita.get(f"{PACKS}/").words()
    for path in ("", "/freeze", "/content", "/decisions", "/decisions/1/became", "/remove"):
        brita.post(own + path, {}, 403)
    odd = StaffBrowser(app)
    odd.sign_in("Odd")
    for path in ("", "/pack.html", "/pack.pdf"):
        odd.get(own + path, 403)
    assert "Bara Brunflo" not in odd.get(f"{PACKS}/").words()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Skriv en rubrik"),
        ({"title": "x" * 121}, "Skriv en rubrik"),
        ({"edition": "99"}, "Välj en publicerad mätomgång"),
        ({"places": "", "units": ""}, "Välj minst en plats"),
        ({"units": "Region Jämtland Härjedalen\nIngenstans"}, "Rad 2: Ingenstans finns inte i mätomgången"),
        ({"questions": "hemlig"}, "Välj minst en fråga"),
    ],
)
def test_a_wrong_choice_is_said_and_nothing_is_kept(
    fields: dict[str, str], said: str, browser: StaffBrowser, app: Flask
) -> None:
    right = {**CHOSEN, "edition": "2", "units": unit_name(app), "questions": "trygghet"}
    page = browser.post(f"{PACKS}/new", {**right, **fields}, 422)
    assert said in page.words()
    with reading(house_of(app).engine) as connection:
        assert packs.every(connection) == []


def test_a_wrong_decision_is_said_and_what_was_written_stays(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    page = browser.post(f"{address}/decisions", {"decided": "Ringa", "who": "", "due": "i morgon"}, 422)
    assert "Skriv vem som gör det" in page.words() and "Välj en dag" in page.words()
    assert page.fields()["decided"] == "Ringa"
    browser.post(f"{address}/decisions", {"decided": "Med nol\0l", "who": "=1+1"})
    assert "Med noll" in browser.get(address).words()


def test_a_late_tab_loses_nothing_of_what_it_wrote(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    old = fields_of(browser, address)
    write(browser, address, introduction="Den första")
    page = browser.post(address, old | {"introduction": "Den andra"}, 409)
    assert "Den andra" in page.words()
    kept = browser.get(address).words()
    assert "Den första" in kept and "Den andra" not in kept


def test_whichever_button_is_pressed_the_texts_are_kept(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    texts = fields_of(browser, address) | {"introduction": "Skrivet först", "comment_trygghet": "Och detta"}
    browser.post(f"{address}/decisions", texts | {"decided": "Ringa", "who": ""}, 422)
    assert "Skrivet först" in browser.get(address).words()
    texts = fields_of(browser, address) | {"introduction": "Skrivet sist", "comment_trygghet": "Och detta"}
    browser.post(f"{address}/freeze", texts | {"decided": "", "who": ""})
    read = browser.get(f"{address}/pack.html").words()
    assert "Skrivet sist" in read and "Och detta" in read


def test_a_text_too_long_freezes_nothing(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    page = browser.post(f"{address}/freeze", fields_of(browser, address) | {"introduction": "å" * 5_001}, 422)
    assert "Skriv högst 5 000 tecken" in page.words()
    assert "Utkast" in browser.get(address).words()


def test_no_such_pack(browser: StaffBrowser) -> None:
    for path in ("", "/preview", "/pack.html", "/pack.pdf", "/content"):
        browser.get(f"{PACKS}/ingen{path}", 404)


def test_the_number_is_never_given_twice(browser: StaffBrowser, app: Flask) -> None:
    make(browser, app), make(browser, app)
    engine = house_of(app).engine
    with reading(engine) as connection:
        drafts = packs.every(connection)
    kept = {"sha256": "a" * 64, "html": b"x", "pdf": None, "on": house_of(app).today()}
    with writing(engine) as connection:
        packs.freeze(connection, drafts[0], 1, **kept)  # type: ignore[arg-type]
    with pytest.raises(DatabaseConflict), writing(engine) as connection:
        packs.freeze(connection, drafts[1], 1, **kept)  # type: ignore[arg-type]
    with pytest.raises(packs.Frozen), writing(engine) as connection:
        packs.freeze(connection, drafts[0], 2, **kept)  # type: ignore[arg-type]
