"""Respondents of the region against the population, and the effect on each question's share.

Shares are nowhere weighted by it: what they would have been stands beside what they are.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.records.population import Population
from survey.followup.place import figure_text
from survey.followup.place.figure_text import Context
from survey.followup.selection import PlaceReport

if TYPE_CHECKING:
    from analysis.measures.standardisation import MixChange, Standardised

ROLE = "patient"
MIN_PART = 0.01  # a part of the population, or of a change, that is less than this is not mentioned
ORDER = ("woman", "man", "other")


def composition_context(report: PlaceReport, known: Sequence[Population]) -> Context:
    """Return the groups compared, and the questions; where nobody has read a population in, the mix alone."""
    from analysis.frames import respondents
    from analysis.frames.frame import records

    people = {f"{each.gender}:{each.age}": float(each.people) for each in known}
    edition = report.bodies[-1]
    grouped = any(row["grouping"] == respondents.GROUPING for row in edition["background"])
    table = respondents.population_comparison(edition, people) if people else None
    if table is None:
        return {"known": bool(people), "grouped": grouped, "groups": [], "questions": _question_rows(report, {})}
    as_people = respondents.standardised_shares(edition, people)
    return {
        "known": True,
        "grouped": grouped,
        "groups": [_group_row(row, report) for row in sorted(records(table.reset_index()), key=_sort_key)],
        "far": _outlying_groups(table, report),
        "questions": _question_rows(report, as_people),
        "left_out": _left_out_note(as_people, report),
    }


def _sort_key(row: figure_text.Row) -> tuple[int, bool, str]:
    gender, _colon, age = row["group"].partition(":")
    return ORDER.index(gender), age == "other", age


def _group_row(row: figure_text.Row, report: PlaceReport) -> Context:
    from analysis.frames.resident_groups import group_name

    times = row["times"]
    return {
        "name": group_name(row["group"], report.texts),
        "n": figure_text.count_text(row["answers"], report),
        "answers": figure_text.percent_text(100 * row["answers_share"], report),
        "people": figure_text.count_text(row["population"], report),
        "population": figure_text.percent_text(100 * row["population_share"], report),
        "times": format_decimal(round(times, 1)) if figure_text.is_known(times) else "",
    }


def _outlying_groups(table: Any, report: PlaceReport) -> list[str]:
    """Return sentences on the groups furthest above and furthest below their part of the population."""
    from analysis.frames.resident_groups import group_name

    apart = (table["answers_share"] - table["population_share"]).dropna()
    found = []
    for more in (True, False):
        name = str(apart.idxmax() if more else apart.idxmin())
        if (apart[name] if more else -apart[name]) < MIN_PART:
            continue
        values = {
            "group": group_name(name, report.texts),
            "answers": figure_text.percent_text(100 * table["answers_share"][name], report),
            "people": figure_text.percent_text(100 * table["population_share"][name], report),
        }
        found.append(
            _("Flest i förhållande till hur många de är: %(group)s, %(answers)s av svaren mot %(people)s.", **values)
            if more
            else _("Färst: %(group)s, %(answers)s av svaren mot %(people)s.", **values)
        )
    return found


def _question_rows(report: PlaceReport, as_people: "Mapping[str, Standardised]") -> list[Context]:
    """Return each question's share as it is and standardised to the population; and its change at the same mix."""
    from analysis.charts import trend
    from analysis.frames import respondents
    from analysis.frames.frame import records

    table = trend.table(report.cells, report.gaps, report.node)
    now = report.edition["round"]["key"]
    cells = {r["question"]: r for r in records(table) if r["round"] == now and r["role"] == ROLE}
    mixes = respondents.mix_changes(report.bodies, table)
    left = respondents.distinct_at_fixed_mix(mixes)
    return [
        {
            "name": report.texts.question(question),
            "as_it_is": _share(cells[question], report),
            "as_people": _standardised_text(as_people.get(question), report),
            "mix": _mix_text(*mixes[question], question in left, report) if question in mixes else None,
        }
        for question in QUESTIONS
    ]


def _share(row: figure_text.Row, report: PlaceReport) -> Context:
    from analysis.sentences import findings

    return {"share": findings.share_text(row, report.texts), "interval": figure_text.interval_text(row, report)}


def _standardised_text(found: "Standardised | None", report: PlaceReport) -> Context:
    if found is None:
        return {"share": "–", "interval": ""}
    number, percent = report.texts.number, report.texts.percent
    return {
        "share": percent(100 * found.share),
        "interval": f"{number(100 * found.low)}–{percent(100 * found.high)}",
    }


def _mix_text(before: str, found: "MixChange", is_left: bool, report: PlaceReport) -> Context:
    from analysis.sentences import findings

    points, texts = report.texts.points, report.texts
    if is_left:
        verdict = _("Kvar vid samma kön och ålder.")
    elif abs(found.mix) >= MIN_PART and abs(found.mix) > abs(found.real):
        verdict = _("Mest att andra har svarat.")
    elif found.low > 0 or found.high < 0:
        verdict = _("Kan vara slump.")
    else:
        verdict = _("Går inte att skilja från noll.")
    return {
        "before": texts.round_name(before),
        "all": points(100 * found.crude),
        "real": points(100 * found.real),
        "extent": findings.interval_text(texts, 100 * found.low, 100 * found.high),
        "mix": points(100 * found.mix),
        "verdict": verdict,
    }


def _left_out_note(as_people: "Mapping[str, Standardised]", report: PlaceReport) -> str:
    """Return the largest part of the population without a figure on some question; empty where it is small."""
    most = max((each.left_out for each in as_people.values()), default=0.0)
    return report.texts.percent(100 * most) if most >= MIN_PART else ""
