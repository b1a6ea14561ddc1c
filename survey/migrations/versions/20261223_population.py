"""How many live in the region by gender and age, as the follow-up group reads it in.

Revision ID: 20261223
Revises: 20261222
"""

import sqlalchemy as sa
from alembic import op

revision = "20261223"
down_revision = "20261222"


def upgrade() -> None:
    """Add the table; nobody has said yet."""
    op.create_table(
        "population",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("kept", sa.Date, nullable=False),
        sa.Column("ended", sa.Date),
        sa.Column("gender", sa.String(40), nullable=False),
        sa.Column("age", sa.String(40), nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name="pk_population"),
    )
