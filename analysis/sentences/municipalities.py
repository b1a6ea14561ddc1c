"""Sentences that compare municipalities: where shares have moved, and where the two sides differ.

For the chart `municipalities`. Each is read against its own past, and every change and gap reads as on the
municipality's own page: its seven questions are one family, the other municipalities are none of it.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.frames.frame import QUESTIONS, Row, records
from analysis.frames.movements import Movement, gap_movements, movements
from analysis.frames.schema import WITHOUT_FIGURE
from analysis.frames.series import lines
from analysis.localisation import N_, Localisation, place_name, translate
from analysis.sentences.compared_places import SHEET_OF_MUNICIPALITIES, SheetWords
from analysis.sentences.findings import FEW, MAX_NAMED, UNSURE, difference_verdict, interval_text, share_text

MAX_NAME_LENGTH = 60  # letters of names after a question in a headline
SWEDISH_ORDER = str.maketrans("åäö", "{|}")  # after z, in their order
SHORT = {"unsure": "?", "hidden": "–"}
NO_MOVEMENT: dict[str, Any] = {"since": "", "direction": 0, "direction_distinct": False}
MOVED = {
    ("patient", 1): N_("Större andel patienter svarar ja än förut: %(where)s"),
    ("patient", -1): N_("Mindre andel patienter svarar ja än förut: %(where)s"),
    ("provider", 1): N_("Större andel i vården svarar ja än förut: %(where)s"),
    ("provider", -1): N_("Mindre andel i vården svarar ja än förut: %(where)s"),
    ("gap", 1): N_("Vården svarar ja oftare än patienterna: %(where)s"),
    ("gap", -1): N_("Patienterna svarar ja oftare än vården: %(where)s"),
}
IN_PLACES = N_("%(question)s (%(places)s)")
MORE = N_("frågor till: %(number)s")


def share_movements(every: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return each share's movement, by place, question and role, as on the place's own page.

    `every` is the trend's rows of all the places.
    """
    return {
        (str(place), question, role): _columns(each) | {"p": round(each.p, 4)}
        for place, own in every.groupby("place")
        for (role, question), each in movements(lines(own)).items()
    }


