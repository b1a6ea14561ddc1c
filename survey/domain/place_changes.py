"""What would change among the places: by a file, or by a form for one of them. For the office.

Told before it is kept, in the words of the places' file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from survey.domain.place import LEVEL_NAMES, Place, place_faults, tree_faults

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
class Change:
    """A place as it will be, and as it is; None when it is new."""

    place: Place
    before: Place | None

    @property
    def columns(self) -> tuple[tuple[str, str, str], ...]:
        """Each column that changes: its name, what stands there now, what will."""
        return tuple(
            (COLUMN_OF[each.name], _shown(self.before, each.name), _shown(self.place, each.name))
            for each in fields(Place)
            if each.name != "key" and _shown(self.before, each.name) != _shown(self.place, each.name)
        )

    @property
    def told(self) -> str:
        """Each column that changes, from what to what, on one line for the log."""
        return "; ".join(f"{name}: {before or '–'} → {after or '–'}" for name, before, after in self.columns)


def changes_of(found: Iterable[Place], known: Iterable[Place]) -> list[Change]:
    """The places that are new or not as they were; those that stay are left out."""
    here = {place.key: place for place in known}
    return [Change(place, here.get(place.key)) for place in found if here.get(place.key) != place]


def change_faults(changed: Place, known: Iterable[Place]) -> list[str]:
    """What would be wrong if this place were kept, with it and with those around it; sentences of their own."""
    places = {place.key: place for place in known} | {changed.key: changed}
    return [text[:1].upper() + text[1:] for text in _faults(changed, places)]


def _faults(changed: Place, places: dict[str, Place]) -> Iterator[str]:
    yield from place_faults(changed)
    for key, text in tree_faults(places):
        yield text if key == changed.key else f"{places[key].name}: {text}"


def _shown(place: Place | None, name: str) -> str:
    value = getattr(place, name, None)
    return LEVEL_NAMES[str(value)] if name == "level" and value else str(value or "")
