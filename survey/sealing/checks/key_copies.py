"""The copies of the ongoing rounds' keys: does each volume still hold all of them? For monitoring.

A round goes on with one volume. That the other is gone is seen here, while it can still be mounted again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.sealing.keys.durable import files_in
from survey.sealing.keys.key_volumes import RNG_SEED, KeyVolumes, safe_name
from survey.sealing.keys.registry import MADE


@dataclass(frozen=True)
class KeyCopies:
    """A volume's files of keys and registries, those that are there and those that are missing."""

    present: int
    missing: int


def count_key_copies(volumes: KeyVolumes, batches: Mapping[str, Iterable[str]]) -> dict[str, KeyCopies]:
    """Count each volume's files by the setting that names it; `batches`: the ids of each ongoing round's batches."""
    private, pepper = volumes.private_folders, volumes.pepper_folders
    # The copy of each folder lies on the other's volume; in a demo both may be one.
    folders = {"private_keys": (private[0], pepper[-1]), "pepper_keys": (private[-1], pepper[0])}
    return {volume: _count(*both, batches) for volume, both in folders.items()}


def _count(private: Path, pepper: Path, batches: Mapping[str, Iterable[str]]) -> KeyCopies:
    found: Counter[bool] = Counter()
    peppers = _names(pepper)
    for round_key, ids in batches.items():
        keys = _names(private / safe_name(round_key))
        found.update(name in keys for name in (*ids, RNG_SEED))
        found.update(name in peppers for name in (round_key, f"{round_key}{MADE}"))
    return KeyCopies(present=found[True], missing=found[False])


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in files_in(folder)}
    except OSError:
        return set()
