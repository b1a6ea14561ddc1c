"""A message that waits knows when it is tried again and who has it in hand; a way of sending what stopped it.

Revision ID: 20261214
Revises: 20261209
"""

import sqlalchemy as sa
from alembic import op

revision = "20261214"
down_revision = "20261209"


def upgrade() -> None:
    """Add the columns and the table."""
    for name, kind in (("refused", sa.SmallInteger), ("not_before", sa.Integer), ("claimed_until", sa.Integer)):
        op.add_column("outgoing", sa.Column(name, kind, nullable=False, server_default="0"))
    op.add_column("handout", sa.Column("stopped", sa.Integer, nullable=False, server_default="0"))
    op.add_column("handout", sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "sending",
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("fault", sa.String(12), nullable=False),
        sa.Column("said", sa.String(24), nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False),
        sa.Column("not_before", sa.Integer, nullable=False),
        sa.Column("began", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("way", name="pk_sending"),
    )
