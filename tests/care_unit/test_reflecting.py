"""A unit's own words on its published result: kept, changed, shown beside the next, and nobody else's to write."""

from collections.abc import Callable

import pytest

from survey.care_unit.overview import _before
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import resident_messages
from survey.store.published.reflections import Reflection
from tests.answering import ROUND, UNIT, Answering
from tests.factories import make_round
from tests.followup.staffed import StaffBrowser

Enter = Callable[[str], StaffBrowser]
ADDRESS = f"/staff/unit/{UNIT}/reflection/{ROUND}"
WORDS = {"thoughts": "Många vet inte nästa steg. <b>", "improvement": "Skriva ner nästa steg vid varje besök"}


@pytest.fixture
def published(made: Answering) -> Answering:
    """The round is published."""
    with write_transaction(made.house.engine) as connection:
        for state in ("closing", "closed", "publishing", "published"):
            rounds.set_state(connection, ROUND, state)
    return made


def test_the_words_are_kept_and_changed(published: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    browser.post(ADDRESS, WORDS)
    page = browser.get(ADDRESS)
    assert "&lt;b&gt;" in page.text and page.fields()["improvement"] == WORDS["improvement"]
    browser.post(ADDRESS, {**WORDS, "improvement": "Ringa upp"})
    assert browser.get(ADDRESS).fields()["improvement"] == "Ringa upp"


@pytest.mark.parametrize(("name", "status"), [("Stig", 403), ("Gun", 403), ("Siv", 302)])
def test_only_the_units_own_people_and_the_coordinator_write(
    name: str, status: int, published: Answering, as_person: Enter
) -> None:
    as_person(name).post(ADDRESS, WORDS, status)


def test_before_the_result_is_published_there_is_nothing_to_reflect_on(made: Answering, as_person: Enter) -> None:
    as_person("Frida").get(ADDRESS, 404)
    as_person("Frida").post(ADDRESS, WORDS, 404)
    as_person("Frida").get(f"/staff/unit/{UNIT}/reflection/ingen", 404)


def test_a_very_long_text_is_kept_as_far_as_there_is_room(published: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    browser.post(ADDRESS, {"thoughts": "å" * 5_000, "improvement": "x\0" * 400})
    assert len(browser.get(ADDRESS).fields()["improvement"]) == 300


def test_what_was_chosen_stands_beside_the_next_rounds_result(published: Answering, as_person: Enter) -> None:
    first, second = make_round("a", state="published"), make_round("b", opens=make_round().closes, state="published")
    words = {"a": Reflection("a", "våren", "", "Ringa upp"), "b": Reflection("b", "hösten", "", "Annat")}
    found = _before([first, second], words, second)
    assert found is not None and found.improvement == "Ringa upp"
    assert _before([first, second], words, first) is None


def told(published: Answering) -> list[str]:
    with read_transaction(published.house.engine) as connection:
        return [each.text for each in resident_messages.of_round(connection, ROUND)]


def test_nothing_is_shown_to_residents_unless_the_unit_chooses_so(published: Answering, as_person: Enter) -> None:
    browser = as_person("Frida")
    assert "checked" not in browser.get(ADDRESS).text
    browser.post(ADDRESS, WORDS)
    assert told(published) == []
    browser.post(ADDRESS, {**WORDS, "shown": "1"})
    assert told(published) == [WORDS["improvement"]]
    assert "checked" in browser.get(ADDRESS).text
    browser.post(ADDRESS, {**WORDS, "improvement": "Ringa upp", "shown": "1"})
    assert told(published) == ["Ringa upp"]
    browser.post(ADDRESS, WORDS)
    assert told(published) == []
