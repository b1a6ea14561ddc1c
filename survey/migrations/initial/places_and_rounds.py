"""The places, the rounds, the kiosks, the health of the installation, and the region's own texts."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _health()
    _worker_lease()
    _place()
    _region_text()
    _round()
    _kiosk()


def _health() -> None:
    op.create_table(
        "health",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("ok", sa.Boolean, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_health"),
    )


def _worker_lease() -> None:
    op.create_table(
        "worker_lease",
        sa.Column("name", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_worker_lease"),
    )


def _place() -> None:
    op.create_table(
        "place",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("parent", sa.String(40), sa.ForeignKey("place.key", name="fk_place_parent_place")),
        sa.Column("huvudman", sa.String(120), nullable=False),
        sa.Column("hsa_id", sa.String(31), nullable=False),
        sa.Column("filial_of", sa.String(40), sa.ForeignKey("place.key", name="fk_place_filial_of_place")),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("merged_into", sa.String(40), sa.ForeignKey("place.key", name="fk_place_merged_into_place")),
        sa.Column("headcount", sa.Integer),
        sa.PrimaryKeyConstraint("key", name="pk_place"),
    )


def _region_text() -> None:
    op.create_table(
        "region_text",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_region_text"),
    )


def _round() -> None:
    op.create_table(
        "round",
        sa.Column("key", sa.String(40), nullable=False),
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
        sa.PrimaryKeyConstraint("key", name="pk_round"),
        sa.CheckConstraint("threshold_patient >= 10 AND threshold_provider >= 5", name=op.f("ck_round_thresholds")),
    )


def _kiosk() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_kiosk_unit_place"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("pairing_hash", sa.LargeBinary(32)),
        sa.Column("pairing_expires", sa.String(16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32)),
        sa.Column("last_contact_hour", sa.String(13), nullable=False),
        sa.Column("waiting", sa.Integer, nullable=False, server_default="0"),
        sa.Column("late", sa.Integer, nullable=False, server_default="0"),
        sa.Column("persisted", sa.Boolean),
        sa.Column("version", sa.String(20), nullable=False, server_default=sa.text("''")),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk"),
        sa.UniqueConstraint("token_hash", name="uq_kiosk_token_hash"),
    )
