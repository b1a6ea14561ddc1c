"""The follow-up group's plan, targets and external measures, with every version; meeting packs."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _activity()
    _decision()
    _measurement()
    _population()
    _target()
    _event()
    _pack()
    _pack_comment()
    _pack_decision()


def _activity() -> None:
    op.create_table(
        "activity",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("saved_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("activity", sa.Text, nullable=False),
        sa.Column("responsible", sa.Text, nullable=False),
        sa.Column("deciding_body", sa.Text, nullable=False),
        sa.Column("timetable", sa.Text, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("question", sa.String(40)),
        sa.PrimaryKeyConstraint("key", "version", name="pk_activity"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("saved_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("decided_on", sa.Date, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("question", sa.String(40)),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("outcome", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("key", "version", name="pk_decision"),
    )


def _measurement() -> None:
    op.create_table(
        "measurement",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("saved_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("qualifier", sa.String(40), nullable=False),
        sa.Column("value", sa.String(20), nullable=False),
        sa.Column("unit_of_measure", sa.Text, nullable=False),
        sa.Column("respondents", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("quality", sa.Text, nullable=False),
        sa.Column("question", sa.String(40)),
        sa.PrimaryKeyConstraint("key", "version", name="pk_measurement"),
        sa.CheckConstraint(
            "question IS NULL OR question <> 'fast_vardkontakt' OR kind <> 'fast_lakarkontakt'",
            name=op.f("ck_measurement_care_contact_is_not_doctor"),
        ),
    )


def _population() -> None:
    op.create_table(
        "population",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("saved_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("gender", sa.String(40), nullable=False),
        sa.Column("age", sa.String(40), nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", "version", name="pk_population"),
    )


def _target() -> None:
    op.create_table(
        "target",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("saved_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("population", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("quality", sa.Text, nullable=False),
        sa.Column("question", sa.String(40)),
        sa.PrimaryKeyConstraint("key", "version", name="pk_target"),
        sa.CheckConstraint(
            "question IS NULL OR question <> 'fast_vardkontakt' OR kind <> 'fast_lakarkontakt'",
            name=op.f("ck_target_care_contact_is_not_doctor"),
        ),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("saved_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_event_place_place")),
        sa.PrimaryKeyConstraint("key", "version", name="pk_event"),
    )


def _pack() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column(
            "edition", sa.Integer, sa.ForeignKey("edition.number", name="fk_pack_edition_edition"), nullable=False
        ),
        sa.Column("previous_pack", sa.String(32), sa.ForeignKey("pack.id", name="fk_pack_previous_pack_pack")),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("introduction", sa.Text, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("frozen_on", sa.Date),
        sa.Column("sha256", sa.String(64)),
        sa.Column("html", sa.LargeBinary),
        sa.Column("pdf", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_pack"),
        sa.UniqueConstraint("number", name="uq_pack_number"),
    )


def _pack_comment() -> None:
    op.create_table(
        "pack_comment",
        sa.Column("pack", sa.String(32), sa.ForeignKey("pack.id", name="fk_pack_comment_pack_pack"), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pack", "question", name="pk_pack_comment"),
    )


def _pack_decision() -> None:
    op.create_table(
        "pack_decision",
        sa.Column("pack", sa.String(32), sa.ForeignKey("pack.id", name="fk_pack_decision_pack_pack"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("question", sa.String(40)),
        sa.PrimaryKeyConstraint("pack", "n", name="pk_pack_decision"),
    )
