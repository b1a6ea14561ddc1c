"""Which of the seven questions a decision is about, where it is about one.

Revision ID: 20261222
Revises: 20261221
"""

import sqlalchemy as sa
from alembic import op

revision = "20261222"
down_revision = "20261221"


def upgrade() -> None:
    """Add the column to both kinds of decisions; nobody has said yet."""
    for table in ("decision", "pack_decision"):
        op.add_column(table, sa.Column("question", sa.String(40)))
