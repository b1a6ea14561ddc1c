"""Named groups of units among the counts of a round: which of them may be published, and as what they are counted.

For the publication. Whether a group can be subtracted on paper was asked when it was made; here it is asked of those
who answered. The gate then attacks it together with all the rest, for a group is a sum like any other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from survey.domain.scale import ROLES
from survey.domain.unit_groups import LEAST_APART, LEVEL, UnitGroup
from survey.publication.counts import Count, Counts
from survey.publication.gaps import units_below

Body = Mapping[str, Any]
_PLACES = ("region", "municipality", "unit")


def added(counts: Counts, groups: Iterable[UnitGroup]) -> Counts:
    """The counts with each group as a sum of its units."""
    nodes, levels, sums = dict(counts.nodes), dict(counts.levels), list(counts.sums)
    for group in groups:
        nodes[group.node] = _together(counts, group.units)
        levels[group.node] = LEVEL
        sums.append((group.node, group.units))
    return replace(counts, nodes=nodes, levels=levels, sums=tuple(sums))


def publishable(
    groups: Iterable[UnitGroup], counts: Mapping[str, Counts], thresholds: Mapping[str, int]
) -> list[UnitGroup]:
    """Those that differ from all else that is published by nobody, or by enough units and answers of both roles.

    In the order they were made: an earlier one counts as published for a later one.
    """
    one = counts[ROLES[0]]
    sets = [frozenset(units_below(one, node)) for node, level in one.levels.items() if level in _PLACES]
    found = []
    for group in sorted(groups, key=lambda group: (group.since, group.key)):
        chosen = frozenset(group.units)
        apart = [chosen ^ other for other in sets if chosen & other and chosen != other]
        if chosen <= one.nodes.keys() and all(_enough(units, counts, thresholds) for units in apart):
            found.append(group)
            sets.append(chosen)
    return found


def _enough(units: frozenset[str], counts: Mapping[str, Counts], thresholds: Mapping[str, int]) -> bool:
    return len(units) >= LEAST_APART and all(
        _together(counts[role], sorted(units)).n >= thresholds[role] for role in ROLES
    )


def _together(counts: Counts, units: Iterable[str]) -> Count:
    return sum((counts.nodes[unit] for unit in units), Count())


def rows_of(groups: Iterable[UnitGroup], region: str) -> Iterator[dict[str, Any]]:
    """The groups as they stand among an edition's places."""
    for group in sorted(groups, key=lambda group: group.node):
        row = {"key": group.node, "name": group.name, "level": LEVEL, "parent": region, "huvudman": ""}
        yield row | {"units": list(group.units)}


def groups_of(body: Body) -> list[UnitGroup]:
    """The groups that an edition has published."""
    found = []
    for row in body["places"]:
        if row["level"] == LEVEL:
            key, _dot, version = row["key"].rpartition(".")
            found.append(UnitGroup(key, int(version), row["name"], tuple(row["units"]), date.min))
    return found
