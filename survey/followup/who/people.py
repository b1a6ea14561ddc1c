"""Respondents of the region against the population, and the effect on each question's share.

Shares are nowhere weighted by it: what they would have been stands beside what they are.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.records.population import Population
from survey.followup.place import words
from survey.followup.place.words import Said
from survey.followup.selection import Reading

if TYPE_CHECKING:
    from analysis.measures.standardisation import MixChange, Standardised

ROLE = "patient"
WORTH_SAYING = 0.01  # a part of the population, or of a change, that is less than this is not mentioned
ORDER = ("woman", "man", "other")


def said(reading: Reading, known: Sequence[Population]) -> Said:
    """Return the groups compared, and the questions; where nobody has read a population in, the mix alone."""
    from analysis.frames import respondents
    from analysis.frames.frame import records

    people = {f"{each.gender}:{each.age}": float(each.people) for each in known}
    edition = reading.bodies[-1]
    grouped = any(row["grouping"] == respondents.GROUPING for row in edition["background"])
    table = respondents.beside(edition, people) if people else None
    if table is None:
        return {"known": bool(people), "grouped": grouped, "groups": [], "questions": _questions(reading, {})}
    as_people = respondents.as_the_people(edition, people)
    return {
        "known": True,
        "grouped": grouped,
        "groups": [_group(row, reading) for row in sorted(records(table.reset_index()), key=_in_order)],
        "far": _far(table, reading),
        "questions": _questions(reading, as_people),
        "left_out": _left_out(as_people, reading),
    }


def _in_order(row: words.Row) -> tuple[int, bool, str]:
    gender, _colon, age = row["group"].partition(":")
    return ORDER.index(gender), age == "other", age


def _group(row: words.Row, reading: Reading) -> Said:
    from analysis.frames.resident_groups import group_name

    times = row["times"]
    return {
        "name": group_name(row["group"], reading.texts),
        "n": words.about(row["answers"], reading),
        "answers": words.percent(100 * row["answers_share"], reading),
        "people": words.about(row["population"], reading),
        "population": words.percent(100 * row["population_share"], reading),
        "times": format_decimal(round(times, 1)) if words.is_known(times) else "",
    }


def _far(table: Any, reading: Reading) -> list[str]:
    """Return sentences on the groups furthest above and furthest below their part of the population."""
    from analysis.frames.resident_groups import group_name

    apart = (table["answers_share"] - table["population_share"]).dropna()
    found = []
    for more in (True, False):
        name = str(apart.idxmax() if more else apart.idxmin())
        if (apart[name] if more else -apart[name]) < WORTH_SAYING:
            continue
        values = {
            "group": group_name(name, reading.texts),
            "answers": words.percent(100 * table["answers_share"][name], reading),
            "people": words.percent(100 * table["population_share"][name], reading),
        }
        found.append(
            _("Flest i förhållande till hur många de är: %(group)s, %(answers)s av svaren mot %(people)s.", **values)
            if more
            else _("Färst: %(group)s, %(answers)s av svaren mot %(people)s.", **values)
        )
    return found


def _questions(reading: Reading, as_people: "Mapping[str, Standardised]") -> list[Said]:
    """Return each question's share as it is and standardised to the population; and its change at the same mix."""
    from analysis.charts import trend
    from analysis.frames import respondents
    from analysis.frames.frame import records

    table = trend.table(reading.cells, reading.gaps, reading.node)
    now = reading.edition["round"]["key"]
    cells = {r["question"]: r for r in records(table) if r["round"] == now and r["role"] == ROLE}
    mixes = respondents.mix(reading.bodies, table)
    left = respondents.left_at_the_same_mix(mixes)
    return [
        {
            "name": reading.texts.question(question),
            "as_it_is": _share(cells[question], reading),
            "as_people": _standard(as_people.get(question), reading),
            "mix": _mix(*mixes[question], question in left, reading) if question in mixes else None,
        }
        for question in QUESTIONS
    ]


def _share(row: words.Row, reading: Reading) -> Said:
    from analysis.sentences import findings

    return {"share": findings.share_words(row, reading.texts), "interval": words.interval(row, reading)}


def _standard(found: "Standardised | None", reading: Reading) -> Said:
    if found is None:
        return {"share": "–", "interval": ""}
    number, percent = reading.texts.number, reading.texts.percent
    return {
        "share": percent(100 * found.share),
        "interval": f"{number(100 * found.low)}–{percent(100 * found.high)}",
    }


def _mix(before: str, found: "MixChange", is_left: bool, reading: Reading) -> Said:
    from analysis.sentences import findings

    points, texts = reading.texts.points, reading.texts
    if is_left:
        verdict = _("Kvar vid samma kön och ålder.")
    elif abs(found.mix) >= WORTH_SAYING and abs(found.mix) > abs(found.real):
        verdict = _("Mest att andra har svarat.")
    elif found.low > 0 or found.high < 0:
        verdict = _("Kan vara slump.")
    else:
        verdict = _("Går inte att skilja från noll.")
    return {
        "before": texts.round_name(before),
        "all": points(100 * found.crude),
        "real": points(100 * found.real),
        "extent": findings.from_to(texts, 100 * found.low, 100 * found.high),
        "mix": points(100 * found.mix),
        "verdict": verdict,
    }


def _left_out(as_people: "Mapping[str, Standardised]", reading: Reading) -> str:
    """Return the largest part of the population without a figure on some question; empty where it is small."""
    most = max((each.left_out for each in as_people.values()), default=0.0)
    return reading.texts.percent(100 * most) if most >= WORTH_SAYING else ""
