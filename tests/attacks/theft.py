"""A round from its first answer to its counts, with a thief who looks after every commit; and what it can tell then.

Some units are the thief's accomplices: there it learns what the numbers that come with an answer may tell.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.background import GROUPINGS
from survey.domain.questions.responses import Response
from survey.sealing.intake.submit import Outcome
from survey.sealing.keys.keyed_hash import hash_of_code
from survey.store.answers.batches import background_batch
from survey.store.database.engine import read_transaction
from tests.attacks.chance import SPOKEN, Array, Learned, Score, dealt, grouped, learn, persons, score, spoken
from tests.attacks.thief import Loot, thief_of
from tests.factories import REGION, WEST
from tests.sealed import ROUND, Sealed, make_sealed

DAYS = 10
ATTACKED, KNOWN = "enhet", "medhjalpare"
TOGETHER = 0  # stands for all crowds: the two envelopes of each person, taken together
Crowds = Mapping[int, int]
"""Answers a day, and how many units have as many."""


@dataclass
class People:
    """Who answers where: their unit and their response by code."""

    units: dict[str, str] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)

    def add(self, code: str, unit: str, response: Response) -> None:
        """One more."""
        self.units[code], self.responses[code] = unit, response

    def of(self, kind: str) -> list[str]:
        """The codes of units whose key begins so, unit by unit."""
        return sorted((c for c, unit in self.units.items() if unit.startswith(f"{kind}-")), key=self.units.__getitem__)

    def in_order(self, a_day: Mapping[str, int], seed: object) -> list[str]:
        """All codes, day after day, in no order within a day."""
        dice, days = random.Random(f"days {seed}"), {}
        for unit, rate in a_day.items():
            mine = [code for code in self.units if self.units[code] == unit]
            days |= {code: number // rate for number, code in enumerate(dice.sample(mine, len(mine)))}
        return sorted(days, key=lambda code: (days[code], dice.random()))


def units_of(crowds: Crowds, name: str) -> dict[str, int]:
    """Units by key, and how many answers a day each has."""
    return {f"{name}-{rate}-{number}": rate for rate, many in crowds.items() for number in range(many)}


def places_of(units: Mapping[str, int]) -> list[Place]:
    """The units in one municipality of a region."""
    above = [Place(REGION, "Regionen", "region"), Place(WEST, "Väst", "municipality", REGION, "Väst kommun")]
    return [*above, *(Place(key, key, "unit", WEST, "Regionen") for key in units)]


@dataclass
class Theft:
    """What the thief has in the end: who came with what, and what was counted."""

    people: People
    loot: Loot
    counts: dict[str, Array]
    sizes: list[Array]

    def read(self) -> int:
        """How many whole answers of those attacked stood there to be read."""
        return sum(self.loot.said.get(c) == self.people.responses[c].answers for c in self.people.of(ATTACKED))

    def scores(self, crowds: Crowds) -> dict[int, Score]:
        """For each number of answers a day, how well the thief guesses and how well chance does; and for all."""
        people, everybody = self.people, list(self.people.responses)
        columns = dict(zip(everybody, self._truths(everybody), strict=True))
        known = people.of(KNOWN)
        codes = [*(len(SPOKEN) for _ in QUESTIONS), *(len(size) for size in self.sizes)]
        learned = learn(self._marks(known), np.array([columns[code] for code in known]), codes)
        found, all_ = {}, [np.zeros((2, 0, len(codes)), int)]
        for rate in crowds:
            mine = people.of(f"{ATTACKED}-{rate}")
            by_unit = [list(some) for _, some in groupby(mine, people.units.__getitem__)]
            guesses = np.concatenate([self._dealt(learned, some) for some in by_unit])
            all_.append(np.stack([guesses, [columns[code] for code in mine]]))
            seven = all_[-1][:, :, : len(QUESTIONS)]
            found[rate] = score(*seven, [people.units[code] for code in mine])
        units = [people.units[code] for rate in crowds for code in people.of(f"{ATTACKED}-{rate}")]
        return found | {TOGETHER: score(*np.concatenate(all_, axis=1), units)}

    def _dealt(self, learned: Sequence[Learned], codes: list[str]) -> Array:
        """What was counted at the unit dealt out; of the background, known for the region alone, a share by chance."""
        unit = self.people.units[codes[0]]
        dice = random.Random(unit)
        shares = [Counter(dice.choices(range(len(size)), size, k=len(codes))) for size in self.sizes]
        background = [np.array([drawn[n] for n in range(len(size))]) for drawn, size in
                      zip(shares, self.sizes, strict=True)]  # fmt: skip
        return dealt(learned, self._marks(codes), [*self.counts[unit], *background])

    def _truths(self, codes: list[str]) -> Array:
        """Seven answers and three background groups of each person."""
        everybody = [self.people.responses[code] for code in codes]
        return np.hstack([np.array([spoken(person.answers) for person in everybody]), grouped(everybody)])

    def _marks(self, codes: list[str]) -> Array:
        return np.array([self.loot.marks[code] for code in codes])


def steal(engine: Engine, log: Path | None, folder: Path, a_day: Mapping[str, int], seed: object) -> Theft:
    """Let everybody answer, with a look after every commit, then close."""
    sealed = make_sealed(engine, folder, places_of(a_day))
    people = People()
    for unit, rate in a_day.items():
        invented = persons(rate * DAYS, f"{seed} {unit}")
        for code, response in zip(sealed.codes(unit, len(invented)), invented, strict=True):
            people.add(code, unit, response)
    pepper = sealed.volumes.pepper_of(ROUND)
    known: dict[object, str] = {hash_of_code(pepper, code): code for code in people.units}
    with read_transaction(engine) as connection:
        second = background_batch(connection, ROUND, "invited")
    assert second is not None
    thief, loot = thief_of(engine, log), Loot(second[0])
    for order, code in enumerate(people.in_order(a_day, seed)):
        assert sealed.send(people.units[code], people.responses[code], code) is Outcome.ACCEPTED
        loot.take(thief.look(), known, order)
    sealed.close()
    return Theft(people, loot, *_counted(sealed, people))


def _counted(sealed: Sealed, people: People) -> tuple[dict[str, Array], list[Array]]:
    """How many gave each code of each question and none, unit by unit; and how many are in each background group.

    The thief is given the units' exact counts, which are written nowhere any longer: what came with an answer must tell
    nothing even to who has them.
    """
    units: dict[str, list[list[int]]] = {}
    for code, unit in people.units.items():
        units.setdefault(unit, []).append(spoken(people.responses[code].answers))
    counts = {unit: np.array([np.bincount(codes, minlength=len(SPOKEN)) for codes in np.array(said).T])
              for unit, said in units.items()}  # fmt: skip
    groups: dict[str, dict[str, int]] = {}
    for row in sealed.counted()[1]:
        groups.setdefault(row["grouping"], {})[row["group"]] = row["n"]
    return counts, [np.array([n for _, n in sorted(groups.get(name, {}).items())]) for name in GROUPINGS]
