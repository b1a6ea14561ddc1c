"""The closing of a round: all answers opened at once, in memory, and only noised counts written. For the worker.

Killed at any step, a rerun gives the same counts: what is random is drawn with the round's own seed,
which lie with its keys and are erased with them (docs/decisions/0013-closing-again.md).
"""

import random
from collections.abc import Mapping

from sqlalchemy import Engine

from survey.domain.disclosure.noised import Noised
from survey.domain.rounds.lifecycle import CANCELLED, OVER, Round, RoundError
from survey.sealing.keys.durable import Checkpoint, no_checkpoint
from survey.sealing.keys.key_volumes import RNG_SEED, KeyVolumes
from survey.sealing.keys.registry import mark_over, registry_of
from survey.sealing.keys.transport_key import erase_transport_key
from survey.sealing.rounds.abandoned_messages import abandon_messages
from survey.sealing.rounds.counting import BatchCount
from survey.sealing.rounds.decrypt_round import Progress, count_round, no_progress
from survey.sealing.rounds.noising import noised
from survey.sealing.rounds.noted import fix_counted, forget_noted
from survey.store.answers import batches, closing_progress, envelopes, tally
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, repeatable_read, truncate_wal, write_transaction


class ClosingStopped(Exception):
    """A closing during which the envelopes changed: nothing was written, nothing erased."""


def close_round(
    engine: Engine,
    volumes: KeyVolumes,
    round_key: str,
    *,
    checkpoint: Checkpoint = no_checkpoint,
    progress: Progress = no_progress,
) -> None:
    """Close a round and erase its keys. Safe to run again."""
    with volumes.locked():
        round_ = _stopped(engine, round_key)
        mark_over(volumes, round_key)
        checkpoint("stopped")
        if round_.state not in OVER:
            figures, fates = _noised(engine, volumes, round_, progress)
            checkpoint("counted")
            _write(engine, round_key, figures, fates, checkpoint)
        checkpoint("written")
        # The deleted rows' pages are in SQLite's log until it is emptied.
        truncate_wal(engine)
        checkpoint("emptied")
        volumes.erase_private(round_key, checkpoint=checkpoint)
        erase_transport_key(volumes, round_key)
        forget_noted(volumes, round_key)
        checkpoint("erased")


def _stopped(engine: Engine, round_key: str) -> Round:
    """Stop the intake of answers, wait for those on their way, and return the round."""
    with write_transaction(engine) as connection:
        if rounds.lock_round_for_closing(connection, round_key) == "open":
            rounds.set_state(connection, round_key, "closing")
        round_ = rounds.get_round(connection, round_key)
    if round_ is None or round_.state in ("draft", "opening", *CANCELLED):
        raise RoundError(round_key, "never_open")
    return round_


def _noised(
    engine: Engine, volumes: KeyVolumes, round_: Round, progress: Progress
) -> tuple[Noised, Mapping[str, BatchCount]]:
    """Return the round's noised figures and each batch's counts. Nothing exact leaves this function."""
    seed = volumes.private_key(round_.key, RNG_SEED)
    with read_transaction(repeatable_read(engine)) as connection:
        fix_counted(connection, volumes, round_.key)
        counted = count_round(connection, volumes, round_, random.Random(seed), progress)  # noqa: S311 (a secret seed)
    return noised(counted, registry_of(volumes, round_.key), seed, round_.key), counted.batches


def _write(
    engine: Engine, round_key: str, figures: Noised, fates: Mapping[str, BatchCount], checkpoint: Checkpoint
) -> None:
    with write_transaction(engine) as connection:
        if rounds.lock_round_for_closing(connection, round_key) != "closing":
            raise ClosingStopped(f"{round_key} is no longer closing")
        tally.write(connection, round_key, figures)
        rounds.set_counted(connection, round_key, figures.tree)
        checkpoint("counts")
        deleted = envelopes.delete_of_round(connection, round_key)
        for name, count in fates.items():
            if deleted.get(name, 0) != count.counted + count.pooled + count.destroyed:
                raise ClosingStopped(f"{round_key}: a batch changed while it was counted")
            batches.settle(connection, name, counted=count.counted, pooled=count.pooled, destroyed=count.destroyed)
        abandon_messages(connection, round_key)
        closing_progress.forget(connection, round_key)
        checkpoint("deleted")
        rounds.set_state(connection, round_key, "closed")
        checkpoint("closing")
