"""Is an erased key gone? A blind scan of the very volumes, and every kind of volume where it would not be refused.

Real file systems on loop devices are tried where this machine lets us mount (root, and the tools that make them); the
planted machines of all kinds are tried everywhere.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.config import Settings
from survey.machine.mounts import mount_of
from survey.machine.overwriting import relocates_writes
from survey.sealing.keys.key_storage import KeysRefused, refuse_shared_device
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.open_round import open_round
from survey.store.database.engine import write_transaction
from tests.attacks.full import Shown, sized
from tests.factories import furnish, make_round
from tests.machine.planted import LVM, Planted
from tests.sealed import ROUND, SECRET, Sealed

MB = 1 << 20
IN_PLACE = sized(("ext4",), ("ext4", "xfs"))
ROOM = {"ext4": 32 * MB, "xfs": 320 * MB, "btrfs": 160 * MB}
# Where small files lie among the file system's own records, which are journalled.
AMONG_RECORDS = ("-O", "inline_data")
MACHINES: dict[str, Callable[[Planted], object]] = {
    "btrfs subvolumes": lambda p: p.disk("sdb").mount("/a", "sdb", "btrfs").mount("/b", "sdb", "btrfs"),
    "bcachefs": lambda p: p.disk("sdb").disk("sdc").mount("/a", "sdb", "bcachefs").mount("/b", "sdc", "bcachefs"),
    "zfs": lambda p: p.mount("/a", "one/keys", "zfs").mount("/b", "two/keys", "zfs"),
    "overlay": lambda p: p.mount("/a", "overlay", "overlay").mount("/b", "overlay", "overlay"),
    "memory": lambda p: p.mount("/a", "tmpfs", "tmpfs").mount("/b", "ramfs", "ramfs"),
    "flash": lambda p: p.disk("sdb").disk("sdc").mount("/a", "sdb", "f2fs").mount("/b", "sdc", "ubifs"),
    "network": lambda p: p.mount("/a", "one:/k", "nfs4").mount("/b", "//two/k", "cifs"),
    "partitions": lambda p: p.disk("sdb").part("sdb", "sdb1").part("sdb", "sdb2").mount("/a", "sdb1")
    .mount("/b", "sdb2"),
    "LVM": lambda p: p.disk("sdb").mapped("dm-0", LVM, "sdb").mapped("dm-1", LVM, "sdb").mount("/a", "dm-0")
    .mount("/b", "dm-1"),
    "thin LVM": lambda p: p.disk("sdb").disk("sdc").mapped("dm-0", f"{LVM}-tpool", "sdb").mapped("dm-1", LVM, "dm-0")
    .mount("/a", "dm-1").mount("/b", "sdc"),
    "RAID": lambda p: p.disk("sdb").disk("sdc").over("md0", "sdb", "sdc").part("md0", "md0p1").part("md0", "md0p2")
    .mount("/a", "md0p1").mount("/b", "md0p2"),
    "encryption over one disk": lambda p: p.disk("sdb").part("sdb", "sdb1").part("sdb", "sdb2")
    .mapped("dm-0", "CRYPT-LUKS2-1-a", "sdb1").mapped("dm-1", "CRYPT-LUKS2-2-b", "sdb2").mount("/a", "dm-0")
    .mount("/b", "dm-1"),
    "loop files": lambda p: p.loop("loop0", "/srv/a.img").loop("loop1", "/srv/b.img").mount("/a", "loop0")
    .mount("/b", "loop1"),
    "memory disks": lambda p: p.over("zram0").over("zram1").mount("/a", "zram0").mount("/b", "zram1"),
}  # fmt: skip


def settings_of(folder: Path, first: str, second: str) -> Settings:
    """Keys on two volumes, in earnest."""
    keys = {"private_keys": f"{first}/private", "pepper_keys": f"{second}/pepper"}
    return Settings(instance=folder, secret=SECRET, keys_not_backed_up=True, **keys)  # type: ignore[arg-type]


def test_every_kind_of_volume_where_erasing_would_not_erase_is_refused(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, shown: Shown
) -> None:
    engine, settings = open_engine(sqlite_url), settings_of(tmp_path, "/a", "/b")
    refused, passed_before = 0, 0
    for name, plant in MACHINES.items():
        machine = Planted(tmp_path / name)
        plant(machine)
        with pytest.raises(KeysRefused):
            refuse_shared_device(settings, engine, machine.root)
        refused += 1
        numbers = {mount_of(Path(path), machine.root).device for path in ("/a", "/b", "/")}
        passed_before += len(numbers) == 3
    shown("erasing", "planted machines with keys where they would stay", f"{refused} refused", n=len(MACHINES))
    shown("erasing", "the same, by the numbers of their devices alone", f"{passed_before} passed", n=len(MACHINES),
          control=True)  # fmt: skip
    assert passed_before > len(MACHINES) / 2


@contextmanager
def volume(kind: str, folder: Path, *made_so: str) -> Iterator[tuple[Path, Path] | None]:
    """An image and where it is mounted, or None where this machine can't."""
    image, at = folder / f"{kind}.img", folder / kind
    at.mkdir(parents=True)
    make, enough = shutil.which(f"mkfs.{kind}"), os.geteuid() == 0
    with image.open("wb") as file:
        file.truncate(ROOM[kind])
    if not (
        make
        and enough
        and _done(make, "-q", *made_so, str(image))
        and _done("mount", "-o", "loop", str(image), str(at))
    ):
        yield None
        return
    try:
        yield image, at
    finally:
        subprocess.run(["umount", str(at)], check=False)


