"""Matched units, with a crowd on both sides, and their weights in a gap over several units.

For the closing, which sums their answers, and for the edition, which must know what was summed. The weights are
public: they come from the numbers of answers alone and never from what was answered.
"""

from collections.abc import Iterable, Mapping

MIN_MATCHED_UNITS = 10  # a place with so many matched units has sums of its own; the top always
WEIGHT_SCALE = 1000  # a weight of one
MAX_WEIGHT = 6  # patients for each member of staff, at most, that a unit weighs by

Answered = Mapping[str, Mapping[str, int]]  # role, unit: how many answered


def units_below(below: Mapping[str, Iterable[str]], place: str) -> list[str]:
    """Return the keys of all units under a place, sorted; `below` has a row for each place above units."""
    found: list[str] = []
    for child in below.get(place, ()):
        found += units_below(below, child) if child in below else [child]
    return sorted(found)


def matched_units(answered: Answered, thresholds: Mapping[str, int]) -> list[str]:
    """Return the units where each role's number of answers is at or above its threshold, sorted."""
    units = answered["patient"].keys() & answered["provider"].keys()
    return sorted(unit for unit in units if all(answered[role][unit] >= k for role, k in thresholds.items()))


def weights(answered: Answered, units: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return each answer's weight by role and unit, in thousandths, such that both sides of a unit weigh the same.

    A unit weighs as much as its patient answers, at most `MAX_WEIGHT` times its staff answers.
    """
    staff: dict[str, int] = {}
    residents: dict[str, int] = {}
    for unit in units:
        n_staff, n_residents = answered["provider"][unit], answered["patient"][unit]
        staff[unit] = min(MAX_WEIGHT * WEIGHT_SCALE, WEIGHT_SCALE * n_residents // n_staff)
        residents[unit] = max(1, staff[unit] * n_staff // n_residents)
    return {"provider": staff, "patient": residents}
