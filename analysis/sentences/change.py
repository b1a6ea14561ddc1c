"""Changes since the round before, question by question, and the sentences for them.

For the chart `change`. The round before is the nearest earlier one that asked the same and has something to show; a
side that was asked otherwise then is not compared. What rounds vary beside chance is part of every interval, and
uncertain figures are not tested.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.frames.schema import QUESTIONS, ROLES, Row, is_known, records
from analysis.frames.series import Lines, between_round_variance, change_of, comparable, with_adjusted_p
from analysis.localisation import N_, Localisation, translate
from analysis.measures.compared import NonSubstantive, non_substantive_jump
from analysis.measures.intervals import z_of
from analysis.measures.trend_tests import Line, between_rounds
from analysis.sentences.findings import FEW, UNSURE, counts_text, difference_verdict, interval_text, share_text
from analysis.sentences.trend import SERIES, changed, first_two

SIDE_COLUMNS = ("status", "n", "share", "low", "high")
UNTESTED_CHANGE: Mapping[str, Any] = {"change": np.nan, "low": np.nan, "high": np.nan, "p": np.nan}
NO_CHANGE = N_("Ingen förändring sedan omgången före är säkert mer än slump")
UNTESTED = N_("För få svar för att pröva vad som ändrats sedan omgången före")
NO_ROUND = N_("Ingen tidigare mätomgång har samma formuleringar att jämföra med")
REASONS = {
    "wording": N_("ny formulering"),
    "joined": N_("enheter har gått upp i platsen"),
    "few": FEW,
    "unsure": UNSURE,
}


def changes(by_line: Lines) -> pd.DataFrame:
    """Return a row for each question and role: the round before, the newest round, and the change between them.

    `by_line` is the trend's. The p are adjusted together, by Holm. `usual`: how far a change may reach, in points, that
    is nothing but what rounds vary beside chance.
    """
    rows, tau2, extra_non_substantive = [], between_round_variance(by_line), 2 * _non_substantive_variance(by_line)
    for question in QUESTIONS:
        sides = {role: by_line[role, question] for role in ROLES}
        at = _before(sides)
        rows += [_pair(own, at, 2 * tau2, extra_non_substantive) for own in sides.values()]
    found = pd.DataFrame(rows).assign(usual=round(100 * z_of(0.95) * (2 * tau2) ** 0.5, 1))
    found = with_adjusted_p(found, "change_low", "change_high")
    found["p"] = found["p"].round(4)
    return found


def _before(sides: Mapping[str, Sequence[Row]]) -> int | None:
    """Return the round that a question is compared with, for both sides; None where there is none."""
    for at in range(len(next(iter(sides.values()))) - 2, -1, -1):
        if any(own[at]["status"] != "hidden" and own[at]["segment"] == own[-1]["segment"] for own in sides.values()):
            return at
    return None


def _pair(own: Sequence[Row], at: int | None, extra: float, extra_non_substantive: float) -> dict[str, Any]:
    now = own[-1]
    then = own[at] if at is not None else None
    same = then is not None and then["segment"] == now["segment"]
    sides = [row for row in (then, now) if row is not None and row["status"] == "shown"]
    moved = change_of(sides[0], sides[1], extra) if same and len(sides) == 2 else UNTESTED_CHANGE
    nothing = dict.fromkeys(SIDE_COLUMNS, np.nan) | {"status": "hidden"}
    before = {name: then[name] for name in SIDE_COLUMNS} if same and then is not None else nothing
    return {
        **{name: now[name] for name in ("round", "date", "place", "role", "question")},
        **{name: now[name] for name in SIDE_COLUMNS},
        "before": then["round"] if then is not None else "",
        "before_date": then["date"] if then is not None else pd.NaT,
        "reason": _reason(own, at),
        **{f"before_{name}": value for name, value in before.items()},
        "change": moved["change"],
        "change_low": moved["low"],
        "change_high": moved["high"],
        "p": moved["p"],
        "non_substantive": _jump(sides[0], sides[1], extra_non_substantive) if same and len(sides) == 2 else np.nan,
    }


def _non_substantive(row: Row) -> NonSubstantive:
    """Return the answers outside the base; the three counts add up to the exact number, and `n` is rounded."""
    return NonSubstantive(row["non_substantive_count"], row["base"] + row["non_substantive_count"], row["noise"])


def _non_substantive_variance(by_line: Lines) -> float:
    """Return the between-round variance of the parts outside the base: one figure for all lines."""
    every = [
        [_non_substantive(row) for row in rounds] for own in by_line.values() if len(rounds := comparable(own)) > 1
    ]
    lines = ((np.array([each.part for each in own]), np.array([each.variance for each in own])) for own in every)
    return between_rounds(Line(parts, variances) for parts, variances in lines)


def _jump(then: Row, now: Row, extra: float) -> float:
    """Return the change of the part outside yes and no, in points, where it is a jump; else missing."""
    jump = non_substantive_jump(_non_substantive(then), _non_substantive(now), extra=extra)
    return round(100 * jump.change, 1) if jump.flagged else np.nan


def _reason(own: Sequence[Row], at: int | None) -> str:
    """Return why a side is not compared: another wording then, the first round, or nothing sure enough."""
    if at is None and len(own) == 1:
        return "first"
    then = own[at] if at is not None else own[-2]
    if then["segment"] != own[-1]["segment"]:
        return _reason_of_break(own)
    statuses = {then["status"], own[-1]["status"]}
    return "" if statuses == {"shown"} else "few" if "hidden" in statuses else "unsure"


def _reason_of_break(own: Sequence[Row]) -> str:
    """Return why the newest stretch began: a merger into the place, or another wording."""
    newest = [row for row in own if row["segment"] == own[-1]["segment"]]
    return "joined" if newest[0].get("joined") else "wording"


def change_headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return whose share has changed since the round before, and on which questions."""
    if not table["distinct"].any():
        if table["p"].notna().any():
            return translate(texts, NO_CHANGE)
        return translate(texts, NO_ROUND if table["reason"].isin(["first", "wording", "joined"]).all() else UNTESTED)
    named = table.drop(columns=["low", "high"])
    renamed = named.rename(columns={"before": "first", "change_low": "low", "change_high": "high"})
    return first_two(changed(renamed, texts))


