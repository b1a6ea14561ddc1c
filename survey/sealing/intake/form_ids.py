"""Form ids: signed, single-use marks for answers without a code. For the open link and the kiosk.

Random, never made from the content; signed for one unit, round and role, so that only a form that we drew
is accepted, and of one width, so that no reply's length differs.
"""

import re
import secrets
from functools import lru_cache
from hashlib import sha256

from itsdangerous import BadSignature, Signer

_RANDOM_BYTES = 16
WIDTH = 2 * _RANDOM_BYTES + 1 + 43  # random in hex, a dot, the signature
_SHAPE = re.compile(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}")


def issue_form_id(secret: str, unit: str, round_: str, role: str) -> str:
    """Make a new form id."""
    return _signer(secret, unit, round_, role).sign(secrets.token_hex(_RANDOM_BYTES)).decode()


def is_well_formed(form_id: str) -> bool:
    """Return whether a text has the form of a form id; any other is not worth carrying along."""
    return _SHAPE.fullmatch(form_id) is not None


def is_valid(secret: str, form_id: str, unit: str, round_: str, role: str) -> bool:
    """Return whether a form id is ours, for this unit, round and role."""
    if not is_well_formed(form_id):
        return False
    try:
        _signer(secret, unit, round_, role).unsign(form_id)
    except BadSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _signer(secret: str, unit: str, round_: str, role: str) -> Signer:
    salt = "\n".join(("form id", unit, round_, role)).encode()
    return Signer(secret, salt=salt, key_derivation="hmac", digest_method=sha256)
