"""The action plan, targets, and what others have measured.

Revision ID: 20261204
Revises: 20261203
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261204"
down_revision = "20261203"
NO_DOCTORS = "question IS NULL OR question <> 'fast_vardkontakt' OR kind <> 'fast_lakarkontakt'"


def upgrade() -> None:
    """Add the tables."""
    _add("activity", *map(_text, ("activity", "responsible", "deciding_body", "timetable")), _code("status"))
    _add("decision", _day("meeting", False), *map(_text, ("decision", "who")), _day("by_when"), _code("status"))
    place = sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_event_place_place"))
    _add("event", _day("day", False), _text("what"), place)
    _add(
        "target",
        _text("name"),
        _code("kind"),
        *map(_text, ("value", "population", "source")),
        *map(_day, ("valid_from", "valid_to")),
        _code("status"),
        _text("quality"),
        *_question("target"),
    )
    _add(
        "measurement",
        _text("series"),
        _code("kind"),
        _day("day", False),
        _code("bound"),
        sa.Column("value", sa.String(20), nullable=False),
        *map(_text, ("measure", "asked", "source", "quality")),
        *_question("measurement"),
    )


def _add(name: str, *columns: Any) -> None:
    op.create_table(
        name,
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        _day("kept", False),
        _day("ended"),
        *columns,
        sa.PrimaryKeyConstraint("key", "version", name=f"pk_{name}"),
    )


def _text(name: str) -> Any:
    return sa.Column(name, sa.Text, nullable=False)


def _code(name: str) -> Any:
    return sa.Column(name, sa.String(40), nullable=False)


def _day(name: str, nullable: bool = True) -> Any:
    return sa.Column(name, sa.Date, nullable=nullable)


def _question(table: str) -> tuple[Any, ...]:
    check = sa.CheckConstraint(NO_DOCTORS, name=op.f(f"ck_{table}_no_doctors"))
    return sa.Column("question", sa.String(40)), check
