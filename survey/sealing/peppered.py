"""What the database may know of a code or a form id: its HMAC with the round's pepper, which lies
elsewhere.
"""

import hmac


def hash_of_code(pepper: bytes, code: str) -> bytes:
    """The hash a one-time code is kept as."""
    return hmac.digest(pepper, b"code " + code.encode(), "sha256")


def hash_of_form_id(pepper: bytes, form_id: str) -> bytes:
    """The hash a used form id is kept as."""
    return hmac.digest(pepper, b"form " + form_id.encode(), "sha256")
