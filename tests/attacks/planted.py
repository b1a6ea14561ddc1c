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

from survey.answer import receiving
from survey.domain.noised import Noised
from survey.sealing import accept as accepting
from survey.sealing import closing, unsealing, watching
from survey.sealing.accept import Outcome, Submission
from survey.sealing.counting import BatchCount
from survey.sealing.durable import Step
from survey.sealing.keys import KeyVolumes
from survey.store import batches, inbox, postgres, rounds, tally
from survey.store.engine import DatabaseUnavailable, writing
from tests.attacks.served import app

__all__ = ["app"]


def thanks_first() -> None:
    """The thank-you does not wait for the database."""
    accept = receiving.accept

    def save(engine: Engine, volumes: KeyVolumes, submission: Submission) -> None:
        with suppress(DatabaseUnavailable):
            accept(engine, volumes, submission)

    def thank(engine: Engine, volumes: KeyVolumes, submission: Submission) -> Outcome:
        threading.Thread(target=save, args=(engine, volumes, submission)).start()
        return Outcome.ACCEPTED

    receiving.accept = thank


def forgets_marks() -> None:
    """Each try is a first one."""
    accepting.hash_of_form_id = lambda pepper, form_id: secrets.token_bytes(32)


def not_durable() -> None:
    """A connection whose commits don't wait for the disk is good enough."""
    postgres.DURABLE.add(b"off")


def deletes_first() -> None:
    """Envelopes go in one transaction, their counts come in the next."""

    def write(engine: Engine, round_key: str, noised: Noised, fates: Mapping[str, BatchCount], step: Step) -> None:
        with writing(engine) as connection:
            for name in fates:
                inbox.delete_envelopes(connection, name)
        time.sleep(1)  # long enough to be killed in on a busy machine
        with writing(engine) as connection:
            tally.write(connection, round_key, noised)
            rounds.set_counted(connection, round_key, noised.tree)
            for name, count in fates.items():
                batches.settle(connection, name, counted=count.counted, moved=count.moved, destroyed=count.destroyed)
            rounds.set_state(connection, round_key, "closed")

    closing._write = write
    # What was noted would stop it, and nothing would be lost.
    for module, name in ((unsealing, "refuse_vanished"), (watching, "note"), (closing, "count_just_these")):
        setattr(module, name, lambda connection, volumes, round_key: None)


FAULTS: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (thanks_first, forgets_marks, not_durable, deletes_first)
}
for _name in os.environ.get("PLANTED", "").split():
    FAULTS[_name]()
