"""Replies that carry answers have one length for every pattern, in each language, and are not compressed."""

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import pytest
from werkzeug.test import TestResponse

from survey.answer import submit
from survey.domain.questions.answer_scale import answer_codes_of
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.questions.responses import AGES, GENDERS, HELP
from survey.store.database.engine import DatabaseUnavailable
from survey.web.i18n.language import offered_languages
from tests.answering import Answering
from tests.attacks.full import Shown, sized
from tests.language_folders import OFFERED
from tests.reader import OWN_PAGES, Reader

SEED, PATTERNS, THANKED = 7, sized(25, 1_500), sized(20, 1_500)
LANGUAGES, ROLES = OFFERED, {"s": "patient", "p": "provider"}
LOOKED_AT = 3  # by the reader who looks at everything, which takes ten times as long as the page
Pattern = dict[str, str]


def a_pattern(role: str, chance: random.Random) -> Pattern:
    """One person's answers, at random, with questions skipped."""
    pattern = {q: chance.choice([*answer_codes_of(role, q), ""]) for q in QUESTIONS}
    pattern |= {"gender": chance.choice([*GENDERS, ""]), "age": chance.choice([*AGES, ""])}
    pattern |= {"help": chance.choice([*HELP, ""]), "language_used": chance.choice(["sv", "ar", "en", ""])}
    pattern |= {"at": chance.choice("0123456789"), "code": chance.choice(["", "ABC", "å" * 64, '"<&' * 21])}
    return {name: value for name, value in pattern.items() if value}


def patterns(role: str = "patient", count: int = PATTERNS) -> list[Pattern]:
    """Many patterns, with nothing answered and everything answered among them."""
    chance = random.Random(SEED)
    everything = dict.fromkeys(QUESTIONS, "dont_know")
    return [{}, {QUESTIONS[3]: "yes"}, everything, *(a_pattern(role, chance) for _ in range(count))]


def replies(answering: Answering, address: str, sent: Iterable[Mapping[str, str]], status: int) -> list[TestResponse]:
    """What comes back for many posts from one page; the first are looked at in every way."""
    return list(_replies(answering, address, sent, status))


def _replies(
    answering: Answering, address: str, sent: Iterable[Mapping[str, str]], status: int
) -> Iterator[TestResponse]:
    reader, client = Reader(answering.app), answering.app.test_client(use_cookies=False)
    form_id = {"form_id": reader.get(address).fields()["form_id"]}
    headers = {"Accept-Language": "sv", "Accept-Encoding": "gzip", **OWN_PAGES}
    for number, each in enumerate(sent):
        if number < LOOKED_AT:
            yield reader.post(address, {**form_id, **each}, status).response
        else:
            found = client.post(address, data={**form_id, **each}, headers=headers)
            assert found.status_code == status
            yield found


def lengths(found: Iterable[TestResponse]) -> set[int]:
    """How long the replies are; none of them is compressed."""
    seen = set()
    for reply in found:
        assert "Content-Encoding" not in reply.headers
        seen.add(len(reply.data))
    return seen


def test_these_are_the_languages(invited: Answering) -> None:
    with invited.app.app_context():
        assert tuple(language.tag for language in offered_languages()) == OFFERED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("short", ROLES)
def test_a_sheet_given_back_in_another_language(short: str, language: str, invited: Answering, shown: Shown) -> None:
    sent = [{**p, "lang": language} for p in patterns(ROLES[short])]
    found = replies(invited, f"/{short}/froso", sent, 200)
    seen = lengths(found)
    what = f"a sheet given back in another language, {ROLES[short]}, {language}"
    shown("lengths", what, f"{len(seen)} length", n=len(sent), seed=SEED)
    assert len(seen) == 1
    assert any(one.data != other.data for one, other in pairwise(found))


@pytest.mark.parametrize("short", ROLES)
def test_a_sheet_given_back_for_its_code(short: str, invited: Answering, shown: Shown) -> None:
    sent = [{**p, "code": "ABC", "trygghet": "yes"} for p in patterns(ROLES[short])]
    seen = lengths(replies(invited, f"/{short}/froso", sent, 422))
    shown("lengths", f"a sheet given back for its code, {ROLES[short]}", f"{len(seen)} length", n=len(sent), seed=SEED)
    assert len(seen) == 1


def test_the_page_that_keeps_answers_when_nothing_could_be_saved(
    invited: Answering, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseUnavailable("locked")

    monkeypatch.setattr(submit, "accept", refuse)
    (code,) = invited.codes()
    sent = [{**p, "code": code, "nasta_tid": "no"} for p in patterns()]
    seen = lengths(replies(invited, "/s/froso", sent, 503))
    shown("lengths", "the page that nothing could be saved", f"{len(seen)} length", n=len(sent), seed=SEED)
    assert len(seen) == 1


def test_the_thank_you(invited: Answering, shown: Shown) -> None:
    answered = patterns(count=THANKED)
    sent = [
        {**p, "trygghet": "no", "code": code} for p, code in zip(answered, invited.codes(len(answered)), strict=True)
    ]
    seen = {(reply.data, str(reply.headers)) for reply in replies(invited, "/s/froso", sent, 303)}
    shown("lengths", "the thank-you, byte by byte", f"{len(seen)} reply", n=len(sent), seed=SEED)
    assert len(seen) == 1


def test_the_lengths_can_differ(invited: Answering, monkeypatch: pytest.MonkeyPatch, shown: Shown) -> None:
    """Without the padding the length tells the answers apart."""
    monkeypatch.setattr("survey.web.pages.public_pages.padding", lambda *_: "")
    sent = [{**p, "lang": "sv"} for p in patterns(count=20)]
    seen = lengths(replies(invited, "/s/froso", sent, 200))
    shown("lengths", "pages without padding", f"{len(seen)} lengths", n=len(sent), seed=SEED, control=True)
    assert len(seen) > 1
