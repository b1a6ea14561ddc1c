"""A machine of any kind, planted in a folder: its mounts, disks and layers as Linux lists them."""

from pathlib import Path

LVM = "LVM-" + "a" * 64


class Planted:
    """What is planted below `root`; the kernel's own names for everything."""

    def __init__(self, root: Path) -> None:
        """A bare machine: nothing but a system disk, sda, with "/" on its first partition."""
        self.root, self._numbers = root, iter(range(1, 1000))
        self._mounted: list[tuple[int, str | Path]] = []
        self._lines: list[str] = []
        for folder in ("proc/self", "sys/dev/block", "sys/class/block", "dev"):
            (root / folder).mkdir(parents=True)
        self.swaps()
        self.disk("sda")
        self.part("sda", "sda1")
        self.mount("/", "sda1")

    def disk(self, name: str, behind: str = "", *, solid: bool = False, wwid: str = "") -> "Planted":
        """A disk; `behind` is its hardware, its own unless named."""
        own = self._block(self.root / "sys/devices" / name)
        hardware = self.root / "sys/hardware" / (behind or name)
        hardware.mkdir(parents=True, exist_ok=True)
        (own / "device").symlink_to(hardware)
        self._write(own / "queue/rotational", "0" if solid else "1")
        if wwid:
            self._write(own / "wwid", wwid)
        return self

    def part(self, disk: str, name: str) -> "Planted":
        """A partition."""
        own = self._block(self._there(disk) / name)
        self._write(own / "partition", "1")
        return self

    def mapped(self, name: str, uuid: str, *on: str) -> "Planted":
        """A device of the mapper: LVM, encryption, multipath."""
        own = self.over(name, *on)._there(name)
        self._write(own / "dm/uuid", uuid)
        self._write(own / "dm/name", f"mapped-{name}")
        return self

    def over(self, name: str, *on: str) -> "Planted":
        """A device that stands on others, as RAID does; one on nothing that can be seen, where none is named."""
        own = self._block(self.root / "sys/devices/virtual" / name)
        (own / "slaves").mkdir()
        for each in on:
            (own / "slaves" / each).symlink_to(self._there(each))
        return self

    def loop(self, name: str, file: str) -> "Planted":
        """A file that is a device."""
        own = self._block(self.root / "sys/devices/virtual" / name)
        self._write(own / "loop/backing_file", file)
        return self

    def mount(self, point: str | Path, source: str, kind: str = "ext4", options: str = "rw") -> "Planted":
        """A file system of a device above, or of a name that is no device."""
        there = self.root / "sys/class/block" / source
        own = kind in ("btrfs", "bcachefs", "zfs") or not there.exists()
        number = f"0:{next(self._numbers)}" if own else (there / "dev").read_text()
        over = [(index, at) for index, at in self._mounted if Path(point).is_relative_to(at)]
        parent = max(over, key=lambda each: (len(str(each[1])), each[0]))[0] if over else 0
        index = next(self._numbers) + 10
        self._mounted.append((index, point))
        device = f"/dev/{source}" if there.exists() else source
        written = str(point).replace(" ", "\\040")
        self._lines.append(f"{index} {parent} {number} / {written} rw,relatime shared:1 - {kind} {device} {options}")
        self._write(self.root / "proc/self/mountinfo", "\n".join(self._lines) + "\n")
        return self

    @property
    def newest(self) -> str:
        """Where the newest file system is mounted."""
        return str(self._mounted[-1][1])

    def swaps(self, *areas: tuple[str, str]) -> "Planted":
        """Swap areas: a name and `partition` or `file`."""
        lines = ["Filename Type Size Used Priority", *(f"{name} {kind} 1000 0 -2" for name, kind in areas)]
        self._write(self.root / "proc/swaps", "\n".join(lines) + "\n")
        return self

    def btrfs(self, *members: str) -> "Planted":
        """One btrfs over several devices."""
        for each in members:
            self._write(self.root / "sys/fs/btrfs/0e81/devices" / each, "")
        return self

    def _there(self, name: str) -> Path:
        return (self.root / "sys/class/block" / name).resolve()

    def _block(self, own: Path) -> Path:
        own.mkdir(parents=True)
        number = f"{8 + next(self._numbers)}:0"
        self._write(own / "dev", number)
        (self.root / "sys/dev/block" / number).symlink_to(own)
        (self.root / "sys/class/block" / own.name).symlink_to(own)
        return own

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
