"""Nothing in a template is there for nobody: no macro, parameter, import, handed value or data attribute is unused."""

import ast
import re
from collections.abc import Iterator

import pytest
from jinja2 import nodes

from tests.web.template_trees import SURVEY, Templates, our_templates

# Who is asked for a key never looks at what it is called.
_GIVEN_DATA = re.compile(r'[\s"](data-[a-z-]+)(?=[=\s>"])')
_READ_DATA = re.compile(r"dataset\.(\w+)|\[(data-[a-z-]+)|attr\((data-[a-z-]+)")
_TAKEN_DATA = re.compile(r"\{ ([\w, ]+) \} = [\w.]*dataset")


def read_in(tree: nodes.Node) -> set[str]:
    """The names that are read in a part of a template."""
    return {each.name for each in tree.find_all(nodes.Name) if each.ctx == "load"}


def unused(templates: Templates) -> Iterator[str]:
    """Macros that nobody calls, parameters that are not read or never given, imports that are not used."""
    for (name, macro), node in templates.macros.items():
        calls = templates.calls[name, macro]
        if not calls:
            yield f"{name}: nobody calls {macro}"
            continue
        read = {each.name for part in node.body for each in _names(part)}
        optional = {each.name for each in node.args[len(node.args) - len(node.defaults) :]}
        for place, argument in enumerate(node.args):
            if argument.name not in read:
                yield f"{name}: {macro} never reads {argument.name}"
            if argument.name in optional and not any(each.given(argument.name, place) for each in calls):
                yield f"{name}: nobody gives {macro} its {argument.name}"
    for name, tree in templates.trees.items():
        imported = [
            of if isinstance(of, str) else of[1] for each in tree.find_all(nodes.FromImport) for of in each.names
        ]
        imported += [each.target for each in tree.find_all(nodes.Import)]
        yield from (f"{name}: {each} is imported and not used" for each in imported if each not in read_in(tree))


def _names(part: nodes.Node) -> Iterator[nodes.Name]:
    return (each for each in (part, *part.find_all(nodes.Name)) if isinstance(each, nodes.Name))


def handed_in_vain(templates: Templates, module: str) -> Iterator[str]:
    """What a view hands to a template that neither it nor what it draws with reads."""
    for call in ast.walk(ast.parse(module)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "render_template":
            name = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
            if name in templates.trees:
                read = set().union(*(read_in(templates.trees[each]) for each in templates.reached(str(name))))
                yield from (
                    f"{name} never reads {each.arg}" for each in call.keywords if each.arg and each.arg not in read
                )


def data_attributes(pages: str, readers: str) -> list[str]:
    """Data attributes that are given and nobody reads, or read and nobody gives."""
    taken = {f"data-{name}" for names in _TAKEN_DATA.findall(readers) for name in names.split(", ")}
    read = {next(filter(None, each)) for each in _READ_DATA.findall(readers)}
    read = {each if each.startswith("data-") else f"data-{each}" for each in read} | taken
    given = set(_GIVEN_DATA.findall(pages)) | {f"data-{each}" for each in re.findall(r"dataset\.(\w+) = ", readers)}
    return sorted([f"unread {each}" for each in given - read] + [f"not given {each}" for each in read - given])


def test_nothing_in_a_template_is_unused() -> None:
    assert len(our_templates().macros) > 50
    assert list(unused(our_templates())) == []


def test_a_view_hands_over_nothing_in_vain() -> None:
    modules = [path.read_text(encoding="utf-8") for path in sorted(SURVEY.rglob("*.py"))]
    assert sum("render_template(" in each for each in modules) > 30
    assert [fault for each in modules for fault in handed_in_vain(our_templates(), each)] == []


def test_each_data_attribute_is_given_and_read() -> None:
    pages = "\n".join(our_templates().sources.values()) + (SURVEY / "web/pages/stacked_tables.py").read_text("utf-8")
    readers = [path.read_text(encoding="utf-8") for path in sorted((SURVEY / "static").iterdir()) if path.is_file()]
    assert data_attributes(pages, "\n".join(readers)) == []


@pytest.mark.parametrize(
    ("sources", "faults"),
    [
        ({"a.html": "{% macro shown(it) %}{{ it }}{% endmacro %}{{ shown(1) }}"}, []),
        ({"a.html": "{% macro shown(it) %}{{ it }}{% endmacro %}"}, ["a.html: nobody calls shown"]),
        (
            {
                "a.html": "{% macro shown(it, way=1) %}{{ way }}{% endmacro %}{% macro seen() %}1{% endmacro %}",
                "b.html": "{% from 'a.html' import shown as drawn, seen %}{{ drawn(2) }}",
                "c.html": "{% import 'a.html' as parts %}{% import 'a.html' as others %}{{ parts.seen() }}",
            },
            [
                "a.html: shown never reads it",
                "a.html: nobody gives shown its way",
                "b.html: seen is imported and not used",
                "c.html: others is imported and not used",
            ],
        ),
    ],
)
def test_what_is_unused_is_seen(sources: dict[str, str], faults: list[str]) -> None:
    assert list(unused(Templates(sources))) == faults


def test_what_is_handed_over_or_written_for_nobody_is_seen() -> None:
    templates = Templates({"a.html": "{% include 'b.html' %}{{ name }}", "b.html": "{{ place }}"})
    view = 'render_template("a.html", name=1, place=2, round=3, **more)'
    assert list(handed_in_vain(templates, view)) == ["a.html never reads round"]
    found = data_attributes('<a data-leave data-old="1">{"data-mine": ""}', "query('[data-leave]'); form.dataset.step")
    assert found == ["not given data-step", "unread data-mine", "unread data-old"]
