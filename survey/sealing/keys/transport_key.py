"""The transport key of a round: what a kiosk without a line seals its answers to, until it can send them.

Its public half goes to the kiosk, the private half lies beside the round's pepper, for the web alone, on both volumes
and never with the database: a stolen tablet opens nothing, nor does it with the database beside. It opens what is on
its way and nothing that has been accepted, and it is erased when the round closes, before which all must have come.
"""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from survey.sealing.keys.key_volumes import KeysMissing, KeyVolumes, erase_files, keep_key, pepper_paths, read_key

TRANSPORT = ".transport"


def make_transport_key(volumes: KeyVolumes, round_key: str) -> None:
    """Give the round a transport key on both volumes; one that is there already stays."""
    keep_key(pepper_paths(volumes, round_key, TRANSPORT), lambda: X25519PrivateKey.generate().private_bytes_raw())


def transport_key(volumes: KeyVolumes, round_key: str) -> X25519PrivateKey:
    """Return the round's transport key; raise KeysMissing. Read each time: an erased one is nowhere in memory."""
    return X25519PrivateKey.from_private_bytes(read_key(pepper_paths(volumes, round_key, TRANSPORT)))


def public_transport_key(volumes: KeyVolumes, round_key: str) -> str:
    """Return what a kiosk seals to, in hex; empty where the round has no transport key."""
    try:
        return transport_key(volumes, round_key).public_key().public_bytes_raw().hex()
    except KeysMissing:
        return ""


def erase_transport_key(volumes: KeyVolumes, round_key: str) -> int:
    """Overwrite and remove the round's transport key; return the number of files. Safe to run again."""
    return erase_files(pepper_paths(volumes, round_key, TRANSPORT))
