"""Texts for `analysis`: marked Swedish sentences in, the reader's language out.

For findings and charts, drawn on the web in several languages and without the web in Swedish. Sentences are
marked with `N_` so that the extractor finds them; a `Localisation` turns them and writes numbers as its readers do.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, Self

NO_BREAK = "\u00a0"
MINUS = "\u2212"


def N_(msgid: str) -> str:
    """Mark a sentence for translation where it stands; it is translated when it is used."""
    return msgid


INVENTED = N_("%(place)s (påhittade svar)")

QUESTION_NAMES = {
    "trygghet": N_("Trygghet"),
    "overenskommelse": N_("Överenskommelse"),
    "kontaktvagar": N_("Kontaktvägar"),
    "fast_vardkontakt": N_("Fast vårdkontakt"),
    "nasta_steg": N_("Nästa steg"),
    "nasta_tid": N_("Nästa tid"),
    "overblick": N_("Överblick"),
}


class Localisation(Protocol):
    """The interface of a language. Shares are in percent, gaps in percentage points."""

    def gettext(self, msgid: str) -> str:
        """Return the sentence in the reader's language, its placeholders untouched."""

    def percent(self, value: float) -> str:
        """Format 56 as "56 %", with a space that does not break."""

    def points(self, value: float) -> str:
        """Format 12 as "+12", −3 as "−3" with a true minus, 0 as "0"."""

    def tenths(self, value: float) -> str:
        """Format 0.3 as "+0,3": points with one decimal."""

    def number(self, value: float) -> str:
        """Format a whole number as the language groups it."""

    def round_name(self, key: str) -> str:
        """Return the name of a round, as it stands inside a sentence."""

    def question(self, key: str) -> str:
        """Return the short name of a question."""

    def place(self, key: str) -> str:
        """Return the name of a place."""


class PlainLocalisation:
    """Swedish without the web; with `messages` (msgid → sentence) any language that writes numbers alike."""

    def __init__(
        self,
        rounds: Mapping[str, str] | None = None,
        places: Mapping[str, str] | None = None,
        messages: Mapping[str, str] | None = None,
        *,
        invented: bool = False,
    ) -> None:
        """Take the names of rounds and places by key; a key without a name stands for itself."""
        self.invented = invented
        self.rounds = dict(rounds or {})
        self.places = dict(places or {})
        self.messages = dict(messages or {})

    @classmethod
    def from_editions(cls, editions: Iterable[Mapping[str, Any]]) -> Self:
        """Take the names from the editions themselves, the newest last."""
        rounds: dict[str, str] = {}
        places: dict[str, str] = {}
        invented = False
        for edition in editions:
            rounds[edition["round"]["key"]] = edition["round"]["name"]
            places |= {place["key"]: place["name"] for place in edition["places"]}
            invented = invented or bool(edition.get("invented"))
        return cls(rounds, places, invented=invented)

    def gettext(self, msgid: str) -> str:
        """Return the sentence, or the Swedish one where there is no other."""
        return self.messages.get(msgid, msgid)

    def percent(self, value: float) -> str:
        """Format 56 as "56 %"."""
        return f"{self.number(value)}{NO_BREAK}%"

    def points(self, value: float) -> str:
        """Format 12 as "+12", −3 as "−3"."""
        whole = round(value)
        sign = "+" if whole > 0 else MINUS if whole < 0 else ""
        return sign + self.number(abs(whole))

    def tenths(self, value: float) -> str:
        """Format 0.3 as "+0,3"."""
        return f"{value:+.1f}".replace("-", MINUS).replace(".", ",")

    def number(self, value: float) -> str:
        """Format 1240 as "1 240"."""
        return f"{round(value):,}".replace(",", NO_BREAK).replace("-", MINUS)

    def round_name(self, key: str) -> str:
        """Return the round's name, with its first letter small: it stands inside sentences."""
        name = self.rounds.get(key, key)
        return name[:1].lower() + name[1:]

    def question(self, key: str) -> str:
        """Return the question's short name."""
        return self.gettext(QUESTION_NAMES.get(key, key))

    def place(self, key: str) -> str:
        """Return the place's name; with a note that its answers are invented, where they are."""
        name = self.places.get(key, key)
        return translate(self, INVENTED, place=name) if self.invented else name


def translate(texts: Localisation, msgid: str, **values: str) -> str:
    """Translate a marked sentence and fill its placeholders in."""
    sentence = texts.gettext(msgid)
    return sentence % values if values else sentence


def format_range(texts: Localisation, low: float, high: float) -> str:
    """Format a range of counts: "290–340", or one number where they are the same."""
    if round(low) == round(high):
        return texts.number(low)
    return f"{texts.number(low)}–{texts.number(high)}"


def format_limit(texts: Localisation, value: float) -> str:
    """Format one end of an interval in points.

    It is never written 0 where it isn't: on which side of 0 it lies may decide.
    """
    if value == 0 or round(value) != 0:
        return texts.points(value)
    return texts.tenths(math.copysign(max(abs(value), 0.1), value))


def capitalised(words: str) -> str:
    """Return the text with a capital letter first, and the rest as it is."""
    return words[:1].upper() + words[1:]


def place_name(key: str, texts: Localisation) -> str:
    """Return a place's name alone: that answers are invented is said once, of the whole."""
    return texts.place(key).removesuffix(translate(texts, INVENTED, place=""))
