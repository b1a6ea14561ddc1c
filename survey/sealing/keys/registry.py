"""The registry of a round's batches, next to its pepper: who can only write to the database can't change it.

The worker writes it, the web reads it: each batch's public key and address, the thresholds, and which place lies above
which. What the database says of these is never trusted, only compared. A mark of its own says that the round has been
closed; it stays for ever, so that a database from before then takes no more answers.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from survey.domain.disclosure.protection import DEFAULT_PROTECTION, Protection, parse_protection
from survey.domain.disclosure.thresholds import MIN_ANSWERS
from survey.domain.rounds.collection_modes import background_mode
from survey.sealing.keys.durable import make_folder, sync_folder, write
from survey.sealing.keys.key_volumes import KeysMissing, KeyVolumes, erase_files, pepper_paths
from survey.store.answers.batches import Batch

MADE, OVER = ".batches", ".over"

Address = tuple[str, str, str]


class KeysChanged(KeysMissing):
    """A database that names another key, or another batch, than the round was opened with."""


@dataclass(frozen=True)
class RegisteredBatch:
    """A batch as it was made: its address, and the public key its answers are sealed to."""

    id: str
    place: str
    role: str
    collection_mode: str
    public_key: bytes


@dataclass(frozen=True)
class Registry:
    """A round as it was opened: thresholds by role, the tree of places, keys, batches and protection."""

    thresholds: Mapping[str, int]
    parents: Mapping[str, str | None]
    outbox_key: bytes
    batches: tuple[RegisteredBatch, ...]
    levels: Mapping[str, str] = field(default_factory=dict)
    protection: Protection = DEFAULT_PROTECTION

    @cached_property
    def by_address(self) -> Mapping[Address, RegisteredBatch]:
        """Each batch by place, role and collection mode."""
        return {(each.place, each.role, each.collection_mode): each for each in self.batches}

    def threshold(self, role: str) -> int:
        """Return the least number of answers of a role that are opened together; never below the built-in least."""
        return max(self.thresholds[role], MIN_ANSWERS[role])

    @cached_property
    def top(self) -> str:
        """The place above all others."""
        return next(place for place, above in self.parents.items() if above is None)

    def level(self, place: str) -> str:
        """Return a place's level; in a round from before levels were kept, derived from the places around it."""
        if place in self.levels:
            return self.levels[place]
        if self.parents[place] is None:
            return "region"
        return "municipality" if place in self.parents.values() else "unit"

    def depth(self, place: str) -> int:
        """Return the number of places above a place."""
        above = self.parents[place]
        return 0 if above is None else 1 + self.depth(above)

    def background(self, mode: str) -> RegisteredBatch | None:
        """Return the batch of the second envelopes of a collection mode, or None."""
        return self._by_mode.get(background_mode(mode))

    @cached_property
    def _by_mode(self) -> Mapping[str, RegisteredBatch]:
        return {each.collection_mode: each for each in reversed(self.batches)}

    def faults(self, found: Iterable[Batch]) -> list[str]:
        """Return how the database's batches differ from those that were made: a word each, nothing of answers."""
        here = {
            row.id: RegisteredBatch(row.id, row.place, row.role, row.collection_mode, row.public_key) for row in found
        }
        made = {each.id: each for each in self.batches}
        differing = [each for each in made.keys() & here.keys() if made[each] != here[each]]
        faults = [
            (len(differing), "have another key or belong to somebody else"),
            (len(made.keys() - here.keys()), "are gone"),
            (len(here.keys() - made.keys()), "were never made"),
        ]
        return [f"batches that {what}: {count}" for count, what in faults if count]


def register(volumes: KeyVolumes, round_key: str, registry: Registry) -> None:
    """Write a round's registry to both volumes; durable when this returns."""
    content = {
        "thresholds": dict(registry.thresholds),
        "parents": dict(registry.parents),
        "outbox_key": registry.outbox_key.hex(),
        "levels": dict(registry.levels),
        "protection": registry.protection.text(),
        "batches": [
            [each.id, each.place, each.role, each.collection_mode, each.public_key.hex()] for each in registry.batches
        ],
    }
    _write(volumes, round_key, MADE, json.dumps(content).encode())


def registry_of(volumes: KeyVolumes, round_key: str) -> Registry:
    """Read a round's registry; raise KeysMissing when neither volume has it."""
    for path in pepper_paths(volumes, round_key, MADE):
        try:
            seen = path.stat()
            return _read(path, (seen.st_ino, seen.st_size, seen.st_mtime_ns))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    raise KeysMissing("what the round was opened with can't be read on either volume")


def mark_over(volumes: KeyVolumes, round_key: str) -> None:
    """Mark the round as closed, for ever: whatever the database says, no answer is taken into it again."""
    _write(volumes, round_key, OVER, b"over\n")


def is_over(volumes: KeyVolumes, round_key: str) -> bool:
    """Return whether the round has been closed on these volumes."""
    return any(os.path.exists(path) for path in pepper_paths(volumes, round_key, OVER))  # noqa: PTH110 (at every answer)


def forget_registry(volumes: KeyVolumes, round_key: str) -> int:
    """Remove the round's registry; the mark that it is over stays."""
    return erase_files(pepper_paths(volumes, round_key, MADE))


@lru_cache(maxsize=32)
def _read(path: Path, seen: tuple[int, int, int]) -> Registry:
    # Read once as long as the file is the same: it is asked for again and again.
    fields = json.loads(path.read_bytes())
    made = tuple(
        RegisteredBatch(name, place, role, channel, bytes.fromhex(key))
        for name, place, role, channel, key in fields["batches"]
    )
    outbox, protection = bytes.fromhex(fields["outbox_key"]), parse_protection(fields.get("protection", ""))
    return Registry(fields["thresholds"], fields["parents"], outbox, made, fields.get("levels", {}), protection)


def _write(volumes: KeyVolumes, round_key: str, ending: str, content: bytes) -> None:
    for path in pepper_paths(volumes, round_key, ending):
        make_folder(path.parent, 0o750)
        write(path, content, 0o640)
        sync_folder(path.parent)
