"""What tests look for on a page is there to be found: a class that has another name now would be looked for in vain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.template_trees import our_templates
from tests.web.test_style_sheets import SCRIPTS, read, set_by

TESTS = Path(__file__).parents[1]
# A browser is asked for a selector by these, and a page's own script by the last.
_ASKED = {
    *("locator", "query_selector", "query_selector_all", "wait_for_selector", "eval_on_selector", "is_visible"),
    *("eval_on_selector_all", "click", "fill", "text_content", "inner_text", "check", "tap", "focus", "press", "count"),
}
_IN_SCRIPT = re.compile(r"(?:querySelector(?:All)?|matches|closest)\(\s*(['\"`])(.*?)\1")
_CLASS = re.compile(r"(?<![\d/])\.([a-z][\w-]*)")
_OTHER = re.compile(r"=>|@")  # what is no selector: a function, an address that is filled in
_WRITTEN = re.compile(r"class=[\"']([a-z][\w -]*)[\"']")


def sought(module: str) -> Iterator[str]:
    """Every class that a test module looks for: in a browser, in a script that it runs there, in a page's text."""
    tree = ast.parse(module)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _ASKED
            and node.args
        ):
            for each in ast.walk(node.args[0]):
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and not _OTHER.search(each.value):
                    yield from _CLASS.findall(each.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for _, selector in _IN_SCRIPT.findall(node.value):
                yield from _CLASS.findall(selector)
            yield from (name for names in _WRITTEN.findall(node.value) for name in names.split())


def test_each_class_that_a_test_looks_for_is_given_somewhere() -> None:
    given = {name for classes in our_templates().classes.values() for _, name in classes} | set_by(read(SCRIPTS))
    found = {}
    for path in sorted(TESTS.rglob("*.py")):
        if path.name not in {
            Path(__file__).name,
            "template_trees.py",
            "test_style_sheets.py",
            "test_template_parts.py",
        }:
            found[path.relative_to(TESTS).as_posix()] = set(sought(path.read_text(encoding="utf-8")))
    assert sum(bool(classes) for classes in found.values()) > 15
    assert {name: classes - given for name, classes in found.items() if classes - given} == {}


@pytest.mark.parametrize(
    ("module", "classes"),
    [
        ("page.locator('main .old li').count()", ["old"]),
        ("page.evaluate('() => [...document.querySelectorAll(\".gone, p\")].length')", ["gone"]),
        ("re.findall(r'<p class=\"late\">', text)", ["late"]),
        ("page.locator('#email').fill('anna@region.example'), page.goto(at + 'a.html'), page.wait_for_timeout(.5)", []),
    ],
)
def test_a_class_that_is_looked_for_is_seen(module: str, classes: list[str]) -> None:
    assert list(sought(module)) == classes
