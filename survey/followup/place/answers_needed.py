"""Answers that a detectable gap takes: for one question at a place, and for all seven before a round.

From the newest round's answers and noise. Where the gap is pooled from several units it takes more than if all
answered in one; how many times more is read off the gap that these answers can tell apart.
"""

import math

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.followup.place import figure_text
from survey.followup.place.figure_text import Context, Row
from survey.followup.selection import PlaceReport
from survey.publication.sample_size import code_response_rate

GAPS = (10, 15, 20)  # points
RATES = (20, 40, 60, 80)  # percent of those who get a code
EVEN_SHARE = 0.5  # the share that takes most answers
STEP = 5
MAX_ANSWERS = 100_000


def question_plan(question: str, report: PlaceReport) -> Context:
    """Return the gap that today's answers can tell from zero, and the answers that smaller and larger ones take."""
    from analysis.sentences import findings

    number, row = report.texts.number, _newest_gaps(report)[question]
    # Beside a gap that is not told it stands already, and once a page is enough.
    known = figure_text.is_known(row["detectable"]) and row["distinct"]
    return {
        "detectable": findings.detectable(row, report.texts) if known else "",
        "rows": [
            {
                "gap": number(points),
                "even": _number_text(_answers_each(row, points), report),
                "staff": _number_text(_staff_answers(row, points), report),
            }
            for points in GAPS
        ],
    }


def round_plan(report: PlaceReport) -> Context:
    """Return for each size of a gap the answers that each role must give on every question, and the codes for them."""
    newest, texts, found = _newest_gaps(report), report.texts, []
    for points in GAPS:
        each = [_answers_each(newest[question], points) for question in QUESTIONS]
        needed = max((n for n in each if n is not None), default=None) if all(each) else None
        codes = [_number_text(_codes_needed(needed, rate), report) for rate in RATES]
        found.append({"gap": texts.number(points), "answers": _number_text(needed, report), "codes": codes})
    rates = {role: code_response_rate(report.edition, report.respondents, role) for role in ROLES}
    last = {role: figure_text.rate_text(100 * rate, report) for role, rate in rates.items() if rate is not None}
    return {
        "plan": found,
        "rates": [texts.number(rate) for rate in RATES],
        "last": last,
        "level": report.place["level"],
    }


def _newest_gaps(report: PlaceReport) -> dict[str, Row]:
    """Return the newest gap of each question, with both sides' numbers of answers."""
    from analysis.frames.frame import records

    found = {row["question"]: dict(row) for row in records(report.gaps)}  # the newest is the last
    for cell in records(report.cells):
        found[cell["question"]] |= {f"{cell['role']}_{name}": cell[name] for name in ("base", "noise")}
    return dict(found)


def _sides(row: Row) -> tuple[float, float] | None:
    """Return the base of each side, staff first; None where one is missing."""
    bases = row["provider_base"], row["patient_base"]
    return bases if all(figure_text.is_known(base) and base > 0 for base in bases) else None


def _noises(row: Row) -> dict[str, float]:
    names = {"noise_1": "provider_noise", "noise_2": "patient_noise"}
    return {to: float(row[name]) if figure_text.is_known(row[name]) else 0.0 for to, name in names.items()}


def _unit_factor(row: Row) -> float:
    """Return how many times more answers a gap over several units takes than one over a single unit."""
    from analysis.measures.planning import detectable_gap

    bases = _sides(row)
    if bases is None or row["kind"] == "unit" or not figure_text.is_known(row["detectable"]):
        return 1.0
    alone = detectable_gap(*bases, EVEN_SHARE, **_noises(row))
    return max(1.0, float(row["detectable"] / 100 / alone) ** 2)


def _answers_each(row: Row, points: int) -> int | None:
    """Return the answers needed on each side, as many on both."""
    from analysis.measures.planning import answers_needed

    needed = answers_needed(points / 100, EVEN_SHARE, **_noises(row))
    return _round_up(needed, _unit_factor(row))


def _staff_answers(row: Row, points: int) -> int | None:
    """Return the answers needed from staff, with as many from patients as now."""
    from analysis.measures.planning import answers_needed

    bases, times = _sides(row), _unit_factor(row)
    if bases is None:
        return None
    return _round_up(answers_needed(points / 100, EVEN_SHARE, base_2=bases[1] / times, **_noises(row)), times)


def _codes_needed(answers: int | None, rate: int) -> int | None:
    from analysis.measures.planning import codes_needed

    return None if answers is None else _round_up(codes_needed(answers, rate / 100), 1.0)


def _round_up(needed: int | None, times: float) -> int | None:
    return None if needed is None or needed * times > MAX_ANSWERS else math.ceil(needed * times / STEP) * STEP


def _number_text(n: int | None, report: PlaceReport) -> str:
    return _("går inte") if n is None else report.texts.number(n)
