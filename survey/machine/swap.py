"""Swap and hibernation: where this machine writes memory, which may be read there later."""

from pathlib import Path

from survey.machine.disks import Machine, Storage
from survey.machine.mounts import REAL


def readable_swaps(root: Path = REAL) -> list[str]:
    """Return the swap areas that are neither encrypted nor in memory themselves."""
    lines = (root / "proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    names = [line.split()[:2] for line in lines if line.strip()]
    return [name for name, kind in names if not _is_closed(name, kind, root)]


def _is_closed(name: str, kind: str, root: Path) -> bool:
    device = (root / name.lstrip("/")).resolve().name
    if device.startswith("zram") and kind == "partition":
        behind = root / "sys/class/block" / device / "backing_dev"
        partition = behind.read_text(encoding="utf-8").strip() if behind.exists() else "none"
        return partition == "none" or _is_closed(partition, "partition", root)
    machine = Machine(root)
    below: Storage = (
        machine.block_device(device) if kind == "partition" else machine.storage_of(Path(name.replace("\\040", " ")))
    )
    return below.is_encrypted
