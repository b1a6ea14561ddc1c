"""The templates as Jinja reads them: what each leads to, its macros and who calls them, what an attribute can hold.

For the tests that look for what nothing uses.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path

from jinja2 import Environment, meta, nodes

SURVEY = Path(__file__).parents[2] / "survey"
_ENVIRONMENT = Environment(autoescape=True)
# An attribute, also with an expression in it; and one that is written within an expression.
_CLASS = re.compile(r'(?<![\w-])class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"|(?<=["\s])class=([\w-]+)(?=")', re.S)
# What an expression in a class can be, where no macro's parameter says it.
EXPRESSED: Mapping[str, tuple[str, ...]] = {"side.role": ("patient", "provider"), "link.depth": tuple("1234")}


@dataclass(frozen=True)
class Call:
    """Where a macro is called, and with what."""

    template: str
    node: nodes.Call

    def given(self, name: str, place: int) -> nodes.Expr | None:
        """Return what is given for a parameter, by its name or by its place."""
        if place < len(self.node.args):
            return self.node.args[place]
        return next((each.value for each in self.node.kwargs if each.key == name), None)


@dataclass(frozen=True)
class Templates:
    """A folder of templates."""

    sources: Mapping[str, str]

    @cached_property
    def trees(self) -> Mapping[str, nodes.Template]:
        return {name: _ENVIRONMENT.parse(source) for name, source in self.sources.items()}

    def reached(self, *roots: str) -> set[str]:
        """Return these templates and all that they extend, include and import."""
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.trees:
                found.add(name)
                waiting += [each for each in meta.find_referenced_templates(self.trees[name]) if each]
        return found

    def family(self, root: str) -> set[str]:
        """Return every template that ends up in this frame."""
        return self.reached(root, *(name for name in self.trees if root in self._frames(name)))

    def _frames(self, name: str) -> Iterator[str]:
        for each in self.trees[name].find_all(nodes.Extends):
            if isinstance(each.template, nodes.Const):
                yield each.template.value
                yield from self._frames(each.template.value)

    @cached_property
    def macros(self) -> Mapping[tuple[str, str], nodes.Macro]:
        """Every macro by its template and its name."""
        return {(name, each.name): each for name, tree in self.trees.items() for each in tree.find_all(nodes.Macro)}

    @cached_property
    def calls(self) -> Mapping[tuple[str, str], list[Call]]:
        """Who calls each macro."""
        found: dict[tuple[str, str], list[Call]] = {key: [] for key in self.macros}
        for name, tree in self.trees.items():
            known = self._known(name, tree)
            for call in tree.find_all(nodes.Call):
                key = known.get(_dotted(call.node))
                if key in found:
                    found[key].append(Call(name, call))
        return found

    def _known(self, name: str, tree: nodes.Template) -> dict[str, tuple[str, str]]:
        """Return the macros that a template can call, by what it calls them."""
        known = {each.name: (name, each.name) for each in tree.find_all(nodes.Macro)}
        for each in tree.find_all(nodes.FromImport):
            if isinstance(each.template, nodes.Const):
                for there, here in ((of, of) if isinstance(of, str) else of for of in each.names):
                    known[here] = (each.template.value, there)
        for module in tree.find_all(nodes.Import):
            if isinstance(module.template, nodes.Const):
                of_it = [key for key in self.macros if key[0] == module.template.value]
                known |= {f"{module.target}.{key[1]}": key for key in of_it}
        return known

    @cached_property
    def classes(self) -> Mapping[str, set[tuple[str, str]]]:
        """The classes that each template can give, each with the tag that it is given to."""
        return {name: self._classes(name) for name in self.sources}

    def _classes(self, name: str) -> set[tuple[str, str]]:
        source = self.sources[name]
        found: set[tuple[str, str]] = set()
        for each in _CLASS.finditer(source):
            line = source.count("\n", 0, each.start()) + 1
            words = self._parameters(name, line) | dict(EXPRESSED)
            tag = re.findall(r"<([a-z]\w*)", source[: each.start()])[-1]
            for output in _ENVIRONMENT.parse(each[1] or each[2] or "").body:
                found |= {(tag, word) for text in texts(output, words) for word in text.split()}
        return found

    def _parameters(self, name: str, line: int) -> dict[str, tuple[str, ...]]:
        """Return what each parameter of the macro around a line can be, by those who call it."""
        around = [(key, macro) for key, macro in self.macros.items() if key[0] == name and macro.lineno <= line]
        if not around:
            return {}
        key, macro = max(around, key=lambda each: each[1].lineno)
        found = {}
        for place, argument in enumerate(macro.args):
            usual = (
                macro.defaults[place - len(macro.args) :][:1] if place >= len(macro.args) - len(macro.defaults) else []
            )
            given = [*usual, *filter(None, (call.given(argument.name, place) for call in self.calls[key]))]
            found[argument.name] = tuple(text for each in given for text in texts(each, {}))
        return found


def texts(node: nodes.Node, words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return every text that a part of a template can become; a star where that can't be told."""
    if isinstance(node, nodes.TemplateData):
        return [node.data]
    if isinstance(node, nodes.Const):
        return [str(node.value)]
    if isinstance(node, nodes.CondExpr):
        return texts(node.expr1, words) + (texts(node.expr2, words) if node.expr2 else [""])
    if isinstance(node, nodes.If):
        return [text for body in (node.body, node.else_) for text in _joined(body, words)]
    if isinstance(node, nodes.Output | nodes.Concat):
        return _joined(node.nodes, words)
    return list(words.get(_dotted(node), ("*",)))


def _joined(parts: list[nodes.Node], words: Mapping[str, tuple[str, ...]]) -> list[str]:
    return ["".join(each) for each in product(*(texts(part, words) for part in parts))]


def _dotted(node: nodes.Node) -> str:
    """Return a name as it is written, with what it is of."""
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""


@cache
def our_templates() -> Templates:
    """Return the templates of the product."""
    folder = SURVEY / "templates"
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"})
    return Templates({path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths})
