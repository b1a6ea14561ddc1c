"""Every channel of the registry: one set of rules that each keeps. The files themselves are in tests/care_unit."""

import csv
import io
from dataclasses import replace

import pytest

from survey.channels import CHANNELS, qr
from survey.channels.channel import Channel, LinkOrder
from survey.config import Settings
from survey.domain.questions.questionnaire import ROLES
from survey.domain.rounds.access_codes import grouped, make_code, normalise
from tests.analysis.spreadsheets.opened import sheets


def spoken(template: str, language: str, /, **values: object) -> str:
    """Says what it was given, in place of our templates."""
    return f"<html lang='{language}'><title>{template}</title>{values}"


def order(channel: Channel, *languages: str, codes: int = 3) -> LinkOrder:
    made = [make_code() for _ in range(codes)] if channel.has_codes else ()
    return LinkOrder(
        channel.roles[0], "https://svara.region.example/s/froso", languages, made, next(iter(channel.papers), "A4")
    )


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=lambda channel: channel.key)
def test_a_channel_is_whole(channel: Channel) -> None:
    assert channel.key in CHANNELS and len(channel.key) <= 12  # the column `channel`
    assert channel.name and channel.about and channel.button
    assert set(channel.roles) <= set(ROLES) and channel.roles
    assert [channel.make, channel.texts, channel.sends].count(None) == 2
    assert not channel.needs or hasattr(Settings, channel.needs)


def test_a_link_holds_its_code_behind_the_hash_and_opens_in_the_one_language() -> None:
    one, two = order(CHANNELS["file"], "ar"), order(CHANNELS["file"], "sv", "ar")
    assert one.link("ABCD") == "https://svara.region.example/s/froso/ar#ABCD"
    assert two.link("ABCD") == "https://svara.region.example/s/froso#ABCD"
    assert one.address_to_type == "svara.region.example/s/froso"


def test_the_file_holds_each_code_once_and_a_spreadsheet_can_read_it() -> None:
    asked = order(CHANNELS["file"], "sv", codes=50)
    made = CHANNELS["file"].make(asked, spoken)  # type: ignore[misc]
    rows = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["kod", "adress", "länk"]
    assert [row[0] for row in rows[1:]] == [grouped(code) for code in asked.codes]
    assert [normalise(row[2]) for row in rows[1:]] == list(asked.codes)
    for paper, first in (("excel", "code;address;link"), ("xlsx", "")):
        english = replace(asked, paper=paper, columns=("code", "address", "link"))
        content = CHANNELS["file"].make(english, spoken).content  # type: ignore[misc]
        if first:
            assert content.decode("utf-8-sig").splitlines()[0] == first
        else:
            [cells] = sheets(content).values()
            assert cells[0] == ["code", "address", "link"] and cells[1:] == rows[1:]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_drawing_of_a_square_is_lines_alone() -> None:
    drawn = qr.qr_svg("https://svara.region.example/s/froso").decode()
    assert drawn.startswith("<?xml") and "<path" in drawn and "href" not in drawn
