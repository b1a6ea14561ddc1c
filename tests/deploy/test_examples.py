"""The settings of deploy/ are what `flask init` writes, so that a line there can be trusted."""

import re
from pathlib import Path

import pytest

from survey.cli.install.answers import Answers
from survey.cli.install.settings_files import as_toml, inner_settings, resident_database, resident_settings
from survey.config import read_settings
from tests.attacks.running import ROOT

SECRET = "write-here-at-least-32-random-characters"
EXAMPLE = Answers(
    region_name="Region Exempel",
    resident_address="https://svara.region.example",
    staff_address="https://enkat.region.example",
    contact="enkat@region.example",
    database="postgresql+psycopg://survey@/survey",
    resident_folder="/var/lib/sju-fragor-resident",
    private_volume="/srv/private-keys",
    pepper_volume="/srv/pepper-keys",
    keys_not_backed_up=True,
    places="",
)
WRITTEN = {
    "config.toml": ("all", as_toml(inner_settings(EXAMPLE, SECRET))),
    "config-resident.toml": ("resident", as_toml(resident_settings(EXAMPLE, SECRET, resident_database(EXAMPLE, ROOT)))),
}


@pytest.mark.parametrize("name", list(WRITTEN))
def test_an_example_is_what_init_writes(name: str, tmp_path: Path) -> None:
    part, text = WRITTEN[name]
    assert (ROOT / "deploy" / "settings" / name).read_text(encoding="utf-8") == text
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path, part).region_name == "Region Exempel"
    assert not re.search(r'^secret = "(?!write-here)', text, re.MULTILINE)
