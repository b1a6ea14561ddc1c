"""An envelope opens with its batch's key, as a whole, or not at all; its length says nothing."""

import pytest
from hypothesis import given, settings

from survey.domain.questions.responses import Response, pack, pack_background
from survey.sealing.intake import envelope
from tests.domain.test_responses import RESPONSES

KEY, OTHER = envelope.new_key(), envelope.new_key()
BATCH = "ab" * 16
ID, PEPPER = b"i" * 16, b"p" * 32


@given(RESPONSES)
@settings(max_examples=50, deadline=None)
def test_both_envelopes_of_every_response_have_one_length(response: Response) -> None:
    for content in (pack(response), pack_background(response)):
        sealed = envelope.seal_response(content, KEY.public_key(), BATCH, ID, PEPPER)
        assert len(sealed) == envelope.LENGTH
        assert envelope.open_response(sealed, KEY, BATCH, ID, PEPPER) == content


def test_two_envelopes_of_one_content_share_nothing() -> None:
    one, two = (envelope.seal(b"x" * 48, KEY.public_key(), BATCH) for _ in range(2))
    assert not any(one[i : i + 4] in two for i in range(len(one) - 4))


def test_another_key_another_batch_and_any_changed_byte_are_refused() -> None:
    sealed = envelope.seal(b"x" * 48, KEY.public_key(), BATCH)
    changed = [sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :] for i in range(len(sealed))]
    attempts = [
        (sealed, OTHER, BATCH),
        (sealed, KEY, "cd" * 16),
        (sealed[:-1], KEY, BATCH),
        (b"", KEY, BATCH),
    ]
    for content, key, batch in [*attempts, *((one, KEY, BATCH) for one in changed)]:
        with pytest.raises(envelope.UnreadableEnvelope):
            envelope.open_(content, key, batch)


def test_keys_survive_their_files_and_rows() -> None:
    private = envelope.private_key(KEY.private_bytes_raw())
    public = envelope.public_key(KEY.public_key().public_bytes_raw())
    assert envelope.open_(envelope.seal(b"y", public, BATCH), private, BATCH) == b"y"


def test_a_response_opens_only_with_the_pepper_and_in_the_place_that_it_was_made_for() -> None:
    content = b"x" * 48
    sealed = envelope.seal_response(content, KEY.public_key(), BATCH, ID, PEPPER)
    elsewhere = envelope.seal_response(content, KEY.public_key(), BATCH, b"j" * 16, PEPPER)
    guessed = envelope.seal_response(content, KEY.public_key(), BATCH, ID, b"q" * 32)
    unmarked = envelope.seal(content + b"\0" * envelope.MAC_SIZE, KEY.public_key(), BATCH)
    assert envelope.open_response(sealed, KEY, BATCH, ID, PEPPER) == content
    for forged in (elsewhere, guessed, unmarked, envelope.seal(content, KEY.public_key(), BATCH)):
        with pytest.raises(envelope.UnreadableEnvelope):
            envelope.open_response(forged, KEY, BATCH, ID, PEPPER)
