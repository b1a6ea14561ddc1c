"""A round closes: everything is opened at once, in memory, counted, and only the counts are written. For
the worker.

Killed at any step, a rerun gives the same counts: what is random is thrown with the round's own dice,
which lie with its keys and are erased with them (docs/decisions/0013-closing-again.md).
"""

import random

from sqlalchemy import Connection, Engine

from survey.domain.rounds import CANCELLED, OVER, Round, RoundError
from survey.sealing.durable import Step, nothing
from survey.sealing.given_up import give_up
from survey.sealing.keys import CHANCE, KeyVolumes
from survey.sealing.noted import forget_noted
from survey.sealing.registry import mark_over
from survey.sealing.unsealing import Counted, count_round
from survey.store import batches, inbox, rounds, tally
from survey.store.engine import reading, truncate_wal, writing


class ClosingStopped(Exception):
    """The envelopes changed while they were counted: nothing was written, nothing erased."""


def close_round(
    engine: Engine,
    volumes: KeyVolumes,
    round_key: str,
    *,
    chance: random.Random | None = None,
    step: Step = nothing,
) -> None:
    """Close a round and erase its keys. Safe to run again; `chance` is handed in only by tests."""
    with volumes.alone():
        round_ = _stopped(engine, round_key)
        mark_over(volumes, round_key)
        step("stopped")
        if round_.state not in OVER:
            dice = chance or random.Random(volumes.private_key(round_key, CHANCE))  # noqa: S311 (a secret seed)
            with reading(engine) as connection:
                counted = count_round(connection, volumes, round_, dice)
            step("counted")
            _write(engine, round_key, counted, step)
        step("written")
        # The deleted rows' pages are in SQLite's log until it is emptied.
        truncate_wal(engine)
        step("emptied")
        volumes.erase_private(round_key, step=step)
        forget_noted(volumes, round_key)
        step("erased")


def _stopped(engine: Engine, round_key: str) -> Round:
    """Let no more answers in; those on their way are waited for."""
    with writing(engine) as connection:
        if rounds.lock_round_for_closing(connection, round_key) == "open":
            rounds.set_state(connection, round_key, "closing")
        round_ = rounds.get_round(connection, round_key)
    if round_ is None or round_.state in ("draft", "opening", *CANCELLED):
        raise RoundError(f"Mätomgången {round_key} har inte varit öppen.")
    return round_


def _write(engine: Engine, round_key: str, counted: Counted, step: Step) -> None:
    with writing(engine) as connection:
        if rounds.lock_round_for_closing(connection, round_key) != "closing":
            raise ClosingStopped(f"{round_key} is no longer closing")
        _write_counts(connection, round_key, counted)
        step("counts")
        for name, count in counted.batches.items():
            deleted = inbox.delete_envelopes(connection, name)
            if deleted != count.counted + count.moved + count.destroyed:
                raise ClosingStopped(f"{round_key}: a batch changed while it was counted")
            batches.settle(
                connection,
                name,
                counted=count.counted,
                moved=count.moved,
                destroyed=count.destroyed,
                equal_patterns=count.equal_patterns,
            )
        give_up(connection, round_key)
        step("deleted")
        rounds.set_state(connection, round_key, "closed")
        step("closing")


def _write_counts(connection: Connection, round_key: str, counted: Counted) -> None:
    for (role, channel), found in counted.classes.items():
        for place, counts in found.places.items():
            tally.add_counts(connection, round_key, place, role, channel, counts=counts)
    for grouping, group in sorted({key[:2] for key in counted.background}):
        chosen = {key[2:]: n for key, n in counted.background.items() if key[:2] == (grouping, group)}
        tally.add_background(connection, round_key, grouping, group, chosen)
