"""Sentences that compare units: for the charts `funnel` and `units`.

Only a unit that is told apart is named, and the reader's own; which are highest and lowest is never said.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.frames.frame import QUESTIONS, Row, known, records
from analysis.frames.schema import POINTS
from analysis.frames.unit_comparison import by_question, hidden
from analysis.sentences.findings import FEW, NAMED, UNSURE, from_to, gap_number, reading, share_words
from analysis.sentences.trend import listed
from analysis.texts import N_, Texts, place_name, say, span

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
SO_MANY = N_("%(question)s: skillnaden är mer än slump i %(number)s av %(all)s enheter")
NO_UNIT = N_("%(question)s: ingen enhets skillnad är säkert mer än slump")
NO_GAPS = N_("%(question)s: för få svar för att jämföra patienter och vården i enheterna")
UNIT_MEASURE = N_("Enheterna i %(place)s, %(round)s, i bokstavsordning.")
ROOM = 40  # letters of a name under a title
TOO_MANY = N_("Enheterna är för många för bilden: %(number)s. Tabellen har alla.")
FOREST_MOST = 60


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Return on which questions some unit is told apart; which ones stands in the picture."""
    role = str(table["role"].iloc[0])
    if not table["target"].notna().any():
        return say(texts, TOO_FEW)
    apart = [question for question in QUESTIONS if table.loc[table["question"] == question, "apart"].any()]
    if apart:
        return say(texts, APART[role], questions=listed(apart, texts))
    return say(texts, NONE_APART[role])


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Return measure, place, round, the number of units shown and of those not."""
    first = records(table)[0]
    place, when = texts.place(first["place"]), texts.round_name(first["round"])
    parts = [say(texts, MEASURE[first["role"]], place=place, round=when)]
    every = by_question(table).values()
    few, shown = [hidden(own) for own in every], [sum(row["status"] in POINTS for row in own) for own in every]
    said = N_("Enheter per fråga: %(shown)s. Med för få svar: %(hidden)s.")
    ends = {"shown": span(texts, min(shown), max(shown)), "hidden": span(texts, min(few), max(few))}
    return " ".join([*parts, say(texts, said, **ends)])


def notes(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return the legend of a funnel, as far as its marks occur."""
    status = set(table["status"])
    parts = [say(texts, N_("Varje punkt är en enhet. Åt höger: fler svar."))]
    if table["target"].notna().any():
        parts.append(say(texts, N_("Vågrät linje: alla tillsammans.")))
        limits = N_("Väntat: en enhet av 20 utanför streckad gräns, en av 500 utanför heldragen.")
        parts.append(say(texts, limits))
    if (table["tau2"] > 0).any():
        parts.append(say(texts, N_("Där enheter varierar mer än slumpen är gränserna vidare.")))
    if own := own_unit(table):
        parts.append(say(texts, N_("Ring: %(unit)s."), unit=place_name(own, texts)))
    if table["apart"].any():
        parts.append(say(texts, N_("Romb: skiljer sig mer än väntat.")))
    if "hollow" in status:
        parts.append(say(texts, N_("Ihålig markering: osäkert.")))
    if status & {"interval", "unsure"}:
        parts.append(say(texts, N_("Enheter utan andel, för att den är för osäker, ritas inte.")))
    return parts


def own_unit(table: pd.DataFrame) -> str:
    """Return the unit whose page it is, or nothing."""
    here: list[str] = sorted(set(table.loc[table["own"], "unit"]))
    return here[0] if here else ""


def under_title(own: Sequence[Row], texts: Texts) -> list[tuple[str, bool]]:
    """Return the words on a question's units, and whether in bold: one's own, those told apart, or too few."""
    said = [(say(texts, N_("ringad: %(share)s"), share=share_words(row, texts)), False) for row in own if row["own"]]
    if not any(known(row["target"]) for row in own):
        return [*said, (say(texts, N_("för få enheter")), False)]
    apart = [row for row in own if row["apart"]]
    if len(apart) > NAMED:
        return [*said, (_many(apart, texts), True)]
    others = [row for row in apart if not row["own"]]
    named = (f"{shortened(place_name(row['unit'], texts))}: {share_words(row, texts)}" for row in others)
    return [*said, *((words, True) for words in named)]


