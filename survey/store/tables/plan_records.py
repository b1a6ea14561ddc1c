"""Tables of the follow-up group's plan, targets and external measures, with every version."""

from typing import Any

import sqlalchemy as sa

from survey.store.tables.core import metadata


def _versions(name: str, *columns: "sa.Column[Any] | sa.CheckConstraint") -> sa.Table:
    """Make a table in which a record is never changed: a new version of it is a row of its own."""
    return sa.Table(
        name,
        metadata,
        sa.Column("key", sa.String(16), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("saved_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        *columns,
    )


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False)


def _code(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.String(40), nullable=False)


def _care_contact_is_not_doctor() -> sa.CheckConstraint:
    """Make a constraint: a fast läkarkontakt is no fast vårdkontakt."""
    condition = "question IS NULL OR question <> 'fast_vardkontakt' OR kind <> 'fast_lakarkontakt'"
    return sa.CheckConstraint(condition, name="care_contact_is_not_doctor")


activity = _versions(
    "activity",
    _text("activity"),
    _text("responsible"),
    _text("deciding_body"),
    _text("timetable"),
    _code("status"),
    sa.Column("question", sa.String(40)),
)

decision = _versions(
    "decision",
    sa.Column("decided_on", sa.Date, nullable=False),
    _text("decision"),
    _text("who"),
    sa.Column("due_on", sa.Date),
    sa.Column("question", sa.String(40)),
    _code("status"),
    sa.Column("outcome", sa.Text, nullable=False, server_default=sa.text("''")),
)

event = _versions(
    "event",
    sa.Column("day", sa.Date, nullable=False),
    _text("title"),
    sa.Column("place", sa.ForeignKey("place.key")),
)

target = _versions(
    "target",
    _text("name"),
    _code("kind"),
    _text("value"),
    _text("population"),
    _text("source"),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    _code("status"),
    _text("quality"),
    sa.Column("question", sa.String(40)),
    _care_contact_is_not_doctor(),
)

measurement = _versions(
    "measurement",
    _text("series"),
    _code("kind"),
    sa.Column("day", sa.Date, nullable=False),
    _code("qualifier"),
    sa.Column("value", sa.String(20), nullable=False),
    _text("unit_of_measure"),
    _text("respondents"),
    _text("source"),
    _text("quality"),
    sa.Column("question", sa.String(40)),
    _care_contact_is_not_doctor(),
)

population = _versions("population", _code("gender"), _code("age"), sa.Column("people", sa.Integer, nullable=False))
