"""Invented regions of any size, counted as a closing counts them: for every test of the publication."""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from survey.publication.counts import Counts, gather
from survey.publication.gate import gate
from survey.publication.gated import Gated

from survey.domain.places import Place
from survey.domain.responses import AGES, Background, Response
from survey.domain.scale import CODES, QUESTIONS, ROLES, codes_of
from survey.sealing.counting import count_background

THRESHOLDS = {"patient": 10, "provider": 5}
# How many of those who take a stand say yes, as a survey like this one finds it.
YES = {
    "patient": (0.62, 0.38, 0.70, 0.50, 0.60, 0.60, 0.40),
    "provider": (0.60, 0.50, 0.84, 0.86, 0.78, 0.70, 0.45),
}
Row = dict[str, Any]


def region(municipalities: int = 3, units: int = 3) -> list[Place]:
    """A region, its municipalities and their units."""
    found = [Place("r", "Regionen", "region")]
    for m in range(municipalities):
        found.append(Place(f"m{m}", f"Kommun {m}", "municipality", "r"))
        found += [Place(f"m{m}-u{u}", f"Enhet {m}.{u}", "unit", f"m{m}") for u in range(units)]
    return found


def response(chance: random.Random, role: str, tilt: float = 0.0) -> Response:
    """One person's answers; about one question in ten without a stand."""
    answers = {}
    for question, share in zip(QUESTIONS, YES[role], strict=True):
        codes = codes_of(role, question)
        draw = chance.random()
        if draw < 0.03:
            continue
        if draw < 0.08:
            answers[question] = "dont_know"
        elif draw < 0.16 and "not_needed" in codes:
            answers[question] = "not_needed"
        elif chance.random() < share + tilt:
            answers[question] = "yes"
        else:
            answers[question] = chance.choice([code for code in ("partly", "no") if code in codes])
    return Response(role, answers, background(chance) if role == "patient" else Background())


def background(chance: random.Random) -> Background:
    """What one resident told of themselves; one in ten told nothing."""
    if chance.random() < 0.1:
        return Background()
    gender = chance.choices(("woman", "man", "other"), (55, 43, 2))[0]
    age = chance.choices(AGES, (2, 12, 15, 25, 30, 16))[0]
    language = chance.choices(("sv", "en", "ar"), (90, 5, 5))[0]
    return Background(gender, age, language, chance.choices(("alone", "with_help"), (85, 15))[0])


def rows_of(people: Iterable[Response], **named: str) -> list[Row]:
    """Persons counted as the tally gives them: a row a question, a column a code."""
    people = list(people)
    counts = Counter((question, code) for each in people for question, code in each.answers.items())
    return [
        {**named, "question": question, **{code: counts[question, code] for code in CODES}, "all": len(people)}
        for question in QUESTIONS
    ]


class Invented:
    """One closed round: its places, its tally's rows and its background rows."""

    def __init__(self, seed: int, places: list[Place], sizes: Callable[[random.Random, Place, str], int]) -> None:
        chance = random.Random(seed)
        self.places = places
        self.rows: list[Row] = []
        patients: list[Response] = []
        for place in places:
            for role in ROLES:
                tilt = chance.gauss(0, 0.08)
                people = [response(chance, role, tilt) for _ in range(sizes(chance, place, role))]
                if people:
                    self.rows += rows_of(people, place=place.key, role=role, channel="invited")
                patients += people if role == "patient" else []
        self.background = self._background(patients)

    def _background(self, patients: list[Response]) -> list[Row]:
        if len(patients) < 50:
            return []
        found: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        for (grouping, group, question, code), n in count_background(patients).items():
            found.setdefault((grouping, group), Counter())[question, code] += n
        return [
            {"grouping": grouping, "group": group, "question": question, "all": counts["all", "all"]}
            | {code: counts[question, code] for code in CODES}
            for (grouping, group), counts in sorted(found.items())
            for question in QUESTIONS
        ]

    def counts(self, role: str) -> Counts:
        """The wide counts of a role."""
        return gather(role, self.rows, self.background, self.places)

    def gated(self) -> dict[str, Gated]:
        """Both roles, through the gate."""
        return {role: gate(self.counts(role), THRESHOLDS[role]) for role in ROLES}


def realistic(chance: random.Random, place: Place, role: str) -> int:
    """Units of 30 to 60 patients and 6 to 15 staff; some answers whose unit is not shown."""
    least = THRESHOLDS[role]
    if place.level == "unit":
        few, many = (30, 60) if role == "patient" else (6, 15)
        return chance.randint(few, many) if chance.random() > 0.05 else 0
    return chance.choice((0, 0, chance.randint(least, 2 * least)))


def small(chance: random.Random, place: Place, role: str) -> int:
    """As few as may be opened at all, and often none."""
    least = THRESHOLDS[role]
    if place.level == "unit":
        return chance.choice((0, least, least + 1, least + 3, 2 * least, 5 * least))
    return chance.choice((0, 0, least, least + 2))
