"""Every written text: what is kept of it, what goes, and what says that it was there."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.domain.text.clean_text import REPLACEMENT_CHARACTER, clean_text, one_line, printable, random_placeholder

ALL = st.text(st.characters(exclude_categories=()))
ODD = st.text(
    st.sampled_from(
        "a ä\u0308\n\r\t\0\x0b\x85\x9f\u00ad\u034f\u200b\u200c\u200d\u200e\u2066\u2069\u202e\u2028\ue0ff\uf0b7"
    )
    | st.sampled_from("\ufe0f\ufdd0\uffff\ufeff\ufffc❤👩ی\u0654\ud83d\U000e0041\U0010ffff\U000f0000\u3164\u2800\u00a0")
)


def shows(text: str) -> bool:
    """Whether a page, a file and a picture can hold each of its signs: what XML 1.0 takes, and a bit less."""
    categories = {unicodedata.category(sign) for sign in text if sign not in "\n\t"}
    ends = any(ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF for sign in text)
    return not ends and not categories & {"Cc", "Cs", "Co", "Zl", "Zp"}


@given(ALL | ODD)
@example("a\u2067b\nc\u2069")
def test_whatever_is_written_can_be_shown(text: str) -> None:
    kept = clean_text(text)
    assert shows(kept)
    kept.encode("utf-8")
    assert kept == unicodedata.normalize("NFC", kept)
    assert clean_text(kept) == kept


@given(ALL | ODD)
@example("A\u0300\u200c\x1f")
def test_a_line_is_one_line_and_kept_as_it_is(text: str) -> None:
    kept = one_line(text)
    assert shows(kept) and " ".join(kept.split()) == kept and "\n" not in kept
    assert one_line(kept) == kept
    assert REPLACEMENT_CHARACTER not in printable(text) and shows(printable(text))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Frösö", "Frösö"),
        ("Fro\u0308so\u0308", "Frösö"),
        ("Fro\u200bsö\ufeff\u2060\u00ad", "Frosö"),
        ("o\u200d\u0308", "ö"),
        ("a\0b\x07c\x9f\td", f"a{REPLACEMENT_CHARACTER}b{REPLACEMENT_CHARACTER}c{REPLACEMENT_CHARACTER}\td"),
        ("\ue0ff\ue1fe \U000f1234", f"{REPLACEMENT_CHARACTER}{REPLACEMENT_CHARACTER} {REPLACEMENT_CHARACTER}"),
        ("half \ud83d", f"half {REPLACEMENT_CHARACTER}"),
        ("\ufffe\uffff\ufdd0\U0001ffff", REPLACEMENT_CHARACTER * 4),
        ("a\r\nb\rc\vd\fe\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("\uf0b7 punkt", "• punkt"),
        ("a\u202eb\u202c", "ab"),
        ("a\u2066b", "ab"),
        ("a\u2069b\u2066", "ab"),
        ("kod \u2066ABCD\u2069", "kod \u2066ABCD\u2069"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("A\u200cB", "AB"),
        ("👩\u200d⚕\ufe0f ❤\ufe0f", "👩\u200d⚕\ufe0f ❤\ufe0f"),
        ("a\ufe0f", "a"),
        ("10\u00a0%", "10\u00a0%"),
        ("\U000e0041\U000e0042", ""),
    ],
)
def test_each_kind_of_sign(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a\u00a0\t b\n", "a b"),
        ("\u200eAnna\u200f", "Anna"),
        ("\u2066Anna\u2069\u2800", "Anna"),
        ("o\u200e\u0308", "ö"),
        ("\u3164\u2800\u200b", ""),
    ],
)
def test_a_name_has_no_more_than_what_is_seen(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_no_text_can_forge_a_mark_of_ours() -> None:
    one, other = random_placeholder(), random_placeholder()
    assert one != other and len(one) == 32
    assert one.isdecimal() and one == one.upper() == one.title()
