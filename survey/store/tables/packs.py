"""Tables of meeting packs. Frozen they are bytes that never change; the status of a decision may."""

import sqlalchemy as sa

from survey.store.tables.core import metadata

pack = sa.Table(
    "pack",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),  # counts changes, so that two at once don't overwrite each other
    sa.Column("edition", sa.ForeignKey("edition.number"), nullable=False),
    sa.Column("previous_pack", sa.ForeignKey("pack.id")),  # the earlier pack whose decisions are followed up
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("places", sa.Text, nullable=False),  # keys, a line each
    sa.Column("questions", sa.Text, nullable=False),
    sa.Column("introduction", sa.Text, nullable=False),
    # NULL in a draft.
    sa.Column("number", sa.Integer, unique=True),
    sa.Column("frozen_on", sa.Date),
    sa.Column("sha256", sa.String(64)),
    sa.Column("html", sa.LargeBinary),
    sa.Column("pdf", sa.LargeBinary),
)

pack_comment = sa.Table(
    "pack_comment",
    metadata,
    sa.Column("pack", sa.ForeignKey("pack.id"), primary_key=True),
    sa.Column("question", sa.String(40), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

pack_decision = sa.Table(
    "pack_decision",
    metadata,
    sa.Column("pack", sa.ForeignKey("pack.id"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("question", sa.String(40)),
)
