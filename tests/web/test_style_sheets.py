"""No rule of our style sheets is dead: each class that one names is given by some template or script."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

SURVEY = Path(__file__).parents[2] / "survey"
SHEETS = sorted(path for path in SURVEY.rglob("*.css") if path.name != "tokens.css")  # which has no class
# What is printed has its rules with it.
_WITHIN = re.compile(r"<style>(.*?)</style>|{% block style %}(.*?){% endblock", re.S)
# In a template the attribute, also with an expression in it, and what the macro of tables makes one of; in a script
# the names that it sets.
_GIVEN = re.compile(r"""\b(?:class|kind)=(?:"([^"]*)"|'([^']*)'|([\w-]+))|"\s*class=([\w-]+)\"""")
_SET = re.compile(r"class(?:Name|List)\b(.*)")
_WORD = re.compile(r"(?<![\w-])[a-z][\w-]*")
# an attribute that an expression makes, and the classes it can make
EXPRESSED = {
    "{{ side.role }}": ("patient", "provider"),
    "button-{{ kind }}": ("button-primary", "button-secondary", "button-link"),
}


def classes_of(sheet: str) -> set[str]:
    """The classes that a style sheet's selectors name."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    return {
        name for selector in re.findall(r"[^{}]+(?=\{)", sheet) for name in re.findall(r"\.([a-z][\w-]*)", selector)
    }


def given(templates: str, scripts: str) -> set[str]:
    """The classes that templates and scripts give; of a name that ends in an expression, its beginning and a star."""
    found: set[str] = set()
    for attribute in (next(filter(None, each), "") for each in _GIVEN.findall(templates)):
        if attribute in EXPRESSED:
            found |= set(EXPRESSED[attribute])
            continue
        found |= {f"{start}*" for start in re.findall(r"([\w-]+)\{\{", attribute)}
        found |= set(_WORD.findall(re.sub(r"[\w-]+\{\{.*?\}\}", "", attribute)))
    return found | {word for line in _SET.findall(scripts) for word in _WORD.findall(line)}


def dead(sheet: str, alive: set[str]) -> list[str]:
    """The classes of a sheet that nothing has."""
    begun = tuple(name.removesuffix("*") for name in alive if name.endswith("*"))
    return sorted(name for name in classes_of(sheet) - alive if not name.startswith(begun or "\0"))


@pytest.fixture(scope="module")
def alive() -> set[str]:
    """The classes that anything of ours has."""
    read: Mapping[str, str] = {
        ending: "\n".join(path.read_text(encoding="utf-8") for path in sorted(SURVEY.rglob(f"*.{ending}")))
        for ending in ("html", "js")
    }
    return given(read["html"], read["js"])


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_has_no_dead_rule(path: Path, alive: set[str]) -> None:
    sheet = path.read_text(encoding="utf-8")
    assert classes_of(sheet)
    assert dead(sheet, alive) == []


def test_what_is_printed_has_no_dead_rule(alive: set[str]) -> None:
    pages = [path.read_text(encoding="utf-8") for path in sorted(SURVEY.rglob("*.html"))]
    within = "\n".join(rules for page in pages for each in _WITHIN.findall(page) for rules in each)
    assert len(classes_of(within)) > 5
    assert dead(within, alive) == []


def test_a_dead_rule_is_seen(alive: set[str]) -> None:
    sheet = ".alert p, .findings li { margin: 0 }\n@media print { .place-bar, .contents { display: none } }"
    assert dead(sheet, alive) == [
        "contents",
        "findings",
    ]
    assert dead(".bar .in2 { margin: 0 } .in { margin: 0 }", {"bar", "in*"}) == []