def change_subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, the newest round, and its rounded number of answers."""
    first = records(table)[0]
    measure = N_(
        "Förändring i procentenheter av andelen som svarar ja, %(place)s, %(round)s jämfört med närmaste omgång före "
        "med samma formulering."
    )
    counts = {role: list(table.loc[table["role"] == role, "n"]) for role in ROLES}
    sentence = translate(texts, measure, place=texts.place(first["place"]), round=texts.round_name(first["round"]))
    return " ".join(filter(None, (sentence, counts_text(counts["patient"], counts["provider"], texts))))


def change_notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of the marks."""
    if not table["change"].notna().any():
        return []
    parts = [
        translate(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95)),
        translate(texts, N_("Fylld markering och fetstil: mer än slump. Ihålig: inte säkert mer än slump.")),
    ]
    if (table["usual"] > 0).any():
        parts.insert(
            0, translate(texts, N_("Grått fält: så mycket varierar omgångarna utan att något särskilt har hänt."))
        )
    beyond = (table[["change_low", "change_high"]].abs() > AXIS_MAX).any(axis=None)
    return [*parts, *([translate(texts, N_("Pil: strecket går längre."))] if beyond else [])]


AXIS_MAX = 20.0  # points to either side of the scale


def change_text(row: Row, texts: Localisation) -> str:
    """Return the change in a few words, with its verdict; nothing where none is tested."""
    if not is_known(row["change"]):
        return ""
    verdict = translate(texts, difference_verdict(row["distinct"], row["change_low"], row["change_high"]))
    extent = translate(
        texts, N_("intervall %(extent)s"), extent=interval_text(texts, row["change_low"], row["change_high"])
    )
    details = "; ".join(filter(None, (verdict, extent)))
    sentence = translate(
        texts, N_("förändring %(number)s (%(told)s)"), number=texts.points(row["change"]), told=details
    )
    return f"{sentence}, {words}" if (words := non_substantive_text(row, texts)) else sentence


def non_substantive_text(row: Row, texts: Localisation) -> str:
    """Return that more, or fewer, answered outside yes and no than then: the share is of others than it was."""
    if not is_known(row["non_substantive"]):
        return ""
    more = N_("utanför ja och nej %(number)s")
    return translate(texts, more, number=texts.points(row["non_substantive"]))


def change_lines(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return each line of the picture in words: then, now, and the change."""
    sentences = []
    for row in records(table):
        figures = [f"{texts.round_name(row['round'])} {share_text(row, texts)}"]
        if row["before"] and row["reason"] not in {"wording", "joined", "first"}:
            figures.insert(0, f"{texts.round_name(row['before'])} {share_text(row, texts, 'before_')}")
        elif row["reason"] in {"wording", "joined"}:
            figures.append(translate(texts, REASONS[row["reason"]]))
        words = ", ".join(filter(None, (*figures, change_text(row, texts))))
        sentences.append(translate(texts, SERIES[row["role"]], question=texts.question(row["question"]), figures=words))
    return sentences
