"""What stands beside the code is true of it: licence, paths that documents name, decisions, changes, lists of packages.

Each rule is seen red on a planted fault.
"""

import hashlib
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECISIONS = ROOT / "docs" / "decisions"
# The official English text, as the European Commission publishes it for files; three published copies were compared.
EUPL = "57fb42fbcd0b037ce528ed8f72f1ec095d67bc6825ecf1448ff39be1fe68a4b4"


def tracked() -> frozenset[str]:
    """Name every file of the project and every folder that holds one."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    files = {Path(name) for name in names if (ROOT / name).exists()}
    return frozenset({each.as_posix() for name in files for each in (name, *name.parents)})


FILES = tracked()


def test_the_licence_is_the_official_text() -> None:
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest() == EUPL
    assert PROJECT["project"]["license"] == "EUPL-1.2"
    assert set(PROJECT["project"]["license-files"]) <= FILES
    assert "[EUPL-1.2](LICENSE)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_wheel_that_is_shipped_says_its_licence() -> None:
    folder = ROOT / "deploy" / "wheels"
    told = (folder / "README.md").read_text(encoding="utf-8")
    shipped = [each.name for each in folder.glob("*.whl")]
    assert shipped and all(f"`{name}`" in told for name in shipped)
    assert all(f"LICENSE-{name.split('-')[0].replace('_', '-')}" in told for name in shipped)


# ── paths ──

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "deploy" / "wheels" / "README.md"])
OURS = ("survey", "analysis", "tests", "docs", "deploy", "bench", "translations", "instance")
# What a document tells to make, or what a command makes: not in the project until then.
MADE = {"config.toml", "instance/config.toml"}


def named_paths(text: str, folder: str, files: frozenset[str] = FILES) -> list[str]:
    """List the files and folders that a document names, in its links and between backquotes, as paths from the top."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)\s#]+)(?:#[^)]*)?\)", re.sub(r"`[^`\n]+`", "", text))
    found = [(Path(folder) / link).as_posix() for link in links]
    for quoted in re.findall(r"`([^`\n]+)`", text):
        for word in (each.rstrip(".,:;").removesuffix("/").partition("::")[0] for each in quoted.split()):
            if re.fullmatch(rf"(?:{'|'.join(OURS)})/[\w./*<>-]+|[\w-]+\.(?:md|toml|txt|py)", word):
                found.append(word)
    return [_flat(each) for each in found]


