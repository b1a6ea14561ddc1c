"""The first schema: every table, the functions of the resident part, the triggers that keep what is never changed.

Revision ID: 20261127
Revises:
"""

from survey.migrations.initial import (
    accounts,
    answers,
    editions,
    federation,
    functions,
    outbox,
    places_and_rounds,
    plan_records,
    translations,
    triggers,
)

revision = "20261127"
down_revision = None
phase = "expand"


def upgrade() -> None:
    """Create it all, in the order in which the tables refer to each other."""
    tables = (places_and_rounds, accounts, answers, outbox, editions, federation, plan_records, translations)
    for part in (*tables, functions, triggers):
        part.create()
