"""How many SMS a text takes, and which numbers are numbers."""

import pytest

from survey.channels.sms import parse_number
from survey.channels.transport.sms_length import count_parts


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("a" * 160, 1),
        ("å" * 160, 1),  # å ä ö are in the plain alphabet
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 159 + "€", 2),  # takes two places
        ("م" * 70, 1),
        ("م" * 71, 2),
        ("م" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # an escape and its letter stand in one part
        ("م" * 66 + "😀" + "م" * 66, 3),  # and so do the halves of a sign
    ],
)
def test_parts(text: str, taken: int) -> None:
    assert count_parts(text) == taken


@pytest.mark.parametrize("text", ["070-174 06 05", "0701740605", "+46 70 174 06 05", "0046701740605"])
def test_a_number_has_one_spelling(text: str) -> None:
    assert parse_number(text) == "+46701740605"


@pytest.mark.parametrize("text", ["", "112", "hej", "070", "=1+1", "+99 999"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        parse_number(text)


@pytest.mark.parametrize("text", ["08-123456", "08-12 34 56", "+46 8 123 456", "020-123456", "+47 22 12 34 56"])
def test_a_number_that_no_sms_reaches(text: str) -> None:
    with pytest.raises(ValueError, match="no mobile"):
        parse_number(text)


@pytest.mark.parametrize("text", ["+47 406 12 345", "+1 201 555 0123", "+358 41 2345678", "+964 791 234 5678"])
def test_a_mobile_from_abroad_is_taken(text: str) -> None:
    assert parse_number(text).startswith("+")
