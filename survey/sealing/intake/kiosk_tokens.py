"""What a kiosk is known by: a short code that pairs it, once, and the token that it carries then. Kept hashed.

They name a device, never a person; whoever copies a token can do what anybody can at the device: answer.
"""

import hmac
import secrets

from survey.domain.rounds.access_codes import ALPHABET

_LENGTH = 8


def pairing_code(secret: str, device: str) -> str:
    """A device's code, to be typed within ten minutes: 40 bits that nobody has without the secret.

    It can be worked out anew, so the page that shows it may be read again and nothing has to be kept.
    """
    drawn = hmac.digest(secret.encode(), b"pairing " + device.encode(), "sha256")
    return "".join(ALPHABET[each % len(ALPHABET)] for each in drawn[:_LENGTH])


def token() -> str:
    """A device's token, to stand in its address."""
    return secrets.token_urlsafe(24)


def hashed(secret: str, text: str) -> bytes:
    """What the database knows of a code or a token."""
    return hmac.digest(secret.encode(), b"device " + text.encode(), "sha256")


def typed(text: str) -> str:
    """A pairing code as we made it, however it was typed."""
    kept = "".join(mark for mark in text.upper() if mark.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))[:_LENGTH]
