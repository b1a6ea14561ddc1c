"""Tables of other installations whose public editions are gathered here, and of those editions as they came."""

import sqlalchemy as sa

from survey.store.tables.core import metadata

# An installation whose key people have compared. `serial`: of its newest listing;
# `refused`: why the last gathering was.
source = sa.Table(
    "source",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("public_key", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("serial", sa.Integer, nullable=False),
    sa.Column("gathered_on", sa.Date),
    sa.Column("refused", sa.String(24), nullable=False),
)

gathered_edition = sa.Table(
    "gathered_edition",
    metadata,
    sa.Column("source", sa.ForeignKey("source.key"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("round", sa.String(40), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("gathered_on", sa.Date, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("signature", sa.LargeBinary(64), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
