"""Matching of unit names as people remember and spell them: without marks, inflected, shortened, misspelt.

For the directory. The kind of unit is told apart from the name: "Krokoms vårdcentral" is called "Krokoms hälsocentral"
here, and neither is the home nursing of Krokom.
"""

import re
import unicodedata
from collections.abc import Collection
from difflib import SequenceMatcher, get_close_matches

MIN_SIMILARITY = 0.75  # one slip in a word of four letters, two in one of eight
_WITHOUT_MARKS = str.maketrans({"ø": "o", "æ": "a", "đ": "d", "ł": "l"})
_WITHIN = ".:'’"  # H.C., S:t
_KINDS = {
    "central": "vardcentral|halsocentral|(?:hus|familje|distrikts)?lakarmottagning|halsomottagning|vardmottagning",
    "home": "hemsjukvard|hemvard|hemtjanst",
}
_KIND = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items()))
_SHORT = {"vc": "central", "hc": "central", "hvc": "central", "fvc": "central", "hsv": "home"}
_WHOLE = {word: kind for kind, words in _KINDS.items() for word in words.split("|") if "(" not in word}
_SAYS_NOTHING = frozenset({"i", "pa", "min", "till", "filial", "kommun", "enhet", "mottagning", "region"})
_ENDINGS = ("", "s", "n", "en", "ens", "ns", "et", "ets")
_SHORTEST_SLIP = 4  # letters; in fewer, one slip makes another word


def normalised(text: str) -> str:
    """Fold a text to small letters without marks and single spaces: people without å on the keyboard write a."""
    parts = unicodedata.normalize("NFKD", text.casefold()).translate(_WITHOUT_MARKS)
    plain = "".join(each for each in parts if not unicodedata.combining(each) and each not in _WITHIN)
    return " ".join("".join(each if each.isalnum() else " " for each in plain).split())


def words_of(text: str, known: Collection[str] | None = None) -> tuple[tuple[str, ...], str]:
    """Split a folded text into the words that tell units apart and the kind of unit, empty where none is named.

    `known`: when given, a typed word outside it may be the start or a misspelling of a kind.
    """
    words: list[str] = []
    kind = ""
    for word in text.split():
        found = _KIND.search(word)
        named = (found.lastgroup or "") if found else _SHORT.get(word, "")
        if not named and known is not None and word not in known:
            named = _kind_like(word)
        if found and found.start() > 2:  # Frösöhälsocentral
            words.append(word[: found.start()])
        if named:
            kind = named
        elif not any(is_inflection(word, nothing) for nothing in _SAYS_NOTHING):
            words.append(word)
    return tuple(words), kind


def is_inflection(one: str, other: str) -> bool:
    """Return whether two words are forms of the same word: Frösö, Frösön, Frösöns."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    return short == long or (len(short) >= 3 and long.startswith(short) and long[len(short) :] in _ENDINGS)


def letter_mask(word: str) -> int:
    """Return the set of letters of a word as a bit mask."""
    found = 0
    for each in word:
        found |= 1 << (ord(each) & 63)
    return found


def similarity(one: str, other: str, its_letters: int, other_letters: int) -> float:
    """Return the similarity of two words, from 0 to 1.

    Most pairs are told apart by their bit masks of letters, at a tenth of the cost.
    """
    if min(len(one), len(other)) < _SHORTEST_SLIP or (its_letters ^ other_letters).bit_count() > 4:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _kind_like(word: str) -> str:
    """Return the kind whose name begins with the word, or is spelt almost like it; empty where none is."""
    if len(word) < _SHORTEST_SLIP:
        return ""
    near = [whole for whole in _WHOLE if whole.startswith(word)]
    near = near or (get_close_matches(word, _WHOLE, 1, 0.8) if len(word) >= 8 else [])
    return _WHOLE[near[0]] if near else ""
