"""Keyed hashes of codes, form ids and envelopes: HMACs with the round's pepper.

The database may know no more of a code or a form id than such a hash; the pepper lies elsewhere.
"""

import hmac


def hash_of_code(pepper: bytes, code: str) -> bytes:
    """Return the hash that an access code is kept as."""
    return hmac.digest(pepper, b"code " + code.encode(), "sha256")


def hash_of_form_id(pepper: bytes, form_id: str) -> bytes:
    """Return the hash that a used form id is kept as."""
    return hmac.digest(pepper, b"form " + form_id.encode(), "sha256")


def mac_of_envelope(pepper: bytes, batch_id: str, envelope_id: bytes, content: bytes) -> bytes:
    """Return the MAC that a response carries inside its envelope; for this batch and this id alone."""
    # Each part has one length: no two different calls join to the same bytes.
    return hmac.digest(pepper, b"envelope " + batch_id.encode() + envelope_id + content, "sha256")
