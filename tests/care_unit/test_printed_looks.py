"""What is printed, looked at as a reader does: large enough, nothing on anything else, and where the envelope shows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from survey.channels.letters import ADDRESS_AREA, WINDOW
from survey.store.core import places
from survey.store.database.engine import write_transaction
from tests.answering import PLACES, UNIT, Answering
from tests.care_unit.printed import crowded, letters, letters_in_order, lines, opened, overlapping, squares_at, words
from tests.care_unit.test_links import made_file
from tests.followup.staffed import StaffBrowser

Enter = Callable[[str], StaffBrowser]
LONG = (
    "Östersunds och Krokoms gemensamma hälsocentral för rehabilitering, psykisk hälsa och barn i norra länet, Frösö 1"
)
LONGEST = (
    "Östersunds och Krokoms gemensamma specialistrehabiliteringshälsocentral "
    "för psykisk hälsa, äldre och barn, byggnad 120 B"
)
UNBROKEN = ("Specialistrehabiliteringshälsocentralen" * 4)[:120]
NAMES = ("Frösö hälsocentral", LONG, UNBROKEN)
LANGUAGES = (["sv"], ["ar"], ["sv", "en", "ar"])


@pytest.fixture
def called(made: Answering) -> Callable[[str], None]:
    """Gives the unit another name."""

    def rename(name: str) -> None:
        assert len(name) <= 120
        with write_transaction(made.house.engine) as connection:
            places.save_places(connection, [replace(next(each for each in PLACES if each.key == UNIT), name=name)])

    return rename


@pytest.mark.parametrize(("way", "count"), [("slips", "12"), ("letters", "2")])
def test_nothing_stands_on_anything_else_or_outside_the_sheet(
    way: str, count: str, as_person: Enter, called: Callable[[str], None]
) -> None:
    browser = as_person("Frida")
    for name in NAMES:
        called(name)
        for languages in LANGUAGES[1:]:
            nothing_overlaps(made_file(browser, way, languages=languages, count=count), name)


def nothing_overlaps(content: bytes, name: str) -> None:
    """The texts and squares of a file stand apart and on the sheet, and the name stands there whole."""
    with opened(content) as document:
        for page in document:
            assert overlapping(page) == [] == crowded(page)
            found = lines(page)
            for square in squares_at(page):
                assert [line.text for line in found if line.meets(*square)] == []
            wide, high = (side / 72 * 25.4 for side in page.get_size())
            assert all(line.left > 4 and line.right < wide - 4 and line.bottom < high - 4 for line in found)
    whole = "".join(name.split()) in "".join(words(content)[0].split())
    # a reader's program takes a line's end first where words from right to left stand there
    assert whole or letters(name) in letters_in_order(content, "ltr")


@pytest.mark.parametrize("role", ["patient", "provider"])
def test_an_old_reader_can_read_a_slip_and_it_says_what_to_do_and_when(role: str, as_person: Enter) -> None:
    content = made_file(as_person("Frida"), "slips", role=role, count="8")
    with opened(content) as document:
        assert min(line.points for page in document for line in lines(page)) >= 11
        assert len(document) == 2  # four on each, in three languages
    said = words(content)[0]
    assert said.count("Skanna QR-koden, eller skriv adressen i webbläsaren och sedan koden.") == 4
    assert said.count("Svara senast 15 oktober 2026.") == 4 and said.count("Answer by 15 October 2026.") == 4


def test_slips_in_one_language_are_eight_a_page(as_person: Enter) -> None:
    with opened(made_file(as_person("Frida"), "slips", languages=["sv"], count="16")) as document:
        assert len(document) == 2
        assert min(line.points for page in document for line in lines(page)) >= 11


@pytest.mark.parametrize("name", [LONGEST, UNBROKEN])
def test_the_longest_name_leaves_room_for_six_slips_a_page(
    name: str, as_person: Enter, called: Callable[[str], None]
) -> None:
    called(name)
    with opened(made_file(as_person("Frida"), "slips", languages=["sv"], count="6")) as document:
        assert len(document) == 1


def test_who_is_asked_shows_in_the_window_wherever_the_sheet_lies_and_nothing_else(
    as_person: Enter, called: Callable[[str], None]
) -> None:
    browser = as_person("Frida")
    left, top, right, bottom = WINDOW
    for name in NAMES:
        called(name)
        with opened(made_file(browser, "letters", count="1")) as document:
            shown = [line for line in lines(document[0]) if line.meets(*ADDRESS_AREA)]
        assert "".join(name.split()) in "".join("".join(line.text.split()) for line in shown)
        for line in shown:
            assert left - 1 <= line.left and line.right <= right + 1 and top <= line.top and line.bottom <= bottom


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_a_poster_fills_its_sheet(paper: str, as_person: Enter, called: Callable[[str], None]) -> None:
    browser = as_person("Frida")
    for name in NAMES:
        called(name)
        for languages in LANGUAGES if paper == "A4" else LANGUAGES[2:]:
            content = made_file(browser, "poster", languages=languages, paper=paper)
            nothing_overlaps(content, name)
            with opened(content) as document:
                [page] = document
                is_full(page)


def is_full(page: Any) -> None:
    """A large square, and nowhere much white, neither between nor at the ends."""
    wide, high = (side / 72 * 25.4 for side in page.get_size())
    [square] = squares_at(page)
    assert square[2] - square[0] > 0.38 * wide
    ends = sorted([(line.top, line.bottom) for line in lines(page)] + [(square[1], square[3])])
    gaps = [after[0] - max(before[1] for before in ends[: number + 1]) for number, after in enumerate(ends[1:])]
    assert max(gaps) < 0.12 * high and ends[0][0] < 0.1 * high
    assert high - max(bottom for _, bottom in ends) < 0.1 * high
