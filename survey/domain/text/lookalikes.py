"""Addresses that look like others: letters of another alphabet, and names that travel as `xn--`.

For every page where somebody decides by an address. Nothing is forbidden here: an address may be as it is. Whoever
approves it is told what the eye can't see.
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
OTHER = N_("annan skrift")
SIGN = N_("ovanligt latinskt tecken")
# Letters of Swedish and its neighbours: nobody here takes these for another letter.
_KNOWN = frozenset("åäöéèüæøñçáàâêëíîïóôúýðþß")


class Confusable(NamedTuple):
    """A misleading sign in an address: the sign, and its true name."""

    sign: str
    kind: str


def confusables(address: str) -> list[Confusable]:
    """Return each sign of an address, once, outside the Latin letters known to people here; `xn--` is decoded."""
    signs = dict.fromkeys(unicodedata.normalize("NFC", unicode_address(address)))
    return [Confusable(sign, kind) for sign in signs if (kind := _kind(sign))]


def unicode_address(address: str) -> str:
    """Return the address with its `xn--` parts as a mail program or a browser would show them."""
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
    """Return the name of a sign that can't be recognised by eye; empty for what everybody here reads as it is."""
    if sign.isascii() or sign.casefold() in _KNOWN:
        return ""
    script = unicodedata.name(sign, "").partition(" ")[0]
    return SIGN if script == LATIN else _ALPHABETS.get(script, OTHER)
