"""What guessing gives, for the attacks that try to tell who answered what: a guess must beat it to be a link.

People are invented, unit by unit in a mood of its own. The attacker learns, from answers he knows, whatever the
numbers that came with an answer may tell of it, and deals out what was counted at a unit by it. Chance is the same
guesses held against the same answers dealt out anew within the unit.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.questions.answer_scale import ANSWER_CODES, QUESTIONS, answer_codes_of
from survey.domain.questions.responses import AGES, Background, Response
from tests.opened import groups

Array = Any
SPOKEN = (*ANSWER_CODES, "")
BINS, BEST = 8, 3
DEALS = 4000
OTHERWISE = {"partly": 5, "no": 3, "not_needed": 2, "dont_know": 2}


def persons(count: int, seed: object) -> list[Response]:
    """People of one unit: most say yes, in some units more than in others; few skip a question."""
    dice = random.Random(f"persons {seed}")
    share = dice.uniform(0.35, 0.75)
    return [_person(dice, share) for _ in range(count)]


def _person(dice: random.Random, share: float) -> Response:
    answers = {}
    for question in QUESTIONS:
        others = [code for code in answer_codes_of("patient", question) if code != "yes"]
        if dice.random() < 0.97:
            other = dice.choices(others, [OTHERWISE[code] for code in others])[0]
            answers[question] = "yes" if dice.random() < share else other
    gender = dice.choices(["woman", "man", "other", None], [50, 40, 2, 8])[0]
    age = dice.choices([*AGES, None], [4, 12, 16, 22, 28, 10, 8])[0]
    language = dice.choices(["sv", "en", "ar", None], [80, 8, 6, 6])[0]
    help_ = dice.choices(["alone", "with_help", None], [78, 14, 8])[0]
    return Response("patient", answers, Background(gender, age, language, help_))


def spoken(answers: Mapping[str, str]) -> list[int]:
    """Seven answers as numbers; the last number is a skipped question."""
    return [SPOKEN.index(answers.get(question, "")) for question in QUESTIONS]


def grouped(everybody: Sequence[Response]) -> Array:
    """Each one's background groups as numbers, by the names of all groups in order: what is ever written of it."""
    columns = []
    for group_of in groups((person.background for person in everybody), DEFAULT_PROTECTION.smallest_group).values():
        named = [group_of(person.background) for person in everybody]
        columns.append(np.unique(named, return_inverse=True)[1])
    return np.stack(columns, axis=1)


@dataclass(frozen=True)
class Learned:
    """For one question: which numbers tell most, where their bins begin, and what each bin says of the codes."""

    columns: list[int]
    edges: list[Array]
    weights: list[Array]

    def told(self, marks: Array) -> Array:
        """What the numbers of some answers say of each code, as log likelihoods."""
        found = np.zeros((len(marks), len(self.weights[0][0])))
        for column, edges, weights in zip(self.columns, self.edges, self.weights, strict=True):
            found += weights[np.searchsorted(edges, marks[:, column], side="right")]
        return found


def learn(marks: Array, answers: Array, codes: Sequence[int]) -> list[Learned]:
    """For each question, of so many codes, the numbers that go together best with its known answers."""
    edges = [np.quantile(column, np.arange(1, BINS) / BINS) for column in marks.T]
    binned = np.stack([np.searchsorted(e, c, side="right") for e, c in zip(edges, marks.T, strict=True)])
    found = []
    for each, many in zip(answers.T, codes, strict=True):
        known = np.eye(many)[each]
        table = np.stack([(binned == number) @ known for number in range(BINS)], axis=1)
        best = [int(column) for column in np.argsort(-_tells(table))[:BEST]]
        smooth = table[best] + known.mean(0) + 1e-9
        weights = np.log(smooth / smooth.sum(2, keepdims=True)) - np.log(known.mean(0) + 1e-9)
        found.append(Learned(best, [edges[column] for column in best], list(weights)))
    return found


def _tells(table: Array) -> Array:
    """How far each table of bins and codes is from saying nothing, in standard deviations."""
    rows, columns = table.sum(2, keepdims=True), table.sum(1, keepdims=True)
    expected = rows * columns / table.sum((1, 2), keepdims=True)
    squares = np.where(expected > 0, (table - expected) ** 2 / np.maximum(expected, 1e-9), 0).sum((1, 2))
    free = np.maximum(((rows > 0).sum((1, 2)) - 1) * ((columns > 0).sum((1, 2)) - 1), 1)
    return (squares - free) / np.sqrt(2 * free)


def dealt(learned: Sequence[Learned], marks: Array, counts: Sequence[Array]) -> Array:
    """What was counted at one unit, dealt to those who answered there as the numbers make it likeliest.

    Always to guess the commonest code would throw away all that the numbers tell where most say yes.
    """
    guesses = []
    for each, counted in zip(learned, counts, strict=True):
        cards = np.repeat(np.arange(len(counted)), counted)
        _, chosen = linear_sum_assignment(-each.told(marks)[:, cards])
        guesses.append(cards[chosen])
    return np.stack(guesses, axis=1)


@dataclass(frozen=True)
class Score:
    """How many single answers and how many whole persons were right, and between what chance lies, 99 times of 100."""

    persons: int
    asked: int
    single: int
    single_chance: tuple[int, int]
    whole: int
    whole_chance: tuple[int, int]

    @property
    def by_chance(self) -> bool:
        """Whether chance does as well, and as badly."""
        low, high = self.single_chance
        least, most = self.whole_chance
        return low <= self.single <= high and least <= self.whole <= most

    def __str__(self) -> str:
        """As the report says it."""
        share = [100 * n / self.persons / self.asked for n in (self.single, *self.single_chance)]
        least, most = self.whole_chance
        return (
            f"{share[0]:.1f} % of single answers right (chance, 99 %: {share[1]:.1f}–{share[2]:.1f}), "
            f"{self.whole} of {self.persons} persons (chance: {least}–{most})"
        )


def score(guesses: Array, truth: Array, units: Sequence[str], seed: int = 1) -> Score:
    """Hold guesses against the truth, and against the truth dealt out anew within each unit."""
    dice = np.random.default_rng(seed)
    single, whole = np.zeros(DEALS, int), np.zeros(DEALS, int)
    for unit in dict.fromkeys(units):
        mine = np.array(units) == unit
        same = guesses[mine][:, None, :] == truth[mine][None, :, :]
        row = np.arange(mine.sum())
        others = dice.permuted(np.tile(row, (DEALS, 1)), axis=1)
        single += same.sum(2)[row, others].sum(1)
        whole += same.all(2)[row, others].sum(1)
    right = guesses == truth
    found = (int(right.sum()), _middle(single), int(right.all(1).sum()), _middle(whole))
    return Score(*truth.shape, *found)


def _middle(found: Array) -> tuple[int, int]:
    low, high = np.quantile(found, 0.005, method="lower"), np.quantile(found, 0.995, method="higher")
    return int(low), int(high)
