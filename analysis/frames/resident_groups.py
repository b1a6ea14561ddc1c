"""Residents' groups: the region's published cells by gender, age, language and help.

For the page and the files that show them. Each grouping divides the same residents, those who came by a way that is
counted by background; so a grouping has a base of its own, and it is not the region's.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from babel import Locale, UnknownLocaleError

from analysis.frames.frame import CELLS, QUESTIONS, Edition, newest_by_round, records, shown_figures, to_frame
from analysis.frames.measured import with_steady_counts
from analysis.localisation import N_, Localisation, capitalised, translate
from analysis.measures.compared import compare_pairs as tested

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

ORDER = {code: at for at, code in enumerate(NAMES) if code != OTHER} | {OTHER: 99}
TESTED_PAIR = ("woman", "man")  # the only two groups that are tested against each other

# As `CELLS`, with a group instead of a place.
GROUPS = {"round": "text", "date": "date", "grouping": "text", "group": "text"} | {
    name: kind for name, kind in CELLS.items() if name not in {"place", "level", "role"}
}


def groups(editions: Sequence[Edition]) -> pd.DataFrame:
    """Return every published cell of a background group as one frame, `GROUPS`; none of rounds that published none."""
    return to_frame(
        with_steady_counts([row for edition in newest_by_round(editions) for row in _rows(edition)]), GROUPS
    )


def _rows(edition: Edition) -> Iterable[dict[str, Any]]:
    when = {"round": edition["round"]["key"], "date": edition["round"]["closes"]}
    wordings = edition["wordings"][ROLE]
    for cell in edition["background"]:
        yield when | dict(cell) | shown_figures(cell) | {"wording": wordings.get(cell["question"], "")}


def sort_key(group: str) -> tuple[list[int], str]:
    """Return a group's sort key: the questionnaire's order; languages by their tag, and last those of no group."""
    return [ORDER.get(part, 50) for part in group.split(":")], group


def with_tests(table: pd.DataFrame) -> pd.DataFrame:
    """Return a grouping's rows, women tested against men on the seven questions as one family; others untested.

    `difference` is women's share less men's, in points, and stands on both rows of its question.
    """
    found = table.assign(
        **dict.fromkeys(("difference", "difference_low", "difference_high", "p"), np.nan), distinct=False
    )
    by_key = {(row["group"], row["question"]): row for row in records(table) if row["status"] == "shown"}
    asked = [q for q in QUESTIONS if all((group, q) in by_key for group in TESTED_PAIR)]
    if table.empty or (table["grouping"] != "gender").any() or not asked:
        return found
    pairs = pd.DataFrame([_pair(*(by_key[group, question] for group in TESTED_PAIR)) for question in asked])
    for question, row in zip(asked, records(tested(pairs)), strict=True):
        here = (found["question"] == question) & found["group"].isin(TESTED_PAIR)
        values = {"difference": row["difference"], "difference_low": row["low"], "difference_high": row["high"]}
        for name, value in values.items():
            found.loc[here, name] = round(100 * value, 1)
        found.loc[here, "p"], found.loc[here, "distinct"] = round(row["p"], 4), bool(row["distinct"])
    return found


def _pair(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, float]:
    sides = enumerate((first, second), start=1)
    names = (("successes", "steady_yes"), ("base", "steady_base"), ("noise", "noise"))
    return {f"{name}_{number}": float(row[column]) for number, row in sides for name, column in names}


def group_name(group: str, texts: Localisation, languages: Mapping[str, str] | None = None) -> str:
    """Return a group's name; a language by its own where that is known."""
    gender, _, age = group.partition(":")
    if age == OTHER:
        return translate(texts, REST_OF[gender])
    if age and gender == OTHER:
        return translate(texts, N_("Annat kön eller inte angivet, %(age)s"), age=translate(texts, NAMES[age]))
    known = {**(languages or {}), **{code: translate(texts, words) for code, words in NAMES.items()}}
    return ", ".join(known.get(part) or _language(part) for part in (gender, age) if part)


def _language(tag: str) -> str:
    """Return a language's name for itself, with a capital: it stands as a heading."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
    return capitalised(name)
