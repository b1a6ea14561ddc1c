"""Sentences that compare municipalities: where shares have moved, and where the two sides differ.

For the chart `municipalities`. Each is read against its own past, and every change and gap is told as on the
municipality's own page: its seven questions are one family, the other municipalities are none of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.frames.frame import QUESTIONS, Row, known, records
from analysis.frames.moves import moves
from analysis.frames.schema import SILENT
from analysis.frames.series import lines
from analysis.sentences.findings import FEW, NAMED, UNSURE, from_to, reading, share_words
from analysis.texts import N_, Texts, place_name, say

LEVEL = "municipality"
ROOM = 60  # letters of names after a question in a headline
LAST = str.maketrans("åäö", "{|}")  # after z, in their order
SHORT = {"unsure": "?", "hidden": "–"}
STILL: dict[str, Any] = {"since": "", "way": 0, "moved": False}
MOVED = {
    ("patient", 1): N_("Större andel patienter svarar ja än förut: %(where)s"),
    ("patient", -1): N_("Mindre andel patienter svarar ja än förut: %(where)s"),
    ("provider", 1): N_("Större andel i vården svarar ja än förut: %(where)s"),
    ("provider", -1): N_("Mindre andel i vården svarar ja än förut: %(where)s"),
    ("gap", 1): N_("Vården svarar ja oftare än patienterna: %(where)s"),
    ("gap", -1): N_("Patienterna svarar ja oftare än vården: %(where)s"),
}
NONE = {
    "patient": N_("Ingen kommuns förändring i patienternas svar är säkert mer än slump"),
    "provider": N_("Ingen kommuns förändring i vårdens svar är säkert mer än slump"),
    "gap": N_("Ingen kommuns skillnad mellan vården och patienterna är säkert mer än slump"),
}
EVERY_FEW = {
    "patient": N_("För få svar från patienterna för att jämföra kommuner"),
    "provider": N_("För få svar från vården för att jämföra kommuner"),
    "gap": N_("För få svar för att jämföra patienter och vården i kommunerna"),
}
ALONE = {
    "patient": N_("Så svarar patienterna, kommun för kommun"),
    "provider": N_("Så svarar vården, kommun för kommun"),
    "gap": N_("Skillnaden mellan vården och patienterna, kommun för kommun"),
}
MEASURE = {
    "patient": N_("Andel patienter som svarar ja, i procent, kommunerna i %(place)s, %(round)s."),
    "provider": N_("Andel i vården som svarar ja, i procent, kommunerna i %(place)s, %(round)s."),
    "gap": N_("Vårdens andel ja minus patienternas, i procentenheter, kommunerna i %(place)s, %(round)s."),
}
IN_PLACES = N_("%(question)s (%(places)s)")
SO_MANY = N_("%(number)s av %(all)s kommuner")
MORE = N_("frågor till: %(number)s")


def share_moves(every: pd.DataFrame, role: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return each share's movement, by place and question, as the place's own page tells it; `every`: the trend's rows.

    `every` is the trend's rows of all the places.
    """
    return {
        (str(place), question): {"since": each.since, "way": each.way, "moved": each.told, "p": round(each.p, 4)}
        for place, own in every.groupby("place")
        for (side, question), each in moves(lines(own)).items()
        if side == role
    }


