"""What residents are told, in their own languages.

Revision ID: 20261208
Revises: 20261207
"""

import sqlalchemy as sa
from alembic import op

revision = "20261208"
down_revision = "20261207"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "told_in",
        sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_told_in_place_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_told_in_round_round"), nullable=False),
        sa.Column("language", sa.String(24), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", "language", name="pk_told_in"),
    )
