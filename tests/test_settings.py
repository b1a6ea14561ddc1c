"""What stops the start: a missing or a wrong address, a sender that is none, a secret in the wrong part's file."""

from pathlib import Path

import pytest

from survey.config import ROOT, SettingsError, read_settings, resident_secret
from survey.domain.places.place_tree import PlaceTree, read_csv

SECRET = f'secret = "{"s" * 40}"'
RESIDENT = 'resident_address = "https://svara.region.example"'
STAFF = 'staff_address = "https://enkat.region.example"'
OURS = f'resident_secret = "{resident_secret("s" * 40)}"'


def read(folder: Path, *lines: str, part: str = "all") -> object:
    (folder / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_settings(folder, part)


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        ((SECRET, RESIDENT, STAFF), "all"),
        ((SECRET, RESIDENT, STAFF), "staff"),
        ((SECRET, RESIDENT), "resident"),
        ((OURS, RESIDENT), "resident"),
        ((SECRET, "demo = true"), "all"),
        ((SECRET, RESIDENT, STAFF, 'mail_host = "m"', 'mail_sender = "Region Å <enkat@region.example>"'), "all"),
        ((SECRET, RESIDENT, STAFF, 'sms_url = "https://sms.example/send?v=1"'), "all"),
        ((SECRET, RESIDENT, STAFF, "noise_unit = 1", "noise_region = 0.125", "smallest_group = 40"), "all"),
    ],
)
def test_what_starts(tmp_path: Path, lines: tuple[str, ...], part: str) -> None:
    read(tmp_path, *lines, part=part)


@pytest.mark.parametrize(
    ("lines", "part", "said"),
    [
        ((SECRET, RESIDENT), "all", "staff_address is missing: links are made of it"),
        ((SECRET, STAFF), "resident", "resident_address is missing"),
        ((SECRET, RESIDENT, STAFF, "noise_unit = 1.1"), "all", "noise_unit must be from 0.001 to 1"),
        ((SECRET, RESIDENT, STAFF, "noise_region = 0"), "all", "noise_region must be from 0.001 to 0.25"),
        ((SECRET, RESIDENT, STAFF, "noise_background = nan"), "all", "noise_background must be a number"),
        ((SECRET, RESIDENT, STAFF, 'noise_gap_staff = "lite"'), "all", "noise_gap_staff must be"),
        ((SECRET, RESIDENT, STAFF, "smallest_group = 29"), "all", "smallest_group must be 30 or more"),
        ((SECRET, RESIDENT, STAFF, 'smallest_group = "40"'), "all", "smallest_group must be of the kind int"),
        ((SECRET, STAFF, 'resident_address = "http://svara.region.example"'), "all", "must begin with https://"),
        ((SECRET, STAFF, 'resident_address = "https://svara.region.example/enkat"'), "all", "without a path"),
        ((SECRET, "demo = true", 'staff_address = "https://a b.example"'), "all", "staff_address must hold no space"),
        ((SECRET, RESIDENT, STAFF, 'sms_url = "http://sms.example/"'), "all", "sms_url must begin with https://"),
        ((SECRET, RESIDENT, STAFF, 'mail_host = "m"'), "all", "mail_sender is missing"),
        ((SECRET, RESIDENT, STAFF, 'mail_sender = "enkat@"'), "all", "mail_sender is no address"),
        ((SECRET, RESIDENT, STAFF, 'mail_sender = "a@region.example, b@region.example"'), "all", "mail_sender is no"),
        ((SECRET, RESIDENT, STAFF, r'mail_sender = "a@region.example\nBcc: b@region.example"'), "all", "mail_sender"),
        ((SECRET, RESIDENT, OURS), "resident", "alone, instead of secret"),
        ((OURS, RESIDENT, STAFF), "staff", "resident part alone"),
        (('resident_secret = "kort"', RESIDENT), "resident", "flask secret resident"),
        ((RESIDENT,), "resident", "secret is missing or short"),
        ((SECRET, RESIDENT, STAFF, "metrics_port = 65536"), "all", "metrics_port must be a port"),
        ((SECRET, RESIDENT, STAFF, 'metrics_port = "9464"'), "all", "metrics_port must be of the kind int"),
        ((SECRET, RESIDENT, STAFF, 'log_format = "xml"'), "all", "log_format must be text, or json"),
    ],
)
def test_what_stops_the_start_with_a_sentence(tmp_path: Path, lines: tuple[str, ...], part: str, said: str) -> None:
    with pytest.raises(SettingsError) as stopped:
        read(tmp_path, *lines, part=part)
    assert said in stopped.value.message


def test_each_use_has_a_key_of_its_own_and_the_resident_part_none_of_the_staffs(tmp_path: Path) -> None:
    staff = read_settings_of(tmp_path, SECRET, RESIDENT, STAFF)
    resident = read_settings_of(tmp_path, OURS, RESIDENT, part="resident")
    assert staff.resident_key("form ids") == resident.resident_key("form ids") != resident.resident_key("devices")
    assert staff.key("form ids") != staff.resident_key("form ids")
    with pytest.raises(SettingsError):
        resident.key("staff sessions")


def read_settings_of(folder: Path, *lines: str, part: str = "all"):  # type: ignore[no-untyped-def]
    read(folder, *lines, part=part)
    return read_settings(folder, part)


def test_the_list_of_places_that_operating_begins_with_makes_a_tree() -> None:
    found, faults = read_csv((ROOT / "docs" / "examples" / "places.csv").read_text(encoding="utf-8"), [])
    assert faults == [] and PlaceTree(found).region.key == "regionen"
    assert all(place.headcount for place in found if place.level == "unit")
