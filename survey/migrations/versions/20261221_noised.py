"""Figures are written with noise, and a round keeps how much. Exact counts of earlier rounds can't stay.

Revision ID: 20261221
Revises: 20261219
"""

import sqlalchemy as sa
from alembic import op

revision = "20261221"
down_revision = "20261219"


def upgrade() -> None:
    """Replace the tables of exact counts. Stops where a closed round's exact counts are still in them."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM tally")):
        raise RuntimeError(
            "Exact counts of closed rounds are kept here, which this version never does. Take the editions home with "
            "the version that made them (flask edition --out), and begin with a new instance."
        )
    op.drop_table("background_tally")
    op.drop_table("tally")
    with op.batch_alter_table("batch") as table:
        table.drop_column("equal_patterns")
    with op.batch_alter_table("round") as table:
        table.add_column(sa.Column("protection", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("tree", sa.Text, nullable=False, server_default=""))
    _answered()
    _tally()
    _matched()
    _background()


def _place(table: str) -> sa.Column[str]:
    return sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name=f"fk_{table}_place_place"))


def _round(table: str) -> sa.Column[str]:
    return sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name=f"fk_{table}_round_round"))


def _three() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in ("yes", "not_yes", "outside")]


def _answered() -> None:
    op.create_table(
        "answered",
        _place("answered"),
        _round("answered"),
        sa.Column("role", sa.String(10)),
        sa.Column("channel", sa.String(12)),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", "role", "channel", name="pk_answered"),
    )


def _tally() -> None:
    op.create_table(
        "tally",
        _place("tally"),
        _round("tally"),
        sa.Column("part", sa.String(12)),
        sa.Column("role", sa.String(10)),
        sa.Column("question", sa.String(24)),
        *_three(),
        *(sa.Column(name, sa.Integer) for name in ("partly", "no", "dont_know", "not_needed")),
        sa.PrimaryKeyConstraint("place", "round", "part", "role", "question", name="pk_tally"),
    )


def _matched() -> None:
    op.create_table(
        "matched_tally",
        _place("matched_tally"),
        _round("matched_tally"),
        sa.Column("role", sa.String(10)),
        sa.Column("question", sa.String(24)),
        sa.Column("yes", sa.BigInteger, nullable=False),
        sa.Column("not_yes", sa.BigInteger, nullable=False),
        sa.Column("heaviest", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", "role", "question", name="pk_matched_tally"),
    )


def _background() -> None:
    op.create_table(
        "background_tally",
        _round("background_tally"),
        sa.Column("grouping", sa.String(12)),
        sa.Column("group", sa.String(24)),
        sa.Column("question", sa.String(24)),
        sa.Column("n", sa.Integer, nullable=False),
        *_three(),
        sa.PrimaryKeyConstraint("round", "grouping", "group", "question", name="pk_background_tally"),
    )
