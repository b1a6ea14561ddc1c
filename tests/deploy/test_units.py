"""The services of deploy/systemd: what they start is what `make run` starts, and they are shut in as they say."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from survey.serving.together import server
from tests.attacks.running import ROOT

UNITS = {path.stem.removeprefix("sju-fragor-"): path for path in (ROOT / "deploy" / "systemd").glob("*.service")}
SHUT_IN = {
    "LimitCORE": "0",
    "LimitMEMLOCK": "infinity",
    "MemorySwapMax": "0",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
}
# What an installation chooses: how many, where, and how much it says.
CHOSEN = ("--host", "--port", "--workers", "--log-level", "--workers-kill-timeout")


def settings(name: str) -> dict[str, list[str]]:
    """A unit's settings, each with its values in order."""
    found: dict[str, list[str]] = {}
    for line in UNITS[name].read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def options(command: list[str]) -> dict[str, str]:
    """The options of a command, but those that an installation chooses."""
    pairs = zip(command, [*command[1:], ""], strict=True)
    named = {option: "" if value.startswith("--") else value for option, value in pairs if option.startswith("--")}
    return {option: value for option, value in named.items() if option not in CHOSEN}


def test_there_is_a_service_for_each_account() -> None:
    assert {name: settings(name)["User"] for name in UNITS} == {
        name: [f"survey-{name}"] for name in ("resident", "staff", "worker")
    }


@pytest.mark.parametrize("name", list(UNITS))
def test_each_is_shut_in(name: str) -> None:
    found = settings(name)
    assert {key: found[key] for key in SHUT_IN} == {key: [value] for key, value in SHUT_IN.items()}
    keys = "/srv/private-keys"
    assert any(keys in value for value in found.get("InaccessiblePaths", [])) is (name != "worker")
    assert any(keys in value for value in found["ReadWritePaths"]) is (name == "worker")


def test_the_resident_part_has_settings_of_its_own_and_cannot_see_the_staffs() -> None:
    inner = {name: settings(name)["Environment"][0].split()[0].removeprefix("INSTANCE=") for name in UNITS}
    assert inner["staff"] == inner["worker"] != inner["resident"]
    assert f"-{inner['staff']}" in settings("resident")["InaccessiblePaths"][0].split()
    assert settings("resident")["ReadWritePaths"] == [inner["resident"]]


@pytest.mark.parametrize("name", ["resident", "staff"])
def test_a_web_is_served_as_make_run_serves_it(name: str) -> None:
    found = settings(name)
    command = shlex.split(found["ExecStart"][0])
    assert options(command) == options(server(8001)) and command[-1] == "wsgi:app"
    assert command[command.index("--host") + 1] == "127.0.0.1" and f"PART={name}" in found["Environment"][0]


@pytest.mark.parametrize("name", list(UNITS))
def test_systemd_has_nothing_to_say_of_it(name: str, tmp_path: Path) -> None:
    if (analyze := shutil.which("systemd-analyze")) is None:
        return  # not every machine that tests has systemd; what it would say is looked at above
    text = UNITS[name].read_text(encoding="utf-8")
    unit = tmp_path / UNITS[name].name
    unit.write_text(text.replace("/srv/sju-fragor/.venv/bin", str(ROOT / ".venv" / "bin")), encoding="utf-8")
    said = subprocess.run([analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)
    assert unit.name not in said.stderr, said.stderr
