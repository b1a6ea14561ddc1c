"""Sentences on changes over the rounds.

For the headlines, subtitles and text alternatives of `trend` and `gap-trend`. As in `findings`, nothing is said
that the interval does not carry; what was not tested is not called unchanged.
"""

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.frames.schema import QUESTIONS, ROLES, WITH_SHARE, WITHOUT_FIGURE, Row, records
from analysis.frames.series import lines, mergers, new_wordings
from analysis.localisation import N_, Localisation, translate
from analysis.sentences.findings import (
    MAX_NAMED,
    counts_text,
    gap_extent,
    gap_number,
    gap_verdict,
    share_notes,
    share_text,
)

CHANGED = {
    ("patient", 1): N_("Större andel patienter svarar ja än %(round)s: %(questions)s"),
    ("patient", -1): N_("Mindre andel patienter svarar ja än %(round)s: %(questions)s"),
    ("provider", 1): N_("Större andel i vården svarar ja än %(round)s: %(questions)s"),
    ("provider", -1): N_("Mindre andel i vården svarar ja än %(round)s: %(questions)s"),
}
GAP_CHANGED = {
    "less": N_("Vården och patienterna svarar mer lika än %(round)s: %(questions)s"),
    "more": N_("Vården och patienterna svarar mer olika än %(round)s: %(questions)s"),
    "other": N_("Skillnaden mellan vården och patienterna har ändrats sedan %(round)s: %(questions)s"),
}
NO_CHANGE = N_("Ingen förändring över tid är säkert mer än slump")
NO_GAP_CHANGE = N_("Ingen förändring av skillnaden är säkert mer än slump, jämfört med %(rounds)s")
TREND = N_("Så svarar patienterna och vården över tid")
GAP_TREND = N_("Skillnaden mellan vården och patienterna över tid")
UNTESTED = (TREND, GAP_TREND)  # the titles of pictures in which nothing could be tested


def listed(questions: Sequence[str], texts: Localisation) -> str:
    """Return the questions by name, or their number of all where they are many."""
    if len(questions) > MAX_NAMED:
        of = N_("%(number)s av %(all)s frågor")
        return translate(texts, of, number=texts.number(len(questions)), all=texts.number(len(QUESTIONS)))
    return ", ".join(texts.question(question) for question in questions)


def changed(changes: pd.DataFrame, texts: Localisation) -> list[tuple[int, str]]:
    """Return a sentence for each side, direction and first round of changes, with its number of questions."""
    groups: dict[tuple[str, int, str], list[str]] = {}
    for row in records(changes[changes["distinct"]]):
        groups.setdefault((row["role"], 1 if row["low"] > 0 else -1, row["first"]), []).append(row["question"])
    return [
        (
            len(questions),
            translate(
                texts, CHANGED[role, direction], round=texts.round_name(first), questions=listed(questions, texts)
            ),
        )
        for (role, direction, first), questions in groups.items()
    ]


def first_two(sentences: Sequence[tuple[int, str]]) -> str:
    """Return the two sentences that are about most questions; the first ones among equals."""
    return ". ".join(sentence for _, sentence in sorted(sentences, key=lambda each: -each[0])[:2])


