"""Which rounds are out of the ordinary, and the sentences for it.

For the chart `control`. How much is said follows the number of rounds of one wording: under eight no limits, under
twelve preliminary ones, and from twelve the rules for runs as well. A change of wording begins anew, and so does a
round that is declared to (the limits are never moved for any other reason). Few answers are not judged.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from analysis.control import FEWEST, SETTLED, p_prime_chart, runs, stage
from analysis.findings import NAMED, SURE, counts_words, share_words
from analysis.frame import QUESTIONS, Row, known, records
from analysis.over_time import lines, mergers, new_wordings, why_dotted
from analysis.progress import listed, period
from analysis.texts import N_, Texts, say

TOO_FEW = {
    "patient": N_("För få mätomgångar för att säga vad som är ovanligt i patienternas svar"),
    "provider": N_("För få mätomgångar för att säga vad som är ovanligt i vårdens svar"),
}
FEW_SHOWN = {
    "patient": N_("För få svar från patienterna för att visa hur de varierar"),
    "provider": N_("För få svar från vården för att visa hur de varierar"),
}
SIGNAL = {
    "patient": N_("Mer än vanlig variation i patienternas svar: %(questions)s"),
    "provider": N_("Mer än vanlig variation i vårdens svar: %(questions)s"),
}
NO_SIGNAL = {
    "patient": N_("Inget utöver vanlig variation går att se i patienternas svar"),
    "provider": N_("Inget utöver vanlig variation går att se i vårdens svar"),
}
MEASURE = {
    "patient": N_("Andel patienter som svarar ja, %(place)s, %(period)s."),
    "provider": N_("Andel i vården som svarar ja, %(place)s, %(period)s."),
}
ROUNDS_LEFT = N_("för få omgångar: %(number)s av %(least)s")
PRELIMINARY = N_("preliminära gränser")
RUN = N_("länge på samma sida")
LIMITS: dict[str, Any] = {"center": np.nan, "lower": np.nan, "upper": np.nan, "sigma_z": np.nan, "signal": False}


def charted(series: pd.DataFrame, declared: Collection[str] = ()) -> pd.DataFrame:
    """The trend's rows of one role, each with its limits, its stage, and whether it is a signal.

    `declared`: the rounds (keys) at which the limits begin anew, because it was decided so.
    """
    rows = []
    for own in lines(series).values():
        begun = np.cumsum([row["round"] in declared for row in own]).tolist()
        each = groupby(zip(own, begun, strict=True), key=lambda pair: (pair[0]["segment"], pair[1]))
        for number, (_, stretch) in enumerate(each):
            rows += _stretch([dict(row) | {"stretch": number} for row, _ in stretch])
    return pd.DataFrame(rows)


def _stretch(own: Sequence[Row]) -> list[dict[str, Any]]:
    judged = [row for row in own if row["status"] == "shown" and row["n"] >= SURE]
    reached = stage(len(judged))
    found = {"rounds": len(judged), "stage": reached, "run": False}
    limits: dict[str, dict[str, Any]] = {}
    if reached != "few":
        shares, bases = (np.array([row[name] for row in judged], dtype=np.float64) for name in ("share", "n"))
        chart = p_prime_chart(shares * bases / 100, bases)
        found["run"] = reached == "full" and runs(shares, float(np.median(shares))).signal
        percents = {name: (100 * chart[name]).round(1) for name in ("center", "lower", "upper")}
        said = records(chart.assign(**percents, sigma_z=chart["sigma_z"].round(2)))
        limits = {row["round"]: dict(limit) for row, limit in zip(judged, said, strict=True)}
    return [dict(row) | found | limits.get(row["round"], LIMITS) for row in own]


def newest(own: Sequence[Row]) -> list[Row]:
    """The rounds of a question since its limits last began."""
    return [row for row in own if row["stretch"] == own[-1]["stretch"]]


def _by_question(table: pd.DataFrame) -> dict[str, list[Row]]:
    by_line = lines(table)
    return {question: newest(own) for (_, question), own in by_line.items()}


def control_headline(table: pd.DataFrame, texts: Texts) -> str:
    """Which questions show more than the ordinary, since their limits last began."""
    role, ends = str(table["role"].iloc[0]), _by_question(table)
    if (table["status"] == "hidden").all():
        return say(texts, FEW_SHOWN[role])
    judged = {question: own for question, own in ends.items() if own[-1]["stage"] != "few"}
    if not judged:
        return say(texts, TOO_FEW[role])
    found = [q for q in QUESTIONS if q in judged and any(row["signal"] or row["run"] for row in judged[q])]
    if len(found) > NAMED:
        return say(texts, SIGNAL[role], questions=listed(found, texts))
    if found:
        told = [f"{texts.question(q)} ({_told(judged[q], texts)})" for q in found]
        return say(texts, SIGNAL[role], questions=", ".join(told))
    return say(texts, NO_SIGNAL[role])


def _told(own: Sequence[Row], texts: Texts) -> str:
    """What is out of the ordinary on a question: the newest round outside and on which side, else the long run."""
    outside = [row for row in own if row["signal"]]
    if not outside:
        return say(texts, RUN)
    row = outside[-1]
    words = N_("högre än vanligt %(round)s") if row["share"] > row["center"] else N_("lägre än vanligt %(round)s")
    return say(texts, words, round=texts.round_name(row["round"]))


def control_subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, rounds, about how many answers, and what limits take."""
    role, place = str(table["role"].iloc[0]), texts.place(str(table["place"].iloc[0]))
    counts: list[float] = list(table["n"])
    sides = (counts, []) if role == "patient" else ([], counts)
    least = N_("Gränser ritas från %(least)s mätomgångar med samma formulering och minst %(sure)s svar.")
    return " ".join(
        filter(
            None,
            (
                say(texts, MEASURE[role], place=place, period=period(table, texts)),
                counts_words(*sides, texts),
                say(texts, least, least=texts.number(FEWEST), sure=texts.number(SURE)),
            ),
        )
    )


