"""How many codes a unit has handed out, by way, counts only; and messages that wait to be sent, sealed until then.

Revision ID: 20261129
Revises: 20261128
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129"
down_revision = "20261128"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "handout",
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_handout_unit_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_handout_round_round"), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("unit", "round", "role", "way", name="pk_handout"),
    )
    op.create_table(
        "outgoing",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_outgoing_unit_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_outgoing_round_round"), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing"),
    )
    op.create_table(
        "spool",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_spool_round_round"), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("round", name="pk_spool"),
    )