def found(keys: list[bytes], *images: Path) -> int:
    """How many of the keys stand anywhere on the raw volumes."""
    left = set[bytes]()
    for image in images:
        with image.open("rb") as file:
            while piece := file.read(MB):
                if piece.strip(b"\0"):  # most of a young volume has never been written
                    left |= {key for key in keys if key in piece}
    return len(left)


def _done(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def opened(engine: Engine, settings: Settings) -> tuple[Sealed, list[bytes]]:
    """A round with answers on these volumes, and all its keys."""
    with write_transaction(engine) as connection:
        furnish(connection, (), make_round(ROUND))
    open_round(engine, settings, ROUND)
    sealed = Sealed(engine, settings)
    sealed.fill({"vast-ett": 12, "ost-ett": 3})
    volumes = sealed.volumes
    keys = [volumes.private_key(ROUND, name) for name in sorted(volumes.private_names(ROUND))]
    return sealed, [*keys, volumes.pepper_of(ROUND)]


def closed_and_forgotten(sealed: Sealed) -> None:
    """Close, and erase all that a round ever had on the volumes."""
    close_round(sealed.engine, sealed.volumes, ROUND)
    sealed.volumes.erase_pepper(ROUND)
    os.sync()


@pytest.mark.parametrize("kind", IN_PLACE)
def test_no_key_is_left_on_a_volume_that_is_written_over_in_place(
    kind: str, sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, shown: Shown
) -> None:
    with volume(kind, tmp_path / "one") as first, volume(kind, tmp_path / "two") as second:
        if not first or not second:
            shown("erasing", f"a blind scan of {kind}", "can't be mounted on this machine")
            return
        settings = replace(settings_of(tmp_path, str(first[1]), str(second[1])), demo=True)
        sealed, keys = opened(open_engine(sqlite_url), settings)
        os.sync()
        there = found(keys, first[0], second[0])
        closed_and_forgotten(sealed)
        left = found(keys, first[0], second[0])
        assert not relocates_writes(first[1])
    left += found(keys, first[0], second[0])
    shown("erasing", f"a blind scan of {kind}, after closing and after unmounting", f"{left} found", n=len(keys))
    shown("erasing", f"a blind scan of {kind}, before closing", f"{there} found", n=len(keys), control=True)
    assert (there, left) == (len(keys), 0)


def test_control_on_a_copying_volume_the_keys_stay_and_so_it_is_refused(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, shown: Shown
) -> None:
    what = "two subvolumes of one btrfs, after closing"
    with volume("btrfs", tmp_path) as made:
        if not made or not shutil.which("btrfs"):
            shown("erasing", what, "can't be mounted on this machine", control=True)
            return
        image, at = made
        for name in ("a", "b"):
            subprocess.run(["btrfs", "-q", "subvolume", "create", str(at / name)], check=True, capture_output=True)
        earnest = settings_of(tmp_path, str(at / "a"), str(at / "b"))
        engine = open_engine(sqlite_url)
        with pytest.raises(KeysRefused, match="btrfs keeps what is overwritten"):
            refuse_shared_device(earnest, engine)
        sealed, keys = opened(engine, replace(earnest, demo=True))
        os.sync()
        closed_and_forgotten(sealed)
    left = found(keys, image)
    shown("erasing", what, f"{left} found; it is refused", n=len(keys), control=True)
    assert left > 0


def test_control_keys_among_the_records_of_the_file_system_stay_and_so_they_are_refused(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, shown: Shown
) -> None:
    what = "ext4 made with inline_data, after closing"
    with volume("ext4", tmp_path, *AMONG_RECORDS) as made:
        if not made:
            shown("erasing", what, "can't be mounted on this machine", control=True)
            return
        image, at = made
        earnest = settings_of(tmp_path, str(at / "a"), str(at / "b"))
        engine = open_engine(sqlite_url)
        with pytest.raises(KeysRefused, match="private_keys: a small file that is written over"):
            refuse_shared_device(earnest, engine)
        sealed, keys = opened(engine, replace(earnest, demo=True))
        closed_and_forgotten(sealed)
    left = found(keys, image)
    shown("erasing", what, f"{left} found; it is refused", n=len(keys), control=True)
    assert left > 0


def test_a_destroyed_key_slot_opens_no_more(tmp_path: Path, shown: Shown) -> None:
    what = "an encrypted volume whose key slot is destroyed"
    if not (tool := shutil.which("cryptsetup")):
        shown("erasing", what, "no cryptsetup on this machine")
        return
    image, secret, kept = (str(tmp_path / name) for name in ("image", "secret", "header"))
    Path(secret).write_bytes(os.urandom(32))
    with Path(image).open("wb") as file:
        file.truncate(32 * MB)
    quick = ("--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000")
    subprocess.run([tool, "luksFormat", "-q", "--type", "luks2", *quick, image, secret], check=True)
    opens = (tool, "open", "--test-passphrase", "--key-file", secret)
    before = _done(*opens, image)
    subprocess.run([tool, "luksHeaderBackup", image, "--header-backup-file", kept], check=True)
    subprocess.run([tool, "erase", "-q", image], check=True)
    after, with_copy = _done(*opens, image), _done(*opens, "--header", kept, image)
    shown("erasing", what, "opens" if after else "opens no more")
    shown("erasing", f"{what}, with a copy of its header kept", "opens" if with_copy else "opens no more", control=True)
    assert (before, after, with_copy) == (True, False, True)
