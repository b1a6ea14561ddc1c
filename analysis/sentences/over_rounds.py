"""Findings over the rounds, of shares and of gaps: where there are four rounds the trend speaks first.

For the charts `trend` and `gap-trend`: their headlines, and the words that mark a finding in its panel. A line that has
been tested through all its rounds is not tested first against last as well.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.frames.schema import Row, is_known, records
from analysis.frames.series import Lines, comparable, comparable_gaps
from analysis.localisation import N_, Localisation, translate
from analysis.sentences.findings import (
    DISTINCT,
    NOT_DISTINCT,
    POSSIBLY_CHANCE,
    difference_verdict,
    interval_values,
    no_gap,
)
from analysis.sentences.trend import (
    GAP_CHANGED,
    GAP_TREND,
    NO_CHANGE,
    NO_GAP_CHANGE,
    TREND,
    changed,
    first_two,
    gap_direction,
    listed,
)

TREND_FOUND = {
    ("patient", 1): N_("Andelen patienter som svarar ja stiger, sett över alla omgångar: %(questions)s"),
    ("patient", -1): N_("Andelen patienter som svarar ja sjunker, sett över alla omgångar: %(questions)s"),
    ("provider", 1): N_("Andelen i vården som svarar ja stiger, sett över alla omgångar: %(questions)s"),
    ("provider", -1): N_("Andelen i vården som svarar ja sjunker, sett över alla omgångar: %(questions)s"),
}
PANEL_FINDING = {
    ("patient", 1): N_("patienter: stiger, %(then)s → %(now)s"),
    ("patient", -1): N_("patienter: sjunker, %(then)s → %(now)s"),
    ("provider", 1): N_("vården: stiger, %(then)s → %(now)s"),
    ("provider", -1): N_("vården: sjunker, %(then)s → %(now)s"),
    ("", 1): N_("stiger, %(then)s → %(now)s"),
    ("", -1): N_("sjunker, %(then)s → %(now)s"),
}
CHANGED_SINCE = {
    "patient": N_("patienter: %(number)s sedan %(round)s"),
    "provider": N_("vården: %(number)s sedan %(round)s"),
    "": N_("ändrad %(number)s sedan %(round)s"),
}
GAP_TREND_FOUND = {
    "less": N_("Vården och patienterna svarar allt mer lika: %(questions)s"),
    "more": N_("Vården och patienterna svarar allt mer olika: %(questions)s"),
    "other": N_("Skillnaden mellan vården och patienterna ändras över omgångarna: %(questions)s"),
}


GAP_ENDS = N_("Skillnaden var %(then)s procentenheter %(round)s och är %(now)s nu.")
TREND_VERDICT = {
    DISTINCT: N_("Förändringen är mer än slump, prövad över alla omgångar."),
    POSSIBLY_CHANCE: N_(
        "Förändringen kan vara slump: för sig hade den räckt, men när sju frågor prövas samtidigt räcker det inte."
    ),
    NOT_DISTINCT: N_("Förändringen går inte att skilja från noll, prövad över alla omgångar."),
}
GAP_SINCE = N_("Skillnaden har ändrats med %(number)s procentenheter sedan %(round)s (%(level)s intervall %(extent)s).")
FEWER_SINCE = N_(
    "I enheter som räknas båda gångerna, %(units)s, har skillnaden ändrats med %(number)s procentenheter sedan "
    "%(round)s (%(level)s intervall %(extent)s)."
)
CHANGE_VERDICT = {
    DISTINCT: N_("Förändringen är mer än slump."),
    POSSIBLY_CHANCE: N_(
        "Förändringen kan vara slump: intervallet är på en sida om noll, men när sju frågor prövas samtidigt räcker "
        "det inte."
    ),
    NOT_DISTINCT: N_("Förändringen går inte att skilja från noll."),
}
SHARE_MOVED = {
    "patient": N_("Andelen patienter som svarar ja var %(then)s %(round)s och är %(now)s nu. Det är mer än slump."),
    "provider": N_("Andelen i vården som svarar ja var %(then)s %(round)s och är %(now)s nu. Det är mer än slump."),
}
NO_GAP_MOVE = N_("Ingen förändring av skillnaden över omgångarna är säkert mer än slump")


class RoundFindings(NamedTuple):
    """Findings on shares over the rounds: by trend tests, and first against last where rounds are too few."""

    tests: pd.DataFrame
    changes: pd.DataFrame

    @property
    def none(self) -> bool:
        """Return whether nothing could be tested."""
        return self.tests.empty and self.changes.empty


def join_tests(tests: pd.DataFrame, changes: pd.DataFrame) -> RoundFindings:
    """Join both kinds of tests: a line with a trend test is not tested first against last as well."""
    tested = set(zip(tests["role"], tests["question"], strict=True))
    rest = [key not in tested for key in zip(changes["role"], changes["question"], strict=True)]
    return RoundFindings(tests, changes[np.array(rest, dtype=bool)])


class Headline(NamedTuple):
    """A headline over the rounds, and what it finds: no_figure, untested, unchanged, unchanged_since or changed."""

    outcome: str
    sentence: str


def share_headline(findings: RoundFindings, texts: Localisation) -> Headline:
    """Return whose share rises, falls or has changed, on which questions; at most two sentences."""
    if findings.none:
        return Headline("untested", translate(texts, TREND))
    groups: dict[tuple[str, int], list[str]] = {}
    for row in records(findings.tests[findings.tests["distinct"]]):
        groups.setdefault((row["role"], int(row["direction"])), []).append(row["question"])
    sentences = [
        (len(asked), translate(texts, TREND_FOUND[key], questions=listed(asked, texts)))
        for key, asked in groups.items()
    ]
    if found := first_two([*sentences, *changed(findings.changes, texts)]):
        return Headline("changed", found)
    return Headline("unchanged", translate(texts, NO_CHANGE))


def panel_findings(findings: RoundFindings, by_line: Lines, texts: Localisation) -> dict[str, list[tuple[str, str]]]:
    """Return the findings of each question's panel: role of the line, and the words."""
    by_question: dict[str, list[tuple[str, str]]] = {}
    for row in records(findings.tests[findings.tests["distinct"]]):
        same = comparable(by_line[row["role"], row["question"]])
        then, now = texts.number(same[0]["share"]), texts.percent(same[-1]["share"])
        words = translate(texts, PANEL_FINDING[row["role"], int(row["direction"])], then=then, now=now)
        by_question.setdefault(row["question"], []).append((row["role"], words))
    for row in records(findings.changes[findings.changes["distinct"]]):
        since = texts.round_name(row["first"])
        words = translate(texts, CHANGED_SINCE[row["role"]], number=texts.points(row["change"]), round=since)
        by_question.setdefault(row["question"], []).append((row["role"], words))
    return by_question


