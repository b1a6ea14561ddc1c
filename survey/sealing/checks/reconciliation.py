"""Reconciliation: does every accepted answer stand somewhere? Counts only; nothing is linked.

For `flask check` and the health page.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from survey.domain.rounds.collection_modes import background_mode, is_background
from survey.store.answers import batches, envelopes
from survey.store.answers.batches import Batch
from survey.store.core import health
from survey.store.database.engine import read_transaction, repeatable_read, write_transaction

HEALTH = "answers"


@dataclass(frozen=True)
class BatchBalance:
    """One batch's account: its place, the answers accepted, and the places where they stand now."""

    place: str
    round: str
    role: str
    collection_mode: str
    accepted: int
    waiting: int
    counted: int
    pooled: int
    destroyed: int
    ok: bool

    @property
    def background(self) -> bool:
        """Return whether it holds second envelopes, which are no answers of their own."""
        return is_background(self.collection_mode)


def reconcile(engine: Engine) -> list[BatchBalance]:
    """Return a line for each batch, and report to the health page whether all of them add up."""
    found = balances(engine)
    wrong = sum(not line.ok for line in found)
    with write_transaction(engine) as connection:
        health.write(connection, [health.HealthLine(HEALTH, not wrong, f"batches that do not add up: {wrong}")])
    return found


def balances(engine: Engine) -> list[BatchBalance]:
    """Return a line for each batch, without a report."""
    with read_transaction(repeatable_read(engine)) as connection:
        found = batches.batches(connection)
        waiting = envelopes.waiting(connection)
    return balance_batches(found, waiting)


def balance_batches(found: list[Batch], waiting: Mapping[str, int]) -> list[BatchBalance]:
    """Return a line for each of these batches; `waiting`: the number of its waiting envelopes."""
    residents: Counter[tuple[str, str]] = Counter()
    for batch in found:
        if batch.role == "patient":
            residents[batch.round, batch.collection_mode] += batch.accepted
    return [_line(batch, waiting.get(batch.id, 0), residents) for batch in found]


def _line(batch: Batch, waiting: int, residents: Counter[tuple[str, str]]) -> BatchBalance:
    gone = batch.counted + batch.pooled + batch.destroyed
    ok = (waiting, gone) == ((batch.accepted, 0) if batch.state == "open" else (0, batch.accepted))
    if is_background(batch.collection_mode):
        mode = batch.collection_mode.removeprefix(background_mode(""))
        ok = ok and batch.accepted == residents[batch.round, mode]
    return BatchBalance(
        place=batch.place,
        round=batch.round,
        role=batch.role,
        collection_mode=batch.collection_mode,
        accepted=batch.accepted,
        waiting=waiting,
        counted=batch.counted,
        pooled=batch.pooled,
        destroyed=batch.destroyed,
        ok=ok,
    )
