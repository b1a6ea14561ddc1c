"""What stands in one place, or nowhere else: words above the rules, figures from what was done, one right to read.

Each rule is seen red on a planted fault.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Below the pages and the commands: each of these is met by a Swedish page and by an English command.
BELOW = ("domain", "sealing", "store", "channels", "publication")
SWEDISH = set("åäöÅÄÖ”")


def swedish_errors(source: str) -> list[str]:
    """Return the Swedish texts that a module's errors are raised with."""
    raised = (node.exc for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise) and node.exc is not None)
    return [
        text.value
        for error in raised
        for text in ast.walk(error)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and SWEDISH & set(text.value)
    ]


def test_an_error_below_the_pages_is_a_code() -> None:
    found = {
        str(path.relative_to(ROOT)): told
        for room in BELOW
        for path in (ROOT / "survey" / room).rglob("*.py")
        if (told := swedish_errors(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_planted_sentence_in_an_error_is_found() -> None:
    assert swedish_errors('raise RoundError(f"Mätomgången {key} är inte öppen.")') == [
        "Mätomgången ",
        " är inte öppen.",
    ]
    assert swedish_errors('raise RoundError(key, "not_open")') == []


def verdicts(source: str) -> list[str]:
    """Return the fields of records that a module writes a yes or a no into, without having asked anything."""
    tree = ast.parse(source)
    asked = {id(part) for node in ast.walk(tree) if isinstance(node, ast.IfExp) for part in ast.walk(node)}
    return [
        key.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict) and id(node) not in asked
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant) and isinstance(value.value, bool)
    ]


def test_an_edition_says_nothing_that_was_not_found_out() -> None:
    for path in (ROOT / "survey" / "publication").glob("*.py"):
        assert verdicts(path.read_text(encoding="utf-8")) == [], path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('body = {"audit": {"passed": True}}', ["passed"]),
        ('body |= {"invented": True} if settings.demo else {}', []),
        ('body = {"passed": attack(cells) == []}', []),
    ],
)
def test_a_planted_verdict_is_found(source: str, found: list[str]) -> None:
    assert verdicts(source) == found


def rights(source: str) -> list[int]:
    """Return the lines on which a module itself asks who reads everywhere."""
    return [number for number, line in enumerate(source.splitlines(), 1) if '"read_everywhere"' in line]


def test_who_may_read_a_place_is_asked_in_one_module() -> None:
    asking = {
        str(path.relative_to(ROOT / "survey"))
        for path in (ROOT / "survey").rglob("*.py")
        if rights(path.read_text(encoding="utf-8"))
    }
    assert asking == {"domain/staff/roles.py", "followup/access.py"}


def test_a_planted_question_of_ones_own_is_found() -> None:
    assert rights('known = () if person.may("read_everywhere") else places.all_places(connection)') == [1]


def test_axe_is_asked_in_one_module_by_one_list_of_rules() -> None:
    asking = [path.name for path in (ROOT / "tests").rglob("*.py") if imports_axe(path.read_text(encoding="utf-8"))]
    assert asking == ["axe.py"]


def imports_axe(source: str) -> bool:
    """Return whether a module asks axe by itself."""
    modules = (node.module or "" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    return any(module.startswith("axe_playwright_python") for module in modules)


def test_a_planted_list_of_rules_is_found() -> None:
    assert imports_axe("from axe_playwright_python.sync_playwright import Axe")
    assert not imports_axe("from tests.browser.axe import violations")
