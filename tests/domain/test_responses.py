"""Both envelopes hold everything they should, nothing they should not, and always the same number of
bytes.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.domain.questions.answer_scale import ANSWER_CODES, QUESTIONS, ROLES
from survey.domain.questions.responses import (
    AGES,
    GENDERS,
    HELP,
    SIZE,
    Background,
    Response,
    UnreadableResponse,
    pack,
    pack_background,
    unpack,
)

TAGS = st.sampled_from(["sv", "en", "ar", "sv-x-lattlast", "fa-AF", "kmr"])
BACKGROUNDS = st.builds(
    Background,
    st.none() | st.sampled_from(GENDERS),
    st.none() | st.sampled_from(AGES),
    st.none() | TAGS,
    st.none() | st.sampled_from(HELP),
)
RESPONSES = st.builds(
    Response,
    st.sampled_from(ROLES),
    st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(ANSWER_CODES)),
    BACKGROUNDS,
)


@given(RESPONSES)
def test_the_first_envelope_holds_the_answers_and_no_background(response: Response) -> None:
    content = pack(response)
    assert len(content) == SIZE
    assert unpack(content) == Response(response.role, response.answers, Background())


@given(RESPONSES)
def test_the_second_holds_answers_and_background_in_as_many_bytes(response: Response) -> None:
    content = pack_background(response)
    assert len(content) == SIZE
    assert unpack(content) == Response(response.role, response.answers, response.background)


@given(st.binary(max_size=2 * SIZE))
def test_foreign_bytes_are_refused_or_read_as_listed_values(content: bytes) -> None:
    try:
        response = unpack(content)
    except UnreadableResponse:
        return
    assert set(response.answers.values()) <= set(ANSWER_CODES)


@given(RESPONSES, st.integers(0, 11), st.integers(7, 255))
def test_a_value_outside_its_list_is_refused(response: Response, place: int, value: int) -> None:
    content = bytearray(pack_background(response))
    content[place] = value
    with pytest.raises(UnreadableResponse):
        unpack(bytes(content))


@pytest.mark.parametrize(
    "response",
    [
        Response("patient", {"trygghet": "maybe"}),
        Response("nobody", {}),
        Response("patient", {}, Background(gender="x")),
        Response("patient", {}, Background(age="81")),
        Response("patient", {}, Background(language="å")),
        Response("patient", {}, Background(language="x" * 25)),
    ],
)
def test_what_is_not_listed_is_not_packed(response: Response) -> None:
    with pytest.raises(UnreadableResponse):
        pack_background(response)


def test_the_layout_stays_while_a_round_is_open() -> None:
    # An answer packed before an upgrade is unpacked after it: the order of the lists is part of the format.
    response = Response(
        "provider", {"trygghet": "yes", "overblick": "dont_know"}, Background("man", "80+", "sv", "alone")
    )
    assert pack_background(response) == bytes([2, 1, 1, 0, 0, 0, 0, 0, 5, 2, 6, 1]) + b"sv".ljust(36, b"\0")
