"""Which units have a crowd on both sides, and what each weighs in a gap over several: from how many answered alone.

For the closing, which sums their answers, and for the edition, which must know what was summed. The weights are public:
they stand on numbers of answers and never on what was answered.
"""

from collections.abc import Iterable, Mapping

MATCHED_FROM = 10  # a place with so many matched units has sums of its own; the top always
WHOLE = 1000  # a weight of one
MOST = 6  # patients for each member of staff, at most, that a unit weighs by

Answered = Mapping[str, Mapping[str, int]]  # role, unit: how many answered


def units_below(below: Mapping[str, Iterable[str]], place: str) -> list[str]:
    """The places without others under them, under a place; `below` has a row for each place above units."""
    found: list[str] = []
    for child in below.get(place, ()):
        found += units_below(below, child) if child in below else [child]
    return sorted(found)


def matched_units(answered: Answered, thresholds: Mapping[str, int]) -> list[str]:
    """The units where as many as a crowd answered on both sides."""
    units = answered["patient"].keys() & answered["provider"].keys()
    return sorted(unit for unit in units if all(answered[role][unit] >= k for role, k in thresholds.items()))


def weights(answered: Answered, units: Iterable[str]) -> dict[str, dict[str, int]]:
    """What one answer weighs, by role and unit, in thousandths of a patient: each side's answers weigh as much.

    A unit weighs what its patients are, at most `MOST` times its staff.
    """
    staff: dict[str, int] = {}
    residents: dict[str, int] = {}
    for unit in units:
        n_staff, n_residents = answered["provider"][unit], answered["patient"][unit]
        staff[unit] = min(MOST * WHOLE, WHOLE * n_residents // n_staff)
        residents[unit] = max(1, staff[unit] * n_staff // n_residents)
    return {"provider": staff, "patient": residents}
