"""The half-years that rounds are named after, so that their names are said in every reader's language."""

import re
from collections.abc import Callable

from survey.domain.text.i18n import N_

_HALF_YEAR = re.compile(r"(?i)(våren|hösten) (\d{4})")
_SEASONS = {"våren": N_("våren %(year)s"), "hösten": N_("hösten %(year)s")}


def localised_round_name(name: str, translate: Callable[[str], str]) -> str:
    """Return a round's name inside a sentence: a half-year in the language, any other name as it was given."""
    if found := _HALF_YEAR.fullmatch(name):
        season, year = found.groups()
        return translate(_SEASONS[season.lower()]) % {"year": year}
    return name[:1].lower() + name[1:]
