"""The block devices below a folder, down to the disks: through partitions, LVM, RAID, encryption and loop files.

For the place of the keys: what is erased there must be gone, so each layer must write over a block in its place.
Only layers that are known to do so pass; snapshots, thin pools, caches and log-structured ones keep the old block.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import reduce
from operator import or_
from pathlib import Path

from survey.machine.mounts import MEMORY, NETWORK, REAL, mount_of

_PLAIN_LVM = re.compile(r"LVM-[A-Za-z0-9]{64}")
_SLOTS = ("CRYPT-LUKS1-", "CRYPT-LUKS2-")
_SEALED = ("CRYPT-PLAIN-", *_SLOTS)
_THROUGH = ("CRYPT-SUBDEV-", "mpath-", "DMRAID-", *_SEALED)
_PART = re.compile(r"part\d+-")
_BY_NAME = {
    "is in memory alone": re.compile(r"(zram|ram)\d+"),
    "is on another machine": re.compile(r"(nbd|rbd|drbd)\d+"),
    "is flash that writes each change to a new place": re.compile(r"(mtdblock|ubiblock)\d+.*"),
    "is a cache that keeps what is overwritten": re.compile(r"bcache\d+"),
    "keeps what is overwritten (copy-on-write)": re.compile(r"zd\d+"),
}


@dataclass(frozen=True)
class Storage:
    """The storage below a folder: its own device, all devices below it, and why erased data may stay there.

    `has_key_slots`: all of it is encrypted with a key that can be destroyed; `is_encrypted`: encrypted in some way.
    """

    device: str = ""
    disks: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    files: frozenset[Path] = frozenset()
    remanence: frozenset[str] = frozenset()
    has_key_slots: bool = False
    is_encrypted: bool = False
    is_ssd: bool = False
    is_unknown: bool = False

    def overlaps(self, other: "Storage") -> bool:
        """Return whether the two share a file system or a disk."""
        return self.device == other.device or bool(self.disks & other.disks)

    def __or__(self, other: "Storage") -> "Storage":
        """Return both, one standing on the other; the device is the upper one's."""
        both = {each.name: getattr(self, each.name) | getattr(other, each.name) for each in fields(self)[1:]}
        return Storage(self.device, **both)


@dataclass
class Machine:
    """The block devices of a machine, read below a root."""

    root: Path = REAL
    _seen: set[Path] = field(default_factory=set)

    def storage_of(self, path: Path) -> Storage:
        """Return the storage below a path."""
        mount = mount_of(path, self.root)
        own = Storage(mount.device, remanence=frozenset({mount.remanence} - {""}))
        devices = self._devices(mount.device, mount.source)
        if not devices:
            return own | Storage(is_unknown=mount.kind not in MEMORY | NETWORK)
        return own | self._all(devices)

    def block_device(self, name: str) -> Storage:
        """Return the storage below a block device, by its name."""
        there = self.root / "sys/class/block" / name
        return self._below(there.resolve()) if there.exists() else Storage(is_unknown=True)

    def _devices(self, number: str, source: str) -> list[Path]:
        if (own := self.root / "sys/dev/block" / number).exists():
            return [own.resolve()]
        parts = [each for each in source.split(":") if each.startswith("/dev/")]
        names = {(self.root / each.lstrip("/")).resolve().name for each in parts}
        for members in (self.root / "sys/fs/btrfs").glob("*/devices"):
            together = {each.name for each in members.iterdir()}
            names |= together if names & together else set()
        found = (self.root / "sys/class/block" / name for name in sorted(names))
        return [each.resolve() for each in found if each.exists()]

    def _all(self, devices: Iterable[Path]) -> Storage:
        found = [self._below(device) for device in devices]
        joined = reduce(or_, found, Storage())
        # An unencrypted disk beside an encrypted one may hold all of it unencrypted.
        return replace(
            joined,
            has_key_slots=all(each.has_key_slots for each in found),
            is_encrypted=all(each.is_encrypted for each in found),
        )

    def _below(self, device: Path) -> Storage:
        uuid = _text(device / "dm/uuid")
        own = Storage(
            has_key_slots=uuid.startswith(_SLOTS),
            is_encrypted=uuid.startswith(_SEALED),
            remanence=frozenset(_faults(device)),
        )
        if (device / "partition").exists():
            return own | self._below(device.parent)
        if slaves := _in(device / "slaves"):
            return own | self._all(each.resolve() for each in slaves)
        if (device / "loop").is_dir():
            return own | self._file(_text(device / "loop/backing_file"))
        return own | _disk(device)

    def _file(self, name: str) -> Storage:
        path = Path(name)
        if not path.is_absolute() or name.endswith(" (deleted)") or path in self._seen:
            return Storage(is_unknown=True)
        if path.is_relative_to("/dev"):
            return self.block_device((self.root / name.lstrip("/")).resolve().name)
        below = Machine(self.root, self._seen | {path}).storage_of(path)
        return Storage(files=frozenset({path})) | below


def _faults(device: Path) -> Iterator[str]:
    name = device.name
    yield from (f"{name} {why}" for why, names in _BY_NAME.items() if names.fullmatch(name))
    uuid = _PART.sub("", _text(device / "dm/uuid"))
    if not (device / "dm").is_dir() or _PLAIN_LVM.fullmatch(uuid) or uuid.startswith(_THROUGH):
        return
    what = "belongs to a snapshot, a thin pool or a cache" if uuid.startswith("LVM-") else "is mapped in unknown ways"
    yield f"{_text(device / 'dm/name') or name} {what}, which may keep what is overwritten"


def _disk(device: Path) -> Storage:
    """Return the disk by the hardware behind it: two names of one nvme controller, or two paths, are one disk."""
    if not (device / "device").exists():
        return Storage(names=frozenset({device.name}), disks=frozenset({device.name}), is_unknown=True)
    marks = {str((device / "device").resolve()), _text(device / "device/wwid"), _text(device / "wwid")} - {""}
    solid = _text(device / "queue/rotational") == "0"
    return Storage(disks=frozenset(marks), names=frozenset({device.name}), is_ssd=solid)


def _in(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
