"""How much of a closed round would be hidden, counted once and kept until it is published.

Revision ID: 20261130
Revises: 20261129
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130"
down_revision = "20261129"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "preview",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_preview_round_round"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("round", name="pk_preview"),
    )
