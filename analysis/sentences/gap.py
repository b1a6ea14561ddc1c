"""Sentences over and under the picture of the gaps: its finding, its measure, its legend. For `gap`."""

from collections.abc import Sequence

import pandas as pd

from analysis.frames.frame import Row, records
from analysis.frames.schema import POINTS
from analysis.sentences.findings import (
    CHANCE,
    NAMED,
    WHY_CHANCE,
    counts_words,
    direction,
    may_be_chance,
    no_gap,
    share_notes,
)
from analysis.texts import N_, Texts, capital, say

MORE = {
    "provider": N_("Vården svarar ja oftare än patienterna: %(questions)s"),
    "patient": N_("Patienterna svarar ja oftare än vården: %(questions)s"),
}
MANY_MORE = {
    "provider": N_("Frågor där vården svarar ja oftare än patienterna: %(number)s av %(all)s"),
    "patient": N_("Frågor där patienterna svarar ja oftare än vården: %(number)s av %(all)s"),
}
NONE_DISTINCT = N_("Ingen skillnad mellan patienter och vården går att skilja från noll")
MAYBE = N_("Skillnaden mellan patienter och vården kan vara slump: %(questions)s")
MANY_MAYBE = N_("Ingen skillnad mellan patienter och vården är säkert mer än slump")


def gap_headline(table: pd.DataFrame, texts: Texts) -> str:
    """Return who says yes more often, on which questions, or that nothing can be told."""
    rows = records(table)
    visible = [row for row in rows if row["status"] == "shown"]
    if not visible:
        return say(texts, no_gap(rows))
    distinct = [row for row in visible if row["distinct"]]
    if not distinct:
        return _undistinct([row for row in visible if may_be_chance(row)], texts)
    sides = {
        role: sorted((row for row in distinct if direction(row) == role), key=lambda row: -abs(row["gap"]))
        for role in ("provider", "patient")
    }
    return ". ".join(_headline_of(role, found, len(rows), texts) for role, found in sides.items() if found)


def _undistinct(chance: Sequence[Row], texts: Texts) -> str:
    """Return the headline where no gap is told: those that may be chance, or that none differs from zero."""
    if not chance:
        return say(texts, NONE_DISTINCT)
    if len(chance) > NAMED:
        return say(texts, MANY_MAYBE)
    return say(texts, MAYBE, questions=", ".join(texts.question(row["question"]) for row in chance))


def _headline_of(role: str, rows: Sequence[Row], asked: int, texts: Texts) -> str:
    if len(rows) > NAMED:
        return say(texts, MANY_MORE[role], number=texts.number(len(rows)), all=texts.number(asked))
    return say(texts, MORE[role], questions=", ".join(texts.question(row["question"]) for row in rows))


def gap_subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Return measure, place, round, and the rounded number of answers."""
    place, round_key = str(table["place"].iloc[0]), str(table["round"].iloc[0])
    measure = N_("Andel som svarar ja, %(place)s, %(round)s.")
    parts = [
        say(texts, measure, place=texts.place(place), round=texts.round_name(round_key)),
        counts_words(list(table["patient_n"]), list(table["provider_n"]), texts),
    ]
    return " ".join(filter(None, parts))


def gap_notes(table: pd.DataFrame, texts: Texts) -> str:
    """Return the legend of the marks, as far as they occur."""
    rows, sides = records(table), {*table["patient_status"], *table["provider_status"]}
    shown = [row for row in rows if row["status"] == "shown"]
    parts = share_notes(sides, texts)
    if {*POINTS, "interval"} & sides:
        parts.insert(0, say(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95)))
    if shown:
        parts.append(say(texts, N_("Fylld romb: mer än slump. Ihålig romb: inte säkert mer än slump.")))
    if any(may_be_chance(row) for row in shown):
        parts.append(f"{capital(say(texts, CHANCE))}: {say(texts, WHY_CHANCE)}.")
    if any(row["kind"] != "unit" for row in shown):
        parts.append(say(texts, N_("Skillnaden är räknad enhet för enhet.")))
    return " ".join(parts)
