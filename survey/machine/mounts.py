"""The mount that a path lies on, as the kernel lists it, and whether its file system overwrites a file in place.

Everything is read below a root, "/" on a real machine, so that a test can plant a machine of any kind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REAL = Path("/")
_OCTAL = re.compile(r"\\([0-7]{3})")
_LISTED = "proc/self/mountinfo"

# Only what is known to write a changed block where the old one was; all else may keep the old one.
IN_PLACE = {"ext2", "ext3", "ext4", "xfs"}
MEMORY = {"tmpfs", "ramfs", "devtmpfs", "hugetlbfs"}
NETWORK = {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ceph", "9p", "virtiofs", "lustre", "afs", "ocfs2", "gfs2"}
NETWORK |= {"fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "beegfs", "gpfs", "vboxsf", "fuse.vmhgfs-fuse"}
_WHY = {
    "keeps what is overwritten (copy-on-write)": {"btrfs", "zfs", "bcachefs", "nilfs2", "apfs", "reiser4"},
    "lies over another file system": {"overlay", "aufs", "unionfs", "ecryptfs", "fuse.mergerfs", "fuse.unionfs"},
    "is in memory alone": MEMORY,
    "writes each change to a new place on flash": {"f2fs", "jffs2", "ubifs", "yaffs", "yaffs2", "logfs"},
    "is on another machine": NETWORK,
}


@dataclass(frozen=True)
class Mount:
    """One mounted file system."""

    id: int
    parent: int
    device: str
    point: str
    kind: str
    source: str
    options: frozenset[str]

    @property
    def remanence(self) -> str:
        """Return why what is overwritten here may stay; empty where a file is overwritten in place."""
        if self.kind in IN_PLACE:
            return f"{self.kind} with data=journal keeps a copy of each write" if "data=journal" in self.options else ""
        why = next((why for why, kinds in _WHY.items() if self.kind in kinds), "is not known to write over in place")
        return f"{self.kind} {why}"


def mount_of(path: Path, root: Path = REAL) -> Mount:
    """Return the file system that a path lies on, or will lie on when it is made; raise LookupError where none is."""
    mounts = list(_mounts(root))
    ids = {mount.id for mount in mounts}
    found = [mount for mount in mounts if mount.point == "/" and mount.parent not in ids]
    if not found:
        raise LookupError(f"no file system is mounted at {path}")
    here, wanted = found[-1], path.resolve()
    # As the kernel walks: a mount may be hidden by one that was laid over it later.
    while inner := [each for each in mounts if each.parent == here.id and wanted.is_relative_to(each.point)]:
        nearest = min(len(each.point) for each in inner)
        here = [each for each in inner if len(each.point) == nearest][-1]
    return here


def _mounts(root: Path) -> Iterator[Mount]:
    for line in (root / _LISTED).read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        before, _, after = line.partition(" - ")
        number, parent, device, _, point, mine, *_ = before.split(" ")
        kind, source, options = after.split(" ")[:3]
        flags = {*mine.split(","), *options.split(","), *_options_of_ext(root, device)}
        yield Mount(int(number), int(parent), device, _plain(point), kind, _plain(source), frozenset(flags))


def _options_of_ext(root: Path, device: str) -> list[str]:
    # The list of mounts leaves out what the file system itself was made with.
    name = (root / "sys/dev/block" / device).resolve().name
    paths = [root / "proc/fs" / kind / name / "options" for kind in ("ext4", "ext3")]
    return [line for path in paths if path.is_file() for line in path.read_text(encoding="utf-8").splitlines()]


def _plain(text: str) -> str:
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), text)
