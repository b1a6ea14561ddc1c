"""What one coordinator asks for and another confirms, of every kind. What waited for a second one is asked for anew.

Revision ID: 20261219
Revises: 20261216
"""

import sqlalchemy as sa
from alembic import op

revision = "20261219"
down_revision = "20261216"


def upgrade() -> None:
    """Add the table, in place of the one for roles; new links that are only asked for are forgotten."""
    op.create_table(
        "proposal",
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(254), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column(
            "asked_by", sa.Integer, sa.ForeignKey("person.id", name="fk_proposal_asked_by_person"), nullable=False
        ),
        sa.Column("good_until", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_proposal"),
        sa.UniqueConstraint("what", "subject", name="uq_proposal_what_subject"),
    )
    op.execute("DELETE FROM new_link WHERE made IS NULL")
    op.drop_table("role_change")
    with op.batch_alter_table("new_link") as table:
        table.drop_constraint("fk_new_link_asked_by_person", type_="foreignkey")
        table.drop_column("asked_by")
        table.alter_column("good_until", existing_type=sa.Date(), nullable=False)
        table.alter_column("made", existing_type=sa.Date(), nullable=False)
