"""Replies that carry answers have one length for every pattern, in each language, and are not compressed."""

import random
from itertools import pairwise

import pytest

from survey.answer import views
from survey.domain.questionnaire import QUESTIONS
from survey.domain.responses import AGES, GENDERS, HELP
from survey.domain.scale import codes_of
from survey.store.engine import DatabaseUnavailable
from tests.answering import Answering
from tests.reader import Page, Reader


def a_pattern(chance: random.Random) -> dict[str, str]:
    """One person's answers, at random, with questions skipped."""
    pattern = {q: chance.choice([*codes_of("patient", q), ""]) for q in QUESTIONS}
    pattern |= {"gender": chance.choice([*GENDERS, ""]), "age": chance.choice([*AGES, ""])}
    pattern |= {"help": chance.choice([*HELP, ""]), "language_used": chance.choice(["sv", "ar", "en", ""])}
    pattern |= {"at": chance.choice("0123456789"), "code": chance.choice(["", "ABC", "å" * 64, '"<&' * 21])}
    return {name: value for name, value in pattern.items() if value}


def patterns(count: int = 25) -> list[dict[str, str]]:
    """Many patterns, with nothing answered and everything answered among them."""
    chance = random.Random(7)
    everything = dict.fromkeys(QUESTIONS, "dont_know")
    return [{}, {QUESTIONS[3]: "yes"}, everything, *(a_pattern(chance) for _ in range(count))]


def fields(page: Page) -> dict[str, str]:
    return {"form_id": page.fields()["form_id"]}


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_a_sheet_given_back_in_another_language(reader: Reader, language: str) -> None:
    form_id = fields(reader.get("/s/froso"))
    pages = [reader.post("/s/froso", {**p, **form_id, "lang": language}, 200) for p in patterns()]
    assert len({len(page.response.data) for page in pages}) == 1
    assert all("Content-Encoding" not in page.response.headers for page in pages)
    assert any(one.text != other.text for one, other in pairwise(pages))


def test_a_sheet_given_back_for_its_code(reader: Reader) -> None:
    form_id = fields(reader.get("/s/froso"))
    sent = [{**p, **form_id, "code": "ABC", "trygghet": "yes"} for p in patterns()]
    assert len({len(reader.post("/s/froso", each, 422).response.data) for each in sent}) == 1


def test_the_page_that_keeps_answers_when_nothing_could_be_saved(
    invited: Answering, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseUnavailable("locked")

    monkeypatch.setattr(views, "accept", refuse)
    (code,) = invited.codes()
    form_id = fields(reader.get("/s/froso"))
    sent = [{**p, **form_id, "code": code, "nasta_tid": "no"} for p in patterns()]
    pages = [reader.post("/s/froso", each, 503) for each in sent]
    assert len({len(page.response.data) for page in pages}) == 1
    assert all("Content-Encoding" not in page.response.headers for page in pages)


def test_the_thank_you(invited: Answering, reader: Reader) -> None:
    sent = [{**p, **fields(reader.get("/s/froso")), "trygghet": "no"} for p in patterns(20)]
    replies = [
        reader.post("/s/froso", {**each, "code": code}) for each, code in zip(sent, invited.codes(23), strict=True)
    ]
    assert len({(page.body, str(page.response.headers)) for page in replies}) == 1


def test_the_lengths_can_differ(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the padding the length tells the answers apart."""
    monkeypatch.setattr("survey.web.pages.padding", lambda *_: "")
    form_id = fields(reader.get("/s/froso"))
    sent = [{**form_id, "code": code, "lang": "sv"} for code in ("A", "AB")]
    assert len({len(reader.post("/s/froso", each, 200).response.data) for each in sent}) == 2
