"""Changes among the places, previewed before they are saved: from a file, or from the form for one place.

For admin; in the words of the places' file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from survey.domain.places.place import LEVEL_NAMES, Place, place_faults, tree_faults
from survey.domain.records.record_types import normalised
from survey.domain.rounds.lifecycle import OVER, Round
from survey.domain.text.fault import Fault

COLUMN_OF = {
    "name": "namn",
    "level": "nivå",
    "parent": "hör_till",
    "huvudman": "huvudman",
    "hsa_id": "hsa_id",
    "filial_of": "filial_till",
    "valid_from": "från",
    "valid_to": "till",
    "merged_into": "uppgår_i",
    "headcount": "personal",
}


@dataclass(frozen=True)
class PlaceChange:
    """A new state of a place and the one it replaces; `before` is None when the place is new."""

    place: Place
    before: Place | None

    @property
    def columns(self) -> tuple[tuple[str, str, str], ...]:
        """The columns that differ: name, value now, value to be."""
        return tuple(
            (COLUMN_OF[each.name], _shown(self.before, each.name), _shown(self.place, each.name))
            for each in fields(Place)
            if each.name != "key" and _shown(self.before, each.name) != _shown(self.place, each.name)
        )

    @property
    def summary(self) -> str:
        """The columns that differ, from what to what, on one line for the log."""
        return "; ".join(f"{name}: {before or '–'} → {after or '–'}" for name, before, after in self.columns)


def changes_of(found: Iterable[Place], known: Iterable[Place]) -> list[PlaceChange]:
    """Return a PlaceChange for each place that is new or differs from the known one."""
    here = {place.key: place for place in known}
    return [PlaceChange(place, here.get(place.key)) for place in found if here.get(place.key) != place]


def change_faults(changed: Place, known: Iterable[Place]) -> list[Fault]:
    """Return the faults that saving this place would cause, in it and in the places around it."""
    return list(_faults(changed, {place.key: place for place in known} | {changed.key: changed}))


def combined_faults(changes: Iterable[PlaceChange], known: Iterable[Place], rounds: Iterable[Round]) -> list[Fault]:
    """Return the faults of saving all changes together: a name used twice, or past days that a round has relied on."""
    new, every = list(changes), {place.key: place for place in known}
    every |= {each.place.key: each.place for each in new}
    over = [each for each in rounds if each.state in OVER]
    named: dict[tuple[str, str], list[Place]] = {}
    for place in every.values():
        named.setdefault((place.level, normalised(place.name)), []).append(place)
    faults = [fault for each in new for fault in (*_name_faults(each, named), *_past_faults(each, over))]
    return list(dict.fromkeys(faults))


def _name_faults(change: PlaceChange, named: Mapping[tuple[str, str], Sequence[Place]]) -> Iterator[Fault]:
    """Yield a fault where two places of a level would share a name while both exist; older clashes are left alone."""
    place, before = change.place, change.before
    if before is not None and (before.name, before.valid_from, before.valid_to) == (
        place.name,
        place.valid_from,
        place.valid_to,
    ):
        return
    for other in named[place.level, normalised(place.name)]:
        if other.key != place.key and other.in_force(place.begins, place.ends):
            yield Fault("name_taken", level=place.level, name=other.name)


def _past_faults(change: PlaceChange, over: Iterable[Round]) -> Iterator[Fault]:
    """Yield a fault where a place would start after, or end before, a finished round that it was asked in."""
    place, before = change.place, change.before
    if before is None:
        return
    for each in over:
        was_there = before.in_force(each.opens, each.closes)
        if was_there and place.ends < min(before.ends, each.closes):
            yield Fault("ends_within_round", name=before.name, round=each.name, day=each.closes)
        if was_there and place.begins > max(before.begins, each.opens):
            yield Fault("begins_within_round", name=before.name, round=each.name, day=each.opens)


def _faults(changed: Place, places: dict[str, Place]) -> Iterator[Fault]:
    yield from place_faults(changed)
    for key, fault in tree_faults(places):
        yield fault if key == changed.key else Fault("at_another_place", name=places[key].name, fault=fault)


def _shown(place: Place | None, name: str) -> str:
    value = getattr(place, name, None)
    return LEVEL_NAMES[str(value)] if name == "level" and value else str(value or "")
