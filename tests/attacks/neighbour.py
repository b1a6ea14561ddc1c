"""A neighbour who knows everybody's unit, gender, age, language and help, and has all counts: what must have been said?

For the attack by intersection. Whoever has the same unit and background forms a cell. Each count is a sum over cells;
what the other cells can at most or must at least hold bounds each cell, again and again, until nothing narrows.
"""

from collections.abc import Hashable, Sequence

import numpy as np

from survey.domain.background import groups
from survey.domain.responses import Response
from survey.domain.scale import QUESTIONS
from tests.attacks.chance import SPOKEN, Array, spoken

Everybody = Sequence[tuple[str, Response]]
Labels = Sequence[Sequence[Hashable]]
"""For each way of counting, what each person is counted as."""


def as_written(everybody: Everybody) -> Labels:
    """By unit, and in the region by each grouping of the background: as the closing counts."""
    rules = groups(person.background for _, person in everybody).values()
    return [[unit for unit, _ in everybody], *([rule(person.background) for _, person in everybody] for rule in rules)]


def by_both(everybody: Everybody) -> Labels:
    """By unit and background together, as a naive survey counts."""
    return [[(unit, person.background) for unit, person in everybody]]


def certain(everybody: Everybody, labels: Labels) -> tuple[int, int]:
    """How many single answers can be only one, and how many persons' seven."""
    who = [(unit, person.background) for unit, person in everybody]
    cell, size = _numbered(who)
    ways = [_numbered(each)[0] for each in labels]
    said = np.array([spoken(person.answers) for _, person in everybody])
    known = np.stack([_forced(cell, size, ways, said[:, q])[cell] for q in range(len(QUESTIONS))], axis=1)
    return int(known.sum()), int(known.all(1).sum())


def _numbered(named: Sequence[Hashable]) -> tuple[Array, Array]:
    number = {name: at for at, name in enumerate(dict.fromkeys(named))}
    found = np.array([number[name] for name in named])
    return found, np.bincount(found)


def _forced(cell: Array, size: Array, ways: Sequence[Array], said: Array) -> Array:
    """Of which cells one code must hold everybody."""
    codes = np.eye(len(SPOKEN), dtype=int)[said]
    sums = [_sum_by(way, codes) for way in ways]
    _, first = np.unique(cell, return_index=True)
    labels = [way[first] for way in ways]
    most = np.repeat(size[:, None], len(SPOKEN), axis=1)
    least = np.zeros_like(most)
    while True:
        before = most.sum() - least.sum()
        for label, total in zip(labels, sums, strict=True):
            least = np.maximum(least, total[label] - (_sum_by(label, most)[label] - most))
            most = np.minimum(most, total[label] - (_sum_by(label, least)[label] - least))
        least = np.maximum(least, size[:, None] - (most.sum(1, keepdims=True) - most))
        most = np.minimum(most, size[:, None] - (least.sum(1, keepdims=True) - least))
        if most.sum() - least.sum() == before:
            return (least == size[:, None]).any(1)


def _sum_by(label: Array, each: Array) -> Array:
    found = np.zeros((label.max() + 1, each.shape[1]), dtype=int)
    np.add.at(found, label, each)
    return found