def gap_headline(table: pd.DataFrame, tests: pd.DataFrame, by_line: Lines, texts: Localisation) -> Headline:
    """Return whether the gap moves, or has changed, on which questions; at most two sentences.

    `table` is the gap trend's.
    """
    rows = records(table)
    if all(row["status"] != "shown" for row in rows):
        return Headline("no_figure", translate(texts, no_gap(rows)))
    rest = _changes(rows, tests)
    if tests.empty and not rest:
        return Headline("untested", translate(texts, GAP_TREND))
    groups: dict[tuple[str, str], list[str]] = {}
    for test in records(tests[tests["distinct"]]):
        groups.setdefault((_trend_of_gap(by_line["", test["question"]], test), ""), []).append(test["question"])
    by_key = {(row["question"], row["round"]): row for row in rows}
    for row in rest:
        if row["change_distinct"]:
            moved = gap_direction(row, by_key[row["question"], row["since"]])
            groups.setdefault((moved, row["since"]), []).append(row["question"])
    sentences = []
    for (moved, since), asked in groups.items():
        sentence = (GAP_CHANGED if since else GAP_TREND_FOUND)[moved]
        values = {"round": texts.round_name(since)} if since else {}
        sentences.append((len(asked), translate(texts, sentence, questions=listed(asked, texts), **values)))
    if sentences:
        return Headline("changed", first_two(sentences))
    if not tests.empty:
        return Headline("unchanged", translate(texts, NO_GAP_MOVE))
    compared, rounds = {row["since"] for row in rest}, sorted({(row["date"], row["round"]) for row in rows})
    named = [texts.round_name(key) for _, key in rounds if key in compared]
    return Headline("unchanged_since", translate(texts, NO_GAP_CHANGE, rounds=", ".join(named)))