def gap_movements_by_place(every: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Return each gap's movement, by place and question, as on the place's own page; `every`: the gap trends' rows."""
    return {
        (str(place), question): _columns(each)
        for place, own in every.groupby("place")
        for (_role, question), each in gap_movements(lines(own)).items()
    }


def _columns(each: Movement) -> dict[str, Any]:
    return {"since": each.since, "direction": each.direction, "direction_distinct": each.distinct}


def newest(key: tuple[str, str], line: Sequence[Row]) -> dict[str, Any]:
    """Return a line's newest row."""
    return dict(line[-1]) | {"place": key[0], "question": key[1]}


def by_name(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the municipalities in the order of their names."""
    return sorted(set(table["place"]), key=lambda key: texts.place(key).casefold().translate(SWEDISH_ORDER))


def headline(table: pd.DataFrame, side: str, texts: Localisation, words: SheetWords = SHEET_OF_MUNICIPALITIES) -> str:
    """Return where a side has moved; of the gap, on which questions the sides differ; at most two sentences."""
    rows = records(table)
    if all(row["status"] in WITHOUT_FIGURE for row in rows):
        return translate(texts, words.all_few[side])
    if side != "gap" and not any(row["since"] for row in rows):
        return translate(texts, words.first_round[side])
    sentences = []
    for direction in (1, -1):
        there = [row for row in rows if _headline_direction(row, side) == direction]
        sentences += (
            [translate(texts, MOVED[side, direction], where=_where(there, table, texts, words))] if there else []
        )
    return ". ".join(sentences) or translate(texts, words.none[side])


def _headline_direction(row: Row, side: str) -> int:
    """Return the direction that a row counts for in the headline; 0 where it does not."""
    if side == "gap":
        return (1 if row["low"] > 0 else -1) if row["distinct"] is True else 0
    return arrow(row)


def arrow(row: Row) -> int:
    """Return 1 for up, −1 for down, or 0 where no change is distinct."""
    return int(row["direction"]) if row["direction_distinct"] and row["status"] not in WITHOUT_FIGURE else 0


def _where(rows: Sequence[Row], table: pd.DataFrame, texts: Localisation, words: SheetWords) -> str:
    """Return the questions, those with most municipalities first, each with its municipalities."""
    everywhere = by_name(table, texts)
    by_question = {
        q: [key for key in everywhere if (key, q) in {(r["place"], r["question"]) for r in rows}] for q in QUESTIONS
    }
    found = sorted((q for q in QUESTIONS if by_question[q]), key=lambda q: -len(by_question[q]))
    named = {q: places(by_question[q], len(everywhere), texts, words) for q in found[:MAX_NAMED]}
    sentences = [translate(texts, IN_PLACES, question=texts.question(q), places=names) for q, names in named.items()]
    rest = len(found) - MAX_NAMED
    return ", ".join(sentences + ([translate(texts, MORE, number=texts.number(rest))] if rest > 0 else []))


def places(keys: Sequence[str], every: int, texts: Localisation, words: SheetWords = SHEET_OF_MUNICIPALITIES) -> str:
    """Return the municipalities by name, or their number of all where they are many or have long names."""
    names = ", ".join(place_name(key, texts) for key in keys)
    if len(keys) > MAX_NAMED or len(names) > MAX_NAME_LENGTH:
        return translate(texts, words.count_of_all, number=texts.number(len(keys)), all=texts.number(every))
    return names


def subtitle(table: pd.DataFrame, side: str, texts: Localisation, words: SheetWords = SHEET_OF_MUNICIPALITIES) -> str:
    """Return measure, the place above, round."""
    first = records(table.sort_values("date", kind="stable"))[-1]
    place, when = texts.place(first[words.whole]), texts.round_name(first["round"])
    return translate(texts, words.measure[side], place=place, round=when)


def notes(table: pd.DataFrame, side: str, short: bool, texts: Localisation) -> str:
    """Return the legend of the marks, as far as they occur."""
    rows, status = records(table), set(table["status"])
    parts = _marks(rows, side, texts) if status & {"shown", "hollow", "interval"} else []
    if any(arrow(row) for row in rows):
        legend = N_("Pil: skillnaden har ändrats, uppåt eller nedåt.")
        parts.append(translate(texts, legend if side == "gap" else N_("Pil: andelen har stigit eller sjunkit.")))
    if short:
        labels = (("unsure", UNSURE), ("hidden", FEW))
        parts += [f"{SHORT[kind]} {translate(texts, words)}." for kind, words in labels if kind in status]
    return " ".join(parts)


def _marks(rows: Sequence[Row], side: str, texts: Localisation) -> list[str]:
    line = translate(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95))
    if side == "gap":
        zero = translate(texts, N_("Lodrätt streck: noll. Till höger om det svarar vården ja oftare."))
        unlike = translate(texts, N_("Ihålig och grå: inte säkert mer än slump."))
        return [
            line,
            zero,
            *([unlike] if any(row["status"] == "shown" and not row["distinct"] for row in rows) else []),
        ]
    found = {row["status"] for row in rows}
    scale = translate(texts, N_("Ljus linje: från 0 till %(all)s."), all=texts.percent(100))
    kinds = (
        ("hollow", N_("Ihålig och grå: osäkert.")),
        ("interval", N_("Streck utan märke: för osäkert för en andel.")),
    )
    return [line, scale, *(translate(texts, words) for kind, words in kinds if kind in found)]


def lines_of(table: pd.DataFrame, side: str, texts: Localisation) -> list[str]:
    """Return each municipality in words."""
    by_key = {(row["place"], row["question"]): row for row in records(table)}
    sentences = []
    for key in by_name(table, texts):
        figures = [
            f"{texts.question(q)} {_words(by_key[key, q], side, texts)}" for q in QUESTIONS if (key, q) in by_key
        ]
        sentences.append(f"{place_name(key, texts)}: {'; '.join(figures)}.")
    return sentences


def _words(row: Row, side: str, texts: Localisation) -> str:
    if row["status"] == "unsure":
        return translate(texts, UNSURE)
    if side != "gap":
        words = share_text(row, texts)
    elif row["status"] == "hidden":
        words = translate(texts, FEW)
    else:
        verdict = translate(texts, difference_verdict(row["distinct"], row["low"], row["high"]))
        words = f"{texts.points(row['gap'])} ({interval_text(texts, row['low'], row['high'])}, {verdict})"
    if not arrow(row):
        return words
    since = texts.round_name(row["since"])
    risen = N_("har stigit sedan %(round)s") if row["direction"] > 0 else N_("har sjunkit sedan %(round)s")
    return f"{words}, {translate(texts, risen, round=since)}"
