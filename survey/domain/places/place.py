"""A place, and the rules for one place and for all places together. For the tree and for the places' file.

Each rule gives all its faults at once, for the coordinator who mends a file.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from survey.domain.text.clean_text import REPLACEMENT_CHARACTER, one_line
from survey.domain.text.fault import Fault

LEVELS = ("region", "municipality", "unit")
LEVEL_NAMES = {"region": "region", "municipality": "kommun", "unit": "enhet"}
PARENT_LEVEL = {"region": None, "municipality": "region", "unit": "municipality"}

KEY = re.compile(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*")
HSA_ID = re.compile(r"(?=.{1,31}$)SE[0-9]{10}-[A-Za-z0-9]+")
MAX_NAME_LENGTH = 120
MAX_HEADCOUNT = 5000
FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Place:
    """One place. `filial_of` names a filial's unit; its `parent` is the municipality all the same.

    `headcount`: how many work at a unit; None where nobody has said.
    """

    key: str
    name: str
    level: str
    parent: str | None = None
    huvudman: str = ""
    hsa_id: str = ""
    filial_of: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    merged_into: str | None = None
    headcount: int | None = None

    @property
    def begins(self) -> date:
        """The first day it exists."""
        return self.valid_from or date.min

    @property
    def ends(self) -> date:
        """The last day it exists."""
        return self.valid_to or date.max

    def in_force(self, first: date, last: date | None = None) -> bool:
        """Return whether it exists on that day, or on some day from `first` to `last`."""
        return self.begins <= (last or first) and first <= self.ends


def is_key(text: str) -> bool:
    """Return whether the text can be a place's key: a-z, digits and single hyphens, at most 40."""
    return KEY.fullmatch(text) is not None


def is_readable(text: str) -> bool:
    """Return whether a name is made of visible letters and marks, none of them lost when its file was read."""
    return REPLACEMENT_CHARACTER not in text and one_line(text) == text


def suggested_key(name: str) -> str:
    """Make a key from a name: "Zätagränd Öst" gives "zatagrand-ost"."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def place_faults(place: Place) -> Iterator[Fault]:
    """Return the faults of a place by itself."""
    if not is_key(place.key):
        like = suggested_key(place.key or place.name)
        yield Fault("bad_key_like", key=place.key, like=like) if like else Fault("bad_key", key=place.key)
    if not place.name:
        yield Fault("no_name")
    if place.name.startswith(FORMULA) or place.huvudman.startswith(FORMULA):
        yield Fault("formula")
    if len(place.name) > MAX_NAME_LENGTH or len(place.huvudman) > MAX_NAME_LENGTH:
        yield Fault("long_name", most=MAX_NAME_LENGTH)
    if not is_readable(place.name + place.huvudman):
        yield Fault("unreadable_name")
    if place.level not in LEVELS:
        yield Fault("bad_level", levels=tuple(LEVEL_NAMES.values()))
    if place.hsa_id and not HSA_ID.fullmatch(place.hsa_id):
        yield Fault("bad_hsa_id", hsa_id=place.hsa_id)
    if place.headcount is not None and not (place.level == "unit" and 1 <= place.headcount <= MAX_HEADCOUNT):
        yield Fault("bad_headcount", most=MAX_HEADCOUNT)
    if place.begins > place.ends:
        yield Fault("ends_before_it_begins")
    if place.merged_into is not None and place.valid_to is None:
        yield Fault("merged_without_end")


def tree_faults(places: Mapping[str, Place]) -> Iterator[tuple[str, Fault]]:
    """Return the faults of the places together: pairs of the key of the place at fault and the fault."""
    regions = sorted(key for key, place in places.items() if place.level == "region")
    for key in regions[1:]:
        yield key, Fault("second_region", key=regions[0])
    shared = Counter(place.hsa_id for place in places.values() if place.hsa_id)
    circular = _rings({key: place.parent for key, place in places.items()})
    merged = _rings({key: place.merged_into for key, place in places.items()})
    for key, place in places.items():
        if key in circular:
            yield key, Fault("parent_ring")
        if key in merged:
            yield key, Fault("merge_ring")
        if shared[place.hsa_id] > 1:
            yield key, Fault("shared_hsa_id", hsa_id=place.hsa_id)
        for fault in (*_parent_faults(place, places), *_filial_faults(place, places), *_merged(place, places)):
            yield key, fault


def _parent_faults(place: Place, places: Mapping[str, Place]) -> Iterator[Fault]:
    if place.level not in LEVELS:
        return
    wanted = PARENT_LEVEL[place.level]
    if place.parent is None:
        if wanted is not None:
            yield Fault("no_parent", level=place.level, wanted=wanted)
        return
    above = places.get(place.parent)
    if above is None:
        yield Fault("unknown_parent", key=place.parent)
    elif wanted is None:
        yield Fault("parent_of_region")
    elif above.level != wanted:
        yield Fault("wrong_parent", level=place.level, wanted=wanted, key=above.key)
    elif place.begins < above.begins or place.ends > above.ends:
        yield Fault("outlives_parent", key=above.key)


def _filial_faults(place: Place, places: Mapping[str, Place]) -> Iterator[Fault]:
    if place.filial_of is None:
        return
    main = places.get(place.filial_of)
    if place.level != "unit" or main is None or main.level != "unit":
        yield Fault("bad_filial", key=place.filial_of)
    elif main.filial_of is not None or main.key == place.key:
        yield Fault("filial_of_filial", key=main.key)


def _merged(place: Place, places: Mapping[str, Place]) -> Iterator[Fault]:
    if place.merged_into is None:
        return
    into = places.get(place.merged_into)
    if into is None or into.level != place.level:
        yield Fault("bad_merge", key=place.merged_into)


def _rings(above: Mapping[str, str | None]) -> set[str]:
    """Return every key that lies above itself."""
    done: set[str] = set()
    rings: set[str] = set()
    for start in above:
        walk: list[str] = []
        step: str | None = start
        while step is not None and step not in done:
            done.add(step)
            walk.append(step)
            step = above.get(step)
        if step in walk:
            rings.update(walk[walk.index(step) :])
    return rings
