"""Sentences that compare units: for the charts `funnel` and `units`.

Only an outlier is named, and the reader's own; which are highest and lowest is never said.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.frames.frame import QUESTIONS, Row, is_known, records
from analysis.frames.schema import WITH_SHARE
from analysis.frames.unit_comparison import by_question, count_hidden
from analysis.localisation import N_, Localisation, format_range, place_name, translate
from analysis.sentences.compared_places import FUNNEL_OF_UNITS, FunnelWords
from analysis.sentences.findings import (
    FEW,
    MAX_NAMED,
    UNSURE,
    difference_verdict,
    gap_number,
    interval_text,
    share_text,
)
from analysis.sentences.trend import listed

COUNT_OF_ALL = N_("%(question)s: skillnaden är mer än slump i %(number)s av %(all)s enheter")
NO_UNIT = N_("%(question)s: ingen enhets skillnad är säkert mer än slump")
NO_GAPS = N_("%(question)s: för få svar för att jämföra patienter och vården i enheterna")
UNIT_MEASURE = N_("Enheterna i %(place)s, %(round)s, i bokstavsordning.")
MAX_LETTERS = 40  # letters of a name under a title
TOO_MANY = N_("Enheterna är för många för bilden: %(number)s. Tabellen har alla.")
MAX_IN_FOREST = 60


def headline(table: pd.DataFrame, texts: Localisation, words: FunnelWords = FUNNEL_OF_UNITS) -> str:
    """Return on which questions some unit is an outlier; which ones stands in the picture."""
    role = str(table["role"].iloc[0])
    if not table["target"].notna().any():
        return translate(texts, words.too_few)
    outliers = [question for question in QUESTIONS if table.loc[table["question"] == question, "outlier"].any()]
    if outliers:
        return translate(texts, words.outliers[role], questions=listed(outliers, texts))
    return translate(texts, words.no_outlier[role])


def subtitle(table: pd.DataFrame, texts: Localisation, words: FunnelWords = FUNNEL_OF_UNITS) -> str:
    """Return measure, place, round, the number of units shown and of those not."""
    first = records(table)[0]
    place, when = texts.place(first["place"]), texts.round_name(first["round"])
    parts = [translate(texts, words.measure[first["role"]], place=place, round=when)]
    every = by_question(table).values()
    few, shown = (
        [count_hidden(own) for own in every],
        [sum(row["status"] in WITH_SHARE for row in own) for own in every],
    )
    ends = {"shown": format_range(texts, min(shown), max(shown)), "hidden": format_range(texts, min(few), max(few))}
    return " ".join([*parts, translate(texts, words.counted, **ends)])


def notes(table: pd.DataFrame, texts: Localisation, words: FunnelWords = FUNNEL_OF_UNITS) -> list[str]:
    """Return the legend of a funnel, as far as its marks occur."""
    status = set(table["status"])
    parts = [translate(texts, words.point)]
    if table["target"].notna().any():
        parts.append(translate(texts, N_("Vågrät linje: alla tillsammans.")))
        parts.append(translate(texts, words.expected))
    if (table["tau2"] > 0).any():
        parts.append(translate(texts, words.wider))
    if own := own_unit(table):
        parts.append(translate(texts, N_("Ring: %(unit)s."), unit=place_name(own, texts)))
    if table["outlier"].any():
        parts.append(translate(texts, N_("Romb: skiljer sig mer än väntat.")))
    if "hollow" in status:
        parts.append(translate(texts, N_("Ihålig markering: osäkert.")))
    if status & {"interval", "unsure"}:
        parts.append(translate(texts, words.undrawn))
    return parts


def own_unit(table: pd.DataFrame) -> str:
    """Return the unit whose page it is, or nothing."""
    here: list[str] = sorted(set(table.loc[table["own"], "unit"]))
    return here[0] if here else ""


def title_note(own: Sequence[Row], texts: Localisation, words: FunnelWords = FUNNEL_OF_UNITS) -> list[tuple[str, bool]]:
    """Return the words on a question's units, and whether in bold: one's own, the outliers, or too few."""
    notes = [
        (translate(texts, N_("ringad: %(share)s"), share=share_text(row, texts)), False) for row in own if row["own"]
    ]
    if not any(is_known(row["target"]) for row in own):
        return [*notes, (translate(texts, words.few), False)]
    outliers = [row for row in own if row["outlier"]]
    if len(outliers) > MAX_NAMED:
        return [*notes, (_outlier_count(outliers, texts, words), True)]
    others = [row for row in outliers if not row["own"]]
    named = (f"{shortened(place_name(row['unit'], texts))}: {share_text(row, texts)}" for row in others)
    return [*notes, *((name, True) for name in named)]


def shortened(words: str) -> str:
    """Cut a name to the letters that a panel has room for; the table has it whole."""
    return words if len(words) <= MAX_LETTERS else f"{words[:MAX_LETTERS].rstrip()}…"


def _outlier_count(outliers: Sequence[Row], texts: Localisation, words: FunnelWords) -> str:
    """Return the number of outliers, where they are more than can be named; the table has them all."""
    return translate(texts, words.beyond, number=texts.number(len(outliers)))


def lines_of(table: pd.DataFrame, texts: Localisation, words: FunnelWords = FUNNEL_OF_UNITS) -> list[str]:
    """Return each panel in words: the whole, the units' range, the outliers, the number hidden."""
    return [
        f"{texts.question(question)}: {funnel_text(own, texts, words)}." for question, own in by_question(table).items()
    ]


