"""The count of codes and answers in a round, by unit. Rounded here, before any page sees it.

The coordinator is told what each unit is told, and sums of that: no number moves by less than ten, and the staff's
answers are told when the round has closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from survey.domain.disclosure import count_rounding
from survey.domain.places.place_tree import Place, PlaceTree
from survey.domain.questions.answer_scale import ROLES
from survey.domain.rounds.lifecycle import OVER, Round
from survey.store.answers import batches, progress
from survey.store.channels import issued_codes
from survey.store.core import places

Between = tuple[int, int | None]


@dataclass(frozen=True)
class UnitCounts:
    """One unit: codes made, and the least and most answers; None where they are too few to tell.

    `held`: its open link was sent to more often than it takes answers.
    """

    unit: Place
    municipality: str
    codes: Mapping[str, int]
    answers: Mapping[str, Between | None]
    held: bool = False


@dataclass(frozen=True)
class ResponseCounts:
    """The counts of every unit that is asked in a round, and their sums."""

    rows: tuple[UnitCounts, ...]
    over: bool

    def codes(self, role: str) -> int:
        """Return how many codes were made in all, for this role."""
        return sum(row.codes[role] for row in self.rows)

    @property
    def held(self) -> list[str]:
        """Return the names of the units whose open link was held."""
        return [row.unit.name for row in self.rows if row.held]

    def at_least(self, role: str) -> int:
        """Return the least number of answers that the units' own rounded counts add up to."""
        return sum(between[0] for row in self.rows if (between := row.answers[role]))


def count_responses(connection: Connection, round_: Round) -> ResponseCounts:
    """Return the counts that the round's page shows; no rows before the round is open."""
    tree = PlaceTree(places.all_places(connection))
    came, made = batches.count_in_crowds_by_unit(connection, round_), issued_codes.of_round(connection, round_.key)
    tens = progress.of_round(connection, round_.key)
    held = batches.throttled_units(connection, round_.key)
    asked = {unit for unit, _role in [*came, *made]}
    over = round_.state in OVER

    def at_close(role: str, answers: int) -> Between | None:
        return count_rounding.rounded_interval(role, answers, round_.threshold(role))

    rows = []
    for unit in (place for place in tree if place.key in asked and place.level == "unit"):
        above = tree.municipality_of(unit.key)
        codes = {role: made.get((unit.key, role), 0) for role in ROLES}
        answers = (
            {role: at_close(role, came.get((unit.key, role), 0)) for role in ROLES} if over else _so_far(tens, unit)
        )
        rows.append(UnitCounts(unit, above.name if above else "", codes, answers, unit.key in held))
    return ResponseCounts(tuple(rows), over)


def _so_far(tens: Mapping[str, int], unit: Place) -> Mapping[str, Between | None]:
    """Return what the worker last counted, in tens; None for the staff, who are counted when the round has closed."""
    least = tens.get(unit.key, 0)
    return {"patient": (least, None) if least else None, "provider": None}
