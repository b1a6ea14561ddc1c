"""What residents told about themselves: the region's published cells by gender, age, language and help.

For the page and the files that show them. Each grouping divides the same residents, those who came by a way that is
counted by background; so a grouping has a base of its own, and it is not the region's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.frame import CELLS, Edition, framed, newest_by_round
from analysis.texts import N_, Texts, say

ROLE = "patient"
OTHER = "other"
GROUPINGS: Mapping[str, str] = {
    "gender": N_("Kön"),
    "age": N_("Ålder"),
    "gender_age": N_("Kön och ålder"),
    "language": N_("Språk"),
    "help": N_("Hjälp att svara"),
}
NAMES: Mapping[str, str] = {
    "woman": N_("Kvinnor"),
    "man": N_("Män"),
    "0-17": N_("0–17 år"),
    "18-34": N_("18–34 år"),
    "35-49": N_("35–49 år"),
    "50-64": N_("50–64 år"),
    "65-79": N_("65–79 år"),
    "80+": N_("80 år eller äldre"),
    "alone": N_("Svarade själv"),
    "with_help": N_("Fick hjälp att svara"),
    OTHER: N_("Övriga"),
}
REST_OF: Mapping[str, str] = {
    "woman": N_("Kvinnor, annan eller okänd ålder"),
    "man": N_("Män, annan eller okänd ålder"),
}

# As `CELLS`, of a group in the place of a place.
GROUPS = {"round": "text", "date": "date", "grouping": "text", "group": "text"} | {
    name: kind for name, kind in CELLS.items() if name not in {"place", "level", "role"}
}


def groups(editions: Sequence[Edition]) -> pd.DataFrame:
    """Every published cell of a background group as one frame, `GROUPS`; none in a round that published none."""
    return framed((row for edition in newest_by_round(editions) for row in _rows(edition)), GROUPS)


def _rows(edition: Edition) -> Iterable[dict[str, Any]]:
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    wordings = edition["wordings"][ROLE]
    for cell in edition["background"]:
        own = {name: cell.get(name) for name in GROUPS if name in cell}
        wording = {"wording": wordings.get(cell["question"], "")}
        yield when | own | (cell.get("codes") or {}) | (cell.get("outside") or {}) | wording


def group_name(group: str, texts: Texts, languages: Mapping[str, str] | None = None) -> str:
    """What a group is called; a language by its name where that is known."""
    gender, _, age = group.partition(":")
    if age == OTHER:
        return say(texts, REST_OF[gender])
    if age and gender == OTHER:
        return say(texts, N_("Annat kön eller inte angivet, %(age)s"), age=say(texts, NAMES[age]))
    known = {**(languages or {}), **{code: say(texts, words) for code, words in NAMES.items()}}
    return ", ".join(known.get(part, part) for part in (gender, age) if part)
