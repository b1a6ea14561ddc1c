"""Editions of invented rounds, made as a closing and a publication make them, without a database.

Counts go in as they would be opened; noise is drawn, nodes and gaps are worked out by the product itself. For every
test that reads editions, and for what is measured on them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from survey.domain.disclosure.protection import DEFAULT_PROTECTION, Protection
from survey.domain.places.place_tree import Place
from survey.domain.places.unit_groups import UnitGroup
from survey.domain.questions.answer_scale import ROLES
from survey.domain.questions.questionnaire import Version
from survey.domain.rounds.lifecycle import Round
from survey.publication.edition import RoundData, build_body
from survey.publication.gaps import RoundFigures
from survey.publication.nodes import build_nodes
from survey.publication.over_rounds import gaps_over_rounds
from survey.publication.unit_groups import add_groups, publishable
from survey.sealing.keys.registry import Registry
from survey.sealing.rounds.counting import ClassCount, Counts
from survey.sealing.rounds.decrypt_round import Counted
from survey.sealing.rounds.noising import noised

Opened = Mapping[tuple[str, str, str], Counts]  # place, role, collection mode
DICE = b"d" * 32
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Opening:
    """What was opened in a round, and how it is protected; counts as the closing has them in memory."""

    opened: Opened
    background: Mapping[tuple[str, str], Counts] = field(default_factory=dict)
    protection: Protection = DEFAULT_PROTECTION
    dice: bytes = DICE


def counts_of(answers: Mapping[str, Mapping[str, int]], n: int) -> Counts:
    """Counts as opened, from question → code → number; the others of n skipped."""
    found: Counts = Counter({("all", "all"): n})
    for question, codes in answers.items():
        found.update({(question, code): number for code, number in codes.items()})
    return found


def written(opening: Opening, places: Iterable[Place], round_key: str) -> Any:
    """What a closing writes of it."""
    there = list(places)
    registry = Registry(
        {"patient": 10, "provider": 5},
        {place.key: place.parent for place in there},
        b"",
        (),
        {place.key: place.level for place in there},
        opening.protection,
    )
    classes: dict[tuple[str, str], dict[str, Counts]] = {}
    for (place, role, channel), counts in opening.opened.items():
        classes.setdefault((role, channel), {})[place] = counts
    every = {key: ClassCount(each) for key, each in classes.items()}
    return noised(Counted(every, opening.background, {}), registry, opening.dice, round_key)


@dataclass
class Rounds:
    """Rounds that are published one after the other."""

    places: Sequence[Place]
    versions: Mapping[str, Version]
    groups: Sequence[UnitGroup] = ()
    wordings: Callable[[str, str], dict[str, str]] | None = None
    bodies: list[dict[str, Any]] = field(default_factory=list)
    poolings: dict[str, RoundFigures] = field(default_factory=dict)

    def publish(self, round_: Round, opening: Opening, places: Iterable[Place] | None = None) -> dict[str, Any]:
        """One more round's edition."""
        there = list(self.places if places is None else places)
        made = written(opening, there, round_.key)
        how_many = [(*key, n) for key, n in made.answered.items() if n]
        rows = [dict(zip(_NAMES, key, strict=True)) | figures.columns() for key, figures in made.figures.items()]
        nodes = {role: build_nodes(role, how_many, rows, there, opening.protection) for role in ROLES}
        groups = publishable(self.groups, there)
        for each in nodes.values():
            add_groups(each, groups)
        sums = {key: asdict(sums) for key, sums in made.matched.items()}
        k = {role: round_.threshold(role) for role in ROLES}
        pooling = RoundFigures(nodes, k, opening.protection, sums)
        background = [
            {"grouping": grouping, "group": group, "question": question, "n": made.groups[grouping, group]}
            | {name: getattr(figures, name) for name in ("yes", "not_yes", "non_substantive")}
            for (grouping, group, question), figures in made.background.items()
        ]
        told = RoundData(round_, self.versions, there, groups, pooling, how_many, background, {})
        body = build_body(told) | {"number": len(self.bodies) + 1, "groups_left_out": []}
        if self.wordings is not None:
            body["wordings"] = {role: self.wordings(round_.version(role), role) for role in ROLES}
        earlier = {each["round"]["key"]: each for each in self.bodies}
        body |= gaps_over_rounds(body, pooling, earlier, lambda before: self.poolings[before["round"]["key"]])
        self.poolings[round_.key] = pooling
        self.bodies.append(body)
        return body


_NAMES = ("place", "part", "role", "question")


def with_versions(round_: Round, version: str) -> Round:
    """The same round asking another version."""
    return replace(round_, version_patient=version, version_provider=version)
