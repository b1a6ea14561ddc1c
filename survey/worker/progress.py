"""The daily count of residents' answers at each unit, in tens. For the worker."""

from datetime import date

from sqlalchemy import Engine

from survey.domain.disclosure.count_rounding import round_down_to_ten
from survey.store.answers import batches, progress
from survey.store.core import rounds
from survey.store.database.engine import write_transaction


def count_daily(engine: Engine, today: date) -> int:
    """Count for each open round without figures of today; return the number of rounds."""
    with write_transaction(engine) as connection:
        due = [each for each in rounds.rounds(connection) if each.state == "open"]
        due = [each for each in due if not progress.is_counted(connection, each.key, today)]
        for each in due:
            # Only what can be shown for the unit: codes and open links are opened apart.
            came = batches.count_in_crowds_by_unit(connection, each, paper=False)
            tens = {unit: round_down_to_ten(n) for (unit, role), n in came.items() if role == "patient"}
            progress.save(connection, each.key, tens, today)
    return len(due)
