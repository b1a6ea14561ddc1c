"""For which units a person may make links: their own, its filialer and what was merged into it; a coordinator, all."""

from collections.abc import Iterable
from datetime import date

from survey.domain.places import Place


def mine(role: str, place: str, known: Iterable[Place], today: date) -> list[Place]:
    """The units in force today that are a person's own, by name."""
    units = [each for each in known if each.level == "unit" and each.in_force(today)]
    if role != "coordinator":
        units = [each for each in units if place in (each.key, each.filial_of, each.merged_into)]
    return sorted(units, key=lambda each: (each.name, each.key))
