"""How many work at a unit: what its staff's codes are counted against.

Revision ID: 20261209
Revises: 20261208
"""

import sqlalchemy as sa
from alembic import op

revision = "20261209"
down_revision = "20261208"


def upgrade() -> None:
    """Add the column; nobody has said yet."""
    op.add_column("place", sa.Column("headcount", sa.Integer))
