"""Each address that a template asks for is there, by its whole name.

A template is drawn under whichever blueprint the request came to: an error handler, a shared page, a form that another
view shows again. A name that begins with a dot then means something else there, and the page is an error of ours.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from tests.answering import make_answering

TEMPLATES = Path(__file__).parents[2] / "survey" / "templates"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_answering(tmp_path_factory.mktemp("endpoints") / "instance", part="all").app


def asked_for(source: nodes.Template) -> Iterator[tuple[int, str, set[str]]]:
    """Every call of url_for with a written name: its line, the name, and the arguments given."""
    for call in source.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for" and isinstance(call.args[0], nodes.Const):
            yield call.lineno, call.args[0].value, {each.key for each in call.kwargs}


def faults(app: Flask, name: str, given: set[str]) -> str:
    """What is wrong with an endpoint and the arguments given to it; nothing where it leads somewhere."""
    if name.startswith("."):
        return "means another page under another blueprint"
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == name]
    if not rules:
        return "is no endpoint"
    needed = [rule.arguments - set(rule.defaults or ()) for rule in rules]
    return "" if any(each <= given for each in needed) else f"lacks one of {needed}"


def test_every_address_in_a_template_is_there(app: Flask) -> None:
    read = 0
    wrong = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        for line, name, given in asked_for(app.jinja_env.parse(path.read_text(encoding="utf-8"))):
            read += 1
            if fault := faults(app, name, given):
                wrong.append(f"{path.relative_to(TEMPLATES)}:{line}: {name} {fault}")
    assert wrong == []
    assert read > 150


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("{{ url_for('.start') }}", "means another page under another blueprint"),
        ("{% if x %}{{ shown(url_for('admin.begin')) }}{% endif %}", "is no endpoint"),
        ("<a href='{{ url_for('followup.packs.pack_page') }}'>", "lacks one of [{'pack'}]"),
        ("<a href='{{ url_for('followup.packs.pack_page', pack=1) }}'>", ""),
    ],
)
def test_an_address_that_leads_nowhere_is_seen(written: str, fault: str, app: Flask) -> None:
    ((_, name, given),) = asked_for(app.jinja_env.parse(written))
    assert faults(app, name, given) == fault
