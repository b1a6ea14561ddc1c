"""What docstrings and comments name between backticks is there: in their own module, or defined by that name elsewhere.

A name that was given up lives on in a sentence, where no type checker looks, and the reader seeks it in vain.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATHS = [path for room in ("survey", "analysis", "bench", "tests") for path in sorted((ROOT / room).rglob("*.py"))]
NAMED = re.compile(r"`([A-Za-z_][\w.]*)(?:\([^`]*\))?`")
PRODUCT = {"survey", "analysis"}
LIBRARIES = {"cryptography", "scipy.stats"}
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def docstrings(tree: ast.Module) -> dict[int, str]:
    """Return every docstring by the identity of its node."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, Documented)]
    firsts = [node.body[0] for node in nodes if ast.get_docstring(node)]
    return {id(each.value): str(ast.literal_eval(each.value)) for each in firsts if isinstance(each, ast.Expr)}


def sentences(source: str, tree: ast.Module) -> Iterator[str]:
    """Yield a module's docstrings and comments."""
    yield from docstrings(tree).values()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def words_of_code(tree: ast.Module) -> Iterator[str]:
    """Yield every name that a module's code has, and every word of its texts; not those of its docstrings."""
    told = docstrings(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name, asname=other):
                yield from (*name.split("."), other or "")
            case ast.Constant(value=str(text)) if id(node) not in told:
                yield from re.findall(r"\w+", text)


def definitions(tree: ast.Module) -> Iterator[str]:
    """Yield what a module defines: functions, classes and variables; what a class has with the class's name before."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for name in _bound(node))
    yield from _bound(tree)


def _bound(scope: ast.Module | ast.ClassDef) -> Iterator[str]:
    for statement in scope.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement.name
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            yield from (each.id for each in ast.walk(statement) if _is_set(each))


def _is_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def names_of(paths: Iterable[Path]) -> set[str]:
    """Return all that these modules define, and what they, their rooms and the files beside them are called."""
    found = {each.name for folder in ("survey", "translations") for each in (ROOT / folder).rglob("*")}
    found |= {each.name for each in ROOT.iterdir()}
    for path in paths:
        parts = path.relative_to(ROOT).with_suffix("").parts
        found |= {path.name, *parts, *definitions(ast.parse(path.read_text(encoding="utf-8")))}
    return found


@pytest.fixture(scope="module")
def product() -> set[str]:
    """What runs in earnest is called: its sentences name nothing of the tests."""
    return names_of(path for path in PATHS if path.relative_to(ROOT).parts[0] in PRODUCT)


def gone(source: str, known: set[str]) -> list[str]:
    """Return what a module's sentences name that neither its code has nor anything is called."""
    tree = ast.parse(source)
    own = {*words_of_code(tree), *known}
    named = {name for sentence in sentences(source, tree) for name in NAMED.findall(sentence)}
    there = {name for name in named if name in own | LIBRARIES or ".".join(name.split(".")[-2:]) in known}
    return sorted(name for name in named - there if not all(part in own for part in name.split(".")))


def test_what_a_sentence_names_is_there(product: set[str]) -> None:
    every = names_of(PATHS)
    found = {}
    for path in PATHS:
        room, *_ = parts = path.relative_to(ROOT).parts
        found["/".join(parts)] = gone(path.read_text(encoding="utf-8"), product if room in PRODUCT else every)
    assert len(found) > 900
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('def cut(most: int) -> None:\n    """Cut after `most`."""', []),
        ('def cut(limit: int) -> None:\n    """Cut after `most_of_all`."""', ["most_of_all"]),
        ('"""As `sealing.rounds.noising` does."""', []),
        ('"""As `sealing.rounds.made_loud` does."""', ["sealing.rounds.made_loud"]),
        ('"""See `Figures.columns`."""', []),
        ('"""See `Figures.rows_of_old`, and `draw_three_times(seed)`."""', ["Figures.rows_of_old", "draw_three_times"]),
        ("limit = 8  # `most_of_all` of them", ["most_of_all"]),
        ('class Page:\n    """One page. `again`: once more."""\n    may_resend: bool', ["again"]),
        ('"""The file `_staff.html` beside `gone.html`."""', ["gone.html"]),
    ],
)
def test_a_name_that_is_gone_is_found(source: str, names: list[str], product: set[str]) -> None:
    assert gone(source, product) == names
