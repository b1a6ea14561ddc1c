"""What stands beside the code is true of it: licence, paths and names in documents, pictures, commands.

Each rule is seen red on a planted fault.
"""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
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
        folder: (ROOT / folder / name).read_text("utf-8")
        for folder, name in (("", "README.md"), ("docs", "screenshots.md"))
    }
    assert unshown(texts) == []
    assert unshown(texts, frozenset({"docs/pictures/trend.png"})) == ["docs/pictures/trend.png"]
    drawn = {Path(path).name for path in named_paths(texts["docs"], "docs") if path.startswith("docs/pictures/")}
    of_readme = {Path(path).name for path in named_paths(texts[""], "") if path.startswith("docs/pictures/")}
    assert of_readme <= drawn, "python -m tests.pictures draws what docs/screenshots.md shows"


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
