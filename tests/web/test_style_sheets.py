"""Style sheets, templates and scripts agree: each class has a rule or is looked up, each rule has what it is for."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.web.template_trees import SURVEY, Templates, our_templates

TOKENS = SURVEY / "static" / "tokens.css"
PACK = SURVEY / "templates" / "followup" / "pack_file.css"
# The frames of pages, and the style sheets that each is sent with; what is printed has its rules within.
FRAMES = {
    "staff.html": (SURVEY / "static" / "staff.css",),
    "base.html": tuple(SURVEY / "static" / f"{name}.css" for name in ("survey", "kiosk", "conversation")),
    "followup/pack_file.html": (PACK,),
}
# Drawn by itself, in two languages, and put into a page of this frame.
PUT_IN = {"web/_conversation.html": "base.html"}
SCRIPTS = sorted((SURVEY / "static").glob("*.js"))
_WITHIN = re.compile(r"<style>(.*?)</style>|{% block style %}(.*?){% endblock", re.S)
_SET = re.compile(r"(?:class(?:Name|List)\b(.*)|'class': ('[^']*'))")
# The part of a selector that is about one element: its tag, or some tags, and its classes.
_COMPOUND = re.compile(r"(?:(?<![\w.-])([a-z]\w*)|:is\(([^()]*)\))?((?:\.[a-z][\w-]*)+)")
_QUOTED = re.compile(r"'([^'\n]*)'")


def rules_of(sheet: str) -> set[tuple[str, str]]:
    """The classes that a style sheet's selectors name, each with the tag that it must have; a star for any."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    found = set()
    for selector in re.findall(r"[^{}]+(?=\{)", sheet):
        for tag, tags, names in _COMPOUND.findall(selector):
            wanted = tags.split(", ") if tags and "." not in tags else [tag or "*"]
            found |= {(each, name) for each in wanted for name in names.strip(".").split(".")}
    return found


def set_by(script: str) -> set[str]:
    """The classes that a script gives."""
    lines = ["".join(each) for each in _SET.findall(script)]
    return {word for line in lines for text in _QUOTED.findall(line) for word in text.split()}


def looked_up(script: str) -> set[str]:
    """The classes that a script looks for."""
    texts = [text for text in _QUOTED.findall(script) if "/" not in text]  # an address names no class
    return {name for text in texts for name in re.findall(r"\.([a-z][\w-]*)", text)}


def printed(templates: Templates) -> tuple[set[str], str]:
    """The templates of what is printed, and their rules."""
    found = {name for name in templates.sources if name.startswith("channels/") and name.endswith(".html")}
    parts = [rules for name in sorted(found) for each in _WITHIN.findall(templates.sources[name]) for rules in each]
    return found, "\n".join(parts)


def in_frame(templates: Templates, root: str) -> set[str]:
    """The templates of the pages that this frame has."""
    return templates.family(root) | templates.reached(*(name for name, frame in PUT_IN.items() if frame == root))


def read(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def disagreements(families: Iterable[tuple[set[str], str]], templates: Templates, scripts: str) -> list[str]:
    """Rules for what nothing has, and classes that no rule of any of their pages is for and that no script looks up."""
    wrong = []
    ruled: dict[str, set[tuple[str, str]]] = {}
    by_script, sought = set_by(scripts), looked_up(scripts)
    for names, sheet in families:
        rules, given = rules_of(sheet), {each for name in names for each in templates.classes[name]}
        had = given | {("*", name) for _, name in given} | {(tag, name) for tag, name in rules if name in by_script}
        wrong += [f"rule without a class: {tag}.{name}" for tag, name in rules - had]
        for name in names:
            ruled[name] = ruled.get(name, set()) | rules
    for template, rules in ruled.items():
        dead = {each for each in templates.classes[template] if not {each, ("*", each[1])} & rules}
        wrong += [f"class without a rule: {tag}.{name} in {template}" for tag, name in dead if name not in sought]
    ruled_names = {name for rules in ruled.values() for _, name in rules}
    wrong += [f"set without a rule: {name}" for name in by_script - ruled_names - sought]
    given_names = {name for template in ruled for _, name in templates.classes[template]} | by_script
    return sorted(wrong + [f"looked up but nowhere: {name}" for name in sought - given_names])


def test_each_class_has_its_rule_and_each_rule_its_class() -> None:
    templates = our_templates()
    families = [(in_frame(templates, root), read(sheets)) for root, sheets in FRAMES.items()] + [printed(templates)]
    for names, rules in families:
        assert len(names) > 3 and len(rules_of(rules)) > 5
    reached = {name for names, _ in families for name in names}
    assert {name for name in templates.sources if name.endswith(".html")} - reached == set()
    assert disagreements(families, templates, read(SCRIPTS)) == []


PLANTED = """
{% macro table(kind="") %}<table class="{{ kind }}">{{ caller() }}</table>{% endmacro %}
{% call table(kind="plain") %}<tr class="{{ 'is-muted' if quiet else 'is-loud' }}"></tr>{% endcall %}
<a href="{{ url_for('plan', kind='measurement') }}" class="in{{ link.depth }}"></a><b{{ " class=late" if late }}></b>
"""
IN = ".in1, .in2, .in3, .in4 { top: 0 }"


@pytest.mark.parametrize(
    ("rules", "script", "wrong"),
    [
        ("table.plain > .is-muted, :is(b, tr).is-loud, .late { margin: 0 }", "", ["rule without a class: b.is-loud"]),
        (
            "p.is-muted, tr.is-loud, .measurement { margin: 0 } @media { .mark { top: 0 } }",
            "query('.plain b').className = late ? 'is-late' : '';\nquery('.gone')",
            [
                "class without a rule: b.late in a.html",
                "class without a rule: tr.is-muted in a.html",
                "looked up but nowhere: gone",
                "rule without a class: *.mark",
                "rule without a class: *.measurement",
                "rule without a class: p.is-muted",
                "set without a rule: is-late",
            ],
        ),
    ],
)
def test_a_disagreement_is_seen(rules: str, script: str, wrong: list[str]) -> None:
    assert disagreements([({"a.html"}, rules + IN)], Templates({"a.html": PLANTED}), script) == wrong


def undefined_and_unused(sheets: list[str]) -> list[str]:
    """Custom properties that the sheets read and nothing sets, or set and nothing reads."""
    text = re.sub(r"/\*.*?\*/", "", "\n".join(sheets), flags=re.S)
    there, used = set(re.findall(r"(--[\w-]+)\s*:", text)), set(re.findall(r"var\(\s*(--[\w-]+)", text))
    return sorted(f"unset {name}" for name in used - there) + sorted(f"unread {name}" for name in there - used)


def test_each_custom_property_is_set_and_read() -> None:
    tokens = TOKENS.read_text(encoding="utf-8")
    for sheets in FRAMES.values():
        found = undefined_and_unused([tokens, read(sheets)])
        assert [each for each in found if each.startswith("unset")] == []
    assert undefined_and_unused([tokens, *(read(sheets) for sheets in FRAMES.values())]) == []
    planted = [":root { --ink: #000; --old: 1px }", "p { color: var(--ink); margin: var(--space) }"]
    assert undefined_and_unused(planted) == ["unset --space", "unread --old"]
