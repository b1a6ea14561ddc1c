"""Sentences over and under the picture of the gaps: its finding, its measure, its legend. For `gap`."""

from collections.abc import Sequence

import pandas as pd

from analysis.frames.frame import Row, records
from analysis.frames.schema import WITH_SHARE
from analysis.localisation import N_, Localisation, capitalised, translate
from analysis.sentences.findings import (
    MAX_NAMED,
    POSSIBLY_CHANCE,
    REASON_POSSIBLY_CHANCE,
    counts_text,
    direction,
    is_possibly_chance,
    no_gap,
    share_notes,
)

MORE = {
    "provider": N_("Vården svarar ja oftare än patienterna: %(questions)s"),
    "patient": N_("Patienterna svarar ja oftare än vården: %(questions)s"),
}
MANY_MORE = {
    "provider": N_("Frågor där vården svarar ja oftare än patienterna: %(number)s av %(all)s"),
    "patient": N_("Frågor där patienterna svarar ja oftare än vården: %(number)s av %(all)s"),
}
NONE_DISTINCT = N_("Ingen skillnad mellan patienter och vården går att skilja från noll")
MAY_BE_CHANCE = N_("Skillnaden mellan patienter och vården kan vara slump: %(questions)s")
MANY_MAY_BE_CHANCE = N_("Ingen skillnad mellan patienter och vården är säkert mer än slump")


def gap_headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return who says yes more often, on which questions, or that nothing can be claimed."""
    rows = records(table)
    visible = [row for row in rows if row["status"] == "shown"]
    if not visible:
        return translate(texts, no_gap(rows))
    distinct = [row for row in visible if row["distinct"]]
    if not distinct:
        return _headline_of_none([row for row in visible if is_possibly_chance(row)], texts)
    sides = {
        role: sorted((row for row in distinct if direction(row) == role), key=lambda row: -abs(row["gap"]))
        for role in ("provider", "patient")
    }
    return ". ".join(_headline_of(role, found, len(rows), texts) for role, found in sides.items() if found)


def _headline_of_none(possibly_chance: Sequence[Row], texts: Localisation) -> str:
    """Return the headline where no gap is distinct: those that may be chance, or that none differs from zero."""
    if not possibly_chance:
        return translate(texts, NONE_DISTINCT)
    if len(possibly_chance) > MAX_NAMED:
        return translate(texts, MANY_MAY_BE_CHANCE)
    return translate(
        texts, MAY_BE_CHANCE, questions=", ".join(texts.question(row["question"]) for row in possibly_chance)
    )


def _headline_of(role: str, rows: Sequence[Row], asked: int, texts: Localisation) -> str:
    if len(rows) > MAX_NAMED:
        return translate(texts, MANY_MORE[role], number=texts.number(len(rows)), all=texts.number(asked))
    return translate(texts, MORE[role], questions=", ".join(texts.question(row["question"]) for row in rows))


def gap_subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, round, and the rounded number of answers."""
    place, round_key = str(table["place"].iloc[0]), str(table["round"].iloc[0])
    measure = N_("Andel som svarar ja, %(place)s, %(round)s.")
    parts = [
        translate(texts, measure, place=texts.place(place), round=texts.round_name(round_key)),
        counts_text(list(table["patient_n"]), list(table["provider_n"]), texts),
    ]
    return " ".join(filter(None, parts))


def gap_notes(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the legend of the marks, as far as they occur."""
    rows, sides = records(table), {*table["patient_status"], *table["provider_status"]}
    shown = [row for row in rows if row["status"] == "shown"]
    parts = share_notes(sides, texts)
    if {*WITH_SHARE, "interval"} & sides:
        parts.insert(0, translate(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95)))
    if shown:
        parts.append(translate(texts, N_("Fylld romb: mer än slump. Ihålig romb: inte säkert mer än slump.")))
    if any(is_possibly_chance(row) for row in shown):
        parts.append(f"{capitalised(translate(texts, POSSIBLY_CHANCE))}: {translate(texts, REASON_POSSIBLY_CHANCE)}.")
    if any(row["kind"] != "unit" for row in shown):
        parts.append(translate(texts, N_("Skillnaden är räknad enhet för enhet.")))
    return " ".join(parts)
