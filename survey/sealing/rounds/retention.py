"""Retention: codes, form ids and the pepper, kept only to know a second try again, go thirty days after a round.

For the worker.
"""

from datetime import date, timedelta

from sqlalchemy import Engine

from survey.domain.rounds.lifecycle import OVER, Round
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.keys.registry import forget_registry
from survey.store.answers import access_codes, used_form_ids
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, truncate_wal, write_transaction

RETENTION_DAYS = 30


def delete_expired(engine: Engine, volumes: KeyVolumes, today: date) -> list[str]:
    """Delete what is past retention; return the rounds of which anything was left. Safe to run again."""
    with read_transaction(engine) as connection:
        due = [round_.key for round_ in rounds.rounds(connection) if is_due(round_, today)]
    return [key for key in due if _forget(engine, volumes, key)]


def is_due(round_: Round, today: date) -> bool:
    """Return whether the round is closed and its thirty days are over."""
    if round_.state == "cancelled":
        return True
    return round_.state in OVER and today >= round_.accepts_until + timedelta(days=RETENTION_DAYS)


def _forget(engine: Engine, volumes: KeyVolumes, round_key: str) -> bool:
    with write_transaction(engine) as connection:
        rows = access_codes.delete(connection, round_key) + used_form_ids.delete(connection, round_key)
    if rows:
        truncate_wal(engine)
    return bool(volumes.erase_pepper(round_key) + forget_registry(volumes, round_key) + rows)
