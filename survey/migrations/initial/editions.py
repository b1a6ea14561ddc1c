"""Editions and their drawings, a unit's words, groups of units, messages to residents."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _unit_group()
    _edition()
    _preview()
    _reflection()
    _resident_message()
    _resident_message_translation()
    _unit_group_member()
    _drawing()


def _unit_group() -> None:
    op.create_table(
        "unit_group",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.PrimaryKeyConstraint("key", "version", name="pk_unit_group"),
    )


def _edition() -> None:
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_edition_round_round")),
        sa.Column("period", sa.String(40)),
        sa.Column("published", sa.Date, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.CheckConstraint("(round IS NULL) <> (period IS NULL)", name=op.f("ck_edition_one_subject")),
        sa.PrimaryKeyConstraint("number", name="pk_edition"),
    )


def _preview() -> None:
    op.create_table(
        "preview",
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_preview_round_round"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("round", name="pk_preview"),
    )


def _reflection() -> None:
    op.create_table(
        "reflection",
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_reflection_unit_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_reflection_round_round"), nullable=False),
        sa.Column("thoughts", sa.Text, nullable=False),
        sa.Column("improvement", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("unit", "round", name="pk_reflection"),
    )


def _resident_message() -> None:
    op.create_table(
        "resident_message",
        sa.Column(
            "place", sa.String(40), sa.ForeignKey("place.key", name="fk_resident_message_place_place"), nullable=False
        ),
        sa.Column(
            "round", sa.String(40), sa.ForeignKey("round.key", name="fk_resident_message_round_round"), nullable=False
        ),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", name="pk_resident_message"),
    )


def _resident_message_translation() -> None:
    op.create_table(
        "resident_message_translation",
        sa.Column(
            "place",
            sa.String(40),
            sa.ForeignKey("place.key", name="fk_resident_message_translation_place_place"),
            nullable=False,
        ),
        sa.Column(
            "round",
            sa.String(40),
            sa.ForeignKey("round.key", name="fk_resident_message_translation_round_round"),
            nullable=False,
        ),
        sa.Column("language", sa.String(24), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", "language", name="pk_resident_message_translation"),
    )


def _unit_group_member() -> None:
    op.create_table(
        "unit_group_member",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column(
            "unit", sa.String(40), sa.ForeignKey("place.key", name="fk_unit_group_member_unit_place"), nullable=False
        ),
        sa.PrimaryKeyConstraint("key", "version", "unit", name="pk_unit_group_member"),
        sa.ForeignKeyConstraint(
            ["key", "version"],
            ["unit_group.key", "unit_group.version"],
            name="fk_unit_group_member_key_version_unit_group",
        ),
    )


def _drawing() -> None:
    op.create_table(
        "drawing",
        sa.Column(
            "edition", sa.Integer, sa.ForeignKey("edition.number", name="fk_drawing_edition_edition"), nullable=False
        ),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("chart", sa.String(40), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("theme", sa.String(8), nullable=False),
        sa.Column("svg", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("edition", "place", "chart", "language", "theme", name="pk_drawing"),
    )
