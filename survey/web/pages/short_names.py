"""Names made short that a reader of the code needs, and each first page would carry: a script's, and a style sheet's
custom properties; and declarations one after another made one. For `page_cache`.

A script's name is made short only where that can't be seen from outside and no spelling is in doubt: it is declared
in the script, and never stands where it could be the key of an object. A short name is one that the script has
nowhere. So the script says the same; a test reads both with a parser and compares.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, product
from string import ascii_letters

_TOKEN = re.compile(
    r"""'[^'\n]*'|"[^"\n]*"|`[^`]*`"""
    r"|(?<=[(,=:!&|?{};\n])/(?![/*])(?:\\.|\[[^]\n]*\]|[^/\n\\[])+/\w*"  # a regular expression
    r"|(?<!\.)\.[A-Za-z_$][\w$]*|\d[\w.]*"  # a member, a number
    r"|(?<!\w)(?P<name>[A-Za-z_$][\w$]*)"
)
_WITHIN_TEMPLATE = re.compile(r"(?<=\$\{)[^}]*")
_DECLARED = re.compile(
    r"\b(?:const|let) ([\w$]+)|\b(?:const|let) \[([\w$,]+)\]|\(([\w$,='\[\]]*)\)=>|(?<![\w$.])([\w$]+)=>"
)
_DECLARED_TOGETHER = re.compile(r"\b(?:const|let) ([\w$,=]+);")
_READ, _SET = re.compile(r"var\((--[\w-]+)"), re.compile(r";?(--[\w-]+):[^;{}]*")
_PROPERTY = re.compile(r"--[a-z][\w-]*")
_PIECE = re.compile(rf"(?:const|let) |{_TOKEN.pattern}|[\s\S]")
_DECLARES = "let "
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


def join_declarations(script: str) -> str:
    """Return a script with declarations that follow each other made one. That a constant stays so is for its linter."""
    out: list[str] = []
    declares, is_start = [False], True  # by depth: is the latest statement a declaration?
    for piece in (found[0] for found in _PIECE.finditer(script)):
        if piece in ("const ", _DECLARES):
            if is_start and declares[-1] and out[-1] == ";":
                out[-1] = ","
            else:
                out.append(_DECLARES)
            declares[-1] = declares[-1] or is_start
        else:
            declares[-1] = declares[-1] and (not is_start or piece in ";})")
            if piece in ("{", "(", "["):
                declares.append(False)
            elif piece in ("}", ")", "]"):
                declares.pop()
            out.append(piece)
        is_start = piece in ("{", "}", ";")
    return "".join(out)


def shorten_properties(sheets: Sequence[str], *scripts: str) -> list[str]:
    """Return style sheets of one page with short custom properties, but for those that its scripts name.

    What none of them reads is left out: the tokens are the staff's too.
    """
    read, named = set(_READ.findall("".join(sheets))), set(_PROPERTY.findall("".join(scripts)))
    sheets = [_SET.sub(lambda found: found[0] if found[1] in read | named else "", sheet) for sheet in sheets]
    often = Counter(_PROPERTY.findall("".join(sheets)))
    ours = sorted(often.keys() - named, key=lambda name: (-often[name], name))
    short = {name: f"--{new}" for name, new in zip(ours, _shortest(), strict=False)}
    return [_PROPERTY.sub(lambda found: short.get(found[0], found[0]), sheet) for sheet in sheets]


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
