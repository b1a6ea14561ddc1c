"""How many residents have answered at a unit, in tens, taken once a day.

Revision ID: 20261216
Revises: 20261214
"""

import sqlalchemy as sa
from alembic import op

revision = "20261216"
down_revision = "20261214"


def upgrade() -> None:
    """Add the table; the worker fills it."""
    op.create_table(
        "progress",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_progress_round"), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_progress_unit"), nullable=False),
        sa.Column("tens", sa.Integer, nullable=False),
        sa.Column("taken", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("round", "unit", name="pk_progress"),
    )
