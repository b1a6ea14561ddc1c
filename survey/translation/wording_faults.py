"""The rules that a wording must hold to, said in a translator's words. For the form of a wording and for files."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping

from survey.domain.text.i18n import N_

_PLACEHOLDER = re.compile(r"%\(\w*\)[#0\- +]*[\d.*]*[a-zA-Z]?|%%")
_MARKUP = re.compile(r"[<>]|&#?\w+;")
_OTHER_FORMATS = re.compile(r"[{}\\`$]")
_ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
_CONTRACT = re.compile(r"contract|kontrakt|\b(?:ال|و|ب|ل)*عقد\b", re.IGNORECASE)
_JOINERS = "\u200c\u200d"  # Persian and Sorani are written with them
_ENDS = {"؟": "?", "፧": "?", "：": ":", "？": "?"}

RULES = {
    "empty": N_("Skriv en lydelse. Den är tom."),
    "markup": N_("Lydelsen har HTML som svenskan inte har."),
    "placeholders": N_("Ord som %%(name)s ska stå kvar precis som i svenskan, lika många och lika skrivna."),
    "format": N_("Lydelsen har ett ensamt procenttecken eller andra tecken som sidan läser som kod."),
    "hidden-signs": N_("Lydelsen har tecken som ingen kan se, till exempel sådana som vänder texten."),
    "address": N_("Lydelsen har en adress som svenskan inte har."),
    "exclamation": N_("Lydelsen har ett utropstecken."),
    "ending": N_("Lydelsen ska sluta som svenskan, utan mellanslag före eller efter."),
    "length": N_("Lydelsen är för lång för sin plats."),
    "contract": N_("Lydelsen säger kontrakt. Överenskommelsen är inget kontrakt."),
}


def wording_faults(source: str, turned: str) -> list[str]:
    """Return the rules that a wording breaks, by the keys of `RULES`."""
    return ["empty"] if not turned.strip() else [rule for rule, broken in _BROKEN.items() if broken(source, turned)]


def _markup(source: str, turned: str) -> bool:
    return bool({*_MARKUP.findall(turned)} - {*_MARKUP.findall(source)})


def _placeholders(source: str, turned: str) -> bool:
    return Counter(_PLACEHOLDER.findall(source)) != Counter(_PLACEHOLDER.findall(turned))


def _formats(source: str, turned: str) -> bool:
    alone = "%" in _PLACEHOLDER.sub("", turned)
    return alone or bool({*_OTHER_FORMATS.findall(turned)} - {*_OTHER_FORMATS.findall(source)})


def _hidden(source: str, turned: str) -> bool:
    return any(
        (unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029")
        and sign not in _JOINERS
        and not (sign == "\n" and sign in source)
        for sign in turned
    )


def _address(source: str, turned: str) -> bool:
    found = _ADDRESS.search(turned)
    return bool(found and found[0] not in source)


def _exclaims(_source: str, turned: str) -> bool:
    return bool(re.search("[!¡！‼❗]", turned))


def _ends(source: str, turned: str) -> bool:
    asked, last = source[-1:], turned[-1:]
    return turned != turned.strip() or (asked in "?:" and _ENDS.get(last, last) != asked)


def _long(source: str, turned: str) -> bool:
    wide = sum(unicodedata.category(sign) not in ("Mn", "Me", "Cf") for sign in turned)
    return wide > int(2.4 * len(source) + 30)


def _contract(_source: str, turned: str) -> bool:
    return bool(_CONTRACT.search(turned))


_BROKEN: Mapping[str, Callable[[str, str], bool]] = {
    "markup": _markup,
    "placeholders": _placeholders,
    "format": _formats,
    "hidden-signs": _hidden,
    "address": _address,
    "exclamation": _exclaims,
    "ending": _ends,
    "length": _long,
    "contract": _contract,
}
