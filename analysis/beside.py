"""Units beside each other in one round: which differ more than expected, and the sentences for it.

For the chart `funnel`. The line is the whole place's own published share. A unit is told apart only when it lies
outside the outer limit for its number of answers and its p, adjusted over all units and questions of the picture
(Benjamini and Hochberg), is under 0.1. Units are never ranked; few answers are not judged.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import funnel
from analysis.findings import NAMED, SURE, share_words
from analysis.frame import QUESTIONS, Row, known, records
from analysis.progress import listed
from analysis.texts import N_, Texts, say, span
from analysis.trend import adjust

INNER, OUTER = 0.95, 0.998
LEAST = 5  # so many units with enough answers before any is judged
DISCOVERY = 0.1
LIMITS = ("target", "phi", "tau2", "lower_inner", "upper_inner", "lower", "upper", "p")

TOO_FEW = N_("För få enheter har tillräckligt många svar för att jämföras")
APART = {
    "patient": N_("Patienternas svar skiljer sig mer än väntat mellan enheter: %(questions)s"),
    "provider": N_("Vårdens svar skiljer sig mer än väntat mellan enheter: %(questions)s"),
}
NONE_APART = {
    "patient": N_("Ingen enhet går att skilja från de andra i patienternas svar"),
    "provider": N_("Ingen enhet går att skilja från de andra i vårdens svar"),
}
MEASURE = {
    "patient": N_("Andel patienter som svarar ja, enheterna i %(place)s, %(round)s."),
    "provider": N_("Andel i vården som svarar ja, enheterna i %(place)s, %(round)s."),
}


def judged(units: pd.DataFrame, whole: dict[str, float]) -> pd.DataFrame:
    """The units' rows with the limits that are theirs, their adjusted p, and whether they are told apart.

    `whole` is the place's own share of each question, in percent, where it is published.
    """
    found = units.assign(**dict.fromkeys(LIMITS, np.nan))
    for question in QUESTIONS:
        here = (found["question"] == question) & (found["status"] == "shown") & (found["n"] >= SURE)
        if question in whole and here.sum() >= LEAST:
            found.loc[here, list(LIMITS)] = _limits(found[here], whole[question] / 100)
    found["p"] = adjust(found["p"].to_numpy(dtype=np.float64), "bh").round(4)
    beyond = (found["share"] < found["lower"]) | (found["share"] > found["upper"])
    return found.assign(apart=beyond & (found["p"] < DISCOVERY))


def _limits(own: pd.DataFrame, target: float) -> npt.NDArray[np.float64]:
    n = own["n"].to_numpy(dtype=np.float64)
    x = own["share"].to_numpy(dtype=np.float64) * n / 100
    phi, tau2 = (round(value, 6) for value in funnel.overdispersion(x, n, target))
    inner, outer = (100 * funnel.limits(target, n, level, tau2) for level in (INNER, OUTER))
    p = funnel.p_values(x, n, target, tau2)
    same = [np.full(n.shape, value) for value in (round(100 * target), phi, tau2)]
    return np.column_stack([*same, *(side.round(1) for each in (inner, outer) for side in each.to_numpy().T), p])


def _rows(table: pd.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(table):
        found[row["question"]].append(row)
    return found


def funnel_headline(table: pd.DataFrame, texts: Texts) -> str:
    """On which questions some unit is told apart; which ones stands in the picture."""
    role = str(table["role"].iloc[0])
    if not table["target"].notna().any():
        return say(texts, TOO_FEW)
    apart = [question for question in QUESTIONS if table.loc[table["question"] == question, "apart"].any()]
    if apart:
        return say(texts, APART[role], questions=listed(apart, texts))
    return say(texts, NONE_APART[role])


def funnel_subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, round, how many units are shown and how many are not."""
    first = records(table)[0]
    place, name = texts.place(first["place"]), texts.round_name(first["round"])
    parts = [say(texts, MEASURE[first["role"]], place=place, round=name)]
    hidden = [_hidden(own) for own in _rows(table).values()]
    shown = [sum(row["status"] != "hidden" for row in own) for own in _rows(table).values()]
    said = N_("Enheter per fråga: %(shown)s. Med för få svar: %(hidden)s.")
    ends = {"shown": span(texts, min(shown), max(shown)), "hidden": span(texts, min(hidden), max(hidden))}
    return " ".join([*parts, say(texts, said, **ends)])


def _hidden(own: Sequence[Row]) -> int:
    return sum(row["status"] == "hidden" and row["unit"] != "" for row in own)


def funnel_notes(table: pd.DataFrame, texts: Texts) -> list[str]:
    """What the marks are, as far as they occur."""
    parts = [say(texts, N_("Varje punkt är en enhet. Åt höger: fler svar."))]
    if table["target"].notna().any():
        parts.append(say(texts, N_("Vågrät linje: alla tillsammans.")))
        limits = N_("Väntat: en enhet av 20 utanför streckad gräns, en av 500 utanför heldragen.")
        parts.append(say(texts, limits))
    if (table["tau2"] > 0).any():
        parts.append(say(texts, N_("Där enheter varierar mer än slumpen är gränserna vidare.")))
    if table["apart"].any():
        parts.append(say(texts, N_("Ring: skiljer sig mer än väntat.")))
    if "band" in set(table["status"]):
        parts.append(say(texts, N_("Stapel: andelen ligger någonstans i stapeln.")))
    if (table.loc[table["status"] == "shown", "n"] < SURE).any():
        few = N_("Ihålig markering: färre än %(number)s svar, osäkert.")
        parts.append(say(texts, few, number=texts.number(SURE)))
    return parts


def under_panel(own: Sequence[Row], texts: Texts) -> str:
    """Which units are told apart on a question, or that there are too few to tell."""
    if not any(known(row["target"]) for row in own):
        return say(texts, N_("för få enheter"))
    apart = [row for row in own if row["apart"]]
    return _many(apart, texts) or ", ".join(texts.place(row["unit"]) for row in apart)


def _many(apart: Sequence[Row], texts: Texts) -> str:
    """How many are told apart, where they are more than can be named; the table has them all."""
    if len(apart) <= NAMED:
        return ""
    return say(texts, N_("enheter utanför: %(number)s"), number=texts.number(len(apart)))


def funnel_lines(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Each panel in words: the whole, how widely the units lie, which are told apart, how many are hidden."""
    said = []
    for question, own in _rows(table).items():
        parts: list[str] = []
        shares: list[Any] = [row["share"] for row in own if row["status"] == "shown"]
        if target := next((row["target"] for row in own if known(row["target"])), None):
            parts.append(say(texts, N_("alla tillsammans %(share)s"), share=texts.percent(target)))
        else:
            parts.append(say(texts, N_("för få enheter")))
        if shares:
            ends = {"low": texts.percent(min(shares)), "high": texts.percent(max(shares))}
            parts.append(say(texts, N_("enheterna mellan %(low)s och %(high)s"), **ends))
        apart = [row for row in own if row["apart"]]
        named = [f"{texts.place(row['unit'])} {share_words(row, texts)}" for row in apart]
        parts += [many] if (many := _many(apart, texts)) else named
        if hidden := _hidden(own):
            parts.append(say(texts, N_("enheter med för få svar: %(units)s"), units=texts.number(hidden)))
        said.append(f"{texts.question(question)}: {'; '.join(parts)}.")
    return said
