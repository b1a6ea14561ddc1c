"""The operator's log: what is written, and that nothing which came from outside can be."""

import ast
import json
import logging
import re
from pathlib import Path

import pytest

from survey import journal
from survey.app import create_app
from tests.answering import make_answering

CODE = sorted((Path(__file__).parents[1] / "survey").rglob("*.py"))


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"round": "2027-var", "edition": 3}, "round=2027-var edition=3"),
        ({"status": "450 4.7.1", "kind": "Postponed"}, 'status="450 4.7.1" kind=Postponed'),
        ({"claims": "sub,email"}, "claims=sub,email"),
        ({"claims": "-"}, "claims=-"),
        ({"round": "anna@region.example"}, "?"),
        ({"round": "x\nround opened"}, "?"),
        ({"count": "+46701234567"}, "?"),
        ({"count": 46701234567}, "?"),
        ({"status": "550 5.1.1 <anna@region.example>"}, "?"),
        ({"kind": "K7QX-9TWD-M3PA"}, "?"),
        ({"claims": "anna@region.example"}, "?"),
        ({"anything": "else"}, "?"),
    ],
)
def test_a_line_holds_what_its_names_may_and_nothing_else(about: dict[str, str | int], said: str) -> None:
    line = journal.info("something happened", **about)
    assert line.removeprefix("something happened ") == (said if said != "?" else f"{next(iter(about))}=?")


def test_a_fault_is_its_kind_and_our_line_and_never_its_words() -> None:
    try:
        journal._shaped("round", None)  # type: ignore[arg-type]
    except TypeError as error:
        error.add_note("CANARY4711")
        told = journal.fault(error)
    assert re.fullmatch(r"TypeError at survey\.journal:\d+", told)
    assert journal.warn("failed", kind=told) == f'failed kind="{told}"'
    assert journal.fault(ValueError("CANARY4711")) == "ValueError"


def calls(source: str) -> list[ast.Call]:
    """Every line that some code writes."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("journal.")
        and "fault" not in ast.unparse(node.func)
    ]


def made_up(source: str) -> list[str]:
    """The lines whose words are not written out in the code, or that say what no shape is given for."""
    return [
        ast.unparse(call)
        for call in calls(source)
        if ast.unparse(call.func) in ("journal.info", "journal.warn")
        and (
            len(call.args) != 1
            or not isinstance(call.args[0], ast.Constant)
            or {word.arg for word in call.keywords} - journal.SHAPES.keys()
        )
    ]


def test_the_words_of_a_line_stand_in_the_code() -> None:
    assert [found for path in CODE for found in made_up(path.read_text(encoding="utf-8"))] == []
    assert (
        made_up('journal.info(f"opened {name}")')
        and made_up('journal.warn("x", name=1)')
        and made_up("journal.info(x)")
    )


def test_only_the_journal_writes_to_the_log() -> None:
    assert [path.name for path in CODE if re.search(r"^(import|from) logging\b", path.read_text(), re.M)] == [
        "journal.py"
    ]


def test_the_worker_s_lines_reach_standard_error_with_their_time(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance")
    with answering.app.app_context():
        result = answering.app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    (checked,) = [line for line in result.stderr.splitlines() if "checked" in line]
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} INFO checked, batches that do not add up count=0", checked
    )


def test_what_takes_answers_writes_no_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answering = make_answering(tmp_path / "instance")
    for part, hours in (("staff", True), ("resident", False), ("all", False)):
        create_app(part, answering.instance)
        journal.warn("stopped", kind="ValueError")
        (line,) = capsys.readouterr().err.splitlines()
        assert line.endswith("WARNING stopped kind=ValueError") and (line[:2] == "20") is hours
    assert logging.getLogger("survey").level == logging.INFO


def test_a_line_may_be_an_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answering = make_answering(tmp_path / "instance", config='log_format = "json"')
    for part, hours in (("staff", True), ("resident", False), ("all", False)):
        create_app(part, answering.instance)
        journal.warn("stopped", kind="ValueError", count=3, status="450 4.7.1", round="anna@region.example", edition="")
        (line,) = capsys.readouterr().err.splitlines()
        told = json.loads(line)
        assert ("time" in told) is hours and (not hours or re.fullmatch(r"\d{4}-\S+T\S+[+-]\d{4}", told.pop("time")))
        assert told == {
            "level": "WARNING",
            "what": "stopped",
            "kind": "ValueError",
            "count": 3,
            "status": "450 4.7.1",
            "round": "?",
        }


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_that_is_not_the_journal_s_reaches_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    # Flask's own logger bears our name, and what an extension writes there may hold an address.
    answering = make_answering(tmp_path / "instance", config=f'log_format = "{form}"')
    for logger in (answering.app.logger, logging.getLogger("survey.somewhere")):
        logger.warning("CANARY4711 %s", "anna@region.example", exc_info=ValueError("CANARY4711"))
    assert capsys.readouterr().err == ""
    journal.warn("stopped", kind="ValueError")
    assert "stopped" in capsys.readouterr().err


def test_the_worker_s_lines_may_be_objects(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance", config='log_format = "json"')
    with answering.app.app_context():
        result = answering.app.test_cli_runner().invoke(args=["worker", "--once"])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stderr.splitlines()]
    (checked,) = [line for line in lines if line["what"].startswith("checked")]
    assert checked.pop("time") and checked == {
        "level": "INFO",
        "what": "checked, batches that do not add up",
        "count": 0,
    }