def control_notes(table: pd.DataFrame, texts: Texts) -> list[str]:
    """What the marks are, as far as they occur."""
    parts = []
    if (table["stage"] != "few").any():
        parts.append(say(texts, N_("Heldragen grå linje: mitten. Streckade: gränser för vanlig variation.")))
    if table["signal"].any():
        parts.append(say(texts, N_("Ring: utanför gränserna.")))
    if (table["stage"] == "preliminary").any():
        less = N_("Preliminära gränser: färre än %(number)s omgångar.")
        parts.append(say(texts, less, number=texts.number(SETTLED)))
    if "band" in set(table["status"]):
        parts.append(say(texts, N_("Stapel: andelen ligger någonstans i stapeln.")))
    if (table.loc[table["status"] == "shown", "n"] < SURE).any():
        few = N_("Ihålig markering: färre än %(number)s svar, osäkert.")
        parts.append(say(texts, few, number=texts.number(SURE)))
    if (table["status"] == "hidden").any():
        parts.append(say(texts, N_("Kryss: för få svar.")))
    return parts + why_dotted(table, texts)


def under_panel(own: Sequence[Row], texts: Texts) -> str:
    """A few words under a question's panel: how far its limits carry, and a long run."""
    last = own[-1]
    if last["stage"] == "few":
        return say(texts, ROUNDS_LEFT, number=texts.number(last["rounds"]), least=texts.number(FEWEST))
    if last["run"]:
        return say(texts, RUN)
    return say(texts, PRELIMINARY) if last["stage"] == "preliminary" else ""


def _limits(own: Sequence[Row], texts: Texts) -> list[str]:
    """The middle and the newest limits of a question, and what lies outside."""
    with_limits = [row for row in newest(own) if known(row["center"])]
    if not with_limits:
        return []
    last = with_limits[-1]
    words = N_("mitten %(center)s, gränser %(lower)s till %(upper)s")
    ends = {name: texts.percent(last[name]) for name in ("center", "lower", "upper")}
    said = [say(texts, words, **ends)]
    if outside := [row for row in with_limits if row["signal"]]:
        rounds = ", ".join(f"{texts.round_name(row['round'])} {share_words(row, texts)}" for row in outside)
        said.append(say(texts, N_("utanför gränserna %(rounds)s"), rounds=rounds))
    return said


def control_lines(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Each panel in words: the newest share, the limits, what is out of the ordinary, hidden rounds, new wordings."""
    said = []
    for (_, question), own in sorted(lines(table).items(), key=lambda line: QUESTIONS.index(line[0][1])):
        parts = [f"{texts.round_name(own[-1]['round'])} {share_words(own[-1], texts)}", *_limits(own, texts)]
        parts.append(under_panel(own, texts))
        for sentence, rounds in (
            (N_("för få svar %(rounds)s"), [row["round"] for row in own if row["status"] == "hidden"]),
            (N_("ny formulering %(rounds)s"), new_wordings(own)),
            (N_("sammanslagen %(rounds)s"), mergers(own)),
        ):
            if rounds:
                parts.append(say(texts, sentence, rounds=", ".join(texts.round_name(key) for key in rounds)))
        said.append(f"{texts.question(question)}: {'; '.join(filter(None, parts))}.")
    return said
