"""Messages that wait to be sent, and what has halted their sending."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _halted_transport()
    _outbox_key()
    _outbox_message()


def _halted_transport() -> None:
    op.create_table(
        "halted_transport",
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("fault", sa.String(12), nullable=False),
        sa.Column("reply", sa.String(24), nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("not_before", sa.Integer, nullable=False),
        sa.Column("began", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_halted_transport"),
    )


def _outbox_key() -> None:
    op.create_table(
        "outbox_key",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_outbox_key_round_round"), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("round", name="pk_outbox_key"),
    )


def _outbox_message() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column(
            "unit", sa.String(40), sa.ForeignKey("place.key", name="fk_outbox_message_unit_place"), nullable=False
        ),
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_outbox_message_round_round"), nullable=False
        ),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("refusals", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("not_before", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_until", sa.Integer, nullable=False, server_default="0"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_message"),
    )
