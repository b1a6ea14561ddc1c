"""What was decided, and what has changed, stands in whole lists: each with its day, none left out.

Each rule is seen red on a planted fault.
"""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DECISIONS = ROOT / "docs" / "decisions"

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
