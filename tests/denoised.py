"""A closed round's figures with the noise taken away again: for the tests that must count exactly.

The dice must be taken before the round closes, since they are erased. What noise there is depends on them and on how
many answered, never on what: a round as large, of which nobody said anything, has the same noise and nothing else.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import Engine

from survey.domain.disclosure.noise import BitStream
from survey.domain.disclosure.noised import EVERYONE, REST, THREE, Matched, Noised
from survey.domain.disclosure.noised import Figures as Told
from survey.domain.questions.answer_scale import QUESTIONS, TOLD_APART
from survey.sealing.keys.key_volumes import RNG_SEED, KeyVolumes
from survey.sealing.keys.registry import Registry, registry_of
from survey.sealing.rounds import noising
from survey.sealing.rounds.counting import ALL, ClassCount, Counts
from survey.sealing.rounds.decrypt_round import Counted
from survey.sealing.rounds.noising import noised
from survey.store.answers import tally
from survey.store.database.engine import read_transaction
from tests.sealed import ROUND, Sealed

Figures = dict[str, int]


@dataclass(frozen=True)
class Exact:
    """What was answered: at places by place, part, role and question; in groups; over matched units."""

    answered: Mapping[tuple[str, str, str], int]
    places: Mapping[tuple[str, str, str, str], Figures]
    groups: Mapping[tuple[str, str, str], Figures]
    matched: Mapping[tuple[str, str, str], Figures]

    def opened(self) -> dict[tuple[str, str, str, str], Figures]:
        """The figures of those opened together and shown nowhere below: each person in one place, where any are."""
        above = {place for place, part, _, _ in self.places if part == REST}
        return {
            key: each
            for key, each in self.places.items()
            if key[1] == (REST if key[0] in above else EVERYONE) and any(each.values())
        }

    def of(self, place: str, question: str, role: str = "patient", part: str = EVERYONE) -> Figures:
        """One place's three."""
        return {name: self.places[place, part, role, question][name] for name in THREE}


@dataclass(frozen=True)
class Dice:
    """What decides a round's noise, taken before it closes."""

    key: bytes
    registry: Registry
    round: str

    def exact(self, engine: Engine) -> Exact:
        """What was answered, from what the closing wrote."""
        with read_transaction(engine) as connection:
            how_many = tally.response_counts(connection, self.round)
            places, matched = tally.figures(connection, self.round), tally.matched(connection, self.round)
            groups = tally.background(connection, self.round)
        blank = self._blank(how_many, groups)
        noise = {key: each.columns() for key, each in blank.figures.items()}
        of_groups = {key: each.columns() for key, each in blank.background.items()}
        of_matched = {key: vars(each) for key, each in blank.matched.items()}
        return Exact(
            {key[:3]: key[3] for key in how_many},
            {key: _without(row, noise[key]) for row in places if (key := _key(row, "place", "part", "role"))},
            {key: _without(row, of_groups[key]) for row in groups if (key := _key(row, "grouping", "group"))},
            {
                key: {name: row[name] - of_matched[key][name] for name in ("yes", "not_yes")}
                for row in matched
                if (key := _key(row, "place", "role"))
            },
        )

    def _blank(self, how_many: list[tuple[str, str, str, int]], groups: list[dict[str, Any]]) -> Noised:
        classes: dict[tuple[str, str], dict[str, Counts]] = {}
        for place, role, channel, n in how_many:
            classes.setdefault((role, channel), {})[place] = Counter({(ALL, ALL): n})
        background = {(row["grouping"], row["group"]): Counter({(ALL, ALL): row["n"]}) for row in groups}
        counted = Counted({key: ClassCount(places) for key, places in classes.items()}, background, {})
        return noised(counted, self.registry, self.key, self.round)


def dice_of(volumes: KeyVolumes, round_key: str = ROUND) -> Dice:
    """A round's dice, while they are there."""
    return Dice(volumes.private_key(round_key, RNG_SEED), registry_of(volumes, round_key), round_key)


def closed(sealed: Sealed) -> Exact:
    """Close the round; what was answered."""
    dice = dice_of(sealed.volumes)
    sealed.close()
    return dice.exact(sealed.engine)


def threes_of(answers: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """One person's answers as they are written of: a figure of each question."""
    named = {"yes": "yes", "partly": "not_yes", "no": "not_yes"}
    return Counter((question, named.get(answers.get(question, ""), "non_substantive")) for question in QUESTIONS)


def without_noise(counted: Counted, registry: Registry, round_key: str = ROUND) -> tuple[Noised, dict[str, Fraction]]:
    """What a closing would write if nothing were added; and each draw that it makes: its label, and epsilon."""
    drawn: dict[str, Fraction] = {}

    def one(bits: BitStream, epsilon: Fraction) -> int:
        label = bits._label.decode()
        assert label not in drawn, "two figures share a draw"
        drawn[label] = epsilon
        return 0

    def three(bits: BitStream, epsilon: Fraction) -> tuple[int, int, int]:
        return one(bits, epsilon), 0, 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(noising, "draw_three", three)
        patch.setattr(noising, "discrete_laplace", one)
        return noised(counted, registry, b"", round_key), drawn


def drawn_on(written: Noised, label: str) -> tuple[int, ...]:
    """What a draw was added to: two figures of three that share a sum, or one that is told apart."""
    _, *parts = label.split("|")
    if parts[0] == "background":
        found: Told | Matched = written.background[parts[1], parts[2], parts[3]]
    elif parts[1] == "matched":
        found = written.matched[parts[0], parts[2], parts[3]]
    else:
        found = written.figures[parts[0], parts[1], parts[2], parts[3]]
        if parts[4] != "three":
            return (found.apart[parts[4]],)
    return found.yes, found.not_yes


def persons(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many persons would have to answer otherwise to make one of the other; of weighted sums, how much weight."""
    moved = [a - b for a, b in zip(one, other, strict=True)]
    return max(abs(sum(moved)), *map(abs, moved))


def written_in(engine: Engine, round_key: str = ROUND) -> Noised:
    """What stands in the database of a round."""
    with read_transaction(engine) as connection:
        places, matched = tally.figures(connection, round_key), tally.matched(connection, round_key)
        groups = tally.background(connection, round_key)
    return Noised(
        {},
        {_key(row, "place", "part", "role"): _told(row) for row in places},
        {_key(row, "place", "role"): Matched(row["yes"], row["not_yes"], row["heaviest"]) for row in matched},
        {},
        {_key(row, "grouping", "group"): Told(*(row[name] for name in THREE)) for row in groups},
    )


def _told(row: Mapping[str, Any]) -> Told:
    return Told(*(row[name] for name in THREE), {code: row[code] for code in TOLD_APART if row[code] is not None})


def _key(row: Mapping[str, Any], *names: str) -> Any:
    return (*(row[name] for name in names), row["question"])


def _without(row: Mapping[str, Any], blank: Mapping[str, int | None]) -> Figures:
    found = {name: row[name] - (blank[name] or 0) for name in ("yes", "not_yes")}
    # The three's noise adds up to nothing, so what is told of nobody is how many they are.
    found["non_substantive"] = row["non_substantive"] + (blank["yes"] or 0) + (blank["not_yes"] or 0)
    return found | {name: row[name] - (blank[name] or 0) for name in TOLD_APART if row.get(name) is not None}
