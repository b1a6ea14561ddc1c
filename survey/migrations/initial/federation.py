"""Other installations whose public editions are gathered, and those editions; our own that are withdrawn."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _source()
    _gathered_edition()
    _withdrawn_edition()


def _source() -> None:
    op.create_table(
        "source",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("gathered_on", sa.Date),
        sa.Column("refused", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_source"),
        sa.UniqueConstraint("public_key", name="uq_source_public_key"),
    )


def _gathered_edition() -> None:
    op.create_table(
        "gathered_edition",
        sa.Column(
            "source",
            sa.String(40),
            sa.ForeignKey("source.key", name="fk_gathered_edition_source_source"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("round", sa.String(40), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("gathered_on", sa.Date, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("source", "number", name="pk_gathered_edition"),
    )


def _withdrawn_edition() -> None:
    op.create_table(
        "withdrawn_edition",
        sa.Column(
            "number",
            sa.Integer,
            sa.ForeignKey("edition.number", name="fk_withdrawn_edition_number_edition"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("withdrawn_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_withdrawn_edition"),
    )