def gap_moves(rows: Mapping[tuple[str, str], Sequence[Row]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the tested movement of each gap, as its own row has it."""
    found = {}
    for key, line in rows.items():
        last = line[-1]
        if last["since"] and known(last["change"]):
            way = 1 if last["change"] > 0 else -1
            found[key] = {"since": last["since"], "way": way, "moved": bool(last["change_distinct"])}
    return found


def newest(key: tuple[str, str], line: Sequence[Row]) -> dict[str, Any]:
    """Return a line's newest row."""
    return dict(line[-1]) | {"place": key[0], "question": key[1]}


def by_name(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return the municipalities in the order of their names."""
    return sorted(set(table["place"]), key=lambda key: texts.place(key).casefold().translate(LAST))


def headline(table: pd.DataFrame, side: str, texts: Texts) -> str:
    """Return where a side has moved; of the gap, on which questions the sides differ; at most two sentences."""
    rows = records(table)
    if all(row["status"] in SILENT for row in rows):
        return say(texts, EVERY_FEW[side])
    if side != "gap" and not any(row["since"] for row in rows):
        return say(texts, ALONE[side])
    said = []
    for way in (1, -1):
        there = [row for row in rows if _told(row, side) == way]
        said += [say(texts, MOVED[side, way], where=_where(there, table, texts))] if there else []
    return ". ".join(said) or say(texts, NONE[side])


def _told(row: Row, side: str) -> int:
    """Return the direction that a row counts for in the headline; 0 where it does not."""
    if side == "gap":
        return (1 if row["low"] > 0 else -1) if row["distinct"] is True else 0
    return arrow(row)


def arrow(row: Row) -> int:
    """Return 1 for up, −1 for down, or 0 where no change is told."""
    return int(row["way"]) if row["moved"] and row["status"] not in SILENT else 0


def _where(rows: Sequence[Row], table: pd.DataFrame, texts: Texts) -> str:
    """Return the questions, those with most municipalities first, each with its municipalities."""
    everywhere = by_name(table, texts)
    by_question = {
        q: [key for key in everywhere if (key, q) in {(r["place"], r["question"]) for r in rows}] for q in QUESTIONS
    }
    found = sorted((q for q in QUESTIONS if by_question[q]), key=lambda q: -len(by_question[q]))
    said = [
        say(texts, IN_PLACES, question=texts.question(q), places=places(by_question[q], len(everywhere), texts))
        for q in found[:NAMED]
    ]
    rest = len(found) - NAMED
    return ", ".join(said + ([say(texts, MORE, number=texts.number(rest))] if rest > 0 else []))


def places(keys: Sequence[str], every: int, texts: Texts) -> str:
    """Return the municipalities by name, or their number of all where they are many or have long names."""
    said = ", ".join(place_name(key, texts) for key in keys)
    if len(keys) > NAMED or len(said) > ROOM:
        return say(texts, SO_MANY, number=texts.number(len(keys)), all=texts.number(every))
    return said


def subtitle(table: pd.DataFrame, side: str, texts: Texts) -> str:
    """Return measure, region, round."""
    first = records(table.sort_values("date", kind="stable"))[-1]
    place, when = texts.place(first["whole"]), texts.round_name(first["round"])
    return say(texts, MEASURE[side], place=place, round=when)


def notes(table: pd.DataFrame, side: str, short: bool, texts: Texts) -> str:
    """Return the legend of the marks, as far as they occur."""
    rows, status = records(table), set(table["status"])
    parts = _marks(rows, side, texts) if status & {"shown", "hollow", "interval"} else []
    if any(arrow(row) for row in rows):
        said = N_("Pil: skillnaden har ändrats, uppåt eller nedåt.")
        parts.append(say(texts, said if side == "gap" else N_("Pil: andelen har stigit eller sjunkit.")))
    if short:
        told = (("unsure", UNSURE), ("hidden", FEW))
        parts += [f"{SHORT[kind]} {say(texts, words)}." for kind, words in told if kind in status]
    return " ".join(parts)


def _marks(rows: Sequence[Row], side: str, texts: Texts) -> list[str]:
    line = say(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95))
    if side == "gap":
        zero = say(texts, N_("Lodrätt streck: noll. Till höger om det svarar vården ja oftare."))
        unlike = say(texts, N_("Ihålig och grå: inte säkert mer än slump."))
        return [
            line,
            zero,
            *([unlike] if any(row["status"] == "shown" and not row["distinct"] for row in rows) else []),
        ]
    found = {row["status"] for row in rows}
    scale = say(texts, N_("Ljus linje: från 0 till %(all)s."), all=texts.percent(100))
    kinds = (
        ("hollow", N_("Ihålig och grå: osäkert.")),
        ("interval", N_("Streck utan märke: för osäkert för en andel.")),
    )
    return [line, scale, *(say(texts, words) for kind, words in kinds if kind in found)]


def lines_of(table: pd.DataFrame, side: str, texts: Texts) -> list[str]:
    """Return each municipality in words."""
    by_key = {(row["place"], row["question"]): row for row in records(table)}
    said = []
    for key in by_name(table, texts):
        figures = [
            f"{texts.question(q)} {_words(by_key[key, q], side, texts)}" for q in QUESTIONS if (key, q) in by_key
        ]
        said.append(f"{place_name(key, texts)}: {'; '.join(figures)}.")
    return said


def _words(row: Row, side: str, texts: Texts) -> str:
    if row["status"] == "unsure":
        return say(texts, UNSURE)
    if side != "gap":
        words = share_words(row, texts)
    elif row["status"] == "hidden":
        words = say(texts, FEW)
    else:
        told = say(texts, reading(row["distinct"], row["low"], row["high"]))
        words = f"{texts.points(row['gap'])} ({from_to(texts, row['low'], row['high'])}, {told})"
    if not arrow(row):
        return words
    since = texts.round_name(row["since"])
    risen = N_("har stigit sedan %(round)s") if row["way"] > 0 else N_("har sjunkit sedan %(round)s")
    return f"{words}, {say(texts, risen, round=since)}"
