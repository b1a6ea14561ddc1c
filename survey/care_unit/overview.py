"""The figures of a unit's page: its open round, codes made, answers. Rounded where they are read.

For the unit's page. A number of answers leaves this module only as `survey.domain.disclosure.count_rounding` lets it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from survey.domain.disclosure import count_rounding
from survey.domain.places.place_tree import Place
from survey.domain.questions.questionnaire import ROLES
from survey.domain.rounds.lifecycle import CANCELLED, OVER, Round
from survey.store.answers import batches, progress
from survey.store.channels import issued_codes, outbox, transports
from survey.store.channels.issued_codes import IssuedCount
from survey.store.channels.transports import Halt
from survey.store.core import rounds
from survey.store.published import editions, reflections
from survey.store.published.reflections import Reflection

ENDS_SOON_DAYS = 7


@dataclass(frozen=True)
class PastRound:
    """A round that is over: codes made, the least and most answers, and its edition if it has one."""

    round: Round
    handed_out: Mapping[str, int]
    answered: Mapping[str, tuple[int, int | None] | None]
    edition: int | None
    words: Reflection | None
    chosen_before: Reflection | None


@dataclass(frozen=True)
class UnitOverview:
    """The unit's open round, if it has one, with residents' answers in tens; the next round; the rounds before.

    `begun`: answers are taken already. `cancelled`: the last round with this unit, if it was cancelled.
    """

    place: Place
    round: Round | None
    coming: Round | None
    in_tens: int
    handed_out: Mapping[tuple[str, str], IssuedCount]
    waiting: Mapping[tuple[str, str], int]
    resting: Collection[tuple[str, str]]
    halts: Mapping[str, Halt]
    past: tuple[PastRound, ...]
    begun: bool
    cancelled: Round | None
    ends_soon: bool
    held: bool


def unit_overview(connection: Connection, place: Place, today: date) -> UnitOverview:
    """Return all that the unit's page shows."""
    now = rounds.round_to_distribute(connection, place.key, today)
    every = rounds.rounds(connection)
    coming = [each for each in every if each.state in ("draft", "opening") and each.opens > today]
    made = issued_codes.of_unit(connection, place.key, now.key) if now else {}
    return UnitOverview(
        place=place,
        round=now,
        coming=coming[0] if coming else None,
        in_tens=progress.of_round(connection, now.key).get(place.key, 0) if now else 0,
        # A reminder alone counts no codes.
        handed_out={key: each for key, each in made.items() if each.n},
        waiting=outbox.count_of_unit(connection, place.key, now.key) if now else {},
        resting=[key for key, each in made.items() if each.paused],
        halts=transports.halts(connection),
        past=tuple(_past(connection, place, every)),
        begun=now is not None and now.opens <= today,
        cancelled=_cancelled(connection, place, every),
        ends_soon=now is not None and (now.closes - today).days < ENDS_SOON_DAYS,
        held=now is not None and place.key in batches.throttled_units(connection, now.key),
    )


def _cancelled(connection: Connection, place: Place, every: list[Round]) -> Round | None:
    asked = [each for each in every if each.state not in ("draft", "opening")]
    last = next((each for each in reversed(asked) if batches.count_in_crowds(connection, each, place.key)), None)
    return last if last and last.state in CANCELLED else None


def _past(connection: Connection, place: Place, every: list[Round]) -> list[PastRound]:
    found = []
    words = {each.round: each for each in reflections.of_unit(connection, place.key)}
    published = {round_: number for number, round_, _ in editions.heads(connection)}
    for round_ in (each for each in reversed(every) if each.state in OVER):
        came = batches.count_in_crowds(connection, round_, place.key)
        if not came:
            continue
        made = issued_codes.of_unit(connection, place.key, round_.key)
        answered = {
            role: count_rounding.rounded_interval(role, came.get(role, 0), round_.threshold(role)) for role in ROLES
        }
        coded = [(whose, each.n) for (whose, channel), each in made.items() if channel != issued_codes.PAPER]
        out = {role: sum(n for whose, n in coded if whose == role) for role in ROLES}
        found.append(
            PastRound(
                round_, out, answered, published.get(round_.key), words.get(round_.key), _before(every, words, round_)
            )
        )
    return found


def _before(every: list[Round], words: Mapping[str, Reflection], round_: Round) -> Reflection | None:
    """Return what the unit wrote after the last round before this one in which it chose an improvement."""
    earlier = [words[each.key] for each in every if each.opens < round_.opens and each.key in words]
    return next((each for each in reversed(earlier) if each.improvement), None)