def gap_change(table: pd.DataFrame, tests: pd.DataFrame, by_line: Lines, question: str, texts: Localisation) -> str:
    """Return a question's change of the gap as sentences, by the headline's own test; "" where none is tested."""
    for test in records(tests[tests["question"] == question]):
        same = comparable_gaps(by_line["", question])
        values = {"then": texts.points(same[0]["gap"]), "now": texts.points(same[-1]["gap"])}
        sentence = translate(texts, GAP_ENDS, round=texts.round_name(same[0]["round"]), **values)
        which = DISTINCT if test["distinct"] else POSSIBLY_CHANCE if test["unadjusted_distinct"] else NOT_DISTINCT
        return f"{sentence} {translate(texts, TREND_VERDICT[which])}"
    for row in _changes(records(table), tests):
        if row["question"] == question:
            return f"{_change_since(row, texts)} {translate(texts, CHANGE_VERDICT[_change_verdict(row)])}"
    return ""


def _change_since(row: Row, texts: Localisation) -> str:
    """Return a gap's change since another round, with its interval, and its number of units where that is smaller."""
    values = interval_values(texts.points(row["change"]), row["change_low"], row["change_high"], texts)
    when = texts.round_name(row["since"])
    if is_known(row["change_units"]) and row["change_units"] < row["units"]:
        units = texts.number(row["change_units"])
        return translate(texts, FEWER_SINCE, units=units, round=when, **values)
    return translate(texts, GAP_SINCE, round=when, **values)


def _change_verdict(row: Row) -> str:
    return difference_verdict(row["change_distinct"], row["change_low"], row["change_high"])


def share_changes(findings: RoundFindings, by_line: Lines, question: str, texts: Localisation) -> list[str]:
    """Return the findings on one question's shares over the rounds, by the headline's own tests."""
    found = []
    for row in [*records(findings.tests), *records(findings.changes)]:
        if row["question"] == question and row["distinct"]:
            same = comparable(by_line[row["role"], question])
            ends = {"then": texts.percent(same[0]["share"]), "now": texts.percent(same[-1]["share"])}
            found.append(translate(texts, SHARE_MOVED[row["role"]], round=texts.round_name(same[0]["round"]), **ends))
    return found


def _changes(rows: Sequence[Row], tests: pd.DataFrame) -> list[Row]:
    """Return the newest gaps whose change is tested, and that no trend test speaks of."""
    through = set(tests["question"])
    return [row for row in rows if row["since"] and row["question"] not in through]


def _trend_of_gap(own: Sequence[Row], test: Row) -> str:
    """Return the direction of a gap's trend: towards zero, away from it, or neither for sure."""
    same = comparable_gaps(own)
    turned = dict.fromkeys(("change_low", "change_high"), test["direction"])
    return gap_direction(dict(same[-1]) | turned, same[0])


def gap_findings(table: pd.DataFrame, tests: pd.DataFrame, by_line: Lines, texts: Localisation) -> dict[str, str]:
    """Return the findings of each question's panel of the gap."""
    by_question = {}
    for test in records(tests[tests["distinct"]]):
        same = comparable_gaps(by_line["", test["question"]])
        ends = {"then": texts.points(same[0]["gap"]), "now": texts.points(same[-1]["gap"])}
        by_question[test["question"]] = translate(texts, PANEL_FINDING["", int(test["direction"])], **ends)
    for row in _changes(records(table), tests):
        if row["change_distinct"]:
            values = {"number": texts.points(row["change"]), "round": texts.round_name(row["since"])}
            by_question[row["question"]] = translate(texts, CHANGED_SINCE[""], **values)
    return by_question