def funnel_text(own: Sequence[Row], texts: Localisation, words: FunnelWords = FUNNEL_OF_UNITS) -> str:
    """Return one funnel in words."""
    parts: list[str] = []
    shares: list[Any] = [row["share"] for row in own if row["status"] in WITH_SHARE]
    if target := next((row["target"] for row in own if is_known(row["target"])), None):
        parts.append(translate(texts, N_("alla tillsammans %(share)s"), share=texts.percent(target)))
    else:
        parts.append(translate(texts, words.few))
    if shares:
        ends = {"low": texts.percent(min(shares)), "high": texts.percent(max(shares))}
        parts.append(translate(texts, words.between, **ends))
    outliers = [row for row in own if row["outlier"]]
    named = [row for row in own if row["own"] or (row["outlier"] and len(outliers) <= MAX_NAMED)]
    parts += [f"{place_name(row['unit'], texts)} {share_text(row, texts)}" for row in named]
    parts += [_outlier_count(outliers, texts, words)] if len(outliers) > MAX_NAMED else []
    if few := count_hidden(own):
        parts.append(translate(texts, words.hidden, units=texts.number(few)))
    return "; ".join(parts)


def gap_headline(question: str, rows: Sequence[Row], texts: Localisation) -> str:
    """Return in how many units the gap is more than chance, as each one's own page tells it."""
    seen = [row for row in rows if row["status"] == "shown"]
    distinct = sum(bool(row["gap_distinct"]) for row in seen)
    if not seen:
        return translate(texts, NO_GAPS, question=texts.question(question))
    if not distinct:
        return translate(texts, NO_UNIT, question=texts.question(question))
    counted = {"number": texts.number(distinct), "all": texts.number(len(seen))}
    return translate(texts, COUNT_OF_ALL, question=texts.question(question), **counted)


def gap_subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return place and round, and that the units stand by name; or that they are too many."""
    first = records(table)[0]
    measure = translate(texts, UNIT_MEASURE, place=texts.place(first["place"]), round=texts.round_name(first["round"]))
    many = ((table["role"] == "") & (table["unit"] != "")).sum()
    return f"{measure} {translate(texts, TOO_MANY, number=texts.number(many))}" if many > MAX_IN_FOREST else measure


def gap_notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of a question's units, as far as the marks occur."""
    shares, gaps = table[table["role"] != ""], table[(table["role"] == "") & (table["status"] == "shown")]
    parts = []
    if len(gaps):
        parts.append(translate(texts, N_("Till höger om noll: vården svarar ja oftare.")))
        parts.append(translate(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95)))
    if len(gaps) and not gaps["gap_distinct"].all():
        parts.append(translate(texts, N_("Ihålig romb: inte säkert mer än slump.")))
    if gaps["shrunk"].notna().any():
        parts.append(
            translate(texts, N_("Liten punkt: enhetens skillnad sammanvägd med de andras. Få svar väger lätt."))
        )
    return [" ".join(parts), " ".join(notes(shares, texts))]


def gap_text(row: Row, texts: Localisation) -> str:
    """Return a unit's gap in words: the number, its interval, its shrunken estimate, and the detectable gap."""
    if row["status"] != "shown":
        return translate(texts, FEW if row["status"] == "hidden" else UNSURE)
    words = gap_number(row, texts)
    parts = [
        interval_text(texts, row["low"], row["high"]),
        translate(texts, difference_verdict(row["gap_distinct"], row["low"], row["high"])),
    ]
    if is_known(row["shrunk"]):
        parts.append(translate(texts, N_("sammanvägd med de andra %(number)s"), number=texts.points(row["shrunk"])))
    if is_known(row["detectable"]):
        least = N_("minsta skillnad som hade gått att se: %(number)s")
        parts.append(translate(texts, least, number=texts.number(row["detectable"])))
    return f"{words} ({'; '.join(filter(None, parts))})"
