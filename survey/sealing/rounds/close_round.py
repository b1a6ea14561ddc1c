"""The closing of a round: all answers opened at once, in memory, and only noised counts written. For the worker.

Killed at any step, a rerun gives the same counts: what is random is thrown with the round's own dice,
which lie with its keys and are erased with them (docs/decisions/0013-closing-again.md).
"""

import random
from collections.abc import Mapping

from sqlalchemy import Engine

from survey.domain.disclosure.noised import Noised
from survey.domain.rounds.lifecycle import CANCELLED, OVER, Round, RoundError
from survey.sealing.keys.durable import Step, nothing
from survey.sealing.keys.key_volumes import CHANCE, KeyVolumes
from survey.sealing.keys.registry import mark_over, registry_of
from survey.sealing.rounds.abandoned_messages import give_up
from survey.sealing.rounds.counting import BatchCount
from survey.sealing.rounds.decrypt_round import count_round
from survey.sealing.rounds.noising import noised
from survey.sealing.rounds.noted import count_just_these, forget_noted
from survey.store.answers import batches, envelopes, tally
from survey.store.core import rounds
from survey.store.database.engine import at_one_moment, read_transaction, truncate_wal, write_transaction


class ClosingStopped(Exception):
    """A closing during which the envelopes changed: nothing was written, nothing erased."""


def close_round(engine: Engine, volumes: KeyVolumes, round_key: str, *, step: Step = nothing) -> None:
    """Close a round and erase its keys. Safe to run again."""
    with volumes.alone():
        round_ = _stopped(engine, round_key)
        mark_over(volumes, round_key)
        step("stopped")
        if round_.state not in OVER:
            figures, fates = _noised(engine, volumes, round_)
            step("counted")
            _write(engine, round_key, figures, fates, step)
        step("written")
        # The deleted rows' pages are in SQLite's log until it is emptied.
        truncate_wal(engine)
        step("emptied")
        volumes.erase_private(round_key, step=step)
        forget_noted(volumes, round_key)
        step("erased")


def _stopped(engine: Engine, round_key: str) -> Round:
    """Stop the intake of answers, wait for those on their way, and return the round."""
    with write_transaction(engine) as connection:
        if rounds.lock_round_for_closing(connection, round_key) == "open":
            rounds.set_state(connection, round_key, "closing")
        round_ = rounds.get_round(connection, round_key)
    if round_ is None or round_.state in ("draft", "opening", *CANCELLED):
        raise RoundError(round_key, "never_open")
    return round_


def _noised(engine: Engine, volumes: KeyVolumes, round_: Round) -> tuple[Noised, Mapping[str, BatchCount]]:
    """Return the round's noised figures and each batch's counts. Nothing exact leaves this function."""
    dice = volumes.private_key(round_.key, CHANCE)
    with read_transaction(at_one_moment(engine)) as connection:
        count_just_these(connection, volumes, round_.key)
        counted = count_round(connection, volumes, round_, random.Random(dice))  # noqa: S311 (a secret seed)
    return noised(counted, registry_of(volumes, round_.key), dice, round_.key), counted.batches


def _write(engine: Engine, round_key: str, figures: Noised, fates: Mapping[str, BatchCount], step: Step) -> None:
    with write_transaction(engine) as connection:
        if rounds.lock_round_for_closing(connection, round_key) != "closing":
            raise ClosingStopped(f"{round_key} is no longer closing")
        tally.write(connection, round_key, figures)
        rounds.set_counted(connection, round_key, figures.tree)
        step("counts")
        for name, count in fates.items():
            deleted = envelopes.delete_envelopes(connection, name)
            if deleted != count.counted + count.pooled + count.destroyed:
                raise ClosingStopped(f"{round_key}: a batch changed while it was counted")
            batches.settle(connection, name, counted=count.counted, pooled=count.pooled, destroyed=count.destroyed)
        give_up(connection, round_key)
        step("deleted")
        rounds.set_state(connection, round_key, "closed")
        step("closing")
