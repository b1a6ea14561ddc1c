"""Answers that a detectable gap takes: for one question at a place, and for all seven before a round.

From the newest round's answers and noise. Where the gap is pooled from several units it takes more than if all
answered in one; how many times more is read off the gap that these answers can tell apart.
"""

import math

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.followup.place import words
from survey.followup.place.words import Row, Said
from survey.followup.selection import Reading
from survey.publication.hand_outs import code_rate

GAPS = (10, 15, 20)  # points
RATES = (20, 40, 60, 80)  # percent of those who get a code
EVEN = 0.5  # the share that takes most answers
STEP = 5
MOST = 100_000


def of_question(question: str, reading: Reading) -> Said:
    """Return the gap that today's answers can tell from zero, and the answers that smaller and larger ones take."""
    from analysis.sentences import findings

    number, row = reading.texts.number, _newest(reading)[question]
    # Beside a gap that is not told it stands already, and once a page is enough.
    known = words.is_known(row["detectable"]) and row["distinct"]
    return {
        "detectable": findings.detectable(row, reading.texts) if known else "",
        "rows": [
            {
                "gap": number(points),
                "even": _said(_even(row, points), reading),
                "staff": _said(_staff(row, points), reading),
            }
            for points in GAPS
        ],
    }


def before_a_round(reading: Reading) -> Said:
    """Return for each size of a gap the answers that each role must give on every question, and the codes for them."""
    newest, texts, found = _newest(reading), reading.texts, []
    for points in GAPS:
        each = [_even(newest[question], points) for question in QUESTIONS]
        needed = max((n for n in each if n is not None), default=None) if all(each) else None
        codes = [_said(_hand_out(needed, rate), reading) for rate in RATES]
        found.append({"gap": texts.number(points), "answers": _said(needed, reading), "codes": codes})
    rates = {role: code_rate(reading.edition, reading.respondents, role) for role in ROLES}
    last = {role: words.part(100 * rate, reading) for role, rate in rates.items() if rate is not None}
    return {
        "plan": found,
        "rates": [texts.number(rate) for rate in RATES],
        "last": last,
        "level": reading.place["level"],
    }


def _newest(reading: Reading) -> dict[str, Row]:
    """Return the newest gap of each question, with both sides' numbers of answers."""
    from analysis.frames.frame import records

    found = {row["question"]: dict(row) for row in records(reading.gaps)}  # the newest is the last
    for cell in records(reading.cells):
        found[cell["question"]] |= {f"{cell['role']}_{name}": cell[name] for name in ("base", "noise")}
    return dict(found)


def _sides(row: Row) -> tuple[float, float] | None:
    """Return the base of each side, staff first; None where one is missing."""
    bases = row["provider_base"], row["patient_base"]
    return bases if all(words.is_known(base) and base > 0 for base in bases) else None


def _noises(row: Row) -> dict[str, float]:
    names = {"noise_1": "provider_noise", "noise_2": "patient_noise"}
    return {to: float(row[name]) if words.is_known(row[name]) else 0.0 for to, name in names.items()}


def _times(row: Row) -> float:
    """Return how many times more answers a gap over several units takes than one over a single unit."""
    from analysis.measures.planning import detectable_gap

    bases = _sides(row)
    if bases is None or row["kind"] == "unit" or not words.is_known(row["detectable"]):
        return 1.0
    alone = detectable_gap(*bases, EVEN, **_noises(row))
    return max(1.0, float(row["detectable"] / 100 / alone) ** 2)


def _even(row: Row, points: int) -> int | None:
    """Return the answers needed on each side, as many on both."""
    from analysis.measures.planning import answers_needed

    needed = answers_needed(points / 100, EVEN, **_noises(row))
    return _up(needed, _times(row))


def _staff(row: Row, points: int) -> int | None:
    """Return the answers needed from staff, with as many from patients as now."""
    from analysis.measures.planning import answers_needed

    bases, times = _sides(row), _times(row)
    if bases is None:
        return None
    return _up(answers_needed(points / 100, EVEN, base_2=bases[1] / times, **_noises(row)), times)


def _hand_out(answers: int | None, rate: int) -> int | None:
    from analysis.measures.planning import hand_out

    return None if answers is None else _up(hand_out(answers, rate / 100), 1.0)


def _up(needed: int | None, times: float) -> int | None:
    return None if needed is None or needed * times > MOST else math.ceil(needed * times / STEP) * STEP


def _said(n: int | None, reading: Reading) -> str:
    return _("går inte") if n is None else reading.texts.number(n)
