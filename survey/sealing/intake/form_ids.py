"""Form ids: signed, single-use marks for answers without a code. For the open link and the kiosk.

Random, never made from the content; signed for one unit, round and role, so that only a form that we drew
is accepted, and of one width, so that no reply's length differs.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache

_RANDOM_BYTES = 16
WIDTH = 2 * _RANDOM_BYTES + 1 + 43  # random in hex, a dot, the signature
_SHAPE = re.compile(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}")


def issue_form_id(secret: str, unit: str, round_: str, role: str) -> str:
    """Make a new form id."""
    return _signed(_key(secret, unit, round_, role), secrets.token_hex(_RANDOM_BYTES))


def is_well_formed(form_id: str) -> bool:
    """Return whether a text has the form of a form id; any other is not worth carrying along."""
    return _SHAPE.fullmatch(form_id) is not None


def is_valid(secret: str, form_id: str, unit: str, round_: str, role: str) -> bool:
    """Return whether a form id is ours, for this unit, round and role."""
    if not is_well_formed(form_id):
        return False
    drawn, _dot, _signature = form_id.partition(".")
    return hmac.compare_digest(form_id, _signed(_key(secret, unit, round_, role), drawn))


def _signed(key: bytes, drawn: str) -> str:
    signature = urlsafe_b64encode(hmac.digest(key, drawn.encode(), "sha256"))
    return f"{drawn}.{signature.decode().rstrip('=')}"


@lru_cache(maxsize=4096)
def _key(secret: str, unit: str, round_: str, role: str) -> bytes:
    return hmac.digest(secret.encode(), "\n".join(("form id", unit, round_, role)).encode(), "sha256")
