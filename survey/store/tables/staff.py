"""Tables of staff accounts, their sign-in, and the audit log. Nothing of a respondent touches these."""

import sqlalchemy as sa

from survey.store.tables.core import metadata

# Staff accounts. The columns are those Flask-Security asks for; nothing of a respondent touches them. A translator's
# language is a tag; for every other role it is empty.
account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("password", sa.String(255), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("fs_uniquifier", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("place", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("language", sa.String(35), nullable=False),
)

# Where staff are signed in, and what they show besides a password. Moments are whole minutes.
staff_session = sa.Table(
    "staff_session",
    metadata,
    sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("started", sa.Integer, nullable=False),
    sa.Column("last_used", sa.Integer, nullable=False),
    sa.Column("authenticated_at", sa.Integer, nullable=False),
    sa.Column("two_factor", sa.Boolean, nullable=False),
)

authenticator = sa.Table(
    "authenticator",
    metadata,
    sa.Column("account", sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
    sa.Column("encrypted_secret", sa.Text, nullable=False),
    sa.Column("last_time_step", sa.Integer, nullable=False),
)

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id"), nullable=False, index=True),
)

passkey = sa.Table(
    "passkey",
    metadata,
    sa.Column("credential", sa.LargeBinary, primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("last_challenge_at", sa.BigInteger, nullable=False),
    sa.Column("label", sa.String(60), nullable=False),
)

# Identities of another sign-in (OIDC): its issuer and its subject there, never the address.
identity = sa.Table(
    "identity",
    metadata,
    sa.Column("issuer", sa.String(255), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.UniqueConstraint("issuer", "account"),
)

# The audit log: a line of JSON each, never changed; each line holds the hash of the line before it.
audit_line = sa.Table(
    "audit_line",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)

# Invitations to a staff account: a link each, whose secret is known here by its hash alone.
staff_invitation = sa.Table(
    "staff_invitation",
    metadata,
    sa.Column("secret_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("place", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("language", sa.String(35), nullable=False),
    sa.Column("expires_on", sa.Date, nullable=False),
)

# What one coordinator has asked for, until another confirms it. `subject` is whom or what it is about: one at a time.
proposal = sa.Table(
    "proposal",
    metadata,
    sa.Column("key", sa.String(22), primary_key=True),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(254), nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("asked_by", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("expires_on", sa.Date, nullable=False),
    sa.UniqueConstraint("action", "subject"),
)

# A new way in for who has lost theirs: made (its secret known by its hash alone), taken; kept until the person has
# read that it was made. `previous_uniquifier` is what their sessions carried before.
password_reset = sa.Table(
    "password_reset",
    metadata,
    sa.Column("account", sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
    sa.Column("secret_hash", sa.LargeBinary(32), unique=True),
    sa.Column("expires_on", sa.Date, nullable=False),
    sa.Column("made_on", sa.Date, nullable=False),
    sa.Column("previous_uniquifier", sa.String(64), index=True),
)
