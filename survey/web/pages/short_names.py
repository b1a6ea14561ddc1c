"""Names of a script made short: what a reader of the code needs, and each first page would carry. For `page_cache`.

A name is made short only where that can't be seen from outside and no spelling is in doubt: it is declared in the
script, and never stands where it could be the key of an object. A short name is one that the script has nowhere. So
the script says the same; a test reads both with a parser and compares.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count, product
from string import ascii_letters

_TOKEN = re.compile(
    r"""'[^'\n]*'|"[^"\n]*"|`[^`]*`"""
    r"|(?<=[(,=:!&|?{};\n])/(?![/*])(?:\\.|\[[^]\n]*\]|[^/\n\\[])+/\w*"  # a regular expression
    r"|(?<!\.)\.[A-Za-z_$][\w$]*|\d[\w.]*"  # a member, a number
    r"|(?<!\w)(?P<name>[A-Za-z_$][\w$]*)"
)
_WITHIN_TEMPLATE = re.compile(r"(?<=\$\{)[^}]*")
_DECLARED = re.compile(r"\b(?:const|let) ([\w$]+)|\b(?:const|let) \[([\w$,]+)\]|\(([\w$,=]*)\)=>|(?<![\w$.])([\w$]+)=>")
_DECLARED_TOGETHER = re.compile(r"\b(?:const|let) ([\w$,=]+);")
_BEFORE_KEY, _AFTER_KEY = frozenset("{,"), frozenset(",}:")


def shorten_names(script: str) -> str:
    """Return a script, rid of comments and needless spaces, with the names that are its own made short."""
    found = list(_names(script))
    often = Counter(script[start:end] for start, end in found)
    together = {at for each in _DECLARED_TOGETHER.finditer(script) for at in range(*each.span())}
    doubtful = {script[at:end] for at, end in found if at not in together and _may_be_key(script, at, end)}
    ours = sorted((_declared(script) & often.keys()) - doubtful, key=lambda name: (-often[name], name))
    words = set(re.findall(r"[\w$]+", script))
    short = dict(zip(ours, (each for each in _shortest() if each not in words), strict=False))
    return _renamed(script, found, {name: new for name, new in short.items() if len(new) < len(name)})


def _names(script: str) -> Iterator[tuple[int, int]]:
    """Yield where each name stands that is no member of something: outside quotation marks, or within a template."""
    for token in _TOKEN.finditer(script):
        if token["name"]:
            yield token.span()
        elif token[0].startswith("`"):
            for part in _WITHIN_TEMPLATE.finditer(token[0]):
                at = token.start() + part.start()
                yield from ((at + start, at + end) for start, end in _names(part[0]))


def _may_be_key(script: str, start: int, end: int) -> bool:
    before = script[max(0, start - 2) : start]
    return before[-1:] in _BEFORE_KEY and before != "${" and script[end : end + 1] in _AFTER_KEY


def _declared(script: str) -> set[str]:
    found: set[str] = set()
    for match in (*_DECLARED.finditer(script), *_DECLARED_TOGETHER.finditer(script)):
        for names in filter(None, match.groups()):
            found |= {each.partition("=")[0] for each in names.split(",")}
    return found


def _shortest() -> Iterator[str]:
    for length in count(1):
        yield from map("".join, product(ascii_letters, repeat=length))


def _renamed(script: str, places: list[tuple[int, int]], new: Mapping[str, str]) -> str:
    parts, at = [], 0
    for start, end in places:
        parts += [script[at:start], new.get(script[start:end], script[start:end])]
        at = end
    return "".join((*parts, script[at:]))
