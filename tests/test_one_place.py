"""What stands in one place, or nowhere else: words above the rules, figures from what was done, one right to read.

Each rule is seen red on a planted fault.
"""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from survey.domain.text.fault import FileFault, InvitationFault, PlaceFault, RecordCode
from survey.web.staff.fault_sentences import SENTENCES

ROOT = Path(__file__).resolve().parent.parent
# Below the pages and the commands: each of these is met by a Swedish page and by an English command.
BELOW = ("domain", "sealing", "store", "channels", "publication")
SWEDISH = set("åäöÅÄÖ”")
ONE_ROW = "answer_scale.py"  # all that is known of an option is its row, the code book's words for it too
SWEDISH_WORDS = re.compile(r"(?i)\b(och|att|som|inte|är|för|en|ett|på|av|den|det|finns|saknas|ska|har|bara|eller)\b")


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
        str(path.relative_to(ROOT)): texts
        for room in BELOW
        for path in (ROOT / "survey" / room).rglob("*.py")
        if (texts := swedish_errors(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_planted_sentence_in_an_error_is_found() -> None:
    assert swedish_errors('raise RoundError(f"Mätomgången {key} är inte öppen.")') == [
        "Mätomgången ",
        " är inte öppen.",
    ]
    assert swedish_errors('raise RoundError(key, "not_open")') == []


def swedish_sentences(source: str) -> list[str]:
    """Return the Swedish sentences and parts of such in a module, beside its docstrings.

    Names that a page turns (`N_`) and single words of a file may stand there: a name is no sentence.
    """
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    names = {id(text) for node in ast.walk(tree) if isinstance(node, ast.Call) and _marks(node) for text in node.args}
    texts = [(node, _text(node)) for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr)]
    return [
        text
        for node, text in texts
        if id(node) not in docs | inner and _is_swedish(text) and _is_sentence(node, text, named=id(node) in names)
    ]


def _marks(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "N_"


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return node.value if isinstance(node.value, str) else ""


def _is_swedish(text: str) -> bool:
    return bool(SWEDISH & set(text) or SWEDISH_WORDS.search(text))


def _is_sentence(node: ast.Constant | ast.JoinedStr, text: str, *, named: bool) -> bool:
    if " " not in text.strip() or "(?" in text:  # a pattern that reads what people write
        return False
    ends = text.rstrip().endswith((".", "!", "?", ":"))
    return ends or (not named and (isinstance(node, ast.JoinedStr) or len(text.split()) > 3))


def test_the_rules_hold_no_sentence() -> None:
    found = {
        str(path.relative_to(ROOT)): sentences
        for path in (ROOT / "survey" / "domain").rglob("*.py")
        if path.name != ONE_ROW and (sentences := swedish_sentences(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('yield "namnet saknas."', ["namnet saknas."]),
        ('NO_DAY = N_("Skriv en dag som 2026-01-31.")', ["Skriv en dag som 2026-01-31."]),
        ('faults.append((3, f"samma {name} finns redan på rad {line}"))', ["samma … finns redan på rad …"]),
        ('where = "en kommun eller regionen"', ["en kommun eller regionen"]),
        ('yield Fault("no_name")', []),
        ('"""Names: people without å on the keyboard write a."""', []),
        ('name = N_("Uppföljningsgruppen: läser alla resultat")', []),
        ('TOTALS = {"män och kvinnor"}', []),
        ('raise ValueError("There is no event.")', []),
    ],
)
def test_a_planted_sentence_among_the_rules_is_found(source: str, found: list[str]) -> None:
    assert swedish_sentences(source) == found


def test_every_fault_of_a_file_has_its_words() -> None:
    codes = {code for kind in (FileFault, PlaceFault, InvitationFault, RecordCode) for code in get_args(kind)}
    assert set(SENTENCES) == codes


def aliases(source: str) -> set[str]:
    """Return the names that a module gives to types made of others: `Row = dict[str, Any]`."""
    return {
        statement.targets[0].id
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and re.fullmatch("_?[A-Z]+[a-z][A-Za-z]*", statement.targets[0].id)
        and (isinstance(statement.value, ast.Subscript | ast.BinOp) or _makes_type_variable(statement.value))
    }


def _makes_type_variable(value: ast.expr) -> bool:
    # T, P and R stand for any type, in each module anew.
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "TypeVar"


def test_a_type_is_named_once_in_a_room() -> None:
    defined: dict[tuple[str, str], list[str]] = {}
    for path in [*(ROOT / "survey").rglob("*.py"), *(ROOT / "analysis").rglob("*.py")]:
        parts = path.relative_to(ROOT).parts
        room = parts[1] if parts[0] == "survey" else "analysis"
        for name in aliases(path.read_text(encoding="utf-8")):
            defined.setdefault((room, name), []).append(str(path.relative_to(ROOT)))
    assert len(defined) > 50
    assert {key: paths for key, paths in defined.items() if len(paths) > 1} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Row = dict[str, Any]", {"Row"}),
        ("Value = str | int", {"Value"}),
        ('Entry = TypeVar("Entry", Approval, Wording)', {"Entry"}),
        ('T = TypeVar("T")\nROWS = names[0]\nvalue = a | b', set()),
    ],
)
def test_a_planted_alias_is_found(source: str, found: set[str]) -> None:
    assert aliases(source) == found


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
