"""A round's keys on their way from one host's key volumes to another's: as one text, in a pipe, and nowhere else.

A web host needs the pepper, the registry and the transport key; a host whose worker may take over needs the private
keys too. What is there already is never written over: a round of the same name that was opened elsewhere is refused.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.sealing.keys.durable import make_folder, sync_folder, write
from survey.sealing.keys.key_volumes import (
    KEY_SIZE,
    KeysMissing,
    KeyVolumes,
    keep_key,
    pepper_paths,
    read_key,
    safe_name,
)
from survey.sealing.keys.registry import MADE, is_over
from survey.sealing.keys.transport_key import TRANSPORT


class KeysDiffer(Exception):
    """Keys of a round that has others here already, or is over here; nothing was written."""


@dataclass(frozen=True)
class RoundKeys:
    """A round's keys as one host holds them; what it lacks is empty."""

    round: str
    pepper: bytes
    transport: bytes
    registry: bytes
    private: dict[str, bytes]

    @property
    def fingerprint(self) -> str:
        """Eight characters that two hosts show alike when they hold the same pepper, transport key and registry."""
        return _short(self.pepper, self.transport, self.registry)

    @property
    def private_fingerprint(self) -> str:
        """The same of the private keys; empty where there are none."""
        return _short(*(part for name in sorted(self.private) for part in (name.encode(), self.private[name])))


def keys_here(volumes: KeyVolumes, round_key: str, *, private: bool = True) -> RoundKeys:
    """Read what this host holds of a round; without `private`, only what the web needs."""
    names = volumes.private_names(round_key) if private else set()
    return RoundKeys(
        round_key,
        _key(pepper_paths(volumes, round_key)),
        _key(pepper_paths(volumes, round_key, TRANSPORT)),
        _whole(pepper_paths(volumes, round_key, MADE)),
        {name: volumes.private_key(round_key, name) for name in sorted(names)},
    )


def packed(keys: RoundKeys) -> str:
    """Return the keys as a line of text."""
    private = {name: raw.hex() for name, raw in keys.private.items()}
    fields = {"pepper": keys.pepper, "transport": keys.transport, "registry": keys.registry}
    return json.dumps({"round": keys.round, "private": private, **{name: raw.hex() for name, raw in fields.items()}})


def unpacked(line: str) -> RoundKeys:
    """Read a line of `packed`; raise ValueError for anything else."""
    try:
        found: dict[str, Any] = json.loads(line)
        private = {safe_name(name): bytes.fromhex(raw) for name, raw in found["private"].items()}
        pepper, transport, registry = (bytes.fromhex(found[name]) for name in ("pepper", "transport", "registry"))
        keys = RoundKeys(safe_name(found["round"]), pepper, transport, registry, private)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ValueError("these are no keys") from None
    sizes = {len(raw) for raw in (*private.values(), keys.transport or keys.pepper, keys.pepper)}
    if sizes != {KEY_SIZE} or not keys.registry:
        raise ValueError("these keys are not whole")
    return keys


def keep(volumes: KeyVolumes, keys: RoundKeys) -> int:
    """Write keys to this host's volumes, durably; return the number that were not there. Safe to run again.

    Raises KeysDiffer where the round is over here and private keys come, or where it has other keys.
    """
    with volumes.locked():
        if keys.private and is_over(volumes, keys.round):
            raise KeysDiffer(f"{keys.round} is over on this host")
        here = keys_here(volumes, keys.round)
        common = here.private.keys() & keys.private.keys()
        pairs = [(here.pepper, keys.pepper), (here.transport, keys.transport), (here.registry, keys.registry)]
        pairs += [(here.private[name], keys.private[name]) for name in common]
        if any(ours and theirs and ours != theirs for ours, theirs in pairs):
            raise KeysDiffer(f"{keys.round} was opened with other keys on this host")
        new = {name: raw for name, raw in keys.private.items() if name not in here.private}
        keep_key(pepper_paths(volumes, keys.round), lambda: keys.pepper)
        if keys.transport:
            keep_key(pepper_paths(volumes, keys.round, TRANSPORT), lambda: keys.transport)
        for path in pepper_paths(volumes, keys.round, MADE):
            make_folder(path.parent, 0o750)
            write(path, keys.registry, 0o640)
            sync_folder(path.parent)
        if new:
            volumes.make_private(keys.round, new)
        return len(new) + sum(not ours for ours, _ in pairs[:3])


def _key(paths: tuple[Path, ...]) -> bytes:
    try:
        return read_key(paths)
    except KeysMissing:
        return b""


def _whole(paths: tuple[Path, ...]) -> bytes:
    return next((path.read_bytes() for path in paths if path.is_file()), b"")


def _short(*parts: bytes) -> str:
    whole = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(b"round keys " + whole).hexdigest()[:8] if any(parts) else ""
