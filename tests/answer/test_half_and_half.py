"""An answer given half in Arabic and half in Swedish is the record that it would be in Swedish, and nothing that is
kept, sent or printed tells in which language it was given, but for what the person says of it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from survey import journal
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.questions.responses import Response, unpack
from survey.sealing.intake import envelope
from survey.sealing.intake.submit import accept
from survey.store.answers import batches, envelopes
from survey.store.database.engine import read_transaction
from survey.web.i18n.language import current_language
from tests.answering import ROUND, Answering, make_answering
from tests.language_folders import SHOWN
from tests.reader import Reader

ANSWERS = dict(zip(QUESTIONS, ("yes", "no", "partly", "dont_know", "yes", "no"), strict=False))
FIRST, SECOND = dict(list(ANSWERS.items())[:3]), dict(list(ANSWERS.items())[3:])
ABOUT = {"gender": "woman", "age": "65-79", "help": "alone", "language_used": "ar"}
Way = Callable[[Answering], dict[str, str]]


def in_one(tag: str) -> Way:
    """Answer in one language from the first question to the last."""

    def answer(made: Answering) -> dict[str, str]:
        reader = Reader(made.app, tag)
        page = reader.get(f"/s/froso/{tag}")
        return dict(reader.post(f"/s/froso/{tag}", {**page.fields(), **ANSWERS, **ABOUT}).response.headers)

    return answer


def half_and_half(made: Answering) -> dict[str, str]:
    """Begin in Arabic, change to Swedish in the middle, and send."""
    reader = Reader(made.app, "ar")
    begun = {**reader.get("/s/froso/ar").fields(), **FIRST, "lang": "sv", "at": "4"}
    page = reader.post("/s/froso/ar", begun, 200)
    assert page.tree.get("lang") == "sv" and page.chosen() == FIRST
    return dict(reader.post("/s/froso/sv", {**page.fields(), **SECOND, **ABOUT}).response.headers)


def records(made: Answering) -> Iterator[Response]:
    """What was sealed, opened as a closing opens it: the answers, and the answers with what was said of oneself."""
    house = made.house
    with read_transaction(house.engine) as connection:
        taken = [each for each in batches.batches(connection, ROUND) if envelopes.envelopes(connection, each.id)]
        for batch in taken:
            key = envelope.private_key(house.volumes.private_key(ROUND, batch.id))
            for each in envelopes.envelopes(connection, batch.id):
                yield unpack(
                    envelope.open_response(each.sealed, key, batch.id, each.id, house.volumes.pepper_of(ROUND))
                )


def kept(made: Answering) -> dict[str, list[str]]:
    """All that the database holds; of what is drawn by lot or sealed, how long it is."""
    found = {}
    with read_transaction(made.house.engine) as connection:
        for table in inspect(made.house.engine).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
            found[table] = sorted(repr([len(each) if _by_lot(each) else each for each in row]) for row in rows)
    return found


def _by_lot(value: object) -> bool:
    return isinstance(value, bytes) or (isinstance(value, str) and len(value) in (32, 64) and value.isalnum())


@pytest.fixture
def answered(tmp_path: Path) -> Callable[[str, Way], tuple[Answering, dict[str, str]]]:
    """Make a house and answer there once, in this way."""

    def answer(name: str, way: Way) -> tuple[Answering, dict[str, str]]:
        made = make_answering(tmp_path / name, open_link=True, demo=True)
        return made, way(made)

    return answer


Answered = Callable[[str, Way], tuple[Answering, dict[str, str]]]


def test_half_in_arabic_and_half_in_swedish_is_the_same_record(answered: Answered) -> None:
    swedish, mixed = (list(records(answered(*each)[0])) for each in (("sv", in_one("sv")), ("ar", half_and_half)))
    assert swedish == mixed and len(swedish) == 2
    assert swedish[0].answers == ANSWERS and sum(each.background.language == "ar" for each in swedish) == 1


def told(answered: Answered, capfd: pytest.CaptureFixture[str], tag: str) -> object:
    """All that an answer in a language leaves behind: what is kept, the reply's headers, what is printed."""
    made, headers = answered(tag, in_one(tag))
    assert headers.pop("Location") == f"/s/froso/{tag}/thanks"
    return kept(made), headers, capfd.readouterr()


def test_nothing_outside_the_envelopes_tells_the_language(
    answered: Answered, capfd: pytest.CaptureFixture[str]
) -> None:
    in_swedish = told(answered, capfd, "sv")
    assert [tag for tag in SHOWN[1:] if told(answered, capfd, tag) != in_swedish] == []


@pytest.mark.parametrize("where", ["printed", "sealed"])
def test_a_language_that_tells_itself_is_seen(
    answered: Answered, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The control: a line in the log, and envelopes as long as the language's name."""
    seal = envelope.seal

    def note(*given: object) -> object:
        if where == "printed":
            journal.warn("an answer", language=current_language().tag)
        return accept(*given)

    def seal_longer(content: bytes, *more: object) -> bytes:
        return seal(content, *more) + current_language().name.encode()

    monkeypatch.setattr("survey.answer.submit.accept", note)
    if where == "sealed":
        monkeypatch.setattr(envelope, "seal", seal_longer)
    assert told(answered, capfd, "sv") != told(answered, capfd, "fi")
