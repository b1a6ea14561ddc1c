"""What has changed since the round before, question by question, and the sentences for it.

For the chart `change`. The round before is the nearest earlier one that asked the same and has something to show; a
side that was asked otherwise then is not compared. Few answers are not tested.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.findings import CHANCE, NOT_DISTINCT, SURE, counts_words, from_to, share_words
from analysis.frame import QUESTIONS, ROLES, Row, known, records
from analysis.over_time import Lines, change_of
from analysis.progress import SERIES, trend_headline
from analysis.texts import N_, Texts, say
from analysis.trend import adjust

SIDE = ("status", "n", "share", "low", "high", "cap_low", "cap_high")
NOTHING: Mapping[str, Any] = {"change": np.nan, "low": np.nan, "high": np.nan, "p": np.nan}
NO_CHANGE = N_("Ingen förändring sedan omgången före går att skilja från noll")
UNTESTED = N_("För få svar för att pröva vad som ändrats sedan omgången före")
NO_ROUND = N_("Ingen tidigare mätomgång har samma formuleringar att jämföra med")
TOLD = N_("går att skilja från noll")
REWORDED = N_("ny formulering")


def changes(by_line: Lines) -> pd.DataFrame:
    """A row for each question and role: the round before, the newest round, and the change between them.

    `by_line` is the trend's. The p are adjusted together, by Holm.
    """
    rows = []
    for question in QUESTIONS:
        sides = {role: by_line[role, question] for role in ROLES}
        at = _before(sides)
        rows += [_pair(own, at) for own in sides.values()]
    found = pd.DataFrame(rows)
    found["p"] = adjust(found["p"].to_numpy(dtype=np.float64)).round(4)
    found["distinct"] = ((found["change_low"] > 0) | (found["change_high"] < 0)) & (found["p"] < 0.05)
    return found


def _before(sides: Mapping[str, Sequence[Row]]) -> int | None:
    """Which round a question is compared with, for both sides."""
    for at in range(len(next(iter(sides.values()))) - 2, -1, -1):
        if any(own[at]["status"] != "hidden" and own[at]["segment"] == own[-1]["segment"] for own in sides.values()):
            return at
    return None


def _pair(own: Sequence[Row], at: int | None) -> dict[str, Any]:
    now = own[-1]
    then = own[at] if at is not None else None
    same = then is not None and then["segment"] == now["segment"]
    sides = [row for row in (then, now) if row is not None and row["status"] == "shown" and row["n"] >= SURE]
    moved = change_of(*sides) if same and len(sides) == 2 else NOTHING
    nothing = dict.fromkeys(SIDE, np.nan) | {"status": "hidden"}
    return {
        **{name: now[name] for name in ("round", "date", "place", "role", "question")},
        **{name: now[name] for name in SIDE},
        "before": then["round"] if then is not None else "",
        "before_date": then["date"] if then is not None else pd.NaT,
        "why": _why(own, at),
        **{
            f"before_{name}": value
            for name, value in ({k: then[k] for k in SIDE} if same and then else nothing).items()
        },
        "change": moved["change"],
        "change_low": moved["low"],
        "change_high": moved["high"],
        "p": moved["p"],
    }


def _why(own: Sequence[Row], at: int | None) -> str:
    """Why a side is not compared: it was asked otherwise then, it is the first round, or nothing before is shown."""
    if at is not None:
        return "" if own[at]["segment"] == own[-1]["segment"] else _anew(own)
    if len(own) == 1:
        return "first"
    return "few" if own[-2]["segment"] == own[-1]["segment"] else _anew(own)


def _anew(own: Sequence[Row]) -> str:
    """Why the newest stretch began: others had gone up in the place, or the question was asked otherwise."""
    newest = [row for row in own if row["segment"] == own[-1]["segment"]]
    return "joined" if newest[0].get("joined") else "wording"


def change_headline(table: pd.DataFrame, texts: Texts) -> str:
    """Whose share has changed since the round before, and on which questions."""
    if not table["distinct"].any():
        if table["p"].notna().any():
            return say(texts, NO_CHANGE)
        return say(texts, NO_ROUND if table["why"].isin(["first", "wording", "joined"]).all() else UNTESTED)
    named = table.drop(columns=["low", "high"])
    return trend_headline(named.rename(columns={"before": "first", "change_low": "low", "change_high": "high"}), texts)


def change_subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, the newest round, and about how many answers it has."""
    first = records(table)[0]
    measure = N_("Andel som svarar ja, %(place)s, %(round)s jämfört med närmaste omgång före med samma formulering.")
    counts = {role: list(table.loc[table["role"] == role, "n"]) for role in ROLES}
    said = say(texts, measure, place=texts.place(first["place"]), round=texts.round_name(first["round"]))
    return " ".join(filter(None, (said, counts_words(counts["patient"], counts["provider"], texts))))


def change_notes(table: pd.DataFrame, texts: Texts) -> list[str]:
    """What the marks are."""
    parts = [
        say(
            texts,
            N_("Streck: %(level)s intervall. Fetstil: förändringen går att skilja från noll."),
            level=texts.percent(95),
        )
    ]
    shown = table[(table["status"] == "shown")]
    if "band" in {*table["status"], *table["before_status"]}:
        parts.append(say(texts, N_("Stapel: andelen ligger någonstans i stapeln.")))
    if (shown["n"] < SURE).any() or (table.loc[table["before_status"] == "shown", "before_n"] < SURE).any():
        few = N_("Ihålig markering: färre än %(number)s svar, osäkert och inte prövat.")
        parts.append(say(texts, few, number=texts.number(SURE)))
    return parts


def change_words(row: Row, texts: Texts) -> str:
    """The change in a few words, with what can be told of it; nothing where none is tested."""
    if not known(row["change"]):
        return ""
    alone = row["change_low"] > 0 or row["change_high"] < 0
    verdict = "" if row["distinct"] else say(texts, CHANCE if alone else NOT_DISTINCT)
    extent = say(texts, N_("intervall %(extent)s"), extent=from_to(texts, row["change_low"], row["change_high"]))
    told = "; ".join(filter(None, (verdict, extent)))
    return say(texts, N_("förändring %(number)s (%(told)s)"), number=texts.points(row["change"]), told=told)


def last_step(row: Row, texts: Texts) -> str:
    """The change since the round before as a sentence, for the side of a longer one; nothing where none is tested."""
    if not known(row["change"]):
        return ""
    words = N_("Sedan omgången före, %(round)s: %(number)s (%(told)s).")
    told = say(texts, TOLD if row["distinct"] else NOT_DISTINCT)
    said = {"round": texts.round_name(row["before"]), "number": texts.points(row["change"])}
    return say(texts, words, told=told, **said)


def change_lines(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Each line of the picture in words: then, now, and the change."""
    said = []
    for row in records(table):
        figures = [f"{texts.round_name(row['round'])} {share_words(row, texts)}"]
        if row["before"] and not row["why"]:
            figures.insert(0, f"{texts.round_name(row['before'])} {share_words(row, texts, 'before_')}")
        elif row["why"] == "wording":
            figures.append(say(texts, REWORDED))
        words = ", ".join(filter(None, (*figures, change_words(row, texts))))
        said.append(say(texts, SERIES[row["role"]], question=texts.question(row["question"]), figures=words))
    return said
