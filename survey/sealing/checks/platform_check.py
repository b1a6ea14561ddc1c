"""The check of the disks and memory under the keys: can what is erased there come back? For the deep check."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from survey.config import Settings
from survey.machine.mounts import REAL
from survey.machine.swap import readable_swaps
from survey.sealing.checks.finding import Finding
from survey.sealing.keys.key_storage import (
    RELOCATION_FAULT,
    KeysRefused,
    Volume,
    key_volumes,
    refuse_shared_device,
    storage_probe,
)


def check_platform(engine: Engine, settings: Settings, root: Path) -> Iterator[Finding]:
    """Check the disks of the keys, whether erasing there erases, and swap; `root`: the root folder of the machine."""
    if settings.demo:
        detail = "a demo, where the keys lie beside the answers; in earnest this is refused"
        yield Finding("place of keys", False, detail)
    else:
        yield _place(engine, settings, root)
        yield from (_erasing(volume, root) for volume in key_volumes(settings, storage_probe(root)))
    yield _swap(root)


def _place(engine: Engine, settings: Settings, root: Path) -> Finding:
    try:
        refuse_shared_device(settings, engine, root)
    except KeysRefused as refused:
        return Finding("place of keys", False, str(refused))
    return Finding("place of keys", True, "on volumes of their own")


def _erasing(volume: Volume, root: Path) -> Finding:
    """Report how a volume erases: by destroying an encryption slot, by writing over in place, or not at all."""
    ground, name = volume.storage, f"erasing, {volume.name.removesuffix('_keys')}"
    on = ", ".join(sorted(ground.names)) or "what can't be seen"
    if ground.remanence or ground.is_unknown:
        return Finding(name, False, "not sure: " + ("; ".join(sorted(ground.remanence)) or f"it stands on {on}"))
    if root == REAL and volume.relocates_writes:
        return Finding(name, False, f"not sure: {RELOCATION_FAULT}")
    if ground.has_key_slots:
        return Finding(name, True, f"encrypted with a key slot, on {on}: destroy the slot when the round is over")
    if ground.is_ssd:
        detail = f"not sure: in place only as far as the flash disk {on} shows; encrypt it and destroy its slot"
        return Finding(name, False, detail)
    return Finding(name, True, f"written over in place, on {on}")


def _swap(root: Path) -> Finding:
    found = readable_swaps(root)
    detail = f"memory may be written, not encrypted, to {', '.join(found)}" if found else "none, or encrypted"
    return Finding("swap", not found, detail)
