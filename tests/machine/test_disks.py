"""What a folder stands on is found through every layer, and what may keep an old block is named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey.machine.disks import Machine, Storage
from survey.machine.mounts import mount_of
from survey.machine.swap import readable_swaps
from tests.machine.planted import LVM, Planted

Plant = Callable[[Planted], object]


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    return Planted(tmp_path / "machine")


def ground(planted: Planted, path: str = "/keys") -> Storage:
    return Machine(planted.root).storage_of(Path(path))


@pytest.mark.parametrize(
    ("plant", "names"),
    [
        (lambda p: p.disk("sdb").mount("/keys", "sdb"), {"sdb"}),
        (lambda p: p.disk("sdb").part("sdb", "sdb3").mount("/keys", "sdb3", "xfs"), {"sdb"}),
        (lambda p: p.disk("sdb").disk("sdc").over("md0", "sdb", "sdc").mount("/keys", "md0"), {"sdb", "sdc"}),
        (lambda p: p.disk("sdb").part("sdb", "sdb1").mapped("dm-0", LVM, "sdb1").mount("/keys", "dm-0"), {"sdb"}),
        (
            lambda p: p.disk("sdb").over("md0", "sdb").mapped("dm-0", LVM, "md0")
            .mapped("dm-1", "CRYPT-LUKS2-1f-keys", "dm-0").mount("/keys", "dm-1"),
            {"sdb"},
        ),
        (lambda p: p.disk("sdb").disk("sdc").mapped("dm-0", "mpath-36", "sdb", "sdc")
         .mapped("dm-1", "part1-mpath-36", "dm-0").mount("/keys", "dm-1"), {"sdb", "sdc"}),
        (lambda p: p.disk("sdb").mount("/other", "sdb").loop("loop0", "/other/image").mount("/keys", "loop0"), {"sdb"}),
        (lambda p: p.disk("sdb").loop("loop0", "/dev/sdb").mount("/keys", "loop0"), {"sdb"}),
        (lambda p: p.mount("/keys with room", "sda1"), {"sda"}),
    ],
)  # fmt: skip
def test_each_layer_leads_down_to_its_disks(planted: Planted, plant: Plant, names: set[str]) -> None:
    plant(planted)
    found = ground(planted, f"{planted.newest}/private")
    assert (found.names, found.remanence, found.is_unknown) == (names, frozenset(), False)


@pytest.mark.parametrize(
    ("plant", "why"),
    [
        *((lambda p, kind=kind: p.disk("sdb").mount("/keys", "sdb", kind), f"{kind} keeps what is overwritten")
          for kind in ("btrfs", "bcachefs", "nilfs2")),
        (lambda p: p.mount("/keys", "pool/keys", "zfs"), "zfs keeps what is overwritten"),
        *((lambda p, kind=kind: p.mount("/keys", kind, kind), f"{kind} lies over another")
          for kind in ("overlay", "aufs", "ecryptfs")),
        *((lambda p, kind=kind: p.mount("/keys", kind, kind), f"{kind} is in memory alone")
          for kind in ("tmpfs", "ramfs")),
        *((lambda p, kind=kind: p.disk("sdb").mount("/keys", "sdb", kind), f"{kind} writes each change to a new place")
          for kind in ("f2fs", "jffs2", "ubifs")),
        *((lambda p, kind=kind: p.mount("/keys", "host:/keys", kind), f"{kind} is on another machine")
          for kind in ("nfs4", "cifs", "9p", "virtiofs", "fuse.sshfs")),
        (lambda p: p.disk("sdb").mount("/keys", "sdb", "fuseblk"), "fuseblk is not known to write over in place"),
        (lambda p: p.disk("sdb").mount("/keys", "sdb", "ext4", "rw,data=journal"), "data=journal keeps a copy"),
        (lambda p: p.over("zram0").mount("/keys", "zram0"), "zram0 is in memory alone"),
        (lambda p: p.over("nbd0").mount("/keys", "nbd0"), "nbd0 is on another machine"),
        (lambda p: p.disk("sdb").over("bcache0", "sdb").mount("/keys", "bcache0"), "bcache0 is a cache"),
        (lambda p: p.over("zd0").mount("/keys", "zd0"), "zd0 keeps what is overwritten"),
        *((lambda p, end=end: p.disk("sdb").mapped("dm-0", LVM + end, "sdb").mapped("dm-1", LVM, "dm-0")
           .mount("/keys", "dm-1"), "mapped-dm-0 belongs to a snapshot")
          for end in ("-real", "-cow", "-tpool", "-vpool", "-cvol")),
        (lambda p: p.disk("sdb").mapped("dm-0", "", "sdb").mount("/keys", "dm-0"), "mapped in unknown ways"),
        (lambda p: p.disk("sdb").mapped("dm-0", LVM + "-real", "sdb").mapped("dm-1", "CRYPT-LUKS2-1-k", "dm-0")
         .mount("/keys", "dm-1"), "belongs to a snapshot"),
        (lambda p: p.disk("sdb").mount("/other", "sdb", "btrfs").loop("loop0", "/other/image")
         .mount("/keys", "loop0"), "btrfs keeps what is overwritten"),
    ],
)  # fmt: skip
def test_what_may_keep_an_old_block_is_named_whatever_lies_on_it(planted: Planted, plant: Plant, why: str) -> None:
    plant(planted)
    (said,) = ground(planted).remanence
    assert why in said


def test_a_file_system_that_says_itself_that_it_keeps_a_journal_of_data(planted: Planted) -> None:
    planted.disk("sdb").mount("/keys", "sdb")
    told = planted.root / "proc/fs/ext4/sdb/options"
    told.parent.mkdir(parents=True)
    told.write_text("rw\ndata=ordered\n")
    assert ground(planted).remanence == frozenset()
    told.write_text("rw\ndata=journal\n")
    assert len(ground(planted).remanence) == 1


@pytest.mark.parametrize(
    "plant",
    [
        lambda p: p.part("sda", "sda7").mount("/keys", "sda7"),
        lambda p: p.loop("loop0", "/srv/image").mount("/keys", "loop0"),
        lambda p: p.disk("sdb", behind="sda").mount("/keys", "sdb"),
        lambda p: p.part("sda", "sda7").mapped("dm-0", LVM, "sda7").mapped("dm-1", "CRYPT-LUKS2-1-k", "dm-0")
        .mount("/keys", "dm-1"),
        lambda p: p.disk("sdb").part("sda", "sda7").over("md0", "sda7", "sdb").mount("/keys", "md0"),
        lambda p: p.part("sda", "sda7").mount("/keys", "sda7", "btrfs"),
        lambda p: p.disk("sdb").part("sda", "sda7").btrfs("sdb", "sda7").mount("/keys", "sdb", "btrfs"),
        lambda p: p.mount("/keys", "sda1"),
        lambda p: None,
    ],
)  # fmt: skip
def test_what_shares_a_disk_meets(planted: Planted, plant: Plant) -> None:
    plant(planted)
    assert ground(planted, "/keys").overlaps(ground(planted, "/var"))


def test_two_paths_to_one_disk_are_one_and_two_disks_are_two(planted: Planted) -> None:
    planted.disk("sdb", wwid="naa.50").disk("sdc", wwid="naa.50").disk("sdd", wwid="naa.51")
    planted.mount("/b", "sdb").mount("/c", "sdc").mount("/d", "sdd")
    b, c, d = (ground(planted, path) for path in ("/b", "/c", "/d"))
    assert b.overlaps(c)
    assert not b.overlaps(d)


def test_what_cant_be_seen_is_said(planted: Planted) -> None:
    planted.loop("loop0", "/srv/image (deleted)").mount("/gone", "loop0")
    planted.over("vdx").mount("/virtual", "vdx").mount("/pool", "pool/data", "zfs").mount(
        "/layer", "overlay", "overlay"
    )
    assert all(ground(planted, path).is_unknown for path in ("/gone", "/virtual", "/pool", "/layer"))
    planted.mount("/far", "host:/x", "nfs4").mount("/memory", "tmpfs", "tmpfs")
    assert not any(ground(planted, path).is_unknown for path in ("/far", "/memory"))


def test_encryption_counts_where_all_of_it_is_encrypted(planted: Planted) -> None:
    planted.disk("sdb").disk("sdc", solid=True).mapped("dm-0", "CRYPT-LUKS1-9-k", "sdb")
    planted.mount("/whole", "dm-0").over("md0", "dm-0", "sdc").mount("/half", "md0")
    whole, half = ground(planted, "/whole"), ground(planted, "/half")
    assert (whole.has_key_slots, whole.is_encrypted, whole.is_ssd) == (True, True, False)
    assert (half.has_key_slots, half.is_encrypted, half.is_ssd) == (False, False, True)


def test_a_mount_that_another_hides_is_not_seen(planted: Planted) -> None:
    planted.disk("sdb").mount("/keys/a", "sdb")
    assert mount_of(Path("/keys/a/private"), planted.root).source == "/dev/sdb"
    planted.mount("/keys", "tmpfs", "tmpfs")
    # As the kernel lists it, the one below hangs on the root still.
    assert mount_of(Path("/keys/a/private"), planted.root).kind == "tmpfs"


def test_this_very_machine_can_be_read(tmp_path: Path) -> None:
    assert Machine().storage_of(tmp_path).device
    assert isinstance(readable_swaps(), list)


@pytest.mark.parametrize(
    ("plant", "readable"),
    [
        (lambda p: p, 0),
        (lambda p: p.part("sda", "sda2").swaps(("/dev/sda2", "partition")), 1),
        (lambda p: p.swaps(("/swapfile", "file")), 1),
        (lambda p: p.over("zram0").swaps(("/dev/zram0", "partition")), 0),
        (lambda p: p.part("sda", "sda2").mapped("dm-0", "CRYPT-PLAIN-swap", "sda2")
         .swaps(("/dev/dm-0", "partition")), 0),
        (lambda p: p.disk("sdb").mapped("dm-0", "CRYPT-LUKS2-1-x", "sdb").mount("/safe", "dm-0")
         .swaps(("/safe/swapfile", "file"), ("/swapfile", "file")), 1),
    ],
)  # fmt: skip
def test_swap_that_can_be_read_is_told(planted: Planted, plant: Plant, readable: int) -> None:
    plant(planted)
    assert len(readable_swaps(planted.root)) == readable


def test_compressed_swap_that_writes_back_to_a_disk_is_told(planted: Planted) -> None:
    planted.over("zram0").part("sda", "sda2").swaps(("/dev/zram0", "partition"))
    (planted.root / "sys/class/block/zram0/backing_dev").write_text("/dev/sda2\n")
    assert readable_swaps(planted.root) == ["/dev/zram0"]
