"""The languages that residents could choose when a round was opened.

Revision ID: 20261130
Revises: 20261127
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130"
down_revision = "20261127"
phase = "expand"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "offered_language",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_offered_language_round_round")),
        sa.Column("language", sa.String(35), nullable=False),
        sa.PrimaryKeyConstraint("round", "language", name="pk_offered_language"),
    )
