"""Words and numbers in a language for `analysis`: for the follow-up pages and the drawings.

`analysis` knows no language; it asks for a text, a percentage or a place's name here. Works in a request and in the
worker alike, because the language is handed in and not read from the reader.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, format_percent

from analysis.localisation import INVENTED
from survey.domain.questions.questionnaire import short_name
from survey.domain.rounds import round_names
from survey.domain.text.i18n import N_
from survey.publication.edition_reader import is_national
from survey.web.i18n.language import Language, find

MINUS = "\u2212"
# In a national edition a figure may be missing for other reasons than few answers, and lines break for other regions.
NATIONAL_WORDS = {
    "för få svar": N_("ingen siffra"),
    "för få svar från patienterna": N_("ingen siffra för patienterna"),
    "för få svar från vården": N_("ingen siffra för vården"),
    "patienter: för få svar": N_("patienter: ingen siffra"),
    "vården: för få svar": N_("vården: ingen siffra"),
    "för få svar %(rounds)s": N_("ingen siffra %(rounds)s"),
    "Kryss: för få svar, eller för osäkert.": N_("Kryss: ingen siffra, eller för osäkert."),
    "För få svar för att jämföra patienter och vården": N_("Ingen skillnad att visa mellan patienter och vården"),
    "%(question)s: för få svar för att jämföra patienter och vården": N_(
        "%(question)s: ingen skillnad att visa mellan patienter och vården"
    ),
    "Ingen tidigare mätomgång har samma formuleringar att jämföra med": N_(
        "Ingen tidigare mätomgång har samma regioner och formuleringar att jämföra med"
    ),
    "enheter har gått upp i platsen": N_("andra regioner är med"),
    "Andra enheter har gått upp i platsen.": N_("Andra regioner är med."),
    "Prickad linje: enheter har gått upp i platsen.": N_("Prickad linje: andra regioner är med än förut."),
    "sammanslagen": N_("andra regioner"),
    "sammanslagen %(rounds)s": N_("andra regioner %(rounds)s"),
}


@lru_cache(maxsize=512)
def _percent(whole: int, locale: Locale) -> str:
    # cached: a page shows a thousand numbers, and most of them often
    return str(format_percent(whole / 100, locale=locale))


@lru_cache(maxsize=512)
def _number(whole: int, locale: Locale) -> str:
    return str(format_decimal(whole, locale=locale))


class BabelLocalisation:
    """An implementation of the texts of `analysis`, for the places and rounds of some editions."""

    def __init__(self, language: Language, editions: Sequence[Mapping[str, Any]]) -> None:
        self.language = language
        self._places = {place["key"]: place["name"] for body in editions for place in body["places"]}
        self._invented = any(body.get("invented") for body in editions)
        self._words = NATIONAL_WORDS if any(map(is_national, editions)) else {}
        self._rounds = {body["round"]["key"]: body["round"]["name"] for body in editions}

    def gettext(self, msgid: str) -> str:
        """Return the text in the language, or in the one it falls back to."""
        return find(self._words.get(msgid, msgid), self.language)[0]

    def percent(self, value: float) -> str:
        """Format a whole percentage: `56 %` with a no-break space in Swedish, `56%` in English."""
        return _percent(round(value), self.language.locale)

    def points(self, value: float) -> str:
        """Format percentage points with their sign: +12, −3 with a true minus, 0."""
        whole = round(value)
        sign = "+" if whole > 0 else MINUS if whole < 0 else ""
        return f"{sign}{abs(whole)}"

    def tenths(self, value: float) -> str:
        """Format percentage points with one decimal and their sign, the decimal as the language writes it."""
        sign = "+" if value > 0 else MINUS
        return f"{sign}{format_decimal(abs(value), '0.0', locale=self.language.locale)}"

    def number(self, n: float) -> str:
        """Format a whole number, grouped as the language does."""
        return _number(round(n), self.language.locale)

    def round_name(self, key: str) -> str:
        """Return the round's name inside a sentence: a half-year in the language, any other name as it was given."""
        return round_names.localised_round_name(str(self._rounds.get(key, key)), self.gettext)

    def question(self, key: str) -> str:
        """Return the question's short name."""
        return self.gettext(short_name(key))

    def place(self, key: str) -> str:
        """Return the place's name, as it is called where it stands; a demo's says that its answers are invented."""
        name = str(self._places.get(key, key))
        return self.gettext(INVENTED) % {"place": name} if self._invented else name
