"""One mailbox is one recipient, however its address was written, copied or saved."""

import unicodedata
from collections.abc import Callable

import pytest

from survey.channels.mail import parse_address
from survey.channels.sms import parse_number
from survey.channels.transport.recipients import NOT_ASCII, REASONS, Recipients
from survey.channels.transport.recipients import read_recipients as read_list

TAGS = ("sv", "ar")


def read(text: str, check: Callable[[str], str]) -> Recipients:
    """Read a short list."""
    return read_list(text, check, TAGS, "sv", max_count=100, max_faulty=100)


SAME = [
    "Anna.Berg@Hemma.example",
    "anna.berg@hemma.example",
    "ANNA.BERG@HEMMA.EXAMPLE",
    "\u200banna.berg@hemma.example",
    "anna.\u00adberg@hemma.example\ufeff",
    "\u202aanna.berg@hemma.example\u202c",
    "\u00a0anna.berg@hemma.example\u00a0",
    "Anna Berg <anna.berg@hemma.example>",
    "\u2066anna.berg@hemma.example\u2069;SV",
]


def test_one_mailbox_gets_one_message() -> None:
    found = read("\n".join(SAME), parse_address)
    assert [each.to for each in found.found] == ["Anna.Berg@hemma.example"]
    assert found.repeated == len(SAME) - 1 and not found.faulty


@pytest.mark.parametrize("written", ["hej@åäö.example", unicodedata.normalize("NFD", "hej@åäö.example"),
                                     "hej@xn--4cab6c.example", "HEJ@ÅÄÖ.example"])  # fmt: skip
def test_a_domain_leaves_in_the_letters_of_old(written: str) -> None:
    assert parse_address(written).casefold() == "hej@xn--4cab6c.example"


def test_an_address_in_parts_of_letters_is_the_same() -> None:
    both = ["åsa@hemma.example", unicodedata.normalize("NFD", "Åsa@hemma.example")]
    found = read("\n".join(both), parse_address)
    assert [each.to for each in found.found] == ["åsa@hemma.example"]


def test_one_number_gets_one_sms() -> None:
    many = [
        "070-174\u00a006\u00a005",
        "+46701740605",
        "\u200e0701740605\u200f",
        "070\u2011174 06 05",
        "0046 70 174 06 05",
    ]
    found = read("\n".join(many), parse_number)
    assert [each.to for each in found.found] == ["+46701740605"] and not found.faulty


def test_a_letter_that_the_server_lacks_is_named_by_its_line() -> None:
    def ascii_alone(text: str) -> str:
        known = parse_address(text)
        if not known.isascii():
            raise ValueError(NOT_ASCII)
        return known

    found = read("a@x.example\nåsa@x.example\nkarl–erik@x.example", ascii_alone)
    assert [(each.line, each.reason) for each in found.faulty] == [(2, REASONS["letters"]), (3, REASONS["letters"])]


@pytest.mark.parametrize("wrong", ["anna@x–y.example", "anna@@x.example", "<>", "anna<@x.example"])
def test_what_is_no_address(wrong: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        parse_address(wrong)
