"""The lists of packages hold what the project asks for, with hashes, on every Python.

Each rule is seen red on a planted fault.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LISTS = {"requirements.txt": None, "requirements-dev.txt": "dev", "requirements-attack.txt": "attack"}


def wanted(project: dict[str, Any], group: str | None) -> list[str]:
    """List what a list of packages must hold: the project's own, but for the scanners, and its group's."""
    own = [] if group == "attack" else project["project"]["dependencies"]
    return [*own, *(project["dependency-groups"][group] if group else [])]


def faults_of_lock(text: str, asked: Iterable[str]) -> list[str]:
    """Name what is asked for and not locked, in a version that was asked for, on each Python; and what has no hash."""
    blocks = re.split(r"\n(?=[a-z])", "\n" + text)[1:]
    faults = [f"{block.split()[0]} has no hash" for block in blocks if "--hash=sha256:" not in block]
    pins = [Requirement(block.partition("\\")[0].strip()) for block in blocks]
    for need in map(Requirement, asked):
        for python in PYTHONS:
            here = {"python_version": python, "python_full_version": f"{python}.9"}
            fit = [
                pin
                for pin in pins
                if canonicalize_name(pin.name) == canonicalize_name(need.name)
                and (pin.marker is None or pin.marker.evaluate(here))
            ]
            if len(fit) != 1 or not need.specifier.contains(str(fit[0].specifier).removeprefix("==")):
                faults.append(f"{need} on Python {python}")
    return faults


@pytest.mark.parametrize(("name", "group"), LISTS.items())
def test_the_lists_of_packages_hold_what_the_project_asks_for(name: str, group: str | None) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert faults_of_lock(text, wanted(PROJECT, group)) == [], "run `make lock`"
    assert "://" not in text


def test_the_tests_run_with_the_versions_that_are_installed() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z].*?==[^ ]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_a_list_of_packages_can_fail() -> None:
    older = "flask==3.1.3 ; python_version < '3.13' \\\n    --hash=sha256:0\n"
    whole = older + "flask==3.2 ; python_version >= '3.13' \\\n    --hash=sha256:1\n"
    assert faults_of_lock(whole, ["Flask>=3.1"]) == []
    assert faults_of_lock(whole, ["flask>=3.2"]) == ["flask>=3.2 on Python 3.11", "flask>=3.2 on Python 3.12"]
    assert len(faults_of_lock(whole, ["wtforms"])) == len(PYTHONS)
    assert faults_of_lock(whole.replace("--hash=sha256:1", ""), ["flask"]) == ["flask==3.2 has no hash"]
