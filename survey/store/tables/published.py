"""Tables of published editions and their pictures, and of a unit's words on its own."""

import sqlalchemy as sa

from survey.store.tables.core import metadata

# Of a round of our own, or of a period in which other installations had theirs: then it is a national one.
edition = sa.Table(
    "edition",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("round", sa.ForeignKey("round.key")),
    sa.Column("period", sa.String(40)),
    sa.Column("published", sa.Date, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.CheckConstraint("(round IS NULL) <> (period IS NULL)", name="one_subject"),
)

# Editions that others shall no longer build on; the edition itself never changes.
withdrawn_edition = sa.Table(
    "withdrawn_edition",
    metadata,
    sa.Column("number", sa.ForeignKey("edition.number"), primary_key=True, autoincrement=False),
    sa.Column("withdrawn_on", sa.Date, nullable=False),
)

# Previews of a closed round: counts of figures that would be hidden, as JSON, for who decides to publish it.
preview = sa.Table(
    "preview",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

drawing = sa.Table(
    "drawing",
    metadata,
    sa.Column("edition", sa.ForeignKey("edition.number"), primary_key=True),
    sa.Column("place", sa.String(40), primary_key=True),
    sa.Column("chart", sa.String(40), primary_key=True),
    sa.Column("language", sa.String(20), primary_key=True),
    sa.Column("theme", sa.String(8), primary_key=True),
    sa.Column("svg", sa.LargeBinary, nullable=False),
)

# A unit's own words on a published round.
reflection = sa.Table(
    "reflection",
    metadata,
    sa.Column("unit", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("thoughts", sa.Text, nullable=False),
    sa.Column("improvement", sa.Text, nullable=False),
)

# Named groups of units that are read together. A version never changes; its last day may be set.
unit_group = sa.Table(
    "unit_group",
    metadata,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("ended_on", sa.Date),
)

unit_group_member = sa.Table(
    "unit_group_member",
    metadata,
    sa.Column("key", sa.String(32), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("unit", sa.ForeignKey("place.key"), primary_key=True),
    sa.ForeignKeyConstraint(["key", "version"], ["unit_group.key", "unit_group.version"]),
)

# Resident messages on a round: the region's on what happens next, and a unit's improvement, if it chose to show it.
resident_message = sa.Table(
    "resident_message",
    metadata,
    sa.Column("place", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

# The same in other languages; without one the reader gets the words above.
resident_message_translation = sa.Table(
    "resident_message_translation",
    metadata,
    sa.Column("place", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("language", sa.String(24), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)
