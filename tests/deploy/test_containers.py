"""The containers of deploy/: each part as its service is, shut in, and with no volume that is another's.

No engine runs them here: what they are made of is looked at.
"""

import re
import shlex
from typing import Any

import pytest
import yaml

from survey.cli.install.accounts import RESIDENT, STAFF, WORKER
from survey.serving.together import server
from tests.attacks.running import ROOT
from tests.deploy.test_units import options

FOLDER = ROOT / "deploy" / "containers"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
PARTS = {"resident": RESIDENT, "staff": STAFF, "worker": WORKER, "init": WORKER}
CONTAINERFILE = (FOLDER / "Containerfile").read_text(encoding="utf-8")


def mounts(name: str) -> dict[str, bool]:
    """Where a part's volumes lie, and whether it may write there."""
    found = (each.split(":") for each in COMPOSE["services"][name]["volumes"])
    return {parts[1]: parts[2:] != ["ro"] for parts in found}


@pytest.mark.parametrize("name", list(PARTS))
def test_each_part_is_shut_in(name: str) -> None:
    part = COMPOSE["services"][name]
    assert part["user"] == PARTS[name] and part["read_only"] and part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert part["ulimits"]["core"] == 0 and part["mem_limit"] == part["memswap_limit"]


def test_each_part_sees_what_is_its_own() -> None:
    assert mounts("resident") == {"/var/lib/sju-fragor-resident": False, "/srv/pepper-keys": False}
    assert mounts("staff") == {"/var/lib/sju-fragor": False, "/srv/pepper-keys": False}
    assert mounts("worker")["/srv/private-keys"] and mounts("worker")["/srv/pepper-keys"]
    assert not any("keys" in each or "sju-fragor" in each for each in COMPOSE["services"]["database"]["volumes"])


def test_the_key_volumes_are_disks_of_the_host() -> None:
    of_worker = [each for each in COMPOSE["services"]["worker"]["volumes"] if "keys" in each]
    assert of_worker == ["/srv/private-keys:/srv/private-keys", "/srv/pepper-keys:/srv/pepper-keys"]
    assert not any("keys" in name for name in COMPOSE["volumes"])


@pytest.mark.parametrize("name", ["resident", "staff"])
def test_a_web_is_served_as_make_run_serves_it(name: str) -> None:
    part = COMPOSE["services"][name]
    given = [word for each in part["command"] for word in each.split("=", 1)]
    assert options(given) == options(server(8001)) and part["command"][-1] == "wsgi:app"
    assert part["environment"]["PART"] == name


def test_the_database_is_reached_from_inside_alone() -> None:
    assert COMPOSE["services"]["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    published = [name for name, each in COMPOSE["services"].items() if "ports" in each]
    assert published == ["proxy"]


def copied(containerfile: str) -> list[str]:
    """What of the checkout goes into the image."""
    lines = re.findall(r"^COPY (?!--from)(.*)$", containerfile, re.MULTILINE)
    return [source for line in lines for source in shlex.split(line)[:-1]]


def test_the_image_holds_the_program_and_nothing_of_an_installation() -> None:
    let_in = {line[1:] for line in (FOLDER / "Containerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert set(copied(CONTAINERFILE)) == let_in
    assert all((ROOT / source).exists() for source in let_in)
    assert not any(source.startswith(("instance", "tests", ".")) for source in let_in)


def test_the_image_has_the_accounts_and_is_nobodys_root() -> None:
    made = dict(re.findall(r"useradd --uid (\d+) .*nologin (survey-\w+)", CONTAINERFILE))
    assert set(made.values()) == {RESIDENT, STAFF, WORKER}
    last = re.findall(r"^USER (\d+):(\d+)$", CONTAINERFILE, re.MULTILINE)[-1]
    assert made[last[0]] == WORKER
