"""Rounds in the office: planned, opened, closed and published by the worker when the coordinator asks."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from survey.admin.rounds.round_form import RoundForm
from survey.admin.rounds.round_transitions import refusal
from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.store.answers import closing_progress
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import translation_approvals
from survey.worker.closing_progress import ClosingProgress
from tests.admin.conftest import DRAFT, close_early, confirmed, enter, kept_places, kept_rounds, work
from tests.answering import ROUND, UNIT, Answering, the_round
from tests.care_unit.test_page import answer
from tests.followup.staffed import StaffBrowser
from tests.language_folders import OFFERED

HOME = "/staff/admin"
NEW, OPEN = f"{HOME}/new-round", f"{HOME}/rounds/{ROUND}"
NEXT = f"{HOME}/rounds/varen-2027"


def test_a_coordinator_begins_in_the_office(siv: StaffBrowser) -> None:
    assert siv.get("/staff/", 302).response.location == f"{HOME}/"
    page = siv.get(f"{HOME}/")
    assert {f"{HOME}/rounds/", f"{HOME}/places/"} <= {link.get("href") for link in page.all("a")}


def test_a_round_walks_from_a_draft_to_an_edition(on_both: Answering) -> None:
    siv = enter(on_both)
    answer(on_both, "patient", 13)
    answer(on_both, "provider", 6)
    siv.get(f"{OPEN}/close")
    close_early(on_both, siv)
    assert kept_rounds(on_both)[ROUND].state == "closing"
    assert "räknas" in siv.get(OPEN).words("main")
    work(on_both)
    siv.get(f"{OPEN}/publish")
    siv.post(f"{OPEN}/publish", {})
    assert kept_rounds(on_both)[ROUND].state == "publishing"
    work(on_both)
    assert kept_rounds(on_both)[ROUND].state == "published"
    links = siv.get(OPEN).all("a")
    siv.get(next(link.get("href") or "" for link in links if "/followup/1/" in (link.get("href") or "")))
    assert siv.post(NEW, DRAFT).response.location == NEXT
    assert "Språken ligger fast också" in siv.get(f"{NEXT}/open").words("main")
    siv.post(f"{NEXT}/open", {})
    assert kept_rounds(on_both)["varen-2027"].state == "opening"
    with read_transaction(on_both.house.engine) as connection:
        assert translation_approvals.languages_offered_in(connection, "varen-2027") == {*OFFERED}
    assert "Nycklarna görs" in siv.get(NEXT).words("main")
    work(on_both)
    assert kept_rounds(on_both)["varen-2027"].state == "open"
    assert "15 februari 2027" in siv.get(NEXT).words("main")


FAULTS = [
    ("name", "", "Skriv ett namn"),
    ("name", "n" * 81, "högst 80 tecken"),
    ("name", "v\0ren", "Skriv ett namn"),
    ("key", "Våren 27", "korta namnet"),
    ("key", "k" * 41, "korta namnet"),
    ("opens", "", "Välj en dag"),
    ("opens", "15/2 2027", "Välj en dag"),
    ("opens", "0001-01-01", "Välj en dag"),
    ("closes", "9999-12-31", "Välj en dag"),
    ("closes", "2027-02-14", "före den första"),
    ("grace_days", "-1", "mellan 0 och 60"),
    ("grace_days", "61", "mellan 0 och 60"),
    ("grace_days", "några", "mellan 0 och 60"),
    ("grace_days", "9" * 5000, "mellan 0 och 60"),
    ("version_patient", "egen-2027", "Välj ett av"),
    ("version_provider", "", "Välj ett av"),
    ("threshold_patient", "9", "Gränsen för invånare"),
    ("threshold_patient", "", "Gränsen för invånare"),
    ("threshold_patient", "99999999999", "Gränsen för invånare"),
    ("threshold_provider", "4", "Gränsen för medarbetare"),
    ("threshold_provider", "fem", "Gränsen för medarbetare"),
    ("answering", "ingen", "Välj ett av"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value", "said"), FAULTS, ids=[f"{name}={value[:12]!r}" for name, value, _ in FAULTS])
def test_a_faulty_draft_is_not_kept_and_nothing_typed_is_lost(
    name: str, value: str, said: str, made: Answering, siv: StaffBrowser
) -> None:
    page = siv.post(NEW, {**DRAFT, "key": "varen-27", "grace_days": "3"} | {name: value}, 422)
    assert said in page.words("main")
    written = {field.get("name"): field.get("value") for field in page.all("input") if field.get("type") != "radio"}
    assert written["closes"] == ("2027-04-01" if name != "closes" else value)
    assert written["grace_days"] == ("3" if name != "grace_days" else value)
    assert set(kept_rounds(made)) == {ROUND}


def test_a_name_without_letters_makes_no_short_name(siv: StaffBrowser) -> None:
    assert "korta namnet" in siv.post(NEW, {**DRAFT, "name": "!?"}, 422).words("main")


def test_all_faults_are_told_at_once(siv: StaffBrowser) -> None:
    said = siv.post(NEW, {**DRAFT, "name": "", "opens": "", "threshold_patient": "1"}, 422).words("main")
    assert "Skriv ett namn" in said and "Välj en dag" in said and "Gränsen för invånare" in said


def test_only_a_released_version_may_be_asked(made: Answering) -> None:
    versions = made.house.versions | {"egen": replace(made.house.versions["underlag-2021"], key="egen", released=False)}
    form = RoundForm(versions, None, MultiDict({**DRAFT, "version_patient": "egen"}))
    assert not form.validate() and set(form.errors) == {"version_patient"}
    assert RoundForm(versions, None, MultiDict(DRAFT)).validate()


def test_a_draft_sent_twice_is_kept_once_and_a_taken_name_is_refused(made: Answering, siv: StaffBrowser) -> None:
    for _ in range(2):
        assert siv.post(NEW, DRAFT).response.location == NEXT
    before = kept_rounds(made)
    assert "finns redan" in siv.post(NEW, {**DRAFT, "grace_days": "2"}, 409).words("main")
    assert "finns redan" in siv.post(NEW, {**DRAFT, "key": ROUND}, 409).words("main")
    assert kept_rounds(made) == before and len(before) == 2


def test_a_draft_may_be_changed_and_an_open_round_not(made: Answering, siv: StaffBrowser) -> None:
    siv.post(NEW, DRAFT)
    siv.get(f"{NEXT}/edit")
    siv.post(f"{NEXT}/edit", {**DRAFT, "name": "Vintern", "answering": "everyone", "threshold_patient": "20"})
    changed = kept_rounds(made)["varen-2027"]
    assert (changed.name, changed.open_link, changed.threshold_patient) == ("Vintern", True, 20)
    siv.post(f"{NEXT}/edit", {**DRAFT, "threshold_patient": "9"}, 422)
    assert "ligger fast" in siv.get(f"{OPEN}/edit", 409).words("main")
    siv.post(f"{OPEN}/edit", {**DRAFT, "threshold_patient": "30"}, 409)
    opened = replace(the_round(open_link=True), state="open", protection=DEFAULT_PROTECTION.text())
    assert kept_rounds(made)[ROUND] == opened
    assert kept_rounds(made)["varen-2027"] == changed


def test_a_draft_that_is_opened_meanwhile_is_not_changed(
    made: Answering, siv: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    siv.post(NEW, DRAFT)
    monkeypatch.setattr("survey.admin.rounds.views.may_change", lambda _state: True)
    assert "ligger fast" in siv.post(f"{OPEN}/edit", {**DRAFT, "threshold_patient": "30"}, 409).words("main")
    assert kept_rounds(made)[ROUND].threshold_patient == 10


def test_a_round_is_not_opened_beside_another(made: Answering, siv: StaffBrowser) -> None:
    siv.post(NEW, DRAFT)
    page = siv.get(f"{NEXT}/open")
    assert "Hösten 2026 är öppen" in page.words("main") and not [b for b in page.all("button") if b.get("class")]
    assert "Hösten 2026 är öppen" in siv.post(f"{NEXT}/open", {}, 409).words("main")
    assert kept_rounds(made)["varen-2027"].state == "draft"


def test_a_step_asked_twice_is_asked_once(made: Answering, siv: StaffBrowser) -> None:
    for _ in range(2):
        siv.post(f"{OPEN}/close", {})
    confirmed(made)
    assert siv.get(f"{OPEN}/close", 302).response.location == OPEN
    assert siv.post(f"{OPEN}/open", {}).response.location == OPEN
    assert kept_rounds(made)[ROUND].state == "closing"


def test_how_far_a_closing_has_come_is_told_in_tenths(made: Answering, siv: StaffBrowser) -> None:
    siv.post(f"{OPEN}/close", {})
    confirmed(made)
    assert "klart" not in siv.get(OPEN).words("main")
    progress = ClosingProgress(made.house.engine, made.house.volumes, ROUND)
    for done, told in ((0, ""), (39, "30 % klart"), (40, "40 % klart"), (100, "100 % klart")):
        progress(done, 100)
        assert (told or "räknas") in siv.get(OPEN).words("main")
    work(made)
    with read_transaction(made.house.engine) as connection:
        assert closing_progress.tenths(connection, ROUND) == 0


def test_one_coordinator_alone_closes_nothing_early(made: Answering, siv: StaffBrowser) -> None:
    answer(made, "patient", 13)
    said = siv.get(f"{OPEN}/close").words("main")
    assert "annan samordnare" in said
    siv.post(f"{OPEN}/close", {})
    actions = [form.get("action") or "" for form in siv.get(f"{HOME}/waiting/").all("form")]
    (mine,) = [each for each in actions if each.endswith("/refuse")]
    siv.post(mine.replace("/refuse", "/confirm"), {}, 409)
    work(made)
    assert kept_rounds(made)[ROUND].state == "open"
    confirmed(made)
    assert kept_rounds(made)[ROUND].state == "closing"


@pytest.mark.parametrize("step", ["close", "publish"])
def test_a_step_before_its_time_is_refused(step: str, made: Answering, siv: StaffBrowser) -> None:
    siv.post(NEW, DRAFT)
    assert "läget ”Utkast”" in siv.get(f"{NEXT}/{step}").words("main")
    siv.post(f"{NEXT}/{step}", {}, 409)
    siv.post(f"{OPEN}/publish", {}, 409)
    assert {each.state for each in kept_rounds(made).values()} == {"draft", "open"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens": date(2026, 5, 1), "closes": date(2026, 6, 1)}, "redan passerat"),
        ({"opens": date(2036, 5, 1), "closes": date(2036, 6, 1)}, "ingen enhet"),
        ({"version_patient": "egen-2027"}, "inte släppt"),
    ],
)
def test_a_round_that_could_not_be_answered_is_not_opened(
    change: Mapping[str, object], said: str, made: Answering, siv: StaffBrowser
) -> None:
    close_early(made, siv)
    work(made)
    with write_transaction(made.house.engine) as connection:
        rounds.add_round(connection, replace(the_round(), key="ny", state="draft", **change))
        ended = [
            replace(each, valid_to=date(2030, 1, 1)) for each in kept_places(made).values() if each.level == "unit"
        ]
        places.save_places(connection, ended)
    assert said in siv.post(f"{HOME}/rounds/ny/open", {}, 409).words("main")
    assert kept_rounds(made)["ny"].state == "draft"


def test_two_rounds_asked_to_open_at_once_do_not_both(on_both: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(*asked: Any) -> str:
        found = refusal(*asked)
        time.sleep(0.2)
        return found

    monkeypatch.setattr("survey.admin.rounds.views.refusal", slowly)
    siv = enter(on_both)
    close_early(on_both, siv)
    work(on_both)
    keys = [f"omgang-{n}" for n in range(4)]
    for key in keys:
        siv.post(NEW, {**DRAFT, "key": key, "name": f"Omgång {key}"})
    browsers = {key: enter(on_both) for key in keys}
    marks = {key: browser.mark() for key, browser in browsers.items()}
    shown = {key: browser.filled_from(f"{HOME}/rounds/{key}/open") for key, browser in browsers.items()}
    start, replies = threading.Barrier(len(keys)), []

    def ask(key: str) -> None:
        start.wait()
        post = browsers[key].client.post(f"{HOME}/rounds/{key}/open", data={"csrf_token": marks[key], **shown[key]})
        replies.append(post.status_code)

    threads = [threading.Thread(target=ask, args=[key]) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(replies) == [302, 409, 409, 409]
    assert [kept_rounds(on_both)[key].state for key in keys].count("opening") == 1


@pytest.mark.parametrize(
    "address", [f"{HOME}/rounds/ingen", f"{HOME}/rounds/a%00b", f"{OPEN}/erase", f"{HOME}/rounds/ingen/edit"]
)
def test_what_is_not_there(address: str, siv: StaffBrowser) -> None:
    siv.get(address, 404)


ADDRESSES = ["/", "/rounds/", "/new-round", f"/rounds/{ROUND}", f"/rounds/{ROUND}/edit", f"/rounds/{ROUND}/close"]
ADDRESSES += ["/places/", f"/places/{UNIT}", f"/places/{UNIT}/end", f"/places/{UNIT}/merge", "/import-places"]
POSTED = ["/new-round", f"/rounds/{ROUND}/edit", f"/rounds/{ROUND}/close", "/import-places", "/import-places/keep"]
POSTED += [f"/places/{UNIT}", f"/places/{UNIT}/end", f"/places/{UNIT}/merge"]


@pytest.mark.parametrize("name", ["Frida", "Gun"])
def test_the_office_is_the_coordinators_alone(
    name: str, made: Answering, as_person: Callable[[str], StaffBrowser]
) -> None:
    browser, before = as_person(name), (kept_rounds(made), kept_places(made))
    for address in ADDRESSES:
        browser.get(HOME + address, 403)
    for address in POSTED:
        browser.post(HOME + address, {**DRAFT, "last_day": "2026-09-20"}, 403)
    assert (kept_rounds(made), kept_places(made)) == before


def test_who_is_not_signed_in_is_asked_to(made: Answering) -> None:
    stranger, before = StaffBrowser(made.app), (kept_rounds(made), kept_places(made))
    for address in ADDRESSES:
        assert "/sign-in" in stranger.get(HOME + address, 302).response.location
    for address in POSTED:
        assert "/sign-in" in stranger.post(HOME + address, DRAFT, 302).response.location
    assert (kept_rounds(made), kept_places(made)) == before


def test_a_form_from_elsewhere_changes_nothing(made: Answering, siv: StaffBrowser) -> None:
    before = kept_rounds(made), kept_places(made)
    for address in POSTED:
        siv.post(HOME + address, {**DRAFT, "name": "Annan", "last_day": "2026-09-20"}, 400, mark=False)
    assert (kept_rounds(made), kept_places(made)) == before
