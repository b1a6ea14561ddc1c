"""A round is refused while its keys lie beside the answers, in a backup, on one volume only, or where erasing does
not erase.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.config import Settings
from survey.sealing.checks.platform_check import check_platform
from survey.sealing.keys.key_storage import KeysRefused, refuse_shared_device
from survey.sealing.rounds.open_round import open_round
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance.data_folder import DataFolder, data_folder
from tests.factories import furnish, make_round
from tests.machine.planted import LVM, Planted

Plant = Callable[[Planted], object]


@pytest.fixture
def bare(tmp_path: Path) -> Planted:
    """A machine with a system disk alone."""
    return Planted(tmp_path / "machine")


@pytest.fixture
def planted(bare: Planted) -> Planted:
    """The same with a volume on a disk of its own for each kind of keys."""
    return bare.disk("sdb").disk("sdc").mount("/keys-a", "sdb").mount("/keys-b", "sdc", "xfs")


@pytest.fixture
def apart(tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path,
        secret="s" * 40,
        private_keys="/keys-a/private",
        pepper_keys="/keys-b/pepper",
        keys_not_backed_up=True,
    )


def test_keys_on_two_volumes_of_their_own_are_good(engine: Engine, apart: Settings, planted: Planted) -> None:
    refuse_shared_device(apart, engine, planted.root)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"keys_not_backed_up": False}, "keys_not_backed_up is not true"),
        ({"private_keys": ""}, "private_keys is not set"),
        ({"pepper_keys": ""}, "pepper_keys is not set"),
        ({"pepper_keys": "/keys-a/pepper"}, "same device"),
        ({"private_keys": "/home/keys/private"}, "on the (system|database)'s device"),
        ({"private_keys": "/keys-a"}, "name a folder inside each"),
    ],
)
def test_anything_less_is_refused_in_words(
    engine: Engine, apart: Settings, planted: Planted, change: dict[str, object], reason: str
) -> None:
    with pytest.raises(KeysRefused, match=reason):
        refuse_shared_device(replace(apart, **change), engine, planted.root)


@pytest.mark.parametrize(
    ("plant", "reason"),
    [
        (lambda p: p.disk("sdb").mount("/keys-a", "sdb", "btrfs").mount("/keys-b", "sdb", "btrfs"),
         r"on the same disk \(sdb\).*private_keys: btrfs keeps what.*pepper_keys: btrfs keeps what"),
        (lambda p: p.disk("sdb").part("sdb", "sdb1").part("sdb", "sdb2").mount("/keys-a", "sdb1")
         .mount("/keys-b", "sdb2"), r"on the same disk \(sdb\)"),
        (lambda p: p.disk("sdb").part("sdb", "sdb1").mapped("dm-0", LVM, "sdb1").mapped("dm-1", LVM, "sdb1")
         .mount("/keys-a", "dm-0").mount("/keys-b", "dm-1"), r"on the same disk \(sdb\)"),
        (lambda p: p.disk("nvme0n1", "nvme0").disk("nvme0n2", "nvme0").mount("/keys-a", "nvme0n1")
         .mount("/keys-b", "nvme0n2"), "on the same disk"),
        (lambda p: p.disk("sdb").part("sda", "sda2").mount("/keys-a", "sdb").mount("/keys-b", "sda2"),
         "on the system's disk"),
        (lambda p: p.disk("sdb").loop("loop0", "/srv/keys").mount("/keys-a", "sdb").mount("/keys-b", "loop0"),
         "on the system's disk"),
        (lambda p: p.disk("sdb").mount("/keys-a", "tmpfs", "tmpfs").mount("/keys-b", "sdb"),
         "private_keys: tmpfs is in memory alone"),
        (lambda p: p.disk("sdb").disk("sdc").mount("/keys-a", "sdb").mount("/keys-b", "sdc", "f2fs"),
         "pepper_keys: f2fs writes each change to a new place"),
        (lambda p: p.disk("sdb").loop("loop0", "/x (deleted)").mount("/keys-a", "sdb").mount("/keys-b", "loop0"),
         "pepper_keys: what it stands on can't be seen"),
    ],
)  # fmt: skip
def test_one_disk_and_what_keeps_old_blocks_are_refused(
    engine: Engine, apart: Settings, bare: Planted, plant: Plant, reason: str
) -> None:
    plant(bare)
    with pytest.raises(KeysRefused, match=reason):
        refuse_shared_device(apart, engine, bare.root)


def test_a_file_in_the_instance_folder_is_refused_also_on_a_disk_of_its_own(
    engine: Engine, apart: Settings, planted: Planted, tmp_path: Path
) -> None:
    planted.disk("sdd").mount(tmp_path / "elsewhere", "sdd").loop("loop0", f"{tmp_path}/elsewhere/keys.img")
    planted.mount("/keys-c", "loop0")
    moved = replace(apart, pepper_keys="/keys-c/pepper")
    with pytest.raises(KeysRefused, match="pepper_keys is a file in the instance folder"):
        refuse_shared_device(moved, engine, planted.root)
    refuse_shared_device(replace(moved, instance=Path("/etc/survey")), engine, planted.root)


@pytest.mark.parametrize("source", ["sdb", "sdb1"])
def test_the_databases_own_disk_is_refused(
    sqlite_url: str, open_engine: Callable[..., Engine], apart: Settings, planted: Planted, source: str
) -> None:
    engine = open_engine(sqlite_url)
    where = data_folder(engine).path
    assert where is not None and where == Path(sqlite_url.removeprefix("sqlite:///")).parent
    planted.part("sdb", "sdb1").mount(where, source)
    with pytest.raises(KeysRefused, match="on the database's " + ("device" if source == "sdb" else "disk")):
        refuse_shared_device(apart, engine, planted.root)


def test_a_database_whose_disk_cant_be_seen_is_refused(
    sqlite_url: str, open_engine: Callable[..., Engine], apart: Settings, planted: Planted
) -> None:
    planted.mount(Path(sqlite_url.removeprefix("sqlite:///")).parent, "pool/data", "zfs")
    with pytest.raises(KeysRefused, match="What disk the database lies on can't be seen"):
        refuse_shared_device(apart, open_engine(sqlite_url), planted.root)


def test_in_a_container_the_other_disks_are_judged(
    sqlite_url: str, open_engine: Callable[..., Engine], apart: Settings, bare: Planted
) -> None:
    bare.mount("/", "overlay", "overlay").disk("sdb").disk("sdc").disk("sdd").mount("/keys-a", "sdb")
    engine = open_engine(sqlite_url)
    with pytest.raises(KeysRefused, match="pepper_keys: overlay lies over another file system"):
        refuse_shared_device(apart, engine, bare.root)
    bare.mount(Path(sqlite_url.removeprefix("sqlite:///")).parent, "sdd").mount("/keys-b", "sdc")
    refuse_shared_device(apart, engine, bare.root)


def test_postgresql_on_this_machine_tells_its_folder(
    postgres_url: str, open_engine: Callable[..., Engine], apart: Settings, planted: Planted
) -> None:
    engine = open_engine(postgres_url)
    found = data_folder(engine)
    assert found.path is not None and (found.path / "PG_VERSION").exists()
    planted.mount(found.path, "sdc")
    with pytest.raises(KeysRefused, match="on the database's device"):
        refuse_shared_device(apart, engine, planted.root)


def test_postgresql_that_does_not_tell_is_refused_and_one_elsewhere_is_not_asked(
    apart: Settings, planted: Planted, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    monkeypatch.setattr("survey.sealing.keys.key_storage.data_folder", lambda engine: DataFolder(None, unknown=True))
    with pytest.raises(KeysRefused, match="pg_read_all_settings"):
        refuse_shared_device(apart, engine, planted.root)
    monkeypatch.setattr("survey.sealing.keys.key_storage.data_folder", lambda engine: DataFolder(None))
    refuse_shared_device(apart, engine, planted.root)


@pytest.mark.parametrize(
    ("plant", "well", "said"),
    [
        (lambda p: p, True, "written over in place, on sdb"),
        (lambda p: p.disk("sdd", solid=True).mount("/keys-a", "sdd"), False, "as far as the flash disk sdd shows"),
        (lambda p: p.mapped("dm-0", "CRYPT-LUKS2-1-k", "sdb").mount("/keys-a", "dm-0"), True,
         "encrypted with a key slot, on sdb: destroy the slot"),
        (lambda p: p.disk("sdd", solid=True).mapped("dm-0", "CRYPT-LUKS2-1-k", "sdd").mount("/keys-a", "dm-0"), True,
         "encrypted with a key slot"),
        (lambda p: p.mount("/keys-a", "sdb", "btrfs"), False, "not sure: btrfs keeps what is overwritten"),
    ],
)  # fmt: skip
def test_the_deep_check_says_which_erasing_holds(
    engine: Engine, apart: Settings, planted: Planted, plant: Plant, well: bool, said: str
) -> None:
    plant(planted)
    found = {look.name: look for look in check_platform(engine, apart, planted.root)}
    assert found["erasing, private"].ok is well and said in found["erasing, private"].detail
    assert found["erasing, pepper"].detail == "written over in place, on sdc"
    assert found["swap"].ok


def test_the_deep_check_sees_swap_that_can_be_read(engine: Engine, apart: Settings, planted: Planted) -> None:
    planted.part("sda", "sda2").swaps(("/dev/sda2", "partition"))
    for settings in (apart, replace(apart, demo=True)):
        (swap,) = [look for look in check_platform(engine, settings, planted.root) if look.name == "swap"]
        assert not swap.ok and "/dev/sda2" in swap.detail


def test_only_a_demo_keeps_keys_beside_the_answers(engine: Engine, tmp_path: Path) -> None:
    beside = Settings(instance=tmp_path, secret="s" * 40)
    with write_transaction(engine) as connection:
        furnish(connection, [], make_round("r1"))
    with pytest.raises(KeysRefused):
        open_round(engine, beside, "r1")
    with read_transaction(engine) as connection:
        found = rounds.get_round(connection, "r1")
    assert found is not None and found.state == "draft"
    assert not (tmp_path / "keys").exists()
    open_round(engine, replace(beside, demo=True), "r1")
