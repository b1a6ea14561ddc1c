"""Rules for the disks of the keys: never the answers', never one in a backup, never one that can't erase.

Checked before a round opens. An operator who keeps keys on the database's disk keeps both in one snapshot, and one who
keeps them where an old block stays has never erased them: the promise on the first page is void. So a round can't be
opened then; only a demo may do it, and says so on every page.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from survey.config import Settings
from survey.machine.disks import Machine, Storage
from survey.machine.mounts import REAL
from survey.machine.overwriting import relocates_writes
from survey.sealing.keys.durable import make_folder
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.store.maintenance.data_folder import DataFolder, data_folder

StorageProbe = Callable[[Path], Storage]
OWNERSHIP_HINT = "Each key volume holds both folders: give the volumes' roots to the worker's account with chown."
RELOCATION_FAULT = "a small file that is written over there is kept elsewhere too"


class KeysRefused(Exception):
    """A place of the keys that is not allowed; the text gives every reason, for the operator."""


@dataclass(frozen=True)
class Volume:
    """A key volume: the setting that names it, its folders, and the disks under them."""

    name: str
    folders: tuple[Path, ...]
    storage: Storage

    @property
    def relocates_writes(self) -> bool:
        """Return whether a file written over in place on this machine is known to leave the old bytes elsewhere."""
        return any(relocates_writes(folder) for folder in self.folders)


def volumes_of(settings: Settings) -> KeyVolumes:
    """Return the key volumes named in the settings."""
    return KeyVolumes(private=settings.private_folder, pepper=settings.pepper_folder)


def prepare_volumes(settings: Settings) -> KeyVolumes:
    """Return the key volumes after making every folder that a round's keys need.

    Raises KeysRefused where one can't be written to, before anything of a round is.
    """
    volumes = volumes_of(settings)
    shut = []
    for folders, mode in ((volumes.private_folders, 0o700), (volumes.pepper_folders, 0o750)):
        for folder in folders:
            try:
                made = make_folder(folder, mode)
            except OSError as refused:
                shut.append(f"{folder} ({refused.strerror})")
            else:
                shut += [] if os.access(made, os.R_OK | os.W_OK | os.X_OK) else [str(folder)]
    if shut:
        raise KeysRefused(f"This account can't write {', '.join(shut)}. {OWNERSHIP_HINT}")
    return volumes


def storage_probe(root: Path = REAL) -> StorageProbe:
    """Return the mounts and disks under a folder; `root`: where this machine's are listed."""
    return Machine(root).storage_of


def key_volumes(settings: Settings, probe: StorageProbe) -> tuple[Volume, Volume]:
    """Return the two key volumes as they are mounted now."""
    named = volumes_of(settings)
    first = Volume("private_keys", (named.private, *named.pepper_folders[1:]), probe(named.private))
    return first, Volume("pepper_keys", (named.pepper, *named.private_folders[1:]), probe(named.pepper))


def refuse_shared_device(settings: Settings, engine: Engine, root: Path = REAL) -> None:
    """Raise KeysRefused, with every reason, unless keys lie apart from answers and each other, and can be erased."""
    if settings.demo:
        return
    grounds = storage_probe(root)
    volumes = key_volumes(settings, grounds)
    faults = [
        *_unnamed(settings),
        *_together(volumes, grounds),
        *_with_answers(volumes, data_folder(engine), grounds),
        *(fault for volume in volumes for fault in _remanence_faults(volume, settings.instance)),
        *(
            f"{each.name}: {RELOCATION_FAULT}, so an erased key may stay."
            for each in volumes
            if root == REAL and each.relocates_writes
        ),
    ]
    if faults:
        raise KeysRefused(" ".join(faults))


def _unnamed(settings: Settings) -> list[str]:
    faults = [f"{name} is not set." for name in ("private_keys", "pepper_keys") if not getattr(settings, name)]
    if not settings.keys_not_backed_up:
        faults.append("keys_not_backed_up is not true: no backup or snapshot may hold the key volumes.")
    return faults


def _together(volumes: tuple[Volume, Volume], grounds: StorageProbe) -> list[str]:
    first, second = volumes
    if first.storage.device == second.storage.device:
        return ["private_keys and pepper_keys are on the same device."]
    if shared := first.storage.disks & second.storage.disks:
        names = first.storage.names & second.storage.names or shared
        return [f"private_keys and pepper_keys are on the same disk ({', '.join(sorted(names))})."]
    if any(grounds(folder).device != each.storage.device for each in volumes for folder in each.folders[1:]):
        return ["Each volume must have room for both folders: name a folder inside each, as in /keys-a/private."]
    return []


def _with_answers(volumes: tuple[Volume, Volume], data: DataFolder, grounds: StorageProbe) -> list[str]:
    if data.unknown:
        return [
            "PostgreSQL runs on this machine and does not say where its files are: "
            "grant pg_read_all_settings to the worker's role."
        ]
    # An unmounted volume is an empty folder on the system's own device.
    taken = {"the system's": grounds(Path("/"))}
    faults = []
    if data.path is not None:
        taken["the database's"] = grounds(data.path)
        if taken["the database's"].is_unknown:
            faults.append("What disk the database lies on can't be seen: the keys could lie on the same.")
    for name, ground in taken.items():
        if any(ground.device == each.storage.device for each in volumes):
            faults.append(f"A key volume is on {name} device.")
        elif any(ground.overlaps(each.storage) for each in volumes):
            faults.append(f"A key volume is on {name} disk.")
    return faults


def _remanence_faults(volume: Volume, instance: Path) -> list[str]:
    """Return the remains that a key erased there may leave."""
    faults = [f"{volume.name}: {why}, so an erased key may stay." for why in sorted(volume.storage.remanence)]
    if volume.storage.is_unknown and not faults:
        faults.append(f"{volume.name}: what it stands on can't be seen.")
    inside = [path for path in volume.storage.files if path.resolve().is_relative_to(instance.resolve())]
    if inside:
        faults.append(f"{volume.name} is a file in the instance folder, and every backup of that holds it.")
    return faults
