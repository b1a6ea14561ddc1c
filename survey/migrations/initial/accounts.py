"""Staff accounts, their sign-in, what two of them decide together, and the audit log."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the tables."""
    _audit_line()
    _account()
    _staff_invitation()
    _authenticator()
    _identity()
    _passkey()
    _password_reset()
    _proposal()
    _recovery_code()
    _staff_session()


def _audit_line() -> None:
    op.create_table(
        "audit_line",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_line"),
    )


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_account_place_place"), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_account_fs_uniquifier"),
    )


def _staff_invitation() -> None:
    op.create_table(
        "staff_invitation",
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column(
            "place", sa.String(40), sa.ForeignKey("place.key", name="fk_staff_invitation_place_place"), nullable=False
        ),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_staff_invitation"),
        sa.UniqueConstraint("email", name="uq_staff_invitation_email"),
    )


def _authenticator() -> None:
    op.create_table(
        "authenticator",
        sa.Column(
            "account",
            sa.Integer,
            sa.ForeignKey("account.id", name="fk_authenticator_account_account"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("encrypted_secret", sa.Text, nullable=False),
        sa.Column("last_time_step", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_authenticator"),
    )


def _identity() -> None:
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column(
            "account", sa.Integer, sa.ForeignKey("account.id", name="fk_identity_account_account"), nullable=False
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identity"),
        sa.UniqueConstraint("issuer", "account", name="uq_identity_issuer_account"),
    )
    op.create_index("ix_identity_account", "identity", ["account"])


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("credential", sa.LargeBinary, nullable=False),
        sa.Column(
            "account", sa.Integer, sa.ForeignKey("account.id", name="fk_passkey_account_account"), nullable=False
        ),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("last_challenge_at", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("credential", name="pk_passkey"),
    )
    op.create_index("ix_passkey_account", "passkey", ["account"])


def _password_reset() -> None:
    op.create_table(
        "password_reset",
        sa.Column(
            "account",
            sa.Integer,
            sa.ForeignKey("account.id", name="fk_password_reset_account_account"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("secret_hash", sa.LargeBinary(32)),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("previous_uniquifier", sa.String(64)),
        sa.PrimaryKeyConstraint("account", name="pk_password_reset"),
        sa.UniqueConstraint("secret_hash", name="uq_password_reset_secret_hash"),
    )
    op.create_index("ix_password_reset_previous_uniquifier", "password_reset", ["previous_uniquifier"])


def _proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("key", sa.String(22), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(254), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column(
            "asked_by", sa.Integer, sa.ForeignKey("account.id", name="fk_proposal_asked_by_account"), nullable=False
        ),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_proposal"),
        sa.UniqueConstraint("action", "subject", name="uq_proposal_action_subject"),
    )


def _recovery_code() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column(
            "account", sa.Integer, sa.ForeignKey("account.id", name="fk_recovery_code_account_account"), nullable=False
        ),
        sa.PrimaryKeyConstraint("code_hash", name="pk_recovery_code"),
    )
    op.create_index("ix_recovery_code_account", "recovery_code", ["account"])


def _staff_session() -> None:
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column(
            "account", sa.Integer, sa.ForeignKey("account.id", name="fk_staff_session_account_account"), nullable=False
        ),
        sa.Column("started", sa.Integer, nullable=False),
        sa.Column("last_used", sa.Integer, nullable=False),
        sa.Column("authenticated_at", sa.Integer, nullable=False),
        sa.Column("two_factor", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_account", "staff_session", ["account"])
