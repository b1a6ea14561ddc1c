"""The cancelling of a mistaken round: its answers are destroyed unopened, with their keys. For the worker.

Nothing is decrypted and nothing is counted. The envelopes go, in one transaction with the state, then the keys of both
kinds; killed in between, a rerun or the sweep erases what is left.
"""

from sqlalchemy import Connection, Engine

from survey.domain.rounds.lifecycle import CANCELLED, RoundError
from survey.sealing.keys.durable import Checkpoint, no_checkpoint
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.keys.registry import forget_registry, mark_over
from survey.sealing.keys.transport_key import erase_transport_key
from survey.sealing.rounds.abandoned_messages import abandon_messages
from survey.sealing.rounds.noted import forget_noted
from survey.store.answers import access_codes, batches, envelopes, used_form_ids
from survey.store.core import rounds
from survey.store.database.engine import truncate_wal, write_transaction


def cancel_round(engine: Engine, volumes: KeyVolumes, round_key: str, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Destroy a round's answers and its keys; raise RoundError for a round not asked to be. Safe to run again."""
    with volumes.locked():
        with write_transaction(engine) as connection:
            # Those on their way are waited for.
            if rounds.lock_round_for_closing(connection, round_key) not in CANCELLED:
                raise RoundError(round_key, "not_cancelling")
            # For ever: no database from before this takes another answer.
            mark_over(volumes, round_key)
            _destroy(connection, round_key)
            rounds.set_state(connection, round_key, "cancelled")
            checkpoint("destroyed")
        checkpoint("written")
        # The deleted rows' pages are in SQLite's log until it is emptied.
        truncate_wal(engine)
        volumes.erase_private(round_key, checkpoint=checkpoint)
        forget_noted(volumes, round_key)
        volumes.erase_pepper(round_key)
        erase_transport_key(volumes, round_key)
        forget_registry(volumes, round_key)
        checkpoint("erased")


def _destroy(connection: Connection, round_key: str) -> None:
    gone = envelopes.delete_of_round(connection, round_key)
    for each in batches.batches(connection, round_key):
        if each.state == "open":
            batches.settle(connection, each.id, counted=0, pooled=0, destroyed=gone.get(each.id, 0))
    abandon_messages(connection, round_key)
    access_codes.delete(connection, round_key)
    used_form_ids.delete(connection, round_key)
