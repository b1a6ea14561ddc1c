"""The empty conversation sheet: a page in each language, with Swedish beside it, looks and a script of its own."""

import re

import pytest

from survey.config import ROOT
from survey.domain.questions.questionnaire import DEFAULT_VERSION, QUESTIONS, read_versions
from survey.web.pages.conversation_requests import REQUESTS
from tests.answering import Answering, make_answering
from tests.language_folders import OFFERED
from tests.reader import Page, Reader

ASKED = read_versions(ROOT / "survey" / "questionnaires")[DEFAULT_VERSION].questions["patient"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """A house with every part."""
    return make_answering(tmp_path_factory.mktemp("conversation") / "house", open_link=True, part="all")


def columns(page: Page) -> list[tuple[str | None, str | None]]:
    """The language and direction of each column of the first question."""
    pairs = [each for each in page.all("div") if each.get("class", "").startswith("pair")]
    return [(each.get("lang"), each.get("dir")) for each in pairs[1]]


def test_every_question_has_what_one_can_ask_for() -> None:
    assert tuple(REQUESTS) == QUESTIONS


@pytest.mark.parametrize("tag", OFFERED)
def test_the_readers_language_stands_beside_swedish(made: Answering, tag: str) -> None:
    page = Reader(made.app).get(f"/conversation/{tag}")
    reader = page.tree.get("lang"), page.tree.get("dir")
    assert columns(page) == ([("sv", "ltr")] if tag == "sv" else [reader, ("sv", "ltr")])
    words = page.words()
    assert [each.text for each in ASKED if each.text not in words] == []
    assert [each for each in REQUESTS.values() if each not in words] == []
    options = [each.get("data-answer") for each in page.all("li") if each.get("data-answer")]
    assert sorted(set(options)) == sorted(f"{each.key}={option.code}" for each in ASKED for option in each.options)
    assert "aria-current" not in page.text.partition("<article>")[2].partition("</article>")[0]
    assert len([each for each in page.all("div") if each.get("class") == "line"]) == len(QUESTIONS) + 8


def test_its_looks_and_its_script_are_let_in_there_alone(made: Answering) -> None:
    reader = Reader(made.app)
    sheet, other = (reader.get(path).response.headers["Content-Security-Policy"] for path in ("/conversation/sv", "/"))
    style = re.compile("style-src ('sha256-[^']+')")
    assert style.findall(sheet) != style.findall(other)
    assert "@page" in reader.get("/conversation/sv").text and "@page" not in reader.get("/s/froso/sv").text
    script = made.app.test_client().get("/conversation.js")
    assert script.content_type.startswith("text/javascript") and script.headers["Cache-Control"] == "no-store"


def test_an_address_that_names_no_language_or_version_leads_to_the_usual_sheet(made: Answering) -> None:
    reader = Reader(made.app)
    assert reader.get("/conversation/tlh", 302).response.location == "/conversation"
    assert reader.get("/conversation/fi/nowhere", 302).response.location == "/conversation/fi"
    assert "lita på att du lätt" not in reader.get("/conversation/sv/metodstod-2019").words()


def test_the_front_page_the_thanks_and_the_privacy_page_speak_of_it(made: Answering) -> None:
    reader = Reader(made.app)
    for address in ("/?language=fi", "/s/froso/fi/thanks"):
        led = [each.get("href", "") for each in reader.get(address).all("a")]
        assert any(each.startswith("/conversation/fi") for each in led), address
    assert "Samtalsunderlaget sparas inte heller." in reader.get("/privacy/sv").words()
