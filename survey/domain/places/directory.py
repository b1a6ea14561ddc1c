"""A search index of the units for residents: by name as it is remembered and spelt, by kind, by municipality.

A name that fits one unit leads there. A municipality's name never does: its units are shown, for whoever types it may
go to any of them. What only resembles a name is asked about, never followed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from survey.domain.places.place import Place
from survey.domain.places.unit_names import MIN_SIMILARITY, is_inflection, letter_mask, normalised, similarity, words_of
from survey.domain.text.collation import collation_key

MAX_RESULTS = 20
_LEADS, _OTHER = 1, 5  # the last rank that leads to a unit; added to the rank of a unit of another kind


@dataclass(frozen=True)
class SearchResult:
    """A search result: one unit that it leads to, or several to choose from, or nothing."""

    unit: Place | None = None
    units: Sequence[Place] = ()
    municipality: Place | None = None
    is_similar: bool = False  # no name fits, these are similar
    has_more: bool = False  # there are more units than are shown
    is_whole_region: bool = False  # all of the region is meant: to be browsed


@dataclass(frozen=True)
class _Entry:
    """A name that leads to a unit: its own, or that of a place merged into it."""

    unit: Place
    name: str
    joined: str
    words: tuple[str, ...]
    kind: str
    above: tuple[str, ...]
    former: bool


@dataclass(frozen=True)
class _Typed:
    """A typed text, and for each of its words the known words that equal it and those that it begins."""

    name: str
    words: tuple[str, ...]
    kind: str
    same: Sequence[frozenset[str]]
    begun: Sequence[frozenset[str]]


class UnitIndex:
    """An index of the units in force on a day."""

    def __init__(self, places: Iterable[Place], today: date) -> None:
        by_key = {place.key: place for place in places}
        units = [each for each in by_key.values() if each.level == "unit" and each.in_force(today)]
        units.sort(key=lambda each: (collation_key(each.name), each.key))
        below: dict[str, list[Place]] = {}
        for unit in units:
            below.setdefault(unit.parent or "", []).append(unit)
        over = sorted((by_key[key] for key in below if key in by_key), key=lambda each: collation_key(each.name))
        self.by_municipality: Mapping[str, tuple[Place, Sequence[Place]]] = {
            each.key: (each, below[each.key]) for each in over
        }
        self._above = {each.key: words_of(normalised(each.name))[0] for each in over}
        self._regions = [words_of(normalised(each.name))[0] for each in by_key.values() if each.level == "region"]
        self._entries = list(_entries(by_key, set(units), self._above))
        own = (word for each in self._entries for word in each.words)
        above = (word for words in self._above.values() for word in words)
        self._known = {word: letter_mask(word) for word in (*own, *above)}

    def search(self, text: str) -> SearchResult:
        """Return the unit, or the units, that a typed name may mean."""
        typed = self._typed(text)
        if not typed.words:
            return self._of_kind(typed.kind)
        ranked = self._ranked(typed)
        clear = bool(ranked) and ranked[0][0] <= _LEADS
        named = next((key for key, own in self._above.items() if _is(typed.same, own)), None)
        begun = next((key for key, own in self._above.items() if _all_in(typed.begun, own)), None)
        municipality = named or (None if clear else begun)
        if municipality is not None and not (typed.kind and clear):
            return self._within(municipality, ranked)
        if ranked:
            return _best(ranked, typed.words)
        if any(set(typed.words) <= set(own) for own in self._regions):
            return SearchResult(is_whole_region=True)
        return self._near(typed)

    def _typed(self, text: str) -> _Typed:
        name = normalised(text)
        words, kind = words_of(name, self._known)
        same = [frozenset(known for known in self._known if is_inflection(word, known)) for word in words]
        begun = [
            own | {known for known in self._known if known.startswith(word)}
            for word, own in zip(words, same, strict=True)
        ]
        return _Typed(name, words, kind, same, begun)

    def _of_kind(self, kind: str) -> SearchResult:
        found = [each.unit for each in self._entries if kind and each.kind == kind and not each.former]
        return SearchResult(units=found) if len(found) <= MAX_RESULTS else SearchResult(is_whole_region=True)

    def _within(self, key: str, ranked: Sequence[tuple[int, Place]]) -> SearchResult:
        """Return all units of a municipality, those whose name fits first, then units elsewhere whose name fits."""
        municipality, own = self.by_municipality[key]
        called = [unit for _rank, unit in ranked if unit in own]
        elsewhere = [unit for rank, unit in ranked if unit not in own and rank <= _LEADS + 1]
        return SearchResult(units=list(dict.fromkeys((*called, *own, *elsewhere))), municipality=municipality)

    def _ranked(self, typed: _Typed) -> list[tuple[int, Place]]:
        """Return the units whose name fits, with their rank, the best first."""
        joined = "".join(typed.words)
        found = [
            (rank, len(each.words), number, each.unit)
            for number, each in enumerate(self._entries)
            if (rank := _rank(each, typed, joined)) is not None
        ]
        best: dict[Place, int] = {}
        for rank, _words, _number, unit in sorted(found, key=lambda each: each[:3]):
            best.setdefault(unit, rank)
        return [(rank, unit) for unit, rank in best.items()]

    def _like(self, word: str, begun: frozenset[str]) -> Mapping[str, float]:
        its = letter_mask(word)
        known = ((each, similarity(word, each, its, own)) for each, own in self._known.items())
        return {each: how for each, how in known if how >= MIN_SIMILARITY} | dict.fromkeys(begun, 1.0)

    def _near(self, typed: _Typed) -> SearchResult:
        """Return the units, or the municipality, with a similar name."""
        like = [self._like(word, begun) for word, begun in zip(typed.words, typed.begun, strict=True)]
        near = sorted(
            ((_likeness(like, (*each.words, *each.above)), each.unit) for each in self._entries),
            key=lambda each: -each[0],
        )
        units = list(dict.fromkeys(unit for how, unit in near if how))
        municipality = max(self._above, key=lambda key: _likeness(like, self._above[key]), default="")
        if municipality and _likeness(like, self._above[municipality]):
            place, own = self.by_municipality[municipality]
            return SearchResult(
                units=list(dict.fromkeys((*own, *units[:MAX_RESULTS]))), municipality=place, is_similar=True
            )
        return SearchResult(units=units[:MAX_RESULTS], is_similar=True, has_more=len(units) > MAX_RESULTS)


def _entries(by_key: Mapping[str, Place], units: set[Place], above: Mapping[str, tuple[str, ...]]) -> Iterator[_Entry]:
    for place in sorted(by_key.values(), key=lambda each: (collation_key(each.name), each.key)):
        unit = _goes_on(place, by_key, units) if place.level == "unit" else None
        if unit is not None:
            name = normalised(place.name)
            words, kind = words_of(name)
            over = above.get(unit.parent or "", ())
            yield _Entry(unit, name, name.replace(" ", ""), words, kind, over, former=unit != place)


def _goes_on(place: Place, by_key: Mapping[str, Place], units: set[Place]) -> Place | None:
    """Return the unit in force that a place is, or has been merged into; None where there is none."""
    seen = set()
    at: Place | None = place
    while at is not None and at not in units and at.key not in seen:
        seen.add(at.key)
        at = by_key.get(at.merged_into or "")
    return at if at in units else None


def _best(ranked: Sequence[tuple[int, Place]], words: tuple[str, ...]) -> SearchResult:
    """Return the unit whose name fits better than any other's, or all whose names fit."""
    best = [unit for rank, unit in ranked if rank == ranked[0][0]]
    only = len(ranked) == 1 and ranked[0][0] < _OTHER and len("".join(words)) >= 3
    if len(best) == 1 and (only or ranked[0][0] <= _LEADS):
        return SearchResult(unit=best[0], units=best)
    return SearchResult(units=[unit for _rank, unit in ranked[:MAX_RESULTS]], has_more=len(ranked) > MAX_RESULTS)


def _rank(entry: _Entry, typed: _Typed, joined: str) -> int | None:
    """Return how well a unit's name fits, 0 best, None not at all. A unit of another kind ranks behind."""
    other = _OTHER if entry.former or (typed.kind and entry.kind and typed.kind != entry.kind) else 0
    if entry.name == typed.name:
        return other
    if _is(typed.same, entry.words):
        return other + 1
    if _all_in(typed.begun, entry.words):
        return other + 2
    if joined in entry.joined:
        return other + 3
    if all(own.isdisjoint(entry.words) for own in typed.begun):
        return None
    return other + 4 if _all_in(typed.begun, (*entry.words, *entry.above)) else None


def _is(same: Sequence[frozenset[str]], words: Sequence[str]) -> bool:
    return len(same) == len(words) and all(word in known for word, known in zip(words, same, strict=True))


def _all_in(begun: Sequence[frozenset[str]], words: Sequence[str]) -> bool:
    return not any(known.isdisjoint(words) for known in begun)


def _likeness(like: Sequence[Mapping[str, float]], words: Sequence[str]) -> float:
    """Return the similarity, 0 to 1, of the typed word that is least like any of `words`."""
    return min(max((known.get(word, 0.0) for word in words), default=0.0) for known in like)
