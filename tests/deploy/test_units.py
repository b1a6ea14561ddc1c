"""The services of deploy/systemd: what they start is what `make run` starts, and they are shut in as they say."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from survey.cli.install.accounts import ALL_PARTS, INNER_PARTS, OWNER, RESIDENT, STAFF, WORKER
from survey.serving.together import server
from tests.attacks.running import ROOT

UNITS = {path.stem.removeprefix("sju-fragor-"): path for path in (ROOT / "deploy" / "systemd").glob("*.service")}
BACKUP = UNITS.pop("backup")
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
    path = UNITS.get(name, BACKUP)
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
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


def test_a_backup_is_made_by_who_can_see_no_key() -> None:
    found = settings("backup")
    assert {key: found[key] for key in SHUT_IN} == {key: [value] for key, value in SHUT_IN.items()}
    assert found["InaccessiblePaths"] == ["-/srv/private-keys -/srv/pepper-keys"] and found["User"] == [OWNER]
    commands = [shlex.split(each)[3:] for each in found["ExecStart"]]
    folder = commands[0][-1]
    assert [each[0] for each in commands] == ["backup", "restore"] and commands[1][1:] == ["--drill", folder]
    assert folder in found["ReadWritePaths"][0].split()


def accounts(text: str) -> dict[str, set[str]]:
    """The groups of each account that a file of systemd-sysusers makes: its own first, then those it joins."""
    lines = [shlex.split(line) for line in text.splitlines() if line[:1] in ("u", "m")]
    found = {line[1]: {line[2].removeprefix("-:")} for line in lines if line[0] == "u"}
    for line in (each for each in lines if each[0] == "m"):
        found[line[1]].add(line[2])
    return found


def test_the_accounts_that_are_made_are_those_of_the_services() -> None:
    made = accounts((ROOT / "deploy" / "sysusers" / "sju-fragor.conf").read_text(encoding="utf-8"))
    assert made == {
        OWNER: {ALL_PARTS, INNER_PARTS},
        RESIDENT: {ALL_PARTS},
        STAFF: {ALL_PARTS, INNER_PARTS},
        WORKER: {ALL_PARTS, INNER_PARTS},
    }
    assert {settings(name)["User"][0] for name in UNITS} == set(made) - {OWNER}
    assert {settings(name)["Group"][0] for name in UNITS} == {ALL_PARTS}


def test_the_system_is_made_once_and_what_is_there_stays(tmp_path: Path) -> None:
    environ = {**os.environ, "DESTDIR": str(tmp_path)}

    def run() -> str:
        command = ["sh", str(ROOT / "deploy" / "system.sh")]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False).stdout

    first = run()
    assert "made     /etc/systemd/system/sju-fragor-worker.service" in first
    own = tmp_path / "etc" / "tmpfiles.d" / "sju-fragor.conf"
    own.write_text("# another folder\n", encoding="utf-8")
    again = run()
    assert "made" not in again and "differs  /etc/tmpfiles.d/sju-fragor.conf" in again
    assert own.read_text(encoding="utf-8") == "# another folder\n"


@pytest.mark.parametrize("name", list(UNITS))
def test_systemd_has_nothing_to_say_of_it(name: str, tmp_path: Path) -> None:
    if (analyze := shutil.which("systemd-analyze")) is None:
        return  # not every machine that tests has systemd; what it would say is looked at above
    text = UNITS[name].read_text(encoding="utf-8")
    unit = tmp_path / UNITS[name].name
    unit.write_text(text.replace("/srv/sju-fragor/.venv/bin", str(ROOT / ".venv" / "bin")), encoding="utf-8")
    said = subprocess.run([analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False)
    assert unit.name not in said.stderr, said.stderr


# By systemd's own table, from 0 to 10, times ten; today 15 and 17, and another version of it weighs a little otherwise.
EXPOSED = 20


@pytest.mark.parametrize("name", [*UNITS, "backup"])
def test_a_service_is_hardly_exposed(name: str) -> None:
    if (analyze := shutil.which("systemd-analyze")) is None:
        return  # as above

    def well(threshold: int) -> bool:
        path = UNITS.get(name, BACKUP)
        command = [analyze, "security", "--offline=true", f"--threshold={threshold}", "--no-pager", str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0

    assert well(EXPOSED) and not well(EXPOSED // 4), "it can fail"
