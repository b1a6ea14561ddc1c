"""The conversation sheet without script: one reply to a post, of one length, alike for a used code, kept nowhere."""

from pathlib import Path

import pytest

from survey.domain.questions.questionnaire import QUESTIONS
from survey.web.pages.conversation_requests import REQUESTS
from tests.answer.test_kiosk import NOON, at, paired
from tests.answer.test_lengths import lengths, patterns, replies
from tests.answering import ANSWERS, Answering, counted, make_answering
from tests.care_unit.conftest import with_people
from tests.language_folders import OFFERED
from tests.reader import Page, Reader

ASKED = {"in_place": "2"}
PLANTED = {"trygghet": "partly", "fast_vardkontakt": "no", "overblick": "dont_know"}


def ticked(page: Page) -> list[str]:
    """What is marked on the sheet, in the order of its columns."""
    return [each.get("data-answer", "") for each in page.all("li") if each.get("aria-current")]


def sent(page: Page, **more: str) -> dict[str, str]:
    """The fetched sheet as its second button sends it."""
    return {**page.fields(), **PLANTED, **ASKED, **more}


def test_what_was_answered_is_ticked_in_both_columns_and_counted_once(opened: Answering, passer_by: Reader) -> None:
    form = sent(passer_by.get("/s/froso/fi"))
    page = passer_by.post("/s/froso/fi", form, 200)
    assert sorted(ticked(page)) == sorted(2 * [f"{question}={code}" for question, code in PLANTED.items()])
    words = page.words()
    assert all(request in words for request in REQUESTS.values())
    assert "Kiitos" in words and "1177" in words and "112" in words and "patientlagen (2014:821)" in words
    assert passer_by.post("/s/froso/fi", form, 200).body == page.body
    assert counted(opened, "open") == (1, 1)


@pytest.mark.parametrize("tag", OFFERED)
def test_it_has_one_length_for_every_pattern_and_is_not_compressed(opened: Answering, tag: str) -> None:
    answered = [{**each, **ASKED, "code": ""} for each in patterns() if {*each} & {*QUESTIONS}]
    answered += [{question: "dont_know", **ASKED} for question in QUESTIONS]
    assert len(lengths(replies(opened, f"/s/froso/{tag}", answered, 200))) == 1


def test_a_fresh_and_a_spent_code_get_the_same_bytes(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    form = sent(reader.get("/s/froso"), code=code)
    fresh, spent = reader.post("/s/froso", form, 200), reader.post("/s/froso", form, 200)
    assert (fresh.body, list(fresh.response.headers)) == (spent.body, list(spent.response.headers))
    assert counted(invited, "invited") == (1, 1)
    assert "Vi känner inte igen koden" in reader.post("/s/froso", form | {"code": "K" + code[1:]}, 422).words()


def test_its_language_menu_brings_the_answers_along_and_sends_nothing_again(
    opened: Answering, passer_by: Reader
) -> None:
    page = passer_by.post("/s/froso/fi", sent(passer_by.get("/s/froso/fi")), 200)
    turned = passer_by.post("/s/froso/fi", {**page.fields(), "lang": "ar"}, 200)
    assert turned.tree.get("lang") == "ar" and sorted(ticked(turned)) == sorted(ticked(page))
    assert counted(opened, "open") == (1, 0)


def test_what_was_not_counted_gets_no_sheet(opened: Answering, passer_by: Reader) -> None:
    empty = passer_by.get("/s/froso").fields() | ASKED
    assert "Du har inte svarat på någon fråga" in passer_by.post("/s/froso", empty, 422).words()
    assert counted(opened, "open") == (0, 0)


@pytest.fixture
def whole(tmp_path: Path) -> Answering:
    """An open round in a house with the staff's part too, where kiosks are paired."""
    found = with_people(make_answering(tmp_path / "whole", open_link=True, part="all"))
    at(found.app, NOON)
    return found


def test_staff_and_kiosks_are_thanked_as_ever(whole: Answering) -> None:
    kiosk, reader = paired(whole), Reader(whole.app)
    reply = reader.post(f"{kiosk}/sv", sent(reader.get(f"{kiosk}/sv")))
    assert reply.response.location == f"{kiosk}/sv/thanks"
    (code,) = whole.codes(role="provider")
    form = {**reader.get("/p/froso").fields(), **ANSWERS, **ASKED, "code": code}
    assert reader.post("/p/froso/sv", form).response.location == "/p/froso/sv/thanks"
    for address in (f"{kiosk}/sv", "/p/froso/sv"):
        assert 'name="in_place"' not in reader.get(address).text
    assert 'name="in_place"' in reader.get("/s/froso/sv").text


def test_the_thanks_lead_to_an_empty_sheet_and_a_kiosk_shows_only_its_address(whole: Answering) -> None:
    reader = Reader(whole.app)
    (link,) = [each for each in reader.get("/s/froso/ar/thanks").all("a") if each.get("data-aid")]
    assert link.get("href") == "/conversation/ar/underlag-2021"
    at_kiosk = reader.get(f"{paired(whole)}/ar/thanks")
    assert not [each for each in at_kiosk.all("a") if "conversation" in each.get("href", "")]
    assert [each for each in at_kiosk.all("img") if each.get("src", "").startswith("data:image/")]
    assert "conversation" not in reader.get("/p/froso/sv/thanks").text


def test_nothing_of_it_is_in_any_file_of_the_instance(opened: Answering, passer_by: Reader) -> None:
    form = sent(passer_by.get("/s/froso/sv"))
    before = kept_pages(opened)
    held = passer_by.post("/s/froso/sv", form, 200).body
    planted = b'data-answer="trygghet=partly" aria-current="true"'
    assert planted in held  # the control: what is looked for is what was sent back
    files = [path for path in opened.instance.rglob("*") if path.is_file()]
    assert files and not [
        path for path in files if planted in path.read_bytes() or b"aria-current" in path.read_bytes()
    ]
    assert before and kept_pages(opened) == before


def kept_pages(made: Answering) -> set[object]:
    """The pages that the process keeps, by what they were drawn from."""
    return {*made.app.extensions["answer"].pages._pages, *made.app.extensions["kept_pages"]._pages}
