"""Tables of languages: what translators have approved and written, what a round began with. Nothing of a respondent.

A text is named by the fingerprint of its Swedish words, a translation by its own: when either changes, what was said of
the old one no longer counts. `round` is the round in which units were being asked then; empty when there was none.
"""

import sqlalchemy as sa

from survey.store.tables.core import metadata

# The languages that residents could choose when a round was opened: they stay until it is over.
offered_language = sa.Table(
    "offered_language",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("language", sa.String(35), primary_key=True),
)

# Who has read a translation of a text and holds it for good: the account is there to tell two people apart.
text_approval = sa.Table(
    "text_approval",
    metadata,
    sa.Column("language", sa.String(35), primary_key=True),
    sa.Column("source_hash", sa.String(64), primary_key=True),
    sa.Column("translation_hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.ForeignKey("account.id"), primary_key=True, autoincrement=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("level", sa.String(10), nullable=False),
    sa.Column("approved_on", sa.Date, nullable=False),
    sa.Column("round", sa.ForeignKey("round.key")),
)

# A wording that somebody has written in place of the catalog's of that time, in every version.
proposed_wording = sa.Table(
    "proposed_wording",
    metadata,
    sa.Column("language", sa.String(35), primary_key=True),
    sa.Column("source_hash", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("wording", sa.Text, nullable=False),
    sa.Column("catalog_hash", sa.String(64), nullable=False),
    sa.Column("account", sa.ForeignKey("account.id"), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("proposed_on", sa.Date, nullable=False),
    sa.Column("round", sa.ForeignKey("round.key")),
)
