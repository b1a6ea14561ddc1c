"""The cleanup of keys at the worker's start: unneeded ones are erased, missing ones reported.

What a killed opening or closing left behind goes, and what was noted of a round that is over. But keys of a
round this database does not know stay: it may be the wrong database, and a sweep that trusts it would destroy
an open round.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from survey.domain.rounds.lifecycle import ENDED, OVER
from survey.sealing.keys.key_volumes import OUTBOX_KEY, RNG_SEED, KeysMissing, KeyVolumes
from survey.sealing.keys.registry import forget_registry, is_over, mark_over
from survey.sealing.keys.transport_key import erase_transport_key
from survey.sealing.rounds.noted import forget_noted
from survey.sealing.rounds.retention import is_due
from survey.store.answers import batches
from survey.store.core import health, rounds
from survey.store.database.engine import read_transaction, write_transaction

HEALTH = "keys"


@dataclass(frozen=True)
class SweepResult:
    """Results of a sweep: files erased, unknown rounds, unreadable keys."""

    erased: int
    unknown: tuple[str, ...]
    missing: int


def sweep(engine: Engine, volumes: KeyVolumes) -> SweepResult:
    """Erase the keys of closed rounds and the keys that no batch names; report to the health page."""
    with volumes.locked():
        with read_transaction(engine) as connection:
            states = {round_.key: round_.state for round_ in rounds.rounds(connection)}
            named: dict[str, set[str]] = {key: set() for key in states}
            for batch in batches.batches(connection):
                named[batch.round].add(batch.id)
        here = volumes.private_rounds()
        unknown = tuple(sorted(key for key in here if states.get(key, "draft") == "draft"))
        erased = sum(_erase(volumes, key, states[key], named[key]) for key in sorted(here - set(unknown)))
        for key in (key for key, state in states.items() if state in ENDED):
            forget_noted(volumes, key)
            erase_transport_key(volumes, key)
        live = [key for key, state in states.items() if state in ("open", "closing")]
        missing = sum(not _readable(volumes, key, name) for key in live for name in named[key] | {RNG_SEED})
    swept = SweepResult(erased, unknown, missing)
    detail = f"keys missing: {missing}; rounds unknown to this database: {len(unknown)}"
    with write_transaction(engine) as connection:
        health.write(connection, [health.HealthLine(HEALTH, not missing and not unknown, detail)])
    return swept


def erase_ended(engine: Engine, volumes: KeyVolumes, today: date) -> int:
    """Erase what this host holds of rounds that have ended elsewhere, and mark them over here; return the files.

    For a host whose worker stands by: the one at work erases on its own volumes.
    """
    with read_transaction(engine) as connection:
        ended = [each for each in rounds.rounds(connection) if each.state in ENDED]
    erased = 0
    with volumes.locked():
        for round_ in ended:
            if round_.state in OVER and not is_over(volumes, round_.key):
                mark_over(volumes, round_.key)
            erased += volumes.erase_private(round_.key) + forget_noted(volumes, round_.key)
            erased += erase_transport_key(volumes, round_.key)
            if is_due(round_, today):
                erased += volumes.erase_pepper(round_.key) + forget_registry(volumes, round_.key)
    return erased


def _erase(volumes: KeyVolumes, round_key: str, state: str, named: set[str]) -> int:
    needed = set() if state in ENDED else named | {RNG_SEED, OUTBOX_KEY}
    return volumes.erase_private(round_key, volumes.private_names(round_key) - needed)


def _readable(volumes: KeyVolumes, round_key: str, name: str) -> bool:
    try:
        volumes.private_key(round_key, name)
    except KeysMissing:
        return False
    return True
