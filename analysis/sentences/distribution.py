"""The distribution of answers in one round, in sentences: yes, partly and no, and those outside the base.

For the chart `distribution`. As in `findings`, nothing is said that the interval does not carry: more than half say
yes only where the share's interval lies over one half, and its p, adjusted over all that is tested, is under 0.05.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.frames.frame import QUESTIONS, ROLES, Row, is_known, records
from analysis.frames.schema import WITHOUT_FIGURE
from analysis.localisation import N_, Localisation, translate
from analysis.measures import noise
from analysis.measures.distributions import normal_tail
from analysis.measures.trend_tests import SIGNIFICANCE, adjust
from analysis.sentences.findings import counts_text, share_text
from analysis.sentences.trend import listed
from survey.domain.questions.answer_scale import ANSWER_OPTIONS, NON_SUBSTANTIVE, NOT_YES, TOLD_APART

MAJORITY = {
    ("patient", "more"): N_("Av patienter som tog ställning svarar fler än hälften ja: %(questions)s"),
    ("patient", "less"): N_("Av patienter som tog ställning svarar färre än hälften ja: %(questions)s"),
    ("provider", "more"): N_("I vården svarar fler än hälften av dem som tog ställning ja: %(questions)s"),
    ("provider", "less"): N_("I vården svarar färre än hälften av dem som tog ställning ja: %(questions)s"),
}
NO_MAJORITY = N_("Andelen som svarar ja går inte att skilja från hälften")
FEW_ANSWERS = N_("För få svar för att visa hur de fördelas")
UNTESTED = N_("Så fördelas svaren")
WORDS = {code: option.word for code, option in ANSWER_OPTIONS.items()} | {"not_yes": N_("inte ja")}
NON_SUBSTANTIVE_CODES = [code for code in TOLD_APART if code in NON_SUBSTANTIVE]
BY_ROLE = {"patient": N_("%(question)s, patienter: %(answers)s."), "provider": N_("%(question)s, vården: %(answers)s.")}


def with_majority(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with each share's p against one half (Holm over all tested), and its side if it is distinct.

    The score test, whose interval is the share's own, noise and all. Uncertain shares are not tested.
    """
    tested = (table["status"] == "shown").to_numpy()
    base, added = (
        np.where(tested, table[name].to_numpy(dtype=np.float64), np.nan) for name in ("steady_base", "noise")
    )
    away = (table["share"] - 50).to_numpy(dtype=np.float64) / 100
    spread = np.sqrt(0.25 / base + noise.noise_variance(np.full(base.shape, 0.5), base, added))
    p: npt.NDArray[np.float64] = 2 * normal_tail(np.abs(away) / spread)
    adjusted = adjust(p)
    significant = adjusted < SIGNIFICANCE
    more, less = significant & (table["low"] > 50), significant & (table["high"] < 50)
    return table.assign(p=adjusted.round(4), majority=np.where(more, "more", np.where(less, "less", "")))


def distribution_headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return on which questions more, and fewer, than half say yes; patients first, at most two sentences."""
    if table["status"].isin(WITHOUT_FIGURE).all():
        return translate(texts, FEW_ANSWERS)
    if table["p"].isna().all():
        return translate(texts, UNTESTED)
    groups: dict[tuple[str, str], list[str]] = {key: [] for key in MAJORITY}
    for row in records(table[table["majority"] != ""]):
        groups[row["role"], row["majority"]].append(row["question"])
    sentences = [
        translate(texts, MAJORITY[key], questions=listed(questions, texts))
        for key, questions in groups.items()
        if questions
    ]
    return ". ".join(sentences[:2]) or translate(texts, NO_MAJORITY)


def distribution_subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, round and the rounded number of answers."""
    first = records(table)[0]
    measure = N_("Svaren i procent av dem som svarat ja, delvis eller nej, %(place)s, %(round)s.")
    counts = {role: list(table.loc[table["role"] == role, "n"]) for role in ROLES}
    place, name = texts.place(first["place"]), texts.round_name(first["round"])
    counted = counts_text(counts["patient"], counts["provider"], texts)
    return " ".join(filter(None, (translate(texts, measure, place=place, round=name), counted)))


def distribution_notes(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the legend of the marks that not every picture has."""
    parts, status = [], set(table["status"])
    if table[NON_SUBSTANTIVE_CODES].notna().any(axis=None):
        parts.append(translate(texts, N_("Vet inte och inte aktuellt: procent av alla svar på frågan.")))
    if "hollow" in status:
        parts.append(translate(texts, N_("Ihålig stapel: osäkert.")))
    if "interval" in status:
        parts.append(translate(texts, N_("Streck utan stapel: för osäkert för en andel.")))
    return " ".join(parts)


def non_substantive_text(row: Row, texts: Localisation) -> str:
    """Return don't know and not needed in words, those that are published."""
    parts = [
        f"{translate(texts, WORDS[code])} {texts.percent(row[code])}"
        for code in NON_SUBSTANTIVE_CODES
        if is_known(row[code])
    ]
    return ", ".join(parts)


def answer_text(row: Row, texts: Localisation) -> str:
    """Return one side's answers to a question in words."""
    if not is_known(row["share"]):
        return share_text(row, texts)
    parts = [f"{translate(texts, WORDS['yes'])} {share_text(row, texts)}"]
    parts += [
        f"{translate(texts, WORDS[code])} {texts.percent(row[code])}"
        for code in (*NOT_YES, "not_yes")
        if is_known(row[code])
    ]
    words = ", ".join(parts)
    if outside := non_substantive_text(row, texts):
        words += "; " + translate(texts, N_("av alla svar %(answers)s"), answers=outside)
    return words


def distribution_lines(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return each bar in words."""
    by_key: dict[tuple[str, str], Row] = {(row["question"], row["role"]): row for row in records(table)}
    pairs: Sequence[tuple[str, str]] = [(question, role) for question in QUESTIONS for role in ROLES]
    return [
        translate(
            texts, BY_ROLE[role], question=texts.question(question), answers=answer_text(by_key[question, role], texts)
        )
        for question, role in pairs
    ]
