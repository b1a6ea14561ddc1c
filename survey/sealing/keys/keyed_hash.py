"""What the database may know of a code or a form id: its HMAC with the round's pepper, which lies elsewhere. And the
mark of an envelope that was made with that pepper at hand.
"""

import hmac


def hash_of_code(pepper: bytes, code: str) -> bytes:
    """The hash a one-time code is kept as."""
    return hmac.digest(pepper, b"code " + code.encode(), "sha256")


def hash_of_form_id(pepper: bytes, form_id: str) -> bytes:
    """The hash a used form id is kept as."""
    return hmac.digest(pepper, b"form " + form_id.encode(), "sha256")


def mark_of_envelope(pepper: bytes, batch_id: str, envelope_id: bytes, content: bytes) -> bytes:
    """The mark that a response carries inside its envelope; for this batch and this id alone."""
    # Each part has one length: no two different calls join to the same bytes.
    return hmac.digest(pepper, b"envelope " + batch_id.encode() + envelope_id + content, "sha256")
