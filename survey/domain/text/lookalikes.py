"""Addresses that look like others: letters of another alphabet, and names that travel as `xn--`. For every page where
somebody decides by an address.

Nothing is forbidden here: an address may be as it is. Whoever approves it is told what the eye can't see.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from survey.domain.text.i18n import N_

LATIN = "LATIN"
_ALPHABETS: Mapping[str, str] = {
    "CYRILLIC": N_("kyrilliska"),
    "GREEK": N_("grekiska"),
    "ARMENIAN": N_("armeniska"),
    "HEBREW": N_("hebreiska"),
    "ARABIC": N_("arabiska"),
}
TOLD = N_("Se upp: adressen har tecken som kan förväxlas: %(signs)s.")
READ_AS = N_("Den läses som %(address)s.")
OTHER = N_("annan skrift")
SIGN = N_("ovanligt latinskt tecken")
# What Swedes and their neighbours write: nobody here takes these for another letter.
_KNOWN = frozenset("åäöéèüæøñçáàâêëíîïóôúýðþß")


class Odd(NamedTuple):
    """A sign that is not what it may look like: the sign, and what it is."""

    sign: str
    kind: str


def odd_signs(address: str) -> list[Odd]:
    """Each sign of an address, once, that is not of the Latin letters that people here know; `xn--` names are read."""
    signs = dict.fromkeys(unicodedata.normalize("NFC", as_seen(address)))
    return [Odd(sign, kind) for sign in signs if (kind := _kind(sign))]


def as_seen(address: str) -> str:
    """The address with its `xn--` parts as a mail program or a browser would show them."""
    before, at, host = address.rpartition("@")
    # The host's labels and what stands between them; in a web address also its scheme and path.
    return before + at + "".join(_read(part) for part in re.split("([./:?#])", host))


def _read(label: str) -> str:
    if label[:4].casefold() != "xn--":
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _kind(sign: str) -> str:
    """What a sign is, if that can't be seen; empty for what everybody here reads as it is."""
    if sign.isascii() or sign.casefold() in _KNOWN:
        return ""
    script = unicodedata.name(sign, "").partition(" ")[0]
    return SIGN if script == LATIN else _ALPHABETS.get(script, OTHER)
