"""When a process asks for what translators have approved, and which drawn pages that makes old."""

import gc
import weakref
from dataclasses import replace
from datetime import date

from flask import Flask

from survey.domain.staff.translation_approvals import Approval, fingerprint
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts, translation_approvals
from survey.translation.text_groups import GROUPS
from survey.web.i18n import catalogs, language, translation_review
from survey.web.i18n.language import TRANSLATIONS, languages, replace_languages
from survey.web.request.services import Services
from tests.followup.staffed import StaffBrowser
from tests.translation.conftest import AT, arabic


def test_who_asks_whether_the_process_lives_waits_for_no_database(app: Flask) -> None:
    memory, client = app.extensions["approved_texts"], app.test_client()
    for address, asks in (("/livez", False), ("/readyz", False), ("/static/survey.css", False), ("/privacy/sv", True)):
        memory.until = 0.0
        assert client.get(address).status_code == 200, address
        assert (memory.until > 0) == asks, address


def test_a_page_drawn_while_a_language_is_replaced_is_not_kept_for_the_new(app: Flask) -> None:
    with app.test_request_context("/privacy/en"):
        before = language.languages_key()
        replace_languages({**languages(), "en": replace(languages()["en"], revision="new")})
        during = language.languages_key()
    with app.test_request_context("/privacy/en"):
        assert len({before, during, language.languages_key()}) == 3


def test_two_languages_that_are_read_alike_are_told_apart(app: Flask) -> None:
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        account = accounts.accounts(connection)[0].id
        for tag in ("ar", "fi"):
            fields = (fingerprint("Nästa"), fingerprint("x"), account, "translator", "reviewed")
            translation_approvals.approve(connection, Approval(tag, *fields, date(2024, 5, 1)))
    arabic(app)
    with app.app_context():
        assert languages()["ar"].revision != languages()["fi"].revision


def test_an_offer_that_is_over_is_forgotten(app: Flask) -> None:
    with app.test_request_context("/privacy", headers={"Accept-Language": "ar"}):
        offer = weakref.ref(language._offer())
        assert language.current_language().tag == "ar"
        replace_languages({**languages()})
    gc.collect()
    assert offer() is None


def test_swedish_texts_are_in_memory_once() -> None:
    arabic, finnish = (catalogs.compiled(TRANSLATIONS / tag).texts for tag in ("ar", "fi"))
    ours = {text: id(text) for text in arabic}
    assert {ours[text] for text in finnish if text in ours} == {id(text) for text in finnish if text in ours}


def test_every_group_is_of_files_where_residents_meet_texts() -> None:
    met = [
        place
        for message in catalogs.read_catalog(TRANSLATIONS / "messages.pot")
        if message.id and translation_review.is_met_by_residents(message)
        for place, _line in message.locations
    ]
    gone = [
        begins for group in GROUPS.values() for begins in group.places if not any(p.startswith(begins) for p in met)
    ]
    assert gone == []


def test_each_drawn_page_leads_on_to_itself(tua: StaffBrowser) -> None:
    for page in ("sheet", "staff-sheet"):
        (form,) = [each for each in tua.get(f"{AT}pages/{page}/ar").all("form") if each.get("id") == "sheet"]
        assert form.get("action") == f"{AT}pages/{page}/ar"
