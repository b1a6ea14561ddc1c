"""The worker's watch, each turn, over what waits to be opened; the health page is told of changes. For the worker."""

from sqlalchemy import Connection, Engine

from survey.domain.rounds.lifecycle import Round
from survey.sealing.keys.key_volumes import KeysMissing, KeyVolumes
from survey.sealing.keys.registry import is_over, registry_of
from survey.sealing.rounds.noted import SealBroken, note_envelopes, refuse_changed_batches, renew_notes
from survey.store.core import health, rounds
from survey.store.database.engine import read_transaction, repeatable_read, write_transaction

HEALTH = "seal"


def watch(engine: Engine, volumes: KeyVolumes, reported: str | None = None) -> str:
    """Note each ongoing round's new envelopes, and report any new fault to the health page.

    `reported`: the return value of the previous call, a sentence a round, empty when all is well.
    """
    with volumes.locked(), read_transaction(repeatable_read(engine)) as connection:
        faults = [fault for each in rounds.rounds(connection) if (fault := _fault(connection, volumes, each))]
    report = " ".join(faults)
    if report != reported:
        with write_transaction(engine) as connection:
            health.write(connection, [health.HealthLine(HEALTH, not report, report)])
    return report


def accept_loss(engine: Engine, volumes: KeyVolumes, round_key: str) -> int:
    """Accept the envelopes that a restored database lacks, and note those that wait now.

    Only for the operator who restored it. Returns how many envelopes had vanished; raises SealBroken for changed keys.
    """
    with volumes.locked(), read_transaction(repeatable_read(engine)) as connection:
        refuse_changed_batches(connection, round_key, registry_of(volumes, round_key))
        return renew_notes(connection, volumes, round_key)


def _fault(connection: Connection, volumes: KeyVolumes, round_: Round) -> str:
    if round_.state in ("draft", "opening", "open") and is_over(volumes, round_.key):
        return f"{round_.key} has been closed and its keys are erased: this database is from before that."
    if round_.state not in ("open", "closing"):
        return ""
    try:
        note_envelopes(connection, volumes, round_.key)
    except SealBroken as broken:
        return f"{round_.key}: {broken}. Nothing of it is opened."
    except KeysMissing as missing:
        return f"{round_.key}: {missing}."
    return ""
