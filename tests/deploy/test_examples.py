"""The settings of deploy/ are what `flask init` writes, so that a line there can be trusted."""

import re
from pathlib import Path

import pytest

from survey.cli.install.answers import OVER_THE_SOCKET, Answers
from survey.cli.install.settings_files import as_toml, inner_settings, resident_database, resident_settings
from survey.config import SettingsError, read_settings, resident_secret
from tests.attacks.running import ROOT

MISSING = "…"  # for who installs by hand to fill in
EXAMPLE = Answers(
    region_name="Region Exempel",
    resident_address="https://svara.region.example",
    staff_address="https://enkat.region.example",
    contact="enkat@region.example",
    database=OVER_THE_SOCKET,
    resident_folder="/var/lib/sju-fragor-resident",
    private_volume="/srv/private-keys",
    pepper_volume="/srv/pepper-keys",
    keys_not_backed_up=True,
    places="",
)
OUTER = resident_settings(EXAMPLE, MISSING, resident_database(EXAMPLE, ROOT))
WRITTEN = {
    "config.toml": ("all", as_toml(inner_settings(EXAMPLE, MISSING)), "s" * 40),
    "config-resident.toml": ("resident", as_toml({**OUTER, "resident_secret": MISSING}), resident_secret("s" * 40)),
}


@pytest.mark.parametrize("name", list(WRITTEN))
def test_an_example_is_what_init_writes_and_starts_when_its_secret_is_filled_in(name: str, tmp_path: Path) -> None:
    part, text, secret = WRITTEN[name]
    assert (ROOT / "deploy" / "settings" / name).read_text(encoding="utf-8") == text
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="secret"):
        read_settings(tmp_path, part)
    (tmp_path / "config.toml").write_text(text.replace(MISSING, secret), encoding="utf-8")
    found = read_settings(tmp_path, part)
    assert found.region_name == "Region Exempel" and found.private_folder.parent != found.pepper_folder.parent


def lines_to_type(document: str) -> list[str]:
    """What a person types from an empty machine to the first answer: each line of the blocks."""
    part = document.partition("## From an empty machine")[2].partition("### What init makes by itself")[0]
    blocks = re.findall(r"^```\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def test_fifteen_lines_lead_to_the_first_answer() -> None:
    lines = lines_to_type((ROOT / "docs" / "operating.md").read_text(encoding="utf-8"))
    assert 10 < len(lines) <= 15, lines
    # None hides another, but where a loop says the same of two disks.
    assert not [line for line in lines if "&&" in line or (";" in line and not line.startswith("for "))]
    assert lines[-1] == "survey check"
