"""The tree of places: a region, its municipalities, their units. For the seal, the pages and the edition.

A place is never taken away: it ends (`Place.valid_to`) and may be merged into another, so old rounds stay readable.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from survey.domain.places.place import LEVELS, Place, is_key, place_faults, suggested_key, tree_faults
from survey.domain.places.places_csv import read_csv

__all__ = ["LEVELS", "Place", "PlaceTree", "PlacesError", "is_key", "place_faults", "read_csv", "suggested_key"]


class PlacesError(Exception):
    """Places that make no tree: the keys of those at fault; none where there is no region yet."""

    def __init__(self, *keys: str) -> None:
        super().__init__(f"no tree: {', '.join(keys)}" if keys else "no region")
        self.keys = keys


class PlaceTree:
    """The places as a tree; every question is a look-up."""

    def __init__(self, places: Iterable[Place]) -> None:
        """Build the tree; raise PlacesError when the places make none."""
        self._places = {place.key: place for place in places}
        faulty = dict.fromkeys(key for key, _ in tree_faults(self._places))
        if faulty:
            raise PlacesError(*faulty)
        children: dict[str, list[Place]] = {key: [] for key in self._places}
        for place in sorted(self._places.values(), key=lambda place: (place.name, place.key)):
            if place.parent is not None:
                children[place.parent].append(place)
        self._children = {key: tuple(below) for key, below in children.items()}
        self._paths: dict[str, tuple[str, ...]] = {}
        self._units: dict[str, tuple[Place, ...]] = {}
        self._region = next((place for place in self._places.values() if place.level == "region"), None)
        if self._region is not None:
            self._walk(self._region, ())

    def _walk(self, place: Place, above: tuple[str, ...]) -> tuple[Place, ...]:
        self._paths[place.key] = (*above, place.key)
        units: tuple[Place, ...] = (place,) if place.level == "unit" else ()
        for child in self._children[place.key]:
            units += self._walk(child, self._paths[place.key])
        self._units[place.key] = units
        return units

    def __contains__(self, key: object) -> bool:
        """Return whether there is a place with this key."""
        return key in self._places

    def __iter__(self) -> Iterator[Place]:
        """Iterate over all places, each before those below it, by name."""
        return (self._places[key] for key in self._paths)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self._places)

    @property
    def region(self) -> Place:
        """Return the place on top; raise PlacesError where there is none yet."""
        if self._region is None:
            raise PlacesError
        return self._region

    @property
    def parents(self) -> Mapping[str, str | None]:
        """Return the key of the place above each place, by key; None above the region."""
        return {place.key: place.parent for place in self._places.values()}

    def get(self, key: str) -> Place | None:
        """Return the place with this key, or None."""
        return self._places.get(key)

    def children(self, key: str) -> tuple[Place, ...]:
        """Return the places right below, by name."""
        return self._children[key]

    def units_below(self, key: str) -> tuple[Place, ...]:
        """Return the units at or below a place, by name within their municipality."""
        return self._units[key]

    def path(self, key: str) -> tuple[str, ...]:
        """Return the keys from the region down to the place itself."""
        return self._paths[key]

    def municipality_of(self, key: str) -> Place | None:
        """Return the municipality at or above a place; None for the region."""
        above = (self._places[step] for step in self._paths[key])
        return next((place for place in above if place.level == "municipality"), None)

    def in_force(self, first: date, last: date | None = None) -> "PlaceTree":
        """Return the tree as it is on a day, or of all that exist on some day from `first` to `last`."""
        there = {place.key for place in self._places.values() if place.in_force(first, last)}
        # A filial's unit, or the place that another was merged into, may not be in force on these days.
        return PlaceTree(
            replace(
                place,
                filial_of=place.filial_of if place.filial_of in there else None,
                merged_into=place.merged_into if place.merged_into in there else None,
            )
            for place in self._places.values()
            if place.key in there
        )

    def successor(self, key: str) -> Place:
        """Return the place that a merged place lives on in; the place itself when it was never merged."""
        place = self._places[key]
        return place if place.merged_into is None else self.successor(place.merged_into)