def shortened(words: str) -> str:
    """Cut a name to the letters that a panel has room for; the table has it whole."""
    return words if len(words) <= ROOM else f"{words[:ROOM].rstrip()}…"


def _many(apart: Sequence[Row], texts: Texts) -> str:
    """Return how many are told apart, where they are more than can be named; the table has them all."""
    return say(texts, N_("enheter utanför: %(number)s"), number=texts.number(len(apart)))


def lines_of(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return each panel in words: the whole, the units' range, those told apart, the number hidden."""
    return [f"{texts.question(question)}: {line(own, texts)}." for question, own in by_question(table).items()]


def line(own: Sequence[Row], texts: Texts) -> str:
    """Return one funnel in words."""
    parts: list[str] = []
    shares: list[Any] = [row["share"] for row in own if row["status"] in POINTS]
    if target := next((row["target"] for row in own if known(row["target"])), None):
        parts.append(say(texts, N_("alla tillsammans %(share)s"), share=texts.percent(target)))
    else:
        parts.append(say(texts, N_("för få enheter")))
    if shares:
        ends = {"low": texts.percent(min(shares)), "high": texts.percent(max(shares))}
        parts.append(say(texts, N_("enheterna mellan %(low)s och %(high)s"), **ends))
    apart = [row for row in own if row["apart"]]
    named = [row for row in own if row["own"] or (row["apart"] and len(apart) <= NAMED)]
    parts += [f"{place_name(row['unit'], texts)} {share_words(row, texts)}" for row in named]
    parts += [_many(apart, texts)] if len(apart) > NAMED else []
    if few := hidden(own):
        parts.append(say(texts, N_("enheter med för få svar: %(units)s"), units=texts.number(few)))
    return "; ".join(parts)


def gap_headline(question: str, rows: Sequence[Row], texts: Texts) -> str:
    """Return in how many units the gap is more than chance, as each one's own page tells it."""
    seen = [row for row in rows if row["status"] == "shown"]
    told = sum(bool(row["told"]) for row in seen)
    if not seen:
        return say(texts, NO_GAPS, question=texts.question(question))
    if not told:
        return say(texts, NO_UNIT, question=texts.question(question))
    counted = {"number": texts.number(told), "all": texts.number(len(seen))}
    return say(texts, SO_MANY, question=texts.question(question), **counted)


def gap_subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Return place and round, and that the units stand by name; or that they are too many."""
    first = records(table)[0]
    said = say(texts, UNIT_MEASURE, place=texts.place(first["place"]), round=texts.round_name(first["round"]))
    many = ((table["role"] == "") & (table["unit"] != "")).sum()
    return f"{said} {say(texts, TOO_MANY, number=texts.number(many))}" if many > FOREST_MOST else said


def gap_notes(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return the legend of a question's units, as far as the marks occur."""
    shares, gaps = table[table["role"] != ""], table[(table["role"] == "") & (table["status"] == "shown")]
    parts = []
    if len(gaps):
        parts.append(say(texts, N_("Till höger om noll: vården svarar ja oftare.")))
        parts.append(say(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95)))
    if len(gaps) and not gaps["told"].all():
        parts.append(say(texts, N_("Ihålig romb: inte säkert mer än slump.")))
    if gaps["shrunk"].notna().any():
        parts.append(say(texts, N_("Liten punkt: enhetens skillnad sammanvägd med de andras. Få svar väger lätt.")))
    return [" ".join(parts), " ".join(notes(shares, texts))]


def gap_words(row: Row, texts: Texts) -> str:
    """Return a unit's gap in words: the number, its interval, its shrunken estimate, and the detectable gap."""
    if row["status"] != "shown":
        return say(texts, FEW if row["status"] == "hidden" else UNSURE)
    words = gap_number(row, texts)
    parts = [from_to(texts, row["low"], row["high"]), say(texts, reading(row["told"], row["low"], row["high"]))]
    if known(row["shrunk"]):
        parts.append(say(texts, N_("sammanvägd med de andra %(number)s"), number=texts.points(row["shrunk"])))
    if known(row["detectable"]):
        least = N_("minsta skillnad som hade gått att se: %(number)s")
        parts.append(say(texts, least, number=texts.number(row["detectable"])))
    return f"{words} ({'; '.join(filter(None, parts))})"
