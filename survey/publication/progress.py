"""Once a day the worker takes down how many residents have answered at each unit, in tens. For the worker."""

from datetime import date

from sqlalchemy import Engine

from survey.domain.told import in_tens
from survey.store import batches, progress, rounds
from survey.store.engine import writing


def take(engine: Engine, today: date) -> int:
    """Take the figures of each open round that has none of today; of how many rounds."""
    with writing(engine) as connection:
        due = [each.key for each in rounds.rounds(connection) if each.state == "open"]
        due = [key for key in due if not progress.is_taken(connection, key, today)]
        for key in due:
            came = batches.received_by_unit(connection, key, paper=False)
            tens = {unit: in_tens(n) for (unit, role), n in came.items() if role == "patient"}
            progress.keep(connection, key, tens, today)
    return len(due)
