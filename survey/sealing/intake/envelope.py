"""One envelope: a response as ciphertext that only its batch's private key opens. For accepting and closing.

HPKE from `cryptography`, nothing of our own. The batch's id is bound in, so that an envelope moved to
another batch in the database does not open there. A response also carries a MAC from the round's pepper, bound to its
batch and its own id: who can only write to the database can seal, for the public key is public, but not make it.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from survey.domain.questions.responses import SIZE
from survey.sealing.keys.keyed_hash import mac_of_envelope

OVERHEAD = 32 + 16  # the encapsulated key and the tag
MAC_SIZE = 32
LENGTH = SIZE + MAC_SIZE + OVERHEAD

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class UnreadableEnvelope(ValueError):
    """An envelope that was damaged, sealed to another batch, or not made where answers come in."""


def new_key() -> X25519PrivateKey:
    """Make a batch's key pair."""
    return X25519PrivateKey.generate()


def private_key(raw: bytes) -> X25519PrivateKey:
    """Load the private key from a key file's 32 bytes."""
    return X25519PrivateKey.from_private_bytes(raw)


def public_key(raw: bytes) -> X25519PublicKey:
    """Load the public key from a batch row's 32 bytes."""
    return X25519PublicKey.from_public_bytes(raw)


def seal(content: bytes, key: X25519PublicKey, batch_id: str) -> bytes:
    """Seal the content for one batch; nobody can read it until that batch's private key is taken out."""
    return _SUITE.encrypt(content, key, info=batch_id.encode())


def open_(envelope: bytes, key: X25519PrivateKey, batch_id: str) -> bytes:
    """Open an envelope and return the content; raise UnreadableEnvelope."""
    try:
        return _SUITE.decrypt(envelope, key, info=batch_id.encode())
    except (InvalidTag, ValueError):
        raise UnreadableEnvelope("not an envelope of this batch") from None


def seal_response(content: bytes, key: X25519PublicKey, batch_id: str, envelope_id: bytes, pepper: bytes) -> bytes:
    """Seal a packed response with its MAC, as the answer pages do."""
    return seal(content + mac_of_envelope(pepper, batch_id, envelope_id, content), key, batch_id)


def open_response(envelope: bytes, key: X25519PrivateKey, batch_id: str, envelope_id: bytes, pepper: bytes) -> bytes:
    """Open an envelope and return the packed response; raise UnreadableEnvelope, also where the MAC is not ours."""
    opened = open_(envelope, key, batch_id)
    content, mark = opened[:-MAC_SIZE], opened[-MAC_SIZE:]
    if not hmac.compare_digest(mark, mac_of_envelope(pepper, batch_id, envelope_id, content)):
        raise UnreadableEnvelope("not an envelope of ours")
    return content
