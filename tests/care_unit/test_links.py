"""A unit makes links: each file is opened and read back, and each code in it takes one answer."""

from collections.abc import Callable

import pypdfium2
import pytest
from sqlalchemy import select

from survey.channels import CHANNELS
from survey.domain.questions.responses import Response
from survey.domain.rounds.access_codes import grouped, normalise
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.rounds.close_round import close_round
from survey.store.channels import issued_codes
from survey.store.channels.issued_codes import IssuedCount
from survey.store.database.engine import read_transaction
from survey.store.tables import access_code
from tests.answering import ANSWERS, ROUND, UNIT, Answering
from tests.care_unit.printed import faults, language, opened, squares, words
from tests.followup.staffed import StaffBrowser

Enter = Callable[[str], StaffBrowser]
PRINTED = ("slips", "letters")


def made_file(browser: StaffBrowser, way: str, unit: str = UNIT, **fields: object) -> bytes:
    """What the browser is given when the form of a channel is sent."""
    usual = {"role": "patient", "count": "12", "languages": ["sv", "en", "ar"], "paper": "A4"}
    sent = {**usual, **fields, "csrf_token": browser.mark()}
    reply = browser.client.post(f"/staff/unit/{unit}/links/{way}", data=sent)
    assert reply.status_code == 200, reply.text
    who = {"patient": "invanare", "provider": "medarbetare"}[str(sent["role"])]
    named = "-".join([unit, way, who, *sent["languages"]])  # type: ignore[misc]
    assert reply.headers["Content-Disposition"].startswith(f'attachment; filename="{named}')
    return reply.data


@pytest.mark.parametrize("way", PRINTED)
@pytest.mark.parametrize("role", ["patient", "provider"])
def test_each_square_says_the_address_and_the_code_that_are_printed_beside_it(
    way: str, role: str, made: Answering, as_person: Enter
) -> None:
    content = made_file(as_person("Frida"), way, role=role)
    text = " ".join(words(content))
    found = squares(content)
    short = {"patient": "s", "provider": "p"}[role]
    assert len(found) == len(set(found)) == 12
    for link in found:
        assert link.startswith(f"http://localhost/{short}/{UNIT}#")
        code = normalise(link)
        assert code and grouped(code) in text
    assert f"localhost/{short}/{UNIT}" in text
    with read_transaction(made.house.engine) as connection:
        assert issued_codes.of_unit(connection, UNIT, ROUND) == {(role, way): IssuedCount(12)}


@pytest.mark.parametrize("way", [*PRINTED, "poster", "paper"])
def test_a_checker_of_pdf_ua_finds_no_fault(way: str, as_person: Enter) -> None:
    for languages in (["sv"], ["sv", "en", "ar"]):
        assert faults(made_file(as_person("Frida"), way, languages=languages)) == []


def test_each_printed_code_takes_one_answer(made: Answering, as_person: Enter) -> None:
    for link in squares(made_file(as_person("Frida"), "slips", count="5")):
        reader = made.app.test_client(use_cookies=False)
        code = link.partition("#")[2]
        for _ in range(2):
            reply = reader.post(f"/s/{UNIT}", data={**ANSWERS, "code": code}, headers={"Sec-Fetch-Site": "same-origin"})
            assert reply.status_code == 303
    with read_transaction(made.house.engine) as connection:
        assert list(connection.scalars(select(access_code.c.spent))) == [1] * 5


@pytest.mark.parametrize("languages", [["sv"], ["ar"], ["sv", "en", "ar"]])
def test_slips_are_in_the_languages_that_were_chosen(languages: list[str], as_person: Enter) -> None:
    content = made_file(as_person("Frida"), "slips", languages=languages, count="1")
    said = {"sv": "Sju frågor om din vård", "en": "Seven questions about your care"}
    text = words(content)[0]
    assert {tag for tag, title in said.items() if title in text} == set(languages) - {"ar"}
    [link] = squares(content)
    assert link.startswith(f"http://localhost/s/{UNIT}/{languages[0]}#" if len(languages) == 1 else "http")


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_poster_leads_to_the_open_link(paper: str, as_person: Enter) -> None:
    content = made_file(as_person("Frida"), "poster", paper=paper)
    assert squares(content) == [f"http://localhost/s/{UNIT}"]
    with opened(content) as document:
        assert len(document) == 1
        width, height = (round(side / 72 * 25.4) for side in document[0].get_size())
    assert (width, height) == {"A4": (210, 297), "A3": (297, 420)}[paper]


