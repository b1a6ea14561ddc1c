"""The transport seal: an answer as a kiosk keeps it until it has a line. For the web, which opens it in memory.

HPKE as in the seal, made with Web Crypto on the device (survey/static/kiosk_queue.js): X25519, HKDF-SHA256 and
AES-256-GCM, to the round's transport key. Unit, round and the answer's own mark are bound in, so that it can neither be
counted elsewhere nor a second time under another mark. All are of one length.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey.sealing.intake import envelope

CONTENT_SIZE = 384
MARK_SIZE = 16
LENGTH = MARK_SIZE + CONTENT_SIZE + envelope.OVERHEAD


@dataclass(frozen=True)
class InTransit:
    """An answer on its way: its mark, drawn by the device, and what was sealed there."""

    mark: bytes
    sealed: bytes

    @classmethod
    def parse(cls, body: bytes) -> "InTransit | None":
        """Return what a device has sent; None for what has not the length of it."""
        return cls(body[:MARK_SIZE], body[MARK_SIZE:]) if len(body) == LENGTH else None

    @property
    def form_id(self) -> str:
        """Return what a second try is known by: of a form that no form id of ours can have."""
        return form_id_of(self.mark.hex())


def form_id_of(mark: str) -> str:
    """Return what an answer with this mark (32 digits in hex) is known by when it comes a second time."""
    return f"kiosk {mark}"


def context(unit: str, round_key: str, mark: bytes) -> str:
    """Return what is bound into the seal of an answer."""
    return f"kiosk\n{unit}\n{round_key}\n{mark.hex()}"


def open_transit(sent: InTransit, key: X25519PrivateKey, unit: str, round_key: str) -> bytes:
    """Open an answer and return its content; raise UnreadableEnvelope."""
    return envelope.open_(sent.sealed, key, context(unit, round_key, sent.mark))
