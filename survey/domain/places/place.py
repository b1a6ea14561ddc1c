"""A place, and the rules for one place and for all places together. For the tree and for the places' file.

Each rule gives its faults as plain Swedish sentences, all at once, for the coordinator who mends a file.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from survey.domain.text.clean_text import REPLACEMENT_CHARACTER, one_line

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


def place_faults(place: Place) -> Iterator[str]:
    """Return the faults of a place by itself, in Swedish."""
    if not is_key(place.key):
        advice = f" Skriv till exempel ”{hint}”." if (hint := suggested_key(place.key or place.name)) else ""
        yield f"nyckeln ”{place.key}” får bara ha a–z, 0–9 och enkla bindestreck, högst 40 tecken.{advice}"
    if not place.name:
        yield "namnet saknas."
    if place.name.startswith(FORMULA) or place.huvudman.startswith(FORMULA):
        yield "namn och huvudman får inte börja som en formel: =, +, - eller @."
    if len(place.name) > MAX_NAME_LENGTH or len(place.huvudman) > MAX_NAME_LENGTH:
        yield f"namn och huvudman får ha högst {MAX_NAME_LENGTH} tecken."
    if not is_readable(place.name + place.huvudman):
        yield "namn eller huvudman har tecken som inte går att läsa."
    if place.level not in LEVELS:
        yield f"nivån måste vara {', '.join(LEVEL_NAMES.values())}."
    if place.hsa_id and not HSA_ID.fullmatch(place.hsa_id):
        yield (
            f"HSA-id ”{place.hsa_id}” ska vara SE, tio siffror, bindestreck och sedan bokstäver "
            "(inte å, ä, ö) eller siffror, högst 31 tecken."
        )
    if place.headcount is not None and not (place.level == "unit" and 1 <= place.headcount <= MAX_HEADCOUNT):
        yield f"personal är hur många som arbetar på en enhet: ett helt tal, 1 till {MAX_HEADCOUNT}."
    if place.begins > place.ends:
        yield "platsen slutar innan den börjar."
    if place.merged_into is not None and place.valid_to is None:
        yield "en plats som uppgår i en annan behöver ett slutdatum."


def tree_faults(places: Mapping[str, Place]) -> Iterator[tuple[str, str]]:
    """Return the faults of the places together: pairs of the key of the place at fault and a sentence."""
    regions = sorted(key for key, place in places.items() if place.level == "region")
    for key in regions[1:]:
        yield key, f"det kan bara finnas en region, och ”{regions[0]}” är redan region."
    shared = Counter(place.hsa_id for place in places.values() if place.hsa_id)
    circular = _rings({key: place.parent for key, place in places.items()})
    merged = _rings({key: place.merged_into for key, place in places.items()})
    for key, place in places.items():
        if key in circular:
            yield key, "platsen hör till sig själv i en ring."
        if key in merged:
            yield key, "platsen uppgår i sig själv i en ring."
        if shared[place.hsa_id] > 1:
            yield key, f"HSA-id ”{place.hsa_id}” finns på flera platser."
        for text in (*_parent_faults(place, places), *_filial_faults(place, places), *_merged(place, places)):
            yield key, text


def _parent_faults(place: Place, places: Mapping[str, Place]) -> Iterator[str]:
    if place.level not in LEVELS:
        return
    wanted = PARENT_LEVEL[place.level]
    if place.parent is None:
        if wanted is not None:
            yield f"en {LEVEL_NAMES[place.level]} måste höra till en {LEVEL_NAMES[wanted]}."
        return
    above = places.get(place.parent)
    if above is None:
        yield f"platsen ”{place.parent}”, som den hör till, finns inte."
    elif wanted is None:
        yield "en region kan inte höra till något."
    elif above.level != wanted:
        yield f"en {LEVEL_NAMES[place.level]} måste höra till en {LEVEL_NAMES[wanted]}, inte ”{above.key}”."
    elif place.begins < above.begins or place.ends > above.ends:
        yield f"platsen finns under en tid då ”{above.key}” inte finns."


def _filial_faults(place: Place, places: Mapping[str, Place]) -> Iterator[str]:
    if place.filial_of is None:
        return
    main = places.get(place.filial_of)
    if place.level != "unit" or main is None or main.level != "unit":
        yield f"bara en enhet kan vara filial, och bara till en enhet som finns: ”{place.filial_of}”."
    elif main.filial_of is not None or main.key == place.key:
        yield f"”{main.key}” är själv en filial och kan inte ha en."


def _merged(place: Place, places: Mapping[str, Place]) -> Iterator[str]:
    if place.merged_into is None:
        return
    into = places.get(place.merged_into)
    if into is None or into.level != place.level:
        yield f"platsen kan bara uppgå i en plats som finns, på samma nivå: ”{place.merged_into}”."


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
