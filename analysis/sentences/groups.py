"""Sentences that compare residents' groups: for the chart `groups`.

Only women and men are tested against each other, on all seven questions as one family. Of the others nothing is
claimed: they are so many that some differ by chance.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.frames.frame import QUESTIONS, Row, known, records
from analysis.frames.resident_groups import TESTED, group_name
from analysis.frames.schema import SILENT
from analysis.sentences.findings import from_to, share_words
from analysis.sentences.trend import listed
from analysis.texts import N_, Texts, say

MORE = {
    True: N_("Större andel kvinnor än män svarar ja: %(questions)s"),
    False: N_("Större andel män än kvinnor svarar ja: %(questions)s"),
}
NO_DIFFERENCE = N_("Ingen skillnad mellan kvinnor och män går att skilja från noll")
NO_TEST = N_("För få svar för att jämföra kvinnor och män")
SPREAD = {
    "age": N_("Så svarar invånare i olika åldrar"),
    "gender_age": N_("Så svarar kvinnor och män i olika åldrar"),
    "language": N_("Så svarar invånare på olika språk"),
    "help": N_("Så svarar de som fick hjälp och de som svarade själva"),
}
NONE = N_("Inga grupper att visa: för få har berättat om sig")
MEASURE = N_("Andel invånare som svarar ja, hela regionen, %(round)s. Bara de som har berättat om sig.")
UNTESTED = N_("Grupperna är inte prövade mot varandra: de är så många att några skiljer sig av en slump.")
FAMILY = N_("Kvinnor och män är prövade mot varandra på alla sju frågor tillsammans.")
WOMEN_MEN = N_("kvinnor minus män: %(number)s (%(extent)s)")


def headline(table: pd.DataFrame, grouping: str, texts: Texts) -> str:
    """Return on which questions women and men differ; for other groupings only the subject of the picture."""
    if table.empty or table["status"].isin(SILENT).all():
        return say(texts, NONE)
    if grouping != "gender":
        return say(texts, SPREAD[grouping])
    if table["p"].isna().all():
        return say(texts, NO_TEST)
    told = [row for row in records(table) if row["distinct"] and row["group"] == TESTED[0]]
    said = []
    for women, sentence in MORE.items():
        asked = [row["question"] for row in told if (row["difference"] > 0) == women]
        said += [say(texts, sentence, questions=listed(asked, texts))] if asked else []
    return ". ".join(said) or say(texts, NO_DIFFERENCE)


def subtitle(table: pd.DataFrame, grouping: str, texts: Texts) -> str:
    """Return measure, round, and whether the groups are tested."""
    when = texts.round_name(str(table["round"].iloc[0])) if len(table) else "–"
    return " ".join([say(texts, MEASURE, round=when), say(texts, FAMILY if grouping == "gender" else UNTESTED)])


def find(rows: Sequence[Row], texts: Texts) -> str:
    """Return the finding on a question, for under its title; empty where there is none."""
    row = next((row for row in rows if row["distinct"]), None)
    if row is None:
        return ""
    extent = from_to(texts, row["difference_low"], row["difference_high"])
    return say(texts, WOMEN_MEN, number=texts.points(row["difference"]), extent=extent)


def notes(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return the legend of the marks, as far as they occur."""
    status = set(table["status"])
    parts = [say(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95))]
    if "hollow" in status:
        parts.append(say(texts, N_("Ihålig markering: osäkert.")))
    if "interval" in status:
        parts.append(say(texts, N_("Streck utan märke: för osäkert för en andel.")))
    return [" ".join(parts)] if status & {"shown", "hollow", "interval"} else []


def lines_of(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return each panel in words: every group's share, and the finding."""
    said = []
    for question in QUESTIONS:
        rows = records(table[table["question"] == question])
        figures = [f"{group_name(row['group'], texts)} {_words(row, texts)}" for row in rows]
        found = find(rows, texts)
        if figures:
            said.append(f"{texts.question(question)}: {'; '.join([*figures, *([found] if found else [])])}.")
    return said


def _words(row: Row, texts: Texts) -> str:
    if not known(row["share"]):
        return share_words(row, texts)
    extent = f"{texts.number(row['low'])}–{texts.percent(row['high'])}"
    return f"{share_words(row, texts)} ({extent})"
