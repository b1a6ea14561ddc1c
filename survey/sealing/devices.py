"""Where the keys may lie: never beside the answers, never in a backup. Asked before a round opens.

An operator who keeps keys on the database's device keeps both in one snapshot, and the promise on the
first page is void. So a round can't be opened then; only a demo may do it, and says so on every page.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from survey.config import Settings
from survey.sealing.keys import KeyVolumes
from survey.store.folder import DataFolder, data_folder

Device = Callable[[Path], int]


class KeysRefused(Exception):
    """The keys lie where they must not; the text says all of it, for the operator."""


def device_of(path: Path) -> int:
    """The device a path is on, or will be on when it is made."""
    there = next(folder for folder in (path, *path.parents) if folder.exists())
    return there.stat().st_dev


def volumes_of(settings: Settings) -> KeyVolumes:
    """The key volumes the settings name."""
    return KeyVolumes(private=settings.private_folder, pepper=settings.pepper_folder)


def refuse_shared_device(settings: Settings, engine: Engine, device: Device = device_of) -> None:
    """Raise KeysRefused, with every reason, unless keys lie apart from the answers and each other."""
    if settings.demo:
        return
    faults = [
        *_unnamed(settings),
        *_together(settings, device),
        *_with_answers(settings, data_folder(engine), device),
    ]
    if faults:
        raise KeysRefused(" ".join(faults))


def _unnamed(settings: Settings) -> list[str]:
    faults = [f"{name} is not set." for name in ("private_keys", "pepper_keys") if not getattr(settings, name)]
    if not settings.keys_not_backed_up:
        faults.append("keys_not_backed_up is not true: no backup or snapshot may hold the key volumes.")
    return faults


def _together(settings: Settings, device: Device) -> list[str]:
    volumes = volumes_of(settings)
    first, second = device(volumes.private), device(volumes.pepper)
    if first == second:
        return ["private_keys and pepper_keys are on the same device."]
    copies = [*volumes.private_folders[1:], *volumes.pepper_folders[1:]]
    if [device(copy) for copy in copies] != [second, first]:
        return ["Each volume must have room for both folders: name a folder inside each, as in /keys-a/private."]
    return []


def _with_answers(settings: Settings, data: DataFolder, device: Device) -> list[str]:
    if data.unknown:
        return [
            "PostgreSQL runs on this machine and does not say where its files are: "
            "grant pg_read_all_settings to the worker's role."
        ]
    # An unmounted volume is an empty folder on the system's own device.
    taken = {device(Path("/")): "the system's device"}
    if data.path is not None:
        taken[device(data.path)] = "the database's device"
    volumes = volumes_of(settings)
    found = {device(folder) for folder in (*volumes.private_folders, *volumes.pepper_folders)}
    return [f"A key volume is on {name}." for number, name in taken.items() if number in found]