def period(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the first and the last round as a period."""
    rounds = list(table.sort_values("date", kind="stable")["round"])
    first, last = texts.round_name(rounds[0]), texts.round_name(rounds[-1])
    return first if first == last else translate(texts, N_("%(first)s till %(last)s"), first=first, last=last)


def hidden_notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of a cross, where there is one."""
    crossed = table["status"].isin(WITHOUT_FIGURE).any()
    return [translate(texts, N_("Kryss: för få svar, eller för osäkert."))] if crossed else []


def trend_subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, rounds, and the rounded number of answers."""
    measure = N_("Andel som svarar ja, %(place)s, %(period)s.")
    place = texts.place(str(table["place"].iloc[0]))
    counts = {role: list(table.loc[table["role"] == role, "n"]) for role in ROLES}
    parts = [
        translate(texts, measure, place=place, period=period(table, texts)),
        counts_text(counts["patient"], counts["provider"], texts),
    ]
    return " ".join(filter(None, parts))


def trend_notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of the trend's bands and marks, as far as they occur."""
    statuses = set(table["status"])
    return [*band_notes(statuses, texts), *share_notes(statuses, texts), *hidden_notes(table, texts)]


def band_notes(statuses: set[str], texts: Localisation) -> list[str]:
    """Return the legend of the bands, where there are any."""
    return (
        [translate(texts, N_("Band: %(level)s intervall."), level=texts.percent(95))]
        if {*WITH_SHARE} & statuses
        else []
    )


def _figures(own: Sequence[Row], texts: Localisation, figure: Callable[[Row], str]) -> str:
    """Return a line's first figure, its first in the present wording, and its last; hidden rounds, new wordings."""
    seen = [row for row in own if row["status"] not in WITHOUT_FIGURE]
    same = [row for row in seen if row["segment"] == own[-1]["segment"]]
    by_round = {row["round"]: row for row in (*seen[:1], *same[:1], *seen[-1:])}
    parts = [f"{texts.round_name(key)} {figure(row)}" for key, row in by_round.items()]
    for sentence, rounds in (
        (N_("för få svar %(rounds)s"), [row["round"] for row in own if row["status"] == "hidden"]),
        (N_("för osäkert %(rounds)s"), [row["round"] for row in own if row["status"] == "unsure"]),
        (N_("ny formulering %(rounds)s"), new_wordings(own)),
        (N_("sammanslagen %(rounds)s"), mergers(own)),
    ):
        if rounds:
            parts.append(translate(texts, sentence, rounds=", ".join(texts.round_name(key) for key in rounds)))
    return "; ".join(parts)


SERIES = {
    "patient": N_("%(question)s, patienter: %(figures)s."),
    "provider": N_("%(question)s, vården: %(figures)s."),
}


def trend_lines(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return each line of the trend in words: its first and last share, hidden rounds, new wordings."""
    by_line = lines(table)
    return [
        translate(
            texts,
            SERIES[role],
            question=texts.question(question),
            figures=_figures(by_line[role, question], texts, lambda row: share_text(row, texts)),
        )
        for question in QUESTIONS
        for role in ROLES
        if (role, question) in by_line
    ]


def gap_direction(row: Row, before: Row) -> str:
    """Return "less" where both intervals carry that the two sides have come closer, "more" apart, else "other"."""
    moved = 1 if row["change_low"] > 0 else -1
    for sign, least in ((1, "low"), (-1, "high")):
        if moved == -sign and sign * before[least] > 0 and row["status"] == "shown" and sign * row["gap"] >= 0:
            return "less"
        if moved == sign and sign * row[least] > 0 and before["status"] == "shown" and sign * before["gap"] >= 0:
            return "more"
    return "other"


def gap_trend_subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, rounds, and the rounded number of answers."""
    measure = N_("Vårdens andel ja minus patienternas, i procentenheter, %(place)s, %(period)s.")
    place = texts.place(str(table["place"].iloc[0]))
    counts = counts_text(list(table["patients"]), list(table["providers"]), texts)
    return " ".join(filter(None, (translate(texts, measure, place=place, period=period(table, texts)), counts)))


def gap_trend_notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of the bands and marks of the gap over time, as far as they occur."""
    parts, shown = band_notes(set(table["status"]), texts), table[table["status"] == "shown"]
    if (table["direction"] != 0).any():
        parts.append(translate(texts, N_("Streckad linje: riktningen genom omgångarna, som är mer än slump.")))
    if (~shown["distinct"]).any():
        parts.append(translate(texts, N_("Ihålig romb: inte säkert mer än slump.")))
    if (shown["kind"] != "unit").any():
        parts.append(translate(texts, N_("Skillnaden är räknad enhet för enhet.")))
    return parts + hidden_notes(table, texts)


def gap_trend_lines(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return each panel in words: first and newest gap, hidden rounds, new wordings."""

    def figure(row: Row) -> str:
        return (
            f"{gap_number(row, texts)} ({'; '.join(filter(None, (gap_verdict(row, texts), gap_extent(row, texts))))})"
        )

    by_line = lines(table)
    asked = [question for question in QUESTIONS if ("", question) in by_line]
    return [f"{texts.question(question)}: {_figures(by_line['', question], texts, figure)}." for question in asked]
