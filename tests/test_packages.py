"""The lists of packages hold what the project asks for, with hashes, on every Python.

Each rule is seen red on a planted fault.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LISTS = {"requirements.txt": None, "requirements-dev.txt": "dev", "requirements-attack.txt": "attack"}
# The lists are for every system: what one of these needs may stand in them.
SYSTEMS = [
    {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "os_name": "nt" if system == "win32" else "posix",
        "implementation_name": implementation.lower(),
        "platform_python_implementation": implementation,
    }
    for python, system, implementation in product(PYTHONS, ("linux", "darwin", "win32"), ("CPython", "PyPy"))
]


def wanted(project: dict[str, Any], group: str | None) -> list[str]:
    """List what a list of packages must hold: the project's own, but for the scanners, and its group's."""
    own = [] if group == "attack" else project["project"]["dependencies"]
    return [*own, *(project["dependency-groups"][group] if group else [])]


def pins_of(text: str) -> list[Requirement]:
    """Return the packages of a list, each in its version and with its marker."""
    blocks = re.split(r"\n(?=[a-z])", "\n" + text)[1:]
    return [Requirement(block.partition("\\")[0].strip()) for block in blocks]


def needed_on(system: dict[str, str], asked: Iterable[str]) -> Iterator[str]:
    """Yield the name of each package that these requirements bring on a system, by the metadata installed here."""
    waiting = [(Requirement(each), "") for each in asked]
    seen: set[tuple[str, str]] = set()
    while waiting:
        need, of_extra = waiting.pop()
        if need.marker is not None and not need.marker.evaluate({**system, "extra": of_extra}):
            continue
        name = canonicalize_name(need.name)
        yield name
        for extra in {"", *need.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(Requirement(each), extra) for each in _requirements(name)]


def _requirements(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:  # what another system needs
        return []


def not_needed(text: str, asked: Iterable[str]) -> list[str]:
    """Name the packages of a list that no system needs which it puts them on."""
    needed = [(system, set(needed_on(system, asked))) for system in SYSTEMS]
    return [
        str(pin)
        for pin in pins_of(text)
        if not any(
            canonicalize_name(pin.name) in names and (pin.marker is None or pin.marker.evaluate(dict(system)))
            for system, names in needed
        )
    ]


def faults_of_lock(text: str, asked: Iterable[str]) -> list[str]:
    """Name what is asked for and not locked, in a version that was asked for, on each Python; and what has no hash."""
    blocks = re.split(r"\n(?=[a-z])", "\n" + text)[1:]
    faults = [f"{block.split()[0]} has no hash" for block in blocks if "--hash=sha256:" not in block]
    pins = pins_of(text)
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


def test_nothing_runs_on_a_server_that_nothing_needs() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert not_needed(text, wanted(PROJECT, None)) == [], "run `make lock`"


@pytest.mark.parametrize(
    "planted",
    [
        "left-over==1.0",
        "pytest==9.0",  # of the tests alone
        "colorama==0.4 ; sys_platform == 'linux'",  # of Click, on Windows
        "brotli==1.2 ; platform_python_implementation == 'Jython'",
    ],
)
def test_a_planted_package_is_found(planted: str) -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = not_needed(text + f"{planted} \\\n    --hash=sha256:0\n", wanted(PROJECT, None))
    assert found == [str(Requirement(planted))]


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
