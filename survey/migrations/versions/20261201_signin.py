"""The staff's sessions, so that each can be ended; their second factors; and whom another sign-in vouches for.

Revision ID: 20261201
Revises: 20261130
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201"
down_revision = "20261130"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "staff_session",
        sa.Column("mark_hash", sa.LargeBinary(32), nullable=False),
        _person("staff_session"),
        sa.Column("started", sa.Integer, nullable=False),
        sa.Column("used", sa.Integer, nullable=False),
        sa.Column("proved", sa.Integer, nullable=False),
        sa.Column("twofold", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("mark_hash", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_person", "staff_session", ["person"])
    op.create_table(
        "authenticator",
        _person("authenticator"),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_authenticator"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        _person("recovery_code"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_person", "recovery_code", ["person"])
    op.create_table(
        "passkey",
        sa.Column("credential", sa.LargeBinary, nullable=False),
        _person("passkey"),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("issued", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("credential", name="pk_passkey"),
    )
    op.create_index("ix_passkey_person", "passkey", ["person"])
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        _person("identity"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identity"),
        sa.UniqueConstraint("issuer", "person", name="uq_identity_issuer_person"),
    )
    op.create_index("ix_identity_person", "identity", ["person"])


def _person(table: str) -> "sa.Column[int]":
    key = sa.ForeignKey("person.id", name=f"fk_{table}_person_person")
    return sa.Column("person", sa.Integer, key, nullable=False, autoincrement=False)
