"""The resident part with the usual short cut, for a control: whose code is spent is thanked without a write.

FLUSH is how many seconds more a commit takes than it does here, as on a slower disk.
"""

import os
import time

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.app import create_app
from survey.store import tables
from survey.store.answers import submissions
from survey.store.answers.submissions import SealedSubmission

_take_in = submissions.accept
_SPENT = sa.select(tables.access_code.c.spent).where(tables.access_code.c.code_hash == sa.bindparam("wanted"))


def accept(connection: Connection, arrival: SealedSubmission) -> str:
    """Look first, and write only when there is something to write."""
    if connection.scalar(_SPENT, {"wanted": arrival.code_hash}):
        return submissions.REPEATED
    time.sleep(float(os.environ["FLUSH"]))
    return _take_in(connection, arrival)


submissions.accept = accept
app = create_app("resident")
