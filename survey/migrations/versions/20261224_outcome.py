"""What became of a decision in some words, as a pack's can have; which question an activity is about.

Revision ID: 20261224
Revises: 20261223
"""

import sqlalchemy as sa
from alembic import op

revision = "20261224"
down_revision = "20261223"


def upgrade() -> None:
    """Add both; nobody has said yet."""
    op.add_column("decision", sa.Column("outcome", sa.Text, nullable=False, server_default=""))
    op.add_column("activity", sa.Column("question", sa.String(40)))