def test_the_square_alone_is_a_drawing(as_person: Enter) -> None:
    assert made_file(as_person("Frida"), "poster", paper="svg").lstrip().startswith(b"<?xml")


def test_the_text_for_an_inbox_is_there_in_each_language(as_person: Enter) -> None:
    browser = as_person("Frida")
    sent = {"role": "patient", "languages": "ar"}
    page = browser.post(f"/staff/unit/{UNIT}/links/inbox", sent, 200)
    [text] = page.all("textarea")
    assert text.get("dir") == "rtl" and f"http://localhost/s/{UNIT}/ar" in "".join(text.itertext())


@pytest.mark.parametrize("way", PRINTED)
def test_a_printed_file_has_a_structure_a_language_and_a_title_to_a_screen_reader(way: str, as_person: Enter) -> None:
    with opened(made_file(as_person("Frida"), way, count="1")) as document:
        assert pypdfium2.raw.FPDFCatalog_IsTagged(document) and language(document) == "sv"
        assert "Frösö hälsocentral" in document.get_metadata_dict()["Title"]


WRONG = [
    ({"count": "0"}, "från 1 till 1 000"),
    ({"count": "-3"}, "från 1 till 1 000"),
    ({"count": "en massa"}, "från 1 till 1 000"),
    ({"count": str(CHANNELS["slips"].max_count + 1)}, "från 1 till 1 000"),
    ({"count": "2000000000000"}, "från 1 till 1 000"),
    ({"languages": "xx"}, "Välj minst ett språk"),
    ({"role": "chef"}, "Välj ett av alternativen"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_a_wrong_form_says_what_is_wrong_and_makes_nothing(
    wrong: dict[str, str], said: str, made: Answering, as_person: Enter
) -> None:
    sent = {"role": "patient", "count": "12", "languages": "sv", **wrong}
    page = as_person("Frida").post(f"/staff/unit/{UNIT}/links/slips", sent, 422)
    assert said in page.words("main")
    with read_transaction(made.house.engine) as connection:
        assert issued_codes.of_unit(connection, UNIT, ROUND) == {}
        assert connection.execute(select(access_code)).all() == []


def test_two_tabs_make_codes_of_their_own(made: Answering, as_person: Enter) -> None:
    one, other = as_person("Frida"), as_person("Frida")
    both = squares(made_file(one, "slips")) + squares(made_file(other, "slips"))
    assert len(set(both)) == 24
    with read_transaction(made.house.engine) as connection:
        assert issued_codes.of_unit(connection, UNIT, ROUND) == {("patient", "slips"): IssuedCount(24)}


def test_no_codes_for_a_round_that_has_closed(made: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    close_round(made.house.engine, made.house.volumes, ROUND)
    sent = {"role": "patient", "count": "12", "languages": "sv"}
    page = browser.post(f"/staff/unit/{UNIT}/links/slips", sent, 409)
    assert "Inga koder gjordes" in page.words("main")


def test_what_is_handed_out_by_a_file_is_known_by_its_hash_alone(made: Answering, as_person: Enter) -> None:
    content = made_file(as_person("Frida"), "file", count="3", paper="excel").decode("utf-8-sig")
    codes = [normalise(line.partition(";")[0]) for line in content.splitlines()[1:]]
    stored = b"".join(path.read_bytes() for path in made.instance.rglob("*") if path.is_file())
    assert all(code and code.encode() not in stored and grouped(code).encode() not in stored for code in codes)
    submission = Submission(UNIT, ROUND, "patient", Response("patient", dict(ANSWERS)), code=codes[0])
    assert accept(made.house.engine, made.house.volumes, submission) is Outcome.ACCEPTED


def test_what_was_made_as_a_file_is_fetched(as_person: Enter) -> None:
    browser = as_person("Frida")
    assert made_file(browser, "file", count="3", paper="xlsx").startswith(b"PK")
    assert "Hämtade" in browser.get(f"/staff/unit/{UNIT}").words("table")


def test_a_way_that_is_not_set_up_is_named_without_a_link(as_person: Enter) -> None:
    page = as_person("Frida").get(f"/staff/unit/{UNIT}")
    assert page.words("main").count("Inte inställt här") == 2
    assert not [link for link in page.all("a") if (link.get("href") or "").endswith(("/mail", "/sms"))]
