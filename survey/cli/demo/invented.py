"""Invented answers for the demo: both roles, differences and trends worth reading. For `flask demo` alone.

Every figure here is made up. A seed a round makes the demo the same on every machine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from random import Random

from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.questions.responses import Background, Response

ROUNDS = 10
NEW_WORDING_FROM = 5
OLD_VERSION, NEW_VERSION = "metodstod-2019", "underlag-2021"

# Share of yes in percent, first and last round: residents, then staff.
SHARES = {
    "trygghet": ((54, 61), (74, 76)),
    "overenskommelse": ((30, 41), (53, 55)),
    "kontaktvagar": ((64, 71), (72, 69)),
    "fast_vardkontakt": ((28, 41), (70, 73)),
    "nasta_steg": ((48, 66), (62, 58)),
    "nasta_tid": ((48, 60), (63, 65)),
    "overblick": ((24, 36), (59, 58)),
}
NOT_NEEDED = {
    "overenskommelse": 0.10,
    "fast_vardkontakt": 0.22,
    "nasta_steg": 0.06,
    "nasta_tid": 0.12,
    "overblick": 0.15,
}
# Residents and staff who answer in a round, about; the others get the usual number.
SIZES = {
    "froso": (95, 16),
    "odensala": (80, 14),
    "zatagrand": (85, 15),
    "brunflo": (60, 12),
    "lugnvik": (55, 11),
    "ostersund-hemsjukvard": (50, 18),
    "torvalla": (14, 4),
    "lit": (13, 3),
    "haggenas": (7, 2),
    "gaddede": (7, 3),
    "hoting": (17, 5),
}
USUAL = (34, 9)
AGES = {"18-34": 12, "35-49": 17, "50-64": 25, "65-79": 31, "80+": 15}


@dataclass(frozen=True)
class DemoRound:
    """One of the demo's half years."""

    number: int
    key: str
    name: str
    opens: date
    closes: date
    version: str


def demo_rounds(today: date) -> list[DemoRound]:
    """Return ten half years from spring 2022; the last is still open when the demo is made."""
    found = []
    for number in range(ROUNDS):
        year, autumn = 2022 + number // 2, number % 2 == 1
        opens, closes = (date(year, 9, 1), date(year, 10, 15)) if autumn else (date(year, 2, 15), date(year, 4, 1))
        if number == ROUNDS - 1:
            closes = max(date(year, 12, 18), today + timedelta(days=28))
        found.append(
            DemoRound(
                number=number,
                key=f"{year}-{'host' if autumn else 'var'}",
                name=f"{'hösten' if autumn else 'våren'} {year}",
                opens=opens,
                closes=closes,
                version=NEW_VERSION if number >= NEW_WORDING_FROM else OLD_VERSION,
            )
        )
    return found


def responses(round_: DemoRound, units: list[str]) -> Iterator[tuple[str, Response]]:
    """Yield unit and response, in an order that mixes units and roles."""
    rng = Random(f"invented {round_.key}")
    last = round_.number == ROUNDS - 1
    planned = [
        (unit, role)
        for unit in units
        for role, usual in zip(("patient", "provider"), SIZES.get(unit, USUAL), strict=True)
        for _ in range(_size(rng, usual, last))
    ]
    rng.shuffle(planned)
    noise = {(role, q): rng.gauss(0, 0.08) for role in ("patient", "provider") for q in QUESTIONS}
    for unit, role in planned:
        yield unit, _response(rng, round_, unit, role, noise)


def _size(rng: Random, usual: int, last: bool) -> int:
    size = usual * rng.uniform(0.82, 1.18)
    return round(size / 3 if last else size)


def _response(rng: Random, round_: DemoRound, unit: str, role: str, noise: dict[tuple[str, str], float]) -> Response:
    mood = rng.gauss(0, 0.4)
    answers = {}
    for question in QUESTIONS:
        likely = _logit(round_, unit, role, question) + noise[role, question] + mood
        code = _code(rng, role, question, 1 / (1 + exp(-likely)))
        if code:
            answers[question] = code
    background = _background(rng) if role == "patient" else Background(None, None, None, None)
    return Response(role=role, answers=answers, background=background)


def _logit(round_: DemoRound, unit: str, role: str, question: str) -> float:
    first, last = SHARES[question][role == "provider"]
    share = (first + (last - first) * round_.number / (ROUNDS - 1)) / 100
    own = Random(f"{unit} {role} {question}").gauss(0, 0.22 if role == "patient" else 0.3)
    return log(share / (1 - share)) + own


def _code(rng: Random, role: str, question: str, yes: float) -> str:
    first = rng.random()
    if first < 0.02:
        return ""
    if first < 0.06:
        return "dont_know"
    if role == "patient" and rng.random() < NOT_NEEDED.get(question, 0):
        return "not_needed"
    if rng.random() < yes:
        return "yes"
    if role == "patient" and question == "fast_vardkontakt":
        return "no"
    return "partly" if rng.random() < 0.58 else "no"


def _background(rng: Random) -> Background:
    if rng.random() < 0.15:
        return Background(None, None, None, None)
    return Background(
        gender=rng.choices(("woman", "man", "other"), (54, 44, 2))[0],
        age=rng.choices(list(AGES), list(AGES.values()))[0],
        language=rng.choices(("sv", "ar", "en"), (91, 6, 3))[0],
        help="with_help" if rng.random() < 0.14 else "alone",
    )
