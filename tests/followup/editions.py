"""Invented editions for the follow-up tests: five rounds, a wording change, a unit that is too small to be shown.

The answers are drawn with a fixed seed; noise, nodes and gaps are the product's own, so a page's shape can be tested
without the closing of a round. `tests/followup/test_published.py` runs the same walks on a really published one.
"""

import copy
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from random import Random
from typing import Any

from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import answer_codes_of
from survey.domain.questions.questionnaire import QUESTIONS, read_versions
from survey.domain.rounds.lifecycle import Round
from survey.publication import edition
from survey.sealing.rounds.counting import Counts
from tests.told_rounds import ROOT, Opening, Rounds

REWORDED = ("trygghet", "overenskommelse", "fast_vardkontakt")
ROUNDS = (
    ("v22", "Våren 2022", date(2022, 2, 1), date(2022, 4, 15)),
    ("h22", "Hösten 2022", date(2022, 8, 15), date(2022, 10, 10)),
    ("v23", "Våren 2023", date(2023, 2, 1), date(2023, 4, 15)),
    ("h23", "Hösten 2023", date(2023, 8, 15), date(2023, 10, 10)),
    ("v24", "Våren 2024", date(2024, 2, 1), date(2024, 4, 15)),
)
FIRST_WITH_NEW_WORDING = 2
# key, name, level, parent, huvudman, patients, providers
PLACES: tuple[tuple[str, str, str, str | None, str, int, int], ...] = (
    ("jh", "Region Jämtland Härjedalen", "region", None, "", 0, 0),
    ("ostersund", "Östersund", "municipality", "jh", "", 0, 0),
    ("are", "Åre", "municipality", "jh", "", 0, 0),
    ("berg", "Berg", "municipality", "jh", "", 0, 0),
    ("brunflo", "Brunflo hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 58, 14),
    ("froso", "Frösö hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 52, 12),
    ("odensala", "Odensala hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 61, 15),
    ("torvalla", "Torvalla hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 33, 6),
    ("lugnvik", "Lugnvik hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 47, 11),
    ("zatagrand", "Zätagränd hälsocentral", "unit", "ostersund", "Region Jämtland Härjedalen", 55, 13),
    ("hallen", "Hallen hälsocentral", "unit", "are", "Region Jämtland Härjedalen", 34, 7),
    ("jarpen", "Järpens hälsocentral", "unit", "are", "Region Jämtland Härjedalen", 41, 9),
    ("are-hemsjukvard", "Åre hemsjukvård", "unit", "are", "Åre kommun", 24, 8),
    ("myrviken", "Myrvikens hälsocentral", "unit", "berg", "Region Jämtland Härjedalen", 31, 6),
    ("berg-hemsjukvard", "Bergs hemsjukvård", "unit", "berg", "Bergs kommun", 7, 3),
)
# patient share first and last, provider share
TRUTH = {
    "trygghet": (0.55, 0.62, 0.74),
    "overenskommelse": (0.34, 0.41, 0.56),
    "kontaktvagar": (0.68, 0.71, 0.70),
    "fast_vardkontakt": (0.30, 0.40, 0.73),
    "nasta_steg": (0.49, 0.66, 0.60),
    "nasta_tid": (0.47, 0.58, 0.65),
    "overblick": (0.26, 0.35, 0.59),
}


def places() -> list[Place]:
    """The places as the product has them."""
    return [Place(*each[:5]) for each in PLACES]


def version_of(number: int) -> str:
    """What was asked in round `number`."""
    return "metodstod-2019" if number <= FIRST_WITH_NEW_WORDING else "underlag-2021"


def round_of(number: int) -> Round:
    """Round `number`, published."""
    key, name, opens, closes = ROUNDS[number - 1]
    version = version_of(number)
    return Round(key, name, opens, closes, 1, version, version, state="published")


def bodies(last: int = 5) -> list[dict[str, Any]]:
    """All bodies up to edition `last`, newest last."""
    return [body(number) for number in range(1, last + 1)]


def body(number: int) -> dict[str, Any]:
    """The body of edition `number`, 1 to 5; one's own to change."""
    return copy.deepcopy(_published()[number - 1])


@cache
def _published() -> list[dict[str, Any]]:
    """All of them, with wordings of which some changed after the second."""
    made = Rounds(places(), read_versions(ROOT / "survey" / "questionnaires"), wordings=_wordings)
    for number in range(1, len(ROUNDS) + 1):
        made.publish(round_of(number), opening(number))
    return made.bodies


def frozen(content: dict[str, Any]) -> tuple[str, str]:
    """The stored text of a body and its hash."""
    return edition.canonical(content)


def _wordings(version: str, role: str) -> dict[str, str]:
    old = version == "metodstod-2019"
    return {q: f"{q}-{role}-{'old' if old and q in REWORDED else 'new'}" for q in QUESTIONS}


def opening(number: int) -> Opening:
    """What was opened in round `number`; who is too few to be shown joined the municipality."""
    chance = Random(1000 + number)
    opened: dict[tuple[str, str, str], Counts] = {}
    for key, _name, level, up, _owner, patients, providers in PLACES:
        for role, size, least in (("patient", patients, 10), ("provider", providers, 5)):
            n = max(2, round(size * chance.uniform(0.85, 1.1)))
            if level == "unit" and (n >= least or role == "patient"):
                at = key if n >= least else str(up)
                answered = max(n, least)
                opened.setdefault((at, role, "invited"), Counter()).update(drawn(number, role, answered, chance))
    return Opening(opened, background(number))


def drawn(number: int, role: str, n: int, chance: Random) -> Counts:
    """So many invented answers."""
    found: Counts = Counter({("all", "all"): n})
    for question in QUESTIONS:
        for _ in range(n):
            found[question, _code(number, question, role, chance)] += 1
    return found


def _code(number: int, question: str, role: str, chance: Random) -> str:
    first, last, provider = TRUTH[question]
    share = provider if role == "provider" else first + (last - first) * (number - 1) / (len(ROUNDS) - 1)
    codes, roll = answer_codes_of(role, question), chance.random()
    if roll > 0.94:
        return "dont_know"
    if roll > 0.88 and "not_needed" in codes:
        return "not_needed"
    if chance.random() < share:
        return "yes"
    return "partly" if "partly" in codes and chance.random() < 0.5 else "no"


GROUPS = {
    "gender_age": {"woman:18-34": 45, "woman:other": 255, "man:35-49": 35, "man:other": 245, "other": 40},
    "language": {"sv": 560, "other": 60},
    "help": {"alone": 520, "with_help": 60, "other": 40},
}


def background(number: int) -> Mapping[tuple[str, str], Counts]:
    """The region's residents by what they told about themselves; the first round had too few."""
    chance = Random(2000 + number)
    if number == 1:
        return {}
    return {
        (grouping, group): drawn(number, "patient", n, chance)
        for grouping, groups in GROUPS.items()
        for group, n in groups.items()
    }
