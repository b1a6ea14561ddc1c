"""Named groups of units that are read together, a row a version.

Revision ID: 20261206
Revises: 20261205
"""

import sqlalchemy as sa
from alembic import op

revision = "20261206"
down_revision = "20261205"


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "unit_group",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("ended", sa.Date),
        sa.PrimaryKeyConstraint("key", "version", name="pk_unit_group"),
    )
    op.create_table(
        "unit_group_unit",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column(
            "unit", sa.String(40), sa.ForeignKey("place.key", name="fk_unit_group_unit_unit_place"), nullable=False
        ),
        sa.PrimaryKeyConstraint("key", "version", "unit", name="pk_unit_group_unit"),
        sa.ForeignKeyConstraint(
            ["key", "version"], ["unit_group.key", "unit_group.version"], name="fk_unit_group_unit_version"
        ),
    )
