"""How templates, style sheets and scripts are written: no long line, and each form by the one macro that marks it.

Each rule is seen red on a planted fault.
"""

import re
from collections.abc import Mapping

from tests.web.template_trees import SURVEY

DRAWN = [path for ending in ("html", "txt", "css", "js") for path in sorted(SURVEY.rglob(f"*.{ending}"))]
DRAWN.remove(SURVEY / "web" / "signin" / "common_passwords.txt")


def long_lines(source: str) -> list[int]:
    """Number the lines of a template, a style sheet or a script that are longer than a line may be."""
    return [number for number, line in enumerate(source.splitlines(), 1) if len(line) > 120]


def test_no_line_of_a_template_a_style_sheet_or_a_script_is_long() -> None:
    found = {str(path.relative_to(SURVEY)): long_lines(path.read_text(encoding="utf-8")) for path in DRAWN}
    assert len(found) > 120 and {path: lines for path, lines in found.items() if lines} == {}


def test_a_planted_long_line_is_found() -> None:
    assert long_lines("<p>\n" + "x" * 121 + "\n" + "x" * 120 + "\n</p>\n") == [2]


def forms_of_their_own(templates: Mapping[str, str]) -> list[str]:
    """Name the templates that write a posting form or its mark themselves; residents' have neither account nor mark."""
    form, mark = re.compile(r'<form[^>]*method="post"'), re.compile(r"csrf_token|csrf_field")
    return [
        name
        for name, text in templates.items()
        if (form.search(text) and name not in PUBLIC_FORMS) or (mark.search(text) and name != "_form.html")
    ]


PUBLIC_FORMS = {"_form.html", "answer/_find.html", "answer/pair.html", "answer/sheet.html", "web/error.html"}
PUBLIC_FORMS |= {"web/conversation.html"}


def test_a_form_is_drawn_and_marked_in_the_one_place() -> None:
    room = SURVEY / "templates"
    templates = {str(path.relative_to(room)): path.read_text(encoding="utf-8") for path in room.rglob("*.html")}
    assert forms_of_their_own(templates) == []
    assert forms_of_their_own({"admin/x.html": '<form class="form"\n  method="post">'}) == ["admin/x.html"]
    assert forms_of_their_own({"answer/sheet.html": '<input name="csrf_token">'}) == ["answer/sheet.html"]
