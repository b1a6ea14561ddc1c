"""What functions, classes, parameters and attributes are called: no word and no name that the glossary has given up.

A name that is gone would be found beside the one that took its place, and each would seem to mean a thing of its own.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = [path for room in ("survey", "analysis") for path in sorted((ROOT / room).rglob("*.py"))]


def given_up(heading: str, glossary: str) -> set[str]:
    """Return what the first paragraph under a heading of the glossary lists, between backticks."""
    return set(re.findall("`([A-Za-z_]+)`", glossary.partition(f"## {heading}\n\n")[2].partition("\n\n")[0]))


GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = given_up("Words that no name of a function, class, parameter or attribute has", GLOSSARY)
NAMES = given_up("Names that are gone", GLOSSARY)


def names_in(source: str) -> Iterator[str]:
    """Yield the names that a module gives: of functions, classes, parameters, attributes, constants."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    for statement in (each for body in bodies for each in body):
        for target in ast.walk(statement) if isinstance(statement, ast.Assign | ast.AnnAssign) else ():
            if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store):
                yield target.id


def words_in(name: str) -> set[str]:
    """Return the words of a name, in small letters."""
    return {word.lower() for word in re.findall("[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def faults_of(source: str) -> list[str]:
    """Return the names that are given up, or have a word that is."""
    return sorted({name for name in names_in(source) if name.lstrip("_") in NAMES or words_in(name) & WORDS})


def test_no_name_has_come_back() -> None:
    found = {str(path.relative_to(ROOT)): faults_of(path.read_text(encoding="utf-8")) for path in CODE}
    assert len(WORDS) > 10 and len(NAMES) > 40 and len(found) > 400
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "def put_in_spool(): ...",
        "def _looks_like(): ...",
        "class Shelf: ...",
        "def draw(*, chance): ...",
        "LONGEST = 8",
        "class Order:\n    handout: int",
        "class Order:\n    def __init__(self):\n        self.told_back = 1",
    ],
)
def test_a_planted_name_is_found(planted: str) -> None:
    assert len(faults_of(planted)) == 1
    assert faults_of("def enqueue(rng, longest_side): ...\nMAX_LENGTH = 8") == []
