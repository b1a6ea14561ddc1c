"""What leaves the unit, in every language there is: no letter is missing, the words read back, and the squares too."""

import logging

import pytest

from survey.channels.letters import ADDRESS_AREA, WINDOW
from survey.channels.pdf import render_pdf
from survey.channels.transport.sms_length import count_parts
from survey.config import ROOT
from survey.store.database.engine import write_transaction
from survey.store.tables import place
from survey.web.i18n.language_files import Language, load_languages
from tests.answering import UNIT, Answering, make_answering
from tests.care_unit.conftest import enter, with_people
from tests.care_unit.handing_in import ADDRESS
from tests.care_unit.post_office import mail_settings
from tests.care_unit.printed import letters, letters_in_order, lines, opened, squares
from tests.care_unit.test_links import made_file
from tests.care_unit.test_printed_looks import LONGEST, UNBROKEN, nothing_overlaps
from tests.followup.staffed import StaffBrowser
from tests.language_folders import SHOWN

LANGUAGES = load_languages(ROOT / "translations")
TITLE, DRAFT = "Sju frågor om din vård", "Översättning ej granskad"
SQUARES = {"slips": 1, "letters": 1, "poster": 1, "paper": 0}
# a text of each that no number and no Latin word stands in, at its end
LAST = dict.fromkeys(SQUARES, "Ingen kan se vad just du har svarat.") | {
    "letters": (
        "Koden gör att varje brev räknas en gång. Ingen har antecknat vem som fått vilken kod, och ingen "
        "kan se vem som har svarat."
    ),
    "paper": "Vik blanketten och lägg den i lådan.",
}
NO_FONT_HAS = "\U0010fffd"
MESSAGES = [(channel, kind) for channel in ("mail", "sms") for kind in ("invitation", "reminder")]
SMS = """
sms_url = "http://127.0.0.1:9/send"
sms_fields = ["to={to}", "message={text}"]
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """A demo, which offers every draft that is whole."""
    folder = tmp_path_factory.mktemp("printed") / "instance"
    config = mail_settings(9) + SMS
    return with_people(make_answering(folder, open_link=True, demo=True, part="all", config=config))


@pytest.fixture(scope="module")
def frida(house: Answering) -> StaffBrowser:
    """Who leads the unit."""
    return enter(house, "Frida")


def call(house: Answering, name: str) -> None:
    """Give the unit a name."""
    with write_transaction(house.house.engine) as connection:
        connection.execute(place.update().where(place.c.key == UNIT).values(name=name))


def missing(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The signs that were drawn as boxes, since no font has them."""
    return [record.getMessage() for record in caplog.records if ".notdef" in record.getMessage()]


def said(spoken: Language, *texts: str) -> str:
    """The texts in a language, as letters."""
    return letters("".join(spoken.texts.get(text, text) for text in texts))


@pytest.mark.slow
@pytest.mark.parametrize("tag", SHOWN)
@pytest.mark.parametrize("channel", SQUARES)
def test_what_is_printed_has_every_letter_of_the_language_and_says_that_nobody_has_read_it(
    channel: str, tag: str, house: Answering, frida: StaffBrowser, caplog: pytest.LogCaptureFixture
) -> None:
    spoken = LANGUAGES[tag]
    call(house, LONGEST)
    with caplog.at_level(logging.WARNING, "weasyprint"):
        content = made_file(frida, channel, languages=[tag], count="1")
    assert missing(caplog) == []
    read = letters_in_order(content, spoken.direction)
    assert said(spoken, TITLE, *[DRAFT] * spoken.unreviewed) in read and said(spoken, LAST[channel]) in read
    assert spoken.unreviewed or said(spoken, DRAFT) not in read
    found = squares(content)
    assert len(found) == SQUARES[channel]
    assert all(link.startswith(f"http://localhost/s/{UNIT}/{tag}") for link in found)
    nothing_overlaps(content, LONGEST if channel != "paper" else "")


