"""Tables of places, rounds, devices, the installation's health, and the region's own words."""

import sqlalchemy as sa

from survey.domain.disclosure.thresholds import MIN_ANSWERS

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

place = sa.Table(
    "place",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("level", sa.String(20), nullable=False),
    sa.Column("parent", sa.ForeignKey("place.key")),
    sa.Column("huvudman", sa.String(120), nullable=False),
    sa.Column("hsa_id", sa.String(31), nullable=False),
    sa.Column("filial_of", sa.ForeignKey("place.key")),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_to", sa.Date),
    sa.Column("merged_into", sa.ForeignKey("place.key")),
    sa.Column("headcount", sa.Integer),
)

round_ = sa.Table(
    "round",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("opens", sa.Date, nullable=False),
    sa.Column("closes", sa.Date, nullable=False),
    sa.Column("grace_days", sa.Integer, nullable=False),
    sa.Column("version_patient", sa.String(40), nullable=False),
    sa.Column("version_provider", sa.String(40), nullable=False),
    sa.Column("threshold_patient", sa.Integer, nullable=False),
    sa.Column("threshold_provider", sa.Integer, nullable=False),
    sa.Column("open_link", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("protection", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.Column("tree", sa.Text, nullable=False, server_default=sa.text("''")),
    sa.CheckConstraint(
        " AND ".join(f"threshold_{role} >= {least}" for role, least in MIN_ANSWERS.items()), name="thresholds"
    ),
)

# Devices that a unit has paired, and the hour in which each was last heard of: by its own clock, not by who uses it.
# `waiting` and `late` are what it said then of answers that wait there and that came too late: 0, 1 for fewer than ten,
# else tens; `persisted` whether its browser has promised to keep them.
kiosk = sa.Table(
    "kiosk",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("unit", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("pairing_hash", sa.LargeBinary(32)),
    sa.Column("pairing_expires", sa.String(16), nullable=False),
    sa.Column("token_hash", sa.LargeBinary(32), unique=True),
    sa.Column("last_contact_hour", sa.String(13), nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False, server_default="0"),
    sa.Column("late", sa.Integer, nullable=False, server_default="0"),
    sa.Column("persisted", sa.Boolean),
    sa.Column("version", sa.String(20), nullable=False, server_default=sa.text("''")),
)

health = sa.Table(
    "health",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("ok", sa.Boolean, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)

# Never has a row: the worker that is at work holds a lock on it.
worker_lease = sa.Table("worker_lease", metadata, sa.Column("name", sa.String(40), primary_key=True))

region_text = sa.Table(
    "region_text",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)
