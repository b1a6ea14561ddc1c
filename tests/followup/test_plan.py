"""The action plan's pages: written, changed with its history kept, ended, refused, saved by two at once."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey.domain.records.record_types import StoredVersion
from survey.store.database.engine import read_transaction
from survey.store.published import plan_records
from survey.store.staff import audit_log
from survey.web.request.services import Services
from tests.followup.staffed import StaffBrowser, furnish_instance
from tests.reader import Page

PLAN = "/staff/followup/plan"
ACTIVITY = {
    "activity": "Alla hälsocentraler erbjuder fast vårdkontakt",
    "responsible": "Områdeschef primärvård",
    "deciding_body": "SVOM",
    "timetable": "Hösten 2024",
    "status": "ongoing",
}
DECISION = {"decided_on": "2024-05-17", "decision": "Vi går igenom kallelserna", "who": "Åre", "status": "planned"}
EVENT = {"day": "2023-10-02", "title": "Ny telefonitjänst", "place": "are"}
LATE = "skulle ha varit klart 1 juni 2024"
GIVEN = {"activity": ACTIVITY, "decision": DECISION, "event": EVENT}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """One published round, and people by name."""
    return furnish_instance(tmp_path, 1)


@pytest.fixture
def freja(as_person: Callable[[str], StaffBrowser]) -> StaffBrowser:
    """Somebody of the follow-up group."""
    return as_person("Freja")


def kept(app: Flask, kind: str = "activity") -> list[StoredVersion[Any]]:
    """All of a kind, as it stands."""
    house: Services = app.extensions["services"]
    every = (
        plan_records.ACTIVITIES,
        plan_records.DECISIONS,
        plan_records.EVENTS,
        plan_records.TARGETS,
        plan_records.MEASUREMENTS,
    )
    with read_transaction(house.engine) as connection:
        return next(each for each in every if each.name == kind).newest(connection)


def form_of(page: Page) -> tuple[str, dict[str, str]]:
    """Where the form goes, and what it would post as it stands."""
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page.text)
    assert action
    fields = {name: value for name, value in page.fields().items() if name != "csrf_token"}
    texts = {field.get("name", ""): (field.text or "").strip() for field in page.all("textarea")}
    return action[1], {**fields, **page.chosen(), **texts}


def add(browser: StaffBrowser, kind: str, fields: Mapping[str, str], status: int = 302, room: str = PLAN) -> Page:
    """Fill the empty form in and save."""
    address, empty = form_of(browser.get(f"{room}/new/{kind}"))
    return browser.post(address, {**empty, **fields}, status)


@pytest.mark.parametrize("kind", GIVEN)
def test_a_thing_is_added_changed_and_its_history_stays(kind: str, app: Flask, freja: StaffBrowser) -> None:
    add(freja, kind, GIVEN[kind])
    (now,) = kept(app, kind)
    assert now.version == 1 and now.saved_on == date(2024, 6, 1)
    words = freja.get(PLAN + "/").words("main")
    written = next(text for name, text in GIVEN[kind].items() if name in ("activity", "decision", "title"))
    assert written in words
    address, fields = form_of(freja.get(f"{PLAN}/{kind}/{now.key}"))
    assert {name: fields[name] for name in GIVEN[kind]} == GIVEN[kind]
    freja.post(address, {**fields, kind if kind != "event" else "title": "Något annat"})
    (then,) = kept(app, kind)
    assert (then.key, then.version) == (now.key, 2)
    history = freja.get(f"{PLAN}/{kind}/{now.key}").words("main")
    assert "gäller nu" in history and written in history and "Något annat" in history


def test_what_is_done_keeps_its_day_and_stays_on_the_page(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "activity", ACTIVITY)
    address, fields = form_of(freja.get(f"{PLAN}/activity/{kept(app)[0].key}"))
    freja.post(address, {**fields, "status": "done"})
    assert kept(app)[0].record.ended_on == date(2024, 6, 1)
    assert "Klara och strukna: 1" in freja.get(PLAN + "/").words("main")
    address, fields = form_of(freja.get(f"{PLAN}/activity/{kept(app)[0].key}"))
    assert fields["ended_on"] == "2024-06-01"
    page = freja.post(address, {**fields, "status": "ongoing"}, 422)
    assert "Dagen hör bara till" in page.words("main")
    freja.post(address, {**fields, "status": "ongoing", "ended_on": ""})
    assert kept(app)[0].record.ended_on is None and kept(app)[0].version == 3


def test_an_event_that_was_wrong_is_taken_back_and_not_gone(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "event", EVENT)
    address, fields = form_of(freja.get(f"{PLAN}/event/{kept(app, 'event')[0].key}"))
    freja.post(address, {**fields, "ended_on": "2024-05-30"})
    words = freja.get(PLAN + "/").words("main")
    assert "Tillbakatagna: 1" in words and EVENT["title"] in words


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("activity", {"activity": "  "}, "Det här behöver fyllas i"),
        ("activity", {"activity": "x" * 601}, "för lång"),
        ("activity", {"activity": "a\0b"}, "tecken som inte går att visa"),
        ("activity", {"responsible": "a\ue0ffb"}, "tecken som inte går att visa"),
        ("activity", {"status": "någon gång"}, "Välj ett av alternativen"),
        ("activity", {"status": ""}, "Det här behöver fyllas i"),
        ("decision", {"decided_on": "i går"}, "Skriv en dag"),
        ("decision", {"decided_on": "0024-05-17"}, "Skriv en dag"),
        ("decision", {"due_on": "2024-02-30"}, "Skriv en dag"),
        ("event", {"day": ""}, "Det här behöver fyllas i"),
        ("event", {"place": "atlantis"}, "Välj ett av alternativen"),
        ("event", {"place": "jh"}, "Välj ett av alternativen"),
    ],
)
def test_a_fault_is_told_and_what_was_written_stays(
    kind: str, wrong: dict[str, str], said: str, app: Flask, freja: StaffBrowser
) -> None:
    page = add(freja, kind, {**GIVEN[kind], **wrong}, 422)
    assert said in page.words("main") and kept(app, kind) == []
    _address, fields = form_of(page)
    untouched = {name: text for name, text in GIVEN[kind].items() if name not in wrong}
    assert {name: fields[name] for name in untouched} == untouched


def test_sent_twice_is_kept_once(app: Flask, freja: StaffBrowser) -> None:
    address, empty = form_of(freja.get(f"{PLAN}/new/decision"))
    for _time in range(2):
        freja.post(address, {**empty, **DECISION})
    assert [each.version for each in kept(app, "decision")] == [1]


def test_the_same_activity_twice_is_told(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "activity", ACTIVITY)
    page = add(freja, "activity", {**ACTIVITY, "activity": f" {ACTIVITY['activity'].upper()} "}, 422)
    assert "finns redan i planen" in page.words("main") and len(kept(app)) == 1


def test_who_saves_later_is_told_and_nothing_is_lost(app: Flask, as_person: Callable[[str], StaffBrowser]) -> None:
    freja, klara = as_person("Freja"), as_person("Klara")
    add(freja, "activity", ACTIVITY)
    address, hers = form_of(freja.get(f"{PLAN}/activity/{kept(app)[0].key}"))
    _address, theirs = form_of(klara.get(address))
    freja.post(address, {**hers, "responsible": "Östersund"})
    page = klara.post(address, {**theirs, "responsible": "Krokom", "timetable": "Våren 2025"}, 409)
    said = page.words("main")
    assert "Någon annan sparade under tiden" in said and "Östersund" in said
    assert kept(app)[0].record.responsible == "Östersund"
    _address, again = form_of(page)
    assert (again["responsible"], again["timetable"]) == ("Krokom", "Våren 2025")
    klara.post(address, again)
    assert (kept(app)[0].record.responsible, kept(app)[0].version) == ("Krokom", 3)


@pytest.fixture
def on_both(tmp_path: Path, database_url: str) -> Flask:
    """The same on each database."""
    return furnish_instance(tmp_path / "instance", 1, config=f'database = "{database_url}"\n')


def test_of_many_who_save_at_the_same_moment_one_is_kept(on_both: Flask) -> None:
    freja = StaffBrowser(on_both)
    freja.sign_in("Freja")
    add(freja, "activity", ACTIVITY)
    address, fields = form_of(freja.get(f"{PLAN}/activity/{kept(on_both)[0].key}"))
    browsers = [StaffBrowser(on_both) for _ in range(8)]
    for each in browsers:
        each.sign_in("Klara")
    answers: list[int] = []

    def save(number: int) -> None:
        each = browsers[number]
        written = {**fields, "responsible": f"Nummer {number}", "csrf_token": tokens[number]}
        answers.append(each.client.post(address, data=written).status_code)

    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', each.client.get(address).text)[0] for each in browsers]
    threads = [threading.Thread(target=partial(save, number)) for number in range(len(browsers))]
    for each_thread in threads:
        each_thread.start()
    for each_thread in threads:
        each_thread.join()
    assert sorted(answers) == [302, *[409] * 7]
    assert kept(on_both)[0].version == 2


def test_a_unit_reads_and_does_not_write(app: Flask, as_person: Callable[[str], StaffBrowser]) -> None:
    add(as_person("Sven"), "decision", DECISION)
    brita, (decision,) = as_person("Brita"), kept(app, "decision")
    page = brita.get(PLAN + "/")
    assert DECISION["decision"] in page.words("main") and "Lägg till" not in page.words("main")
    address = f"{PLAN}/decision/{decision.key}"
    assert "Spara" not in brita.get(address).words("main")
    assert "inte ändra" in brita.post(address, {**DECISION, "version": "1"}, 403).words("main")
    assert "inte ändra" in brita.get(f"{PLAN}/new/decision", 403).words("main")


def test_every_change_stands_in_the_log(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "event", EVENT)
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        (line,) = audit_log.newest(connection, what="plan_changed", most=5)
    assert line.who == "freja@region.example"
    assert line.about == {"kind": "event", "entry": kept(app, "event")[0].key, "version": 1}


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("activity/0123456789abcdef", {"version": "3"}, 404),
        ("activity/..%2f", {"version": "0"}, 404),
        ("activity/0123456789abcdef", {"version": "-1"}, 400),
        ("activity/0123456789abcdef", {}, 400),
        ("activity/0123456789abcdef", {"version": "9" * 40}, 400),
    ],
)
def test_what_no_form_of_ours_sends(
    address: str, fields: dict[str, str], status: int, app: Flask, freja: StaffBrowser
) -> None:
    freja.post(f"{PLAN}/{address}", {**ACTIVITY, **fields}, status)
    assert kept(app) == []


def test_markup_and_formulas_are_text(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "activity", {**ACTIVITY, "activity": '=HYPERLINK("x")<b>'})
    page = freja.get(PLAN + "/")
    assert '=HYPERLINK("x")<b>' in page.words("main") and '"x")<b>' not in page.text


def test_a_decision_past_its_day_is_called_late_until_it_is_done(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "decision", DECISION | {"due_on": "2024-06-01"})
    assert LATE not in freja.get(f"{PLAN}/").words("main")
    house: Services = app.extensions["services"]
    app.extensions["services"] = replace(house, today=lambda: date(2024, 6, 2))
    for address in (f"{PLAN}/", "/staff/followup/1/jh"):
        assert LATE in freja.get(address).words("main"), address
    (entry,) = kept(app, "decision")
    address, fields = form_of(freja.get(f"{PLAN}/decision/{entry.key}"))
    freja.post(address, {**fields, "status": "done"}, 302)
    for address in (f"{PLAN}/", "/staff/followup/1/jh"):
        assert LATE not in freja.get(address).words("main"), address


def test_a_decision_is_read_with_its_day_and_what_became_of_it_and_changed_elsewhere(
    app: Flask, freja: StaffBrowser, as_person: Callable[[str], StaffBrowser]
) -> None:
    add(freja, "decision", DECISION | {"due_on": "2024-05-31", "outcome": "Fem kommuner har gjort det."})
    (entry,) = kept(app, "decision")
    address = f"{PLAN}/decision/{entry.key}"
    (link,) = [each for each in freja.get("/staff/followup/1/jh").all("a") if each.text == DECISION["decision"]]
    assert link.get("href") == f"{address}/read"
    for person in (freja, as_person("Brita")):
        page = person.get(f"{address}/read")
        words = page.words("main")
        assert "Inte påbörjad, skulle ha varit klart 31 maj 2024. Fem kommuner har gjort det." in words
        assert "17 maj 2024" in words and not [each for each in page.all("form") if each.get("class") == "form"]
        ways = [each.get("href") for each in page.all("a")]
        assert (address in ways) is (person is freja)
    for where in ("/staff/followup/1/jh", f"{PLAN}/"):
        assert "Fem kommuner har gjort det." in freja.get(where).words("main")
    freja.get(f"{PLAN}/decision/{'0' * 16}/read", 404)


def test_an_activity_stands_on_the_page_of_its_question(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "activity", ACTIVITY | {"question": "fast_vardkontakt"})
    said = freja.get("/staff/followup/1/jh/fast_vardkontakt").words("main")
    assert "Aktiviteter om frågan" in said and f"{ACTIVITY['activity']} Pågår" in said
    assert ACTIVITY["activity"] not in freja.get("/staff/followup/1/jh/trygghet").words("main")
