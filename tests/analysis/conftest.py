"""What several tests of `analysis` look at: its source, and the sentences marked in it."""

import ast
from pathlib import Path

import pytest

import analysis
from survey.domain.questions import answer_scale

ROOM, SCALE = Path(analysis.__file__).parent, Path(answer_scale.__file__)


def marked_in(source: str) -> set[str]:
    """The sentences marked for translation in a file."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "N_" and isinstance(call.args[0], ast.Constant)
    }


@pytest.fixture(scope="session")
def marked() -> set[str]:
    """Every sentence that `analysis` can say; the answer scale's words among them."""
    return {text for path in (*ROOM.rglob("*.py"), SCALE) for text in marked_in(path.read_text(encoding="utf-8"))}
