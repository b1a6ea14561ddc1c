"""The folders and files of an installation: made where they are missing, never written over."""

import os
from pathlib import Path

from survey.cli.install.accounts import Owners
from survey.cli.install.report import Report
from survey.config import Settings
from survey.sealing.keys.durable import make_folder
from survey.sealing.keys.key_volumes import KeyVolumes

_READ_BY_GROUP, _READ_BY_OWNER, _FILE_MODE = 0o750, 0o700, 0o640


def ensure_folder(path: Path, owners: Owners, group: int, report: Report) -> None:
    """Make a folder that one group may read."""
    if path.is_dir():
        report.there("folder", str(path))
        return
    make_folder(path, _READ_BY_GROUP)
    owners.give(path, group, _READ_BY_GROUP)
    report.made("folder", str(path))


def write_file(path: Path, text: str, owners: Owners, group: int, report: Report) -> None:
    """Write a file of settings, closed to others from its first byte, unless there is one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        report.there("settings", str(path))
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    owners.give(path, group, _FILE_MODE)
    report.made("settings", str(path))


def ensure_key_folders(settings: Settings, owners: Owners, report: Report) -> None:
    """Make the key folders on both volumes, each volume given to the worker."""
    volumes = KeyVolumes(private=settings.private_folder, pepper=settings.pepper_folder)
    roots = dict.fromkeys((volumes.private.parent, volumes.pepper.parent))
    for root in roots if not settings.demo else ():
        if not os.path.ismount(root):
            report.fault("key volume", f"{root} is not mounted: it must be a disk of its own, with ext4 or XFS")
            return
        if owners.switch:
            # The disk's own root folder, which mkfs gave to root.
            owners.give(root, owners.all_parts, _READ_BY_GROUP)
    wanted = [(folder, _READ_BY_OWNER) for folder in volumes.private_folders]
    wanted += [(folder, _READ_BY_GROUP) for folder in volumes.pepper_folders]
    for folder, mode in wanted:
        if folder.is_dir():
            report.there("key folder", str(folder))
            continue
        make_folder(folder, mode)
        owners.give(folder, owners.all_parts, mode)
        report.made("key folder", str(folder))
