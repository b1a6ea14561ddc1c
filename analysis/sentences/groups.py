"""Sentences that compare residents' groups: for the chart `groups`.

Only women and men are tested against each other, on all seven questions as one family. Of the others nothing is
claimed: they are so many that some differ by chance.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.frames.frame import QUESTIONS, Row, is_known, records
from analysis.frames.resident_groups import TESTED_PAIR, group_name
from analysis.frames.schema import WITHOUT_FIGURE
from analysis.localisation import N_, Localisation, translate
from analysis.sentences.findings import interval_text, share_text
from analysis.sentences.trend import listed

MORE = {
    True: N_("Större andel kvinnor än män svarar ja: %(questions)s"),
    False: N_("Större andel män än kvinnor svarar ja: %(questions)s"),
}
NO_DIFFERENCE = N_("Ingen skillnad mellan kvinnor och män går att skilja från noll")
NO_TEST = N_("För få svar för att jämföra kvinnor och män")
BY_GROUPING = {
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


def headline(table: pd.DataFrame, grouping: str, texts: Localisation) -> str:
    """Return on which questions women and men differ; for other groupings only the subject of the picture."""
    if table.empty or table["status"].isin(WITHOUT_FIGURE).all():
        return translate(texts, NONE)
    if grouping != "gender":
        return translate(texts, BY_GROUPING[grouping])
    if table["p"].isna().all():
        return translate(texts, NO_TEST)
    distinct = [row for row in records(table) if row["distinct"] and row["group"] == TESTED_PAIR[0]]
    sentences = []
    for women, sentence in MORE.items():
        asked = [row["question"] for row in distinct if (row["difference"] > 0) == women]
        sentences += [translate(texts, sentence, questions=listed(asked, texts))] if asked else []
    return ". ".join(sentences) or translate(texts, NO_DIFFERENCE)


def subtitle(table: pd.DataFrame, grouping: str, texts: Localisation) -> str:
    """Return measure, round, and whether the groups are tested."""
    when = texts.round_name(str(table["round"].iloc[0])) if len(table) else "–"
    return " ".join(
        [translate(texts, MEASURE, round=when), translate(texts, FAMILY if grouping == "gender" else UNTESTED)]
    )


def finding(rows: Sequence[Row], texts: Localisation) -> str:
    """Return the finding on a question, for under its title; empty where there is none."""
    row = next((row for row in rows if row["distinct"]), None)
    if row is None:
        return ""
    extent = interval_text(texts, row["difference_low"], row["difference_high"])
    return translate(texts, WOMEN_MEN, number=texts.points(row["difference"]), extent=extent)


def notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of the marks, as far as they occur."""
    status = set(table["status"])
    parts = [translate(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95))]
    if "hollow" in status:
        parts.append(translate(texts, N_("Ihålig markering: osäkert.")))
    if "interval" in status:
        parts.append(translate(texts, N_("Streck utan märke: för osäkert för en andel.")))
    return [" ".join(parts)] if status & {"shown", "hollow", "interval"} else []


def lines_of(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return each panel in words: every group's share, and the finding."""
    sentences = []
    for question in QUESTIONS:
        rows = records(table[table["question"] == question])
        figures = [f"{group_name(row['group'], texts)} {_words(row, texts)}" for row in rows]
        found = finding(rows, texts)
        if figures:
            sentences.append(f"{texts.question(question)}: {'; '.join([*figures, *([found] if found else [])])}.")
    return sentences


def _words(row: Row, texts: Localisation) -> str:
    if not is_known(row["share"]):
        return share_text(row, texts)
    extent = f"{texts.number(row['low'])}–{texts.percent(row['high'])}"
    return f"{share_text(row, texts)} ({extent})"
