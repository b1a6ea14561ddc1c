"""An answer while its round is open, and its counts afterwards."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _access_code()
    _answer_count()
    _background_tally()
    _batch()
    _closing_progress()
    _issued_codes()
    _matched_tally()
    _progress()
    _tally()
    _used_form_id()
    _envelope()


def _access_code() -> None:
    op.create_table(
        "access_code",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_access_code_unit_place"), nullable=False),
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_access_code_round_round"), nullable=False
        ),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("spent", sa.SmallInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_access_code"),
    )


def _answer_count() -> None:
    op.create_table(
        "answer_count",
        sa.Column(
            "place", sa.String(40), sa.ForeignKey("place.key", name="fk_answer_count_place_place"), nullable=False
        ),
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_answer_count_round_round"), nullable=False
        ),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("collection_mode", sa.String(12), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", "role", "collection_mode", name="pk_answer_count"),
    )


def _background_tally() -> None:
    op.create_table(
        "background_tally",
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_background_tally_round_round"), nullable=False
        ),
        sa.Column("grouping", sa.String(12), nullable=False),
        sa.Column("group", sa.String(24), nullable=False),
        sa.Column("question", sa.String(24), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("yes", sa.Integer, nullable=False),
        sa.Column("not_yes", sa.Integer, nullable=False),
        sa.Column("non_substantive", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("round", "grouping", "group", "question", name="pk_background_tally"),
    )


def _batch() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_batch_place_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_batch_round_round"), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("collection_mode", sa.String(12), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False, server_default="0"),
        sa.Column("duplicates", sa.Integer, nullable=False, server_default="0"),
        sa.Column("counted", sa.Integer, nullable=False, server_default="0"),
        sa.Column("pooled", sa.Integer, nullable=False, server_default="0"),
        sa.Column("destroyed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("throttled", sa.Integer, nullable=False, server_default="0"),
        sa.Column("state", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sa.UniqueConstraint(
            "round", "place", "role", "collection_mode", name="uq_batch_round_place_role_collection_mode"
        ),
    )


def _closing_progress() -> None:
    op.create_table(
        "closing_progress",
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_closing_progress_round_round"), nullable=False
        ),
        sa.Column("tenths", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("round", name="pk_closing_progress"),
    )


def _issued_codes() -> None:
    op.create_table(
        "issued_codes",
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_issued_codes_unit_place"), nullable=False),
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_issued_codes_round_round"), nullable=False
        ),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False, server_default="0"),
        sa.Column("stopped", sa.Integer, nullable=False, server_default="0"),
        sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("unit", "round", "role", "channel", name="pk_issued_codes"),
    )


def _matched_tally() -> None:
    op.create_table(
        "matched_tally",
        sa.Column(
            "place", sa.String(40), sa.ForeignKey("place.key", name="fk_matched_tally_place_place"), nullable=False
        ),
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_matched_tally_round_round"), nullable=False
        ),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("question", sa.String(24), nullable=False),
        sa.Column("yes", sa.BigInteger, nullable=False),
        sa.Column("not_yes", sa.BigInteger, nullable=False),
        sa.Column("heaviest", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", "role", "question", name="pk_matched_tally"),
    )


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_progress_round_round"), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_progress_unit_place"), nullable=False),
        sa.Column("tens", sa.Integer, nullable=False),
        sa.Column("taken", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("round", "unit", name="pk_progress"),
    )


def _tally() -> None:
    op.create_table(
        "tally",
        sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_tally_place_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_tally_round_round"), nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("question", sa.String(24), nullable=False),
        sa.Column("yes", sa.Integer, nullable=False),
        sa.Column("not_yes", sa.Integer, nullable=False),
        sa.Column("non_substantive", sa.Integer, nullable=False),
        sa.Column("partly", sa.Integer),
        sa.Column("no", sa.Integer),
        sa.Column("dont_know", sa.Integer),
        sa.Column("not_needed", sa.Integer),
        sa.PrimaryKeyConstraint("place", "round", "part", "role", "question", name="pk_tally"),
    )


def _used_form_id() -> None:
    op.create_table(
        "used_form_id",
        sa.Column("form_id_hash", sa.LargeBinary(32), nullable=False),
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_used_form_id_round_round"), nullable=False
        ),
        sa.PrimaryKeyConstraint("form_id_hash", name="pk_used_form_id"),
    )


def _envelope() -> None:
    op.create_table(
        "envelope",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("batch", sa.String(32), sa.ForeignKey("batch.id", name="fk_envelope_batch_batch"), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_envelope"),
    )
    op.create_index("ix_envelope_batch", "envelope", ["batch"])
