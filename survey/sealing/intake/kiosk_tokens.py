"""Kiosk credentials: a short code that pairs a device, once, and the token that it carries then. Kept hashed.

They name a device, never a person; whoever copies a token can do what anybody can at the device: answer.
"""

import hmac
import secrets

from survey.domain.rounds.access_codes import ALPHABET

_LENGTH = 8


def pairing_code(secret: str, device: str) -> str:
    """Derive a device's pairing code, to be typed within ten minutes: 40 bits that nobody has without the secret.

    It can be worked out anew, so the page that shows it may be read again and nothing has to be kept.
    """
    drawn = hmac.digest(secret.encode(), b"pairing " + device.encode(), "sha256")
    return "".join(ALPHABET[each % len(ALPHABET)] for each in drawn[:_LENGTH])


def make_token() -> str:
    """Make a device's token of 128 bits, to stand in its address: digits and letters alone, the same on every page."""
    return secrets.token_hex(16)


def hash_token(secret: str, text: str) -> bytes:
    """Hash a pairing code or a token for the database."""
    return hmac.digest(secret.encode(), b"device " + text.encode(), "sha256")


def normalise_pairing_code(text: str) -> str:
    """Normalise a typed pairing code to the form that we made."""
    letters = "".join(mark for mark in text.upper() if mark.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))[:_LENGTH]