def _flat(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def missing_paths(text: str, folder: str = "", files: frozenset[str] = FILES) -> list[str]:
    """List the paths that a document names and the project lacks; `…/*.py` and `…/0051` ask for one that fits."""
    names = {each.rsplit("/", 1)[-1] for each in files}
    missing = []
    for path in named_paths(text, folder):
        if path in files or path in MADE or ("/" not in path and path in names):
            continue
        pattern = re.compile(re.sub(r"\\\*|<[^>]+>", "[^/]+", re.escape(path)) + r"(-[^/]*)?")
        if not any(pattern.fullmatch(each) for each in files):
            missing.append(path)
    return missing


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_that_a_document_names_exists(path: Path) -> None:
    folder = path.parent.relative_to(ROOT).as_posix()
    assert missing_paths(path.read_text(encoding="utf-8"), "" if folder == "." else folder) == []


def unshown(texts: dict[str, str], files: frozenset[str] = FILES) -> list[str]:
    """List the pictures that no document shows: nobody would see that they have grown old."""
    shown = {path for folder, text in texts.items() for path in named_paths(text, folder)}
    return sorted(each for each in files if each.startswith("docs/pictures/") and each not in shown)


def test_every_picture_is_shown_and_drawn_anew_with_the_others() -> None:
    texts = {
        folder: (ROOT / folder / name).read_text("utf-8") for folder, name in (("", "README.md"), ("docs", "pages.md"))
    }
    assert unshown(texts) == []
    assert unshown(texts, frozenset({"docs/pictures/trend.png"})) == ["docs/pictures/trend.png"]
    drawn = {Path(path).name for path in named_paths(texts["docs"], "docs") if path.startswith("docs/pictures/")}
    of_readme = {Path(path).name for path in named_paths(texts[""], "") if path.startswith("docs/pictures/")}
    assert of_readme <= drawn, "python -m tests.pictures draws what docs/pages.md shows"


def test_a_path_that_is_gone_is_found() -> None:
    text = "See `survey/gone.py`, [the plan](docs/plan.md#x), `tests/test_house.py::f` and `docs/decisions/0051`."
    assert missing_paths(text) == ["docs/plan.md", "survey/gone.py"]
    assert missing_paths("`survey/questionnaires/*.toml` and `lost.toml`") == ["lost.toml"]


def missing_names(text: str) -> list[str]:
    """List what a document says stands in a file and does not: "`NAME` in `path`", "`NAME` and `OTHER` in `path`"."""
    missing = []
    for names, path in re.findall(r"((?:`\w+`(?:, | and | or )?)+)\s+in\s+`([\w/]+\.(?:py|html))`", text):
        there = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
        missing += [
            f"{name} in {path}"
            for name in re.findall(r"\w+", names.replace(" and ", " ").replace(" or ", " "))
            if not re.search(rf"\b{name}\b", there)
        ]
    return missing


def test_every_name_that_a_recipe_says_stands_in_a_file_does() -> None:
    assert missing_names((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")) == []
    assert missing_names("`Settings` and `GONE` in `survey/config.py`") == ["GONE in survey/config.py"]


# ── decisions ──

ACCEPTED = re.compile(r"accepted|superseded by \[(\d{4})\]\((\1-[\w-]+\.md)\)")


def decision_rows(folder: Path) -> list[str]:
    """List a row of the index for each decision, from its heading and its line of status."""
    rows = []
    for path in sorted(folder.glob("[0-9]*.md")):
        found = re.match(r"# (\d{4}) (.+)\n\nStatus: (.+), (\d{4}-\d\d-\d\d)\n\n", path.read_text(encoding="utf-8"))
        assert found, f"{path.name} says no heading, status and date"
        number, title, status, day = found.groups()
        named = ACCEPTED.fullmatch(status)
        assert named and path.name.startswith(f"{number}-") and date.fromisoformat(day), path.name
        assert named[2] is None or (folder / named[2]).exists(), f"{path.name} names no decision there is"
        rows.append(f"| [{number}]({path.name}) | {title} | {status} | {day} |")
    return rows


def test_the_index_of_decisions_is_whole() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in index if line.startswith("| [")] == decision_rows(DECISIONS)


def test_a_decision_without_a_status_is_found(tmp_path: Path) -> None:
    whole = "# 0001 Why\n\nStatus: accepted, 2026-11-22\n\nText.\n"
    for fault, text in {
        "": whole,
        "says no heading": whole.replace("Status: accepted, 2026-11-22\n\n", ""),
        "names no decision": whole.replace("accepted", "superseded by [0002](0002-gone.md)"),
        "0001-why.md": whole.replace("accepted", "perhaps"),
    }.items():
        (tmp_path / "0001-why.md").write_text(text, encoding="utf-8")
        if fault:
            with pytest.raises(AssertionError, match=fault):
                decision_rows(tmp_path)
        else:
            assert decision_rows(tmp_path) == ["| [0001](0001-why.md) | Why | accepted | 2026-11-22 |"]


# ── changes ──

# How many lines each version has. A new version brings its own number.
RELEASED = {"0.4.0": 61, "0.3.0": 42, "0.2.0": 9, "0.1.0": 5}
SECTIONS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def faults_of_changes(text: str, version: str) -> list[str]:
    """Name what a list of changes lacks: newest first, dated, in known sections, the newest being the project's own."""
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    dated = [re.fullmatch(r"(\d+\.\d+\.\d+) – (\d{4}-\d\d-\d\d)", each) for each in versions if each != "Unreleased"]
    if not all(dated) or "Unreleased" in versions[1:]:
        return ["a version without a date"]
    known = [each.groups() for each in dated if each]
    faults = [] if known and known[0][0] == version else ["the newest version is not the project's"]
    if [day for _, day in known] != sorted((day for _, day in known), reverse=True):
        faults.append("the versions are not newest first")
    for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        named = re.findall(r"^### (.+)$", part, re.MULTILINE)
        if named != [each for each in SECTIONS if each in named] or not named:
            faults.append(f"sections {named}")
        if re.search(r"^- ", part.partition("### ")[0], re.MULTILINE):
            faults.append("a change under no section")
    return faults


def test_the_list_of_changes_is_dated_and_in_sections() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert faults_of_changes(text, PROJECT["project"]["version"]) == []


def test_what_is_new_stands_under_unreleased() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = dict(re.findall(r"^## ([0-9.]+) .*\n((?:(?!## ).*\n?)*)", text, re.MULTILINE))
    counted = {version: len(re.findall("^- ", lines, re.MULTILINE)) for version, lines in dated.items()}
    assert counted == RELEASED, "a version that has its day takes no more lines: they go under Unreleased"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace(" – 2026-11-22", ""), "a version without a date"),
        (lambda text: text.replace("### Added", "### Nice"), "sections ['Nice']"),
        (lambda text: text.replace("0.1.0", "0.0.9"), "the newest version is not the project's"),
        (lambda text: text.replace("### Added\n", ""), "sections []"),
        (lambda text: text + "## 0.0.1 – 2026-12-22\n### Fixed\n- One.\n", "the versions are not newest first"),
    ],
)
def test_a_list_of_changes_can_fail(change: Callable[[str], str], fault: str) -> None:
    text = "## Unreleased\n### Fixed\n- One.\n## 0.1.0 – 2026-11-22\n### Added\n- Two.\n"
    assert faults_of_changes(text, "0.1.0") == []
    assert fault in faults_of_changes(change(text), "0.1.0")


# ── lists of packages ──

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


# ── commands ──


def untimed(makefile: str) -> list[str]:
    """List the targets that a person is told of without what they do and the time they take."""
    told = re.findall(r"^([a-z-]+):.*?## (.*)$", makefile, re.MULTILINE)
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    return [name for name, words in told if not re.fullmatch(r".+ \| .+", words)] + sorted(
        set(phony) ^ {name for name, _ in told}
    )


def test_every_command_says_what_it_does_and_the_time_it_takes() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert untimed(text) == []
    assert untimed(text.replace(" | 10 min", "")) == ["bench"]
    assert untimed(text.replace(" ## remove", " # remove")) == ["clean"]
