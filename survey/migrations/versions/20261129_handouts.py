"""How many codes a unit has handed out, by way: for the unit's page. Counts only.

Revision ID: 20261129
Revises: 20261128
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129"
down_revision = "20261128"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "handout",
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_handout_unit_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_handout_round_round"), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("unit", "round", "role", "way", name="pk_handout"),
    )