@pytest.mark.slow
@pytest.mark.parametrize("tag", SHOWN)
@pytest.mark.parametrize("channel", ["slips", "letters"])
def test_the_longest_name_without_a_space_has_room_in_every_language(
    channel: str, tag: str, house: Answering, frida: StaffBrowser
) -> None:
    call(house, UNBROKEN)
    content = made_file(frida, channel, languages=[tag], count="1")
    nothing_overlaps(content, UNBROKEN)
    if channel == "letters":
        stands_in_the_window(content)


def stands_in_the_window(content: bytes) -> None:
    """Who is asked shows in the envelope's window, and nothing else stands where it may slide to."""
    left, top, right, bottom = WINDOW
    with opened(content) as document:
        shown = [line for line in lines(document[0]) if line.meets(*ADDRESS_AREA)]
    assert shown
    for line in shown:
        assert left - 1 <= line.left and line.right <= right + 1, line
        assert top - 0.3 <= line.top and line.bottom <= bottom, line  # by a hair: Thai marks reach above their line


def test_a_trial_s_sentence_on_a_letter_is_set_from_the_right(house: Answering, frida: StaffBrowser) -> None:
    call(house, "Frösö hälsocentral")
    with opened(made_file(frida, "letters", languages=["ar"], count="1")) as document:
        stands = [line for line in lines(document[0]) if line.top < WINDOW[1] and not line.text[0].isascii()]
    assert 85 < max(line.right for line in stands if line.left < ADDRESS_AREA[0]) < ADDRESS_AREA[0]


def test_a_sign_that_no_font_has_is_seen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        render_pdf(f"<html lang='sv'><title>x</title>{NO_FONT_HAS}")
    assert len(missing(caplog)) == 1


def messages(frida: StaffBrowser, channel: str, kind: str) -> dict[str, list[str]]:
    """What would be sent in each language, line by line."""
    to = "person{}@mottagare.example;{}" if channel == "mail" else "070-174 06 {};{}"
    listed = "\n".join(to.format(10 + number, tag) for number, tag in enumerate(SHOWN))
    fields = {"role": "patient", "kind": kind, "language": "sv", "list": listed}
    page = frida.post(f"{ADDRESS}/{channel}", fields, 200)
    found = {str(each.get("id")).removeprefix("text-"): each.text or "" for each in page.all("textarea")}
    return {tag: text.strip().splitlines() for tag, text in found.items()}


@pytest.mark.parametrize(("channel", "kind"), MESSAGES)
def test_a_message_in_a_language_that_nobody_has_read_says_so_on_its_last_line(
    channel: str, kind: str, house: Answering, frida: StaffBrowser
) -> None:
    call(house, "Frösö hälsocentral")
    found = messages(frida, channel, kind)
    assert set(found) == set(SHOWN)
    for tag, lines_ in found.items():
        mark = LANGUAGES[tag].texts.get(DRAFT, DRAFT)
        assert [number for number, line in enumerate(lines_, 1) if line == mark] == (
            [len(lines_)] if LANGUAGES[tag].unreviewed else []
        ), tag


@pytest.mark.parametrize("name", ["Frösö hälsocentral", LONGEST])
def test_saying_so_costs_one_sms_at_most(name: str, house: Answering, frida: StaffBrowser) -> None:
    call(house, name)
    for _, kind in MESSAGES[2:]:
        for tag, lines_ in messages(frida, "sms", kind).items():
            assert count_parts("\n".join(lines_)) <= count_parts("\n".join(lines_[:-1])) + 1, tag


def test_the_text_for_an_inbox_says_so_too(frida: StaffBrowser) -> None:
    page = frida.post(f"{ADDRESS}/inbox", {"role": "patient", "languages": [*SHOWN]}, 200)
    ends = {str(each.get("id")): (each.text or "").splitlines()[-1] for each in page.all("textarea")}
    for tag in SHOWN:
        spoken = LANGUAGES[tag]
        assert (ends[f"text-{tag}"] == spoken.texts.get(DRAFT, DRAFT)) == spoken.unreviewed, tag
