"""Who knows every answer but one, and all that is written of a round: how likely each answer of the last one is then.

The insider has k - 1 codes at a unit and has asked everybody else in the region; where everybody was opened, too. From
that follows what each figure would be without noise, for each answer that the last one may have given. What was drawn
decides between them: every draw that the person is in is weighed, at once, which no adding and taking away can better.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from survey.domain.disclosure.noised import Noised
from survey.domain.questions.answer_scale import QUESTIONS, answer_codes_of
from survey.sealing.keys.registry import Registry
from survey.sealing.rounds.counting import ClassCount, Counts
from survey.sealing.rounds.decrypt_round import Counted
from tests.denoised import drawn_on, persons, without_noise

SKIPPED = ""
PRIOR = {"yes": 0.5, "not_yes": 0.44, "non_substantive": 0.06}  # before anything is seen
GROUPED = {"yes": "yes", "partly": "not_yes", "no": "not_yes"}  # what is told apart everywhere
CERTAIN = 1 - 1e-12
Guess = Mapping[str, float]
Law = Callable[[Fraction, int], float]


def noisy(epsilon: Fraction, moved: int) -> float:
    """The logarithm of how likely the noise moves so many persons."""
    return -float(epsilon) * moved


def exact(epsilon: Fraction, moved: int) -> float:
    """The same where nothing is added."""
    return -math.inf if moved else 0.0


@dataclass(frozen=True)
class Victim:
    """The one whose answers are sought: where they are counted, and what they said."""

    role: str
    channel: str
    unit: str
    answers: Mapping[str, str]
    groups: tuple[tuple[str, str], ...] = ()


@dataclass
class Insider:
    """Knows what was opened, but for one person's answers."""

    counted: Counted
    registry: Registry
    victim: Victim
    epsilon: dict[str, Fraction] = field(default_factory=dict)
    worlds: dict[str, dict[str, dict[str, tuple[int, ...]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Work out, for each answer that may have been given, what each draw was then added to."""
        for question in QUESTIONS:
            codes = (*answer_codes_of(self.victim.role, question), SKIPPED)
            each = {code: without_noise(self._had(question, code), self.registry) for code in codes}
            self.epsilon |= each[SKIPPED][1]
            told = {
                code: {label: drawn_on(world, label) for label in self.epsilon} for code, (world, _) in each.items()
            }
            mine = [label for label in self.epsilon if len({told[code][label] for code in codes}) > 1]
            self.worlds[question] = {code: {label: told[code][label] for label in mine} for code in codes}

    def guesses(self, written: Noised, law: Law = noisy, only: str = "") -> dict[str, Guess]:
        """How likely each answer is, by question; by what is written at one place `only`."""
        return {question: self._guess(question, written, law, only) for question in QUESTIONS}

    def bound(self) -> float:
        """The most that the odds of one answer against another may have changed, as a logarithm."""
        return max(
            sum(float(self.epsilon[label]) * persons(one[label], other[label]) for label in one)
            for worlds in self.worlds.values()
            for one in worlds.values()
            for other in worlds.values()
        )

    def _guess(self, question: str, written: Noised, law: Law, only: str) -> Guess:
        worlds, found = self.worlds[question], {}
        for code, world in worlds.items():
            labels = [label for label in world if not only or label.split("|")[1] == only]
            moved = ((self.epsilon[label], persons(drawn_on(written, label), world[label])) for label in labels)
            found[code] = math.log(prior(worlds)[code]) + sum(law(epsilon, n) for epsilon, n in moved)
        most = max(found.values())
        weight = {code: math.exp(each - most) for code, each in found.items()}
        return {code: each / sum(weight.values()) for code, each in weight.items()}

    def _had(self, question: str, code: str) -> Counted:
        """What would have been opened if the victim had given another answer."""
        classes, victim = dict(self.counted.classes), self.victim
        places = dict(classes[victim.role, victim.channel].places)
        places[victim.unit] = self._moved(places[victim.unit], question, code)
        classes[victim.role, victim.channel] = ClassCount(places)
        background = dict(self.counted.background)
        background |= {key: self._moved(background[key], question, code) for key in victim.groups if key in background}
        return Counted(classes, background, {})

    def _moved(self, counts: Counts, question: str, code: str) -> Counts:
        found, said = Counter(counts), self.victim.answers.get(question, SKIPPED)
        for each, change in ((said, -1), (code, 1)):
            if each != SKIPPED:
                found[question, each] += change
        return found


def prior(codes: Iterable[str]) -> dict[str, float]:
    """How likely each answer is before anything is seen."""
    kinds = {code: GROUPED.get(code, "non_substantive") for code in codes}
    return {code: PRIOR[kind] / list(kinds.values()).count(kind) for code, kind in kinds.items()}


def by_three(guess: Guess) -> dict[str, float]:
    """The same for yes, not yes and no stand."""
    found = Counter[str]()
    for code, p in guess.items():
        found[GROUPED.get(code, "non_substantive")] += p
    return dict(found)


def certain(guesses: Mapping[str, Guess]) -> int:
    """Of how many questions the answer can be only one."""
    return sum(max(by_three(guess).values()) >= CERTAIN for guess in guesses.values())


def right(guesses: Mapping[str, Guess], answers: Mapping[str, str]) -> int:
    """How many of seven are rightly guessed by what is likeliest."""
    return sum(
        max(three := by_three(guess), key=three.__getitem__)
        == GROUPED.get(answers.get(question, SKIPPED), "non_substantive")
        for question, guess in guesses.items()
    )
