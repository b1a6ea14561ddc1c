"""A unit's allowance of codes and sheets for its staff, by its headcount. For who makes them."""

from dataclasses import dataclass

from sqlalchemy import Connection

from survey.domain.places.headcount import most_for_staff
from survey.store.core import places
from survey.store.distribution import issued_codes


@dataclass
class TooMany(Exception):
    """More for the staff than a unit of that size needs; `headcount` is None where it is unknown.

    Nothing was made. `most` is what may be made in the round, `made` what has been.
    """

    headcount: int | None
    most: int = 0
    made: int = 0


def refuse_too_many(connection: Connection, count: int, *, unit: str, round: str, role: str, channel: str) -> None:
    """Raise TooMany when `count` more would pass the allowance; sheets of paper are counted apart from codes."""
    if role != "provider" or not count:
        return
    place = places.hold_unit(connection, unit)
    headcount = place.headcount if place else None
    if headcount is None:
        raise TooMany(None)
    on_paper = channel == issued_codes.SHEETS
    out = issued_codes.of_unit(connection, unit, round)
    made = sum(each.n for (whose, by), each in out.items() if whose == role and (by == issued_codes.SHEETS) == on_paper)
    if made + count > most_for_staff(headcount):
        raise TooMany(headcount, most_for_staff(headcount), made)
