"""Named groups of units among the figures of a round.

For the publication. A group's figures are its units' added up: they are noised already, so no sum of them and no
difference between sums tells more than they do.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from survey.domain.disclosure.thresholds import MIN_UNITS_IN_GROUP
from survey.domain.places.place_tree import Place
from survey.domain.places.unit_groups import LEVEL, UnitGroup
from survey.publication.nodes import Nodes


def publishable(groups: Iterable[UnitGroup], places: Iterable[Place]) -> list[UnitGroup]:
    """Return the groups whose units were all asked in the round, in the order they were made."""
    asked = {place.key for place in places}
    found = [group for group in groups if asked.issuperset(group.units) and len(group.units) >= MIN_UNITS_IN_GROUP]
    return sorted(found, key=lambda group: (group.since, group.key))


def add_groups(nodes: Nodes, groups: Iterable[UnitGroup]) -> None:
    """Add each group as a node of its own."""
    for group in groups:
        nodes.nodes[group.node] = nodes.combined(group.units)
        nodes.groups[group.node] = group.units


def rows_of(groups: Iterable[UnitGroup], region: str) -> Iterator[dict[str, Any]]:
    """Yield the groups' rows among an edition's places."""
    for group in sorted(groups, key=lambda group: group.node):
        row = {"key": group.node, "name": group.name, "level": LEVEL, "parent": region, "huvudman": ""}
        yield row | {"units": list(group.units)}


def groups_of(body: Mapping[str, Any]) -> list[UnitGroup]:
    """Return the groups that an edition has published."""
    found = []
    for row in body["places"]:
        if row["level"] == LEVEL:
            key, _dot, version = row["key"].rpartition(".")
            found.append(UnitGroup(key, int(version), row["name"], tuple(row["units"]), date.min))
    return found
