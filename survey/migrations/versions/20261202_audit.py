"""The log of what staff do, append-only; invitations to an account; changes of role that wait; texts of the region.

Revision ID: 20261202
Revises: 20261201
"""

import sqlalchemy as sa
from alembic import op

revision = "20261202"
down_revision = "20261201"

_KEPT_SQLITE = """
CREATE TRIGGER audit_{word} BEFORE {word} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
"""
_KEPT_POSTGRES = """
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'integrity_constraint_violation'; END
$$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();
"""


def upgrade() -> None:
    """Add the tables, and keep the log's lines as they are."""
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_table(
        "invite",
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_invite_place_place"), nullable=False),
        sa.Column("good_until", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_invite"),
        sa.UniqueConstraint("email", name="uq_invite_email"),
    )
    op.create_table(
        "role_change",
        sa.Column(
            "person",
            sa.Integer,
            sa.ForeignKey("person.id", name="fk_role_change_person_person"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column(
            "place", sa.String(40), sa.ForeignKey("place.key", name="fk_role_change_place_place"), nullable=False
        ),
        sa.Column(
            "asked_by", sa.Integer, sa.ForeignKey("person.id", name="fk_role_change_asked_by_person"), nullable=False
        ),
        sa.PrimaryKeyConstraint("person", name="pk_role_change"),
    )
    op.create_table(
        "region_text",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_region_text"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for word in ("UPDATE", "DELETE"):
            op.execute(_KEPT_SQLITE.format(word=word))
    else:
        op.execute(_KEPT_POSTGRES)
