"""Scripts, style sheets and templates have none of the faults that their linters look for; each is seen red once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.linting import faults_of_scripts, faults_of_style_sheets, faults_of_templates

PLANTED = {
    "x.js": (faults_of_scripts, 'const left = "1";\nlate = left;\n', "no-undef"),
    "x.css": (faults_of_style_sheets, ".Wide { colr: red }\n", "property-no-unknown"),
    "x.html": (faults_of_templates, "<ul>\n  <li>one\n</ul>\n<img src='/x'>\n", "H013"),
}


@pytest.mark.parametrize("faults", [faults_of_scripts, faults_of_style_sheets, faults_of_templates])
def test_what_pages_are_made_of_has_no_faults(faults: Callable[[], str]) -> None:
    assert faults() == ""


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(tmp_path: Path, name: str) -> None:
    faults, source, rule = PLANTED[name]
    (tmp_path / name).write_text(source, encoding="utf-8")
    assert rule in faults(tmp_path)
