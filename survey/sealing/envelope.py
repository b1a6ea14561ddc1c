"""One envelope: a response as ciphertext that only its batch's private key opens. For accepting and closing.

HPKE from `cryptography`, nothing of our own. The batch's id is bound in, so that an envelope moved to
another batch in the database does not open there.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from survey.domain.responses import SIZE

OVERHEAD = 32 + 16  # the encapsulated key and the tag
LENGTH = SIZE + OVERHEAD

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class UnreadableEnvelope(ValueError):
    """The envelope was damaged, or sealed to another batch."""


def new_key() -> X25519PrivateKey:
    """A batch's key pair."""
    return X25519PrivateKey.generate()


def private_key(raw: bytes) -> X25519PrivateKey:
    """The key of a key file's 32 bytes."""
    return X25519PrivateKey.from_private_bytes(raw)


def public_key(raw: bytes) -> X25519PublicKey:
    """The key of a batch row's 32 bytes."""
    return X25519PublicKey.from_public_bytes(raw)


def seal(content: bytes, key: X25519PublicKey, batch_id: str) -> bytes:
    """The content for one batch, readable by nobody until that batch's private key is taken out."""
    return _SUITE.encrypt(content, key, info=batch_id.encode())


def open_(envelope: bytes, key: X25519PrivateKey, batch_id: str) -> bytes:
    """The content; raises UnreadableEnvelope."""
    try:
        return _SUITE.decrypt(envelope, key, info=batch_id.encode())
    except (InvalidTag, ValueError):
        raise UnreadableEnvelope("not an envelope of this batch") from None
