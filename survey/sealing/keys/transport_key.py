"""The transport key of a round: what a kiosk without a line seals its answers to, until it can send them.

Its public half goes to the kiosk, the private half lies beside the round's pepper, for the web alone, on both volumes
and never with the database: a stolen tablet opens nothing, nor does it with the database beside. It opens what is on
its way and nothing that has been accepted, and it is erased when the round closes, before which all must have come.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey.sealing.keys.durable import erase, make_folder, sync_folder, write
from survey.sealing.keys.key_volumes import KEY_SIZE, KeysMissing, KeyVolumes, safe_name

TRANSPORT = ".transport"


def make_transport_key(volumes: KeyVolumes, round_key: str) -> None:
    """Give the round a transport key on both volumes; one that is there already stays."""
    paths = _paths(volumes, round_key)
    raw = next((found for path in paths if (found := _content(path))), None)
    raw = raw or X25519PrivateKey.generate().private_bytes_raw()
    for path in paths:
        if _content(path) != raw:
            make_folder(path.parent, 0o750)
            write(path, raw, 0o640)
            sync_folder(path.parent)


def transport_key(volumes: KeyVolumes, round_key: str) -> X25519PrivateKey:
    """Return the round's transport key; raise KeysMissing. Read each time: an erased one is nowhere in memory."""
    raw = next((found for path in _paths(volumes, round_key) if (found := _content(path))), None)
    if raw is None:
        raise KeysMissing("a transport key can't be read on either volume")
    return X25519PrivateKey.from_private_bytes(raw)


def public_transport_key(volumes: KeyVolumes, round_key: str) -> str:
    """Return what a kiosk seals to, in hex; empty where the round has no transport key."""
    try:
        return transport_key(volumes, round_key).public_key().public_bytes_raw().hex()
    except KeysMissing:
        return ""


def erase_transport_key(volumes: KeyVolumes, round_key: str) -> int:
    """Overwrite and remove the round's transport key; return the number of files. Safe to run again."""
    gone = [path for path in _paths(volumes, round_key) if path.is_file()]
    erase(gone)
    return len(gone)


def _paths(volumes: KeyVolumes, round_key: str) -> list[Path]:
    return [folder / f"{safe_name(round_key)}{TRANSPORT}" for folder in volumes.pepper_folders]


def _content(path: Path) -> bytes | None:
    """Return a whole key, or None."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        raw = os.read(descriptor, KEY_SIZE + 1)
    finally:
        os.close(descriptor)
    return raw if len(raw) == KEY_SIZE else None
