"""What translators have read and written."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _text_approval()
    _proposed_wording()


def _text_approval() -> None:
    op.create_table(
        "text_approval",
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("translation_hash", sa.String(64), nullable=False),
        sa.Column(
            "account",
            sa.Integer,
            sa.ForeignKey("account.id", name="fk_text_approval_account_account"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("approved_on", sa.Date, nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_text_approval_round_round")),
        sa.PrimaryKeyConstraint("language", "source_hash", "translation_hash", "account", name="pk_text_approval"),
    )


def _proposed_wording() -> None:
    op.create_table(
        "proposed_wording",
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("source_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("catalog_hash", sa.String(64), nullable=False),
        sa.Column(
            "account",
            sa.Integer,
            sa.ForeignKey("account.id", name="fk_proposed_wording_account_account"),
            nullable=False,
        ),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("proposed_on", sa.Date, nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_proposed_wording_round_round")),
        sa.PrimaryKeyConstraint("language", "source_hash", "version", name="pk_proposed_wording"),
    )
