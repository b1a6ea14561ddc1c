"""Codes survive letters, keyboards and mail gateways, and a slip is told from a code we never made."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.rounds import access_codes

BYTES = st.binary(min_size=10, max_size=10)
ONE = access_codes.make_code(lambda n: bytes(range(n)))


@given(BYTES)
def test_a_code_has_sixteen_characters_of_the_alphabet_and_is_known_again(raw: bytes) -> None:
    code = access_codes.make_code(lambda n: raw)
    assert len(code) == access_codes.LENGTH
    assert set(code) <= set(access_codes.ALPHABET)
    assert access_codes.normalise(code) == code


@given(BYTES, BYTES)
def test_all_seventy_five_bits_count(one: bytes, other: bytes) -> None:
    same = int.from_bytes(one, "big") >> 5 == int.from_bytes(other, "big") >> 5
    assert (access_codes.make_code(lambda n: one) == access_codes.make_code(lambda n: other)) is same


@given(BYTES, st.integers(0, 15), st.integers(1, 31))
def test_every_single_wrong_character_is_seen(raw: bytes, place: int, step: int) -> None:
    code = access_codes.make_code(lambda n: raw)
    wrong = access_codes.ALPHABET[(access_codes.ALPHABET.index(code[place]) + step) % 32]
    assert access_codes.normalise(code[:place] + wrong + code[place + 1 :]) is None


@given(BYTES, st.integers(0, 15), st.integers(0, 15))
@settings(max_examples=300)
def test_every_swap_of_two_different_characters_is_seen(raw: bytes, one: int, other: int) -> None:
    code = access_codes.make_code(lambda n: raw)
    swapped = list(code)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert (access_codes.normalise("".join(swapped)) is None) is (code[one] != code[other])


@pytest.mark.parametrize(
    "written",
    [
        ONE.lower(),
        access_codes.grouped(ONE),
        "-".join(ONE[i : i + 4] for i in range(0, 16, 4)),
        f"#{ONE}",
        f"%23{ONE}",
        f"%2523{ONE}",
        f"#{ONE}%E2%81%A9",
        f"#\u2066{ONE}\u2069",
        f"https://exempel.se/s/odensala%23{ONE.lower()}",
        f" {ONE}. ",
        f"\u2068{ONE}\u2069\u200f",
        ONE.replace("0", "O").replace("1", "l"),
        ONE.replace("0", "o").replace("1", "I"),
        "".join(chr(0x0660 + int(c)) if c.isdigit() else c for c in ONE),
        "".join(chr(0x06F0 + int(c)) if c.isdigit() else c for c in ONE),
        "".join(chr(0xFF00 + ord(c) - 0x20) for c in ONE),
    ],
)
def test_what_happens_to_a_code_on_its_way_is_forgiven(written: str) -> None:
    assert access_codes.normalise(written) == ONE


@pytest.mark.parametrize("written", ["", "#", "%23", ONE[:-1], ONE + "0", "U" * 16, "å" * 16, "²" * 16, "½" * 16])
def test_what_cannot_be_a_code_is_none(written: str) -> None:
    assert access_codes.normalise(written) is None


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_none(text: str) -> None:
    found = access_codes.normalise(text)
    assert found is None or access_codes.normalise(found) == found


def test_codes_are_drawn_evenly() -> None:
    chance = random.Random(7)
    seen = "".join(access_codes.make_code(chance.randbytes) for _ in range(2000))
    each = [seen.count(character) for character in access_codes.ALPHABET]
    assert min(each) > 850 and max(each) < 1150


def test_the_alphabet_has_no_letter_that_is_read_as_another() -> None:
    assert not set("ILOU") & set(access_codes.ALPHABET)
    assert all(unicodedata.category(c) in ("Lu", "Nd") for c in access_codes.ALPHABET)
