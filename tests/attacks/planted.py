"""The product with a fault planted, for the controls: what our checks must catch. PLANTED names the fault.

`thanks_first` thanks, and saves meanwhile. `forgets_marks` knows no second try again. `not_durable` takes a
database whose commits may be lost. `deletes_first` is a worker that deletes the envelopes before their counts stand.
"""

import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from sqlalchemy import Engine

from survey.answer import submit
from survey.domain.disclosure.noised import Noised
from survey.sealing.checks import watch
from survey.sealing.intake import submit as accepting
from survey.sealing.intake.submit import Outcome, Submission
from survey.sealing.keys.durable import Checkpoint
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.rounds import close_round, decrypt_round
from survey.sealing.rounds.counting import BatchCount
from survey.store.answers import batches, envelopes, tally
from survey.store.core import rounds
from survey.store.database import postgres
from survey.store.database.engine import DatabaseUnavailable, write_transaction
from tests.attacks.served import app

__all__ = ["app"]


def thanks_first() -> None:
    """The thank-you does not wait for the database."""
    accept = submit.accept

    def save(engine: Engine, volumes: KeyVolumes, submission: Submission) -> None:
        with suppress(DatabaseUnavailable):
            accept(engine, volumes, submission)

    def thank(engine: Engine, volumes: KeyVolumes, submission: Submission) -> Outcome:
        threading.Thread(target=save, args=(engine, volumes, submission)).start()
        return Outcome.ACCEPTED

    submit.accept = thank


def forgets_marks() -> None:
    """Each try is a first one."""
    accepting.hash_of_form_id = lambda pepper, form_id: secrets.token_bytes(32)


def not_durable() -> None:
    """A connection whose commits don't wait for the disk is good enough."""
    postgres.DURABLE.add(b"off")


def deletes_first() -> None:
    """Envelopes go in one transaction, their counts come in the next."""

    def write(
        engine: Engine, round_key: str, figures: Noised, fates: Mapping[str, BatchCount], checkpoint: Checkpoint
    ) -> None:
        with write_transaction(engine) as connection:
            envelopes.delete_of_round(connection, round_key)
        time.sleep(1)  # long enough to be killed in on a busy machine
        with write_transaction(engine) as connection:
            tally.write(connection, round_key, figures)
            rounds.set_counted(connection, round_key, figures.tree)
            for name, count in fates.items():
                batches.settle(connection, name, counted=count.counted, pooled=count.pooled, destroyed=count.destroyed)
            rounds.set_state(connection, round_key, "closed")

    close_round._write = write
    # What was noted would stop it, and nothing would be lost.
    for module, name in ((decrypt_round, "refuse_vanished"), (watch, "note"), (close_round, "fix_counted")):
        setattr(module, name, lambda connection, volumes, round_key: None)


FAULTS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (thanks_first, forgets_marks, not_durable, deletes_first)
}
for _name in os.environ.get("PLANTED", "").split():
    FAULTS[_name]()
