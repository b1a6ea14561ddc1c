"""Translators beside a catalog that is refused, in part or as a whole: what is refused never comes back by them."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection

from survey.domain.staff.translation_approvals import Approval, Wording, fingerprint
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts, translation_approvals
from survey.translation.wording_faults import RULES
from survey.web.i18n import catalog_rules
from survey.web.request.services import Services
from tests.followup.staffed import StaffBrowser
from tests.translation.conftest import AT, TRANSLATORS, arabic, changed, sent
from tests.translation.test_files import HEADER, bring, entry

NEXT, BACK, YES, NO = "Nästa", "Tillbaka", "Ja", "Nej"
FAULTY = "التالي <img src=x onerror=alert(1)>"


def write_by_tua(app: Flask, wording: str) -> None:
    """Store a wording of Tua's that no page has looked at."""
    house: Services = app.extensions["services"]
    over, day = fingerprint(arabic(app).texts[NEXT]), date(2024, 5, 1)
    with write_transaction(house.engine) as connection:
        made = Wording("ar", fingerprint(NEXT), 1, wording, over, account(connection, "Tua"), "translator", day)
        translation_approvals.propose(connection, made)


def approve_by(app: Flask, who: str, wording: str) -> None:
    """Store an approval that no page has looked at."""
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        fields = (fingerprint(NEXT), fingerprint(wording), account(connection, who))
        translation_approvals.approve(connection, Approval("ar", *fields, "translator", "reviewed", date(2024, 5, 2)))


def account(connection: Connection, who: str) -> int:
    """The number of a translator's account."""
    (found,) = [each.id for each in accounts.accounts(connection) if each.email == TRANSLATORS[who]]
    return found


def address(text: str) -> str:
    """The translators' page of this text."""
    return f"{AT}text/{fingerprint(text)}"


def test_a_refused_text_stays_refused_when_a_translator_touches_its_language(
    app: Flask, folder: Path, tua: StaffBrowser
) -> None:
    sent(app, folder, changed(folder, NEXT, FAULTY))
    assert NEXT not in arabic(app).texts
    tua.post(f"{address(BACK)}/approve", {})
    assert NEXT not in arabic(app).texts and BACK in arabic(app).texts
    assert arabic(app).level == "missing" and not arabic(app).offered
    page = tua.get(address(NEXT))
    assert "Saknas" in page.words() and FAULTY not in page.text and "onerror" not in page.text
    assert "Texter i språkets fil som bryter mot reglerna: 1." in tua.get(AT).words()


def test_an_empty_catalog_has_every_text_left_to_write(app: Flask, folder: Path, tua: StaffBrowser) -> None:
    sent(app, folder, b"msgid")
    assert "Texter som saknas" in tua.get(AT).words()
    assert "Saknas" in tua.get(address(NEXT)).words()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'msgid "a"\nmsgstr[x] "b"\n'])
def test_an_unreadable_catalog_stops_neither_pages_nor_residents(
    content: bytes, app: Flask, folder: Path, tua: StaffBrowser
) -> None:
    tua.post(f"{address(BACK)}/approve", {})
    sent(app, folder, content)
    assert arabic(app).texts == {}
    page = tua.get(AT)
    assert "Språkets fil går inte att läsa." in page.words() and "Texter som saknas" in page.words()
    assert "Saknas" in tua.get(address(NEXT)).words()
    sven = StaffBrowser(app)
    sven.sign_in("Sven")
    assert "Språkets fil går inte att läsa." in sven.get("/staff/admin/languages/").words()
    (told,) = [
        line
        for line in app.test_cli_runner().invoke(args=["translations", "status"]).output.splitlines()
        if line.startswith("ar ")
    ]
    assert "can't be read" in told


def test_without_any_texts_to_read_what_was_known_stands(app: Flask, folder: Path, tua: StaffBrowser) -> None:
    tua.post(f"{address(BACK)}/approve", {})
    before = arabic(app)
    write_by_tua(app, "التالية")
    shutil.rmtree(folder)
    assert arabic(app) == before


def test_each_rule_is_said_to_a_translator() -> None:
    assert {*RULES} == {"empty", *catalog_rules.RULES}


@pytest.mark.parametrize(
    ("text", "wording", "said"),
    [
        (YES, "لا", "har bytt plats"),
        (NO, "نعم", "har bytt plats"),
        ("Ring 1177 för råd om vård, 112 om det är fara för livet.", "اتصل بالرقم 1178 أو 112.", "andra tal"),
        (NEXT, "التالي 0900123", "andra tal"),
        (NEXT, "التالي ٧", "andra siffror"),
        (NEXT, "التالي evil.se", "adress"),
        (NEXT, 'التالي" onfocus="', "citattecken"),
        (NEXT, "اتفاقية العقد", "kontrakt"),
    ],
)
def test_what_a_catalog_is_refused_for_is_refused_in_the_form_and_in_a_file(
    tua: StaffBrowser, text: str, wording: str, said: str
) -> None:
    assert said in tua.post(address(text), {"wording": wording}, 422).words()
    quoted = wording.replace('"', '\\"')
    assert said in bring(tua, HEADER + entry(text, quoted), 422).words()


def test_a_question_keeps_its_term(tua: StaffBrowser) -> None:
    asked = "Har du en fast vårdkontakt (vid behov)?"
    assert "svenska termen" in tua.post(address(asked), {"wording": "هل لديك شخص؟"}, 422).words()


def test_a_stored_wording_that_breaks_the_rules_of_today_is_not_shown(
    app: Flask, tua: StaffBrowser, ted: StaffBrowser
) -> None:
    before = arabic(app).texts[NEXT]
    write_by_tua(app, FAULTY)
    assert before in ted.get(address(NEXT)).text and "onerror" not in ted.get(address(NEXT)).text
    approve_by(app, "Ted", FAULTY)
    assert arabic(app).texts[NEXT] == before
    ted.post(address(NEXT), {"wording": "التالية"})
    assert "التالية" in tua.get(address(NEXT)).text, "the next version has a number of its own"


def test_a_wording_in_other_code_points_is_the_same_in_a_file_too(tua: StaffBrowser) -> None:
    composed, taken_apart = "\u0622 التالي", "\u0627\u0653 التالي"
    assert composed != taken_apart
    tua.post(address(NEXT), {"wording": composed})
    assert "Det finns inget att spara." in bring(tua, HEADER + entry(NEXT, taken_apart)).words()
