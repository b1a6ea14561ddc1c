"""The installation's signing key: an Ed25519 key in a file of its own, that says whose a public edition is.

For the command line. It protects no answer; whoever has it can publish figures in the region's name. Signatures are of
the file's bytes as they are, so that OpenSSL verifies them too.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from survey.config import Settings
from survey.sealing.keys.durable import erase, sync_folder, write

DEFAULT_FILE = "federation.pem"
SIGNATURE_BYTES = 64
_MODE = 0o600
_GROUPS = 8  # of four digits: 128 bits, so that no other key has the same


class SigningKeyFault(Exception):
    """A signing key that is missing or can't be trusted; the text says why, for the operator."""


def key_file(settings: Settings) -> Path:
    """Return the file of the signing key."""
    return settings.instance / (settings.federation_key or DEFAULT_FILE)


@dataclass(frozen=True)
class InstallationKey:
    """An installation's signing key as people name it, and whether it was made just now."""

    fingerprint: str
    is_new: bool


def ensure_key(settings: Settings) -> InstallationKey:
    """Make the installation's key where there is none, and name it; a key that is there stays.

    For what begins an installation, and safe to run again. Raises SigningKeyFault where the key that is there can't be
    trusted.
    """
    path = key_file(settings)
    is_new = not path.exists()
    key = make_key(path) if is_new else read_key(path)
    return InstallationKey(fingerprint(public_half(key)), is_new)


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a new key in the place of an earlier one, which is overwritten first."""
    made = Ed25519PrivateKey.generate()
    if path.exists():
        erase([path])
    write(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), _MODE)
    sync_folder(path.parent)
    return made


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read the key; raise SigningKeyFault where there is none, or where others may read it."""
    if not path.exists():
        raise SigningKeyFault(f"there is no signing key in {path}. Make one: flask --app wsgi federation key")
    if path.stat().st_mode & 0o077:
        raise SigningKeyFault(f"{path} can be read by others. Its mode must be 600; make a new key if they may have.")
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError):
        raise SigningKeyFault(f"{path} holds no key that can be read") from None
    if not isinstance(found, Ed25519PrivateKey):
        raise SigningKeyFault(f"{path} holds a key of another kind than Ed25519")
    return found


def public_half(key: Ed25519PrivateKey) -> bytes:
    """Return the public key, 32 bytes."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(public_key: bytes) -> str:
    """Return what two people read to each other to know that they hold the same public key: eight groups of four."""
    digits = hashlib.sha256(public_key).hexdigest()
    return " ".join(digits[at : at + 4] for at in range(0, 4 * _GROUPS, 4))


def same_fingerprint(typed: str, public_key: bytes) -> bool:
    """Return whether a fingerprint, as somebody typed it, is this key's."""
    return "".join(typed.lower().split()) == fingerprint(public_key).replace(" ", "")


def is_signed(public_key: bytes, signature: bytes, raw: bytes) -> bool:
    """Return whether the signature of these bytes is by the key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, raw)
    except (InvalidSignature, ValueError):
        return False
    return True
