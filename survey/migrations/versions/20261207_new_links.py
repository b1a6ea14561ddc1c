"""New links for staff who have lost their way in.

Revision ID: 20261207
Revises: 20261206
"""

import sqlalchemy as sa
from alembic import op

revision = "20261207"
down_revision = "20261206"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "new_link",
        sa.Column("person", sa.Integer, sa.ForeignKey("person.id", name="fk_new_link_person_person"), nullable=False),
        sa.Column("asked_by", sa.Integer, sa.ForeignKey("person.id", name="fk_new_link_asked_by_person")),
        sa.Column("secret_hash", sa.LargeBinary(32)),
        sa.Column("good_until", sa.Date),
        sa.Column("made", sa.Date),
        sa.Column("mark", sa.String(64)),
        sa.PrimaryKeyConstraint("person", name="pk_new_link"),
        sa.UniqueConstraint("secret_hash", name="uq_new_link_secret_hash"),
    )
    op.create_index("ix_new_link_mark", "new_link", ["mark"])
