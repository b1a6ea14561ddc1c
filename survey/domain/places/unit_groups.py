"""Named groups of units that are read together, such as a lokal samverkansarena or all SÄBO.

Once made, a version of a group never changes; other units make a new version, which begins a series of its own. Any
two units or more make a group: their figures are noised, so what can be subtracted on paper gives nobody away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from survey.domain.places.place import Place, is_key, is_readable, suggested_key
from survey.domain.places.place_tree import PlaceTree
from survey.domain.text.collation import collation_key

LEVEL = "unit_group"
MAX_NAME_LENGTH, MAX_KEY_LENGTH = 80, 32


@dataclass(frozen=True)
class UnitGroup:
    """One version of a group."""

    key: str
    version: int
    name: str
    units: tuple[str, ...]
    since: date
    ended_on: date | None = None

    @property
    def node(self) -> str:
        """Return the group's key among the places of an edition: every version is a place of its own."""
        return f"{self.key}.{self.version}"

    def in_force(self, day: date) -> bool:
        """Return whether it was made by that day and has not ended before it."""
        return self.since <= day and (self.ended_on is None or self.ended_on > day)


def key_of(name: str, taken: Iterable[str]) -> str:
    """Make a short key from a name, different from those that are taken."""
    stem = suggested_key(name)[:MAX_KEY_LENGTH].strip("-") or "grupp"
    known, key, number = set(taken), stem, 1
    while key in known:
        number += 1
        key = f"{stem[: MAX_KEY_LENGTH - 4]}-{number}"
    return key


def is_group_name(name: str) -> bool:
    """Return whether a group can be called so: 1 to 80 readable characters, of which a key can be made."""
    return 0 < len(name) <= MAX_NAME_LENGTH and is_readable(name) and is_key(key_of(name, ()))


def selectable_units(tree: PlaceTree, day: date) -> list[tuple[str, list[Place]]]:
    """Return the units that can be chosen, under the name of their municipality, both by name."""
    every = [(above.name, [unit for unit in tree.units_below(above.key) if unit.in_force(day)]) for above in tree]
    places = {place.name for place in tree if place.level == "municipality"}
    return sorted(
        ((name, units) for name, units in every if units and name in places), key=lambda each: collation_key(each[0])
    )
