"""A unit's allowance of codes and sheets for its staff, by its headcount. For who makes them."""

from dataclasses import dataclass

from sqlalchemy import Connection

from survey.domain.places.headcount import staff_allowance
from survey.store.channels import issued_codes
from survey.store.core import places


@dataclass
class AllowanceExceeded(Exception):
    """More for the staff than a unit of that size needs; `headcount` is None where it is unknown.

    Nothing was made. `allowed` is what may be made in the round, `made` what has been.
    """

    headcount: int | None
    allowed: int = 0
    made: int = 0


def check_allowance(connection: Connection, count: int, *, unit: str, round: str, role: str, channel: str) -> None:
    """Raise AllowanceExceeded when `count` more would pass the allowance; paper is counted apart from codes."""
    if role != "provider" or not count:
        return
    place = places.unit_for_update(connection, unit)
    headcount = place.headcount if place else None
    if headcount is None:
        raise AllowanceExceeded(None)
    on_paper = channel == issued_codes.PAPER
    out = issued_codes.of_unit(connection, unit, round)
    made = sum(each.n for (whose, by), each in out.items() if whose == role and (by == issued_codes.PAPER) == on_paper)
    if made + count > staff_allowance(headcount):
        raise AllowanceExceeded(headcount, staff_allowance(headcount), made)
