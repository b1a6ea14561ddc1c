"""Tables of an answer while its round is open, and of its counts afterwards. Never who, when or in which order."""

import sqlalchemy as sa

from survey.domain.disclosure.noised import THREE
from survey.domain.questions.answer_scale import TOLD_APART
from survey.store.tables.core import metadata


def _under_way() -> tuple[sa.Column[int], ...]:
    """Return the columns of a waiting message; the times are minutes, of sending alone, and go with the message."""
    return (
        sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("refusals", sa.SmallInteger, nullable=False, server_default="0"),
        sa.Column("not_before", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_until", sa.Integer, nullable=False, server_default="0"),
    )


access_code = sa.Table(
    "access_code",
    metadata,
    sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("unit", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("spent", sa.SmallInteger, nullable=False, server_default="0"),
)

# Counts of a unit's codes by channel; nothing of which, to whom or when.
issued_codes = sa.Table(
    "issued_codes",
    metadata,
    sa.Column("unit", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("role", sa.String(10), primary_key=True),
    sa.Column("channel", sa.String(12), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False, server_default="0"),
    sa.Column("stopped", sa.Integer, nullable=False, server_default="0"),
    sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
)

# How many residents have answered at a unit, in tens, as it was on that day; paper left out.
progress = sa.Table(
    "progress",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("unit", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("tens", sa.Integer, nullable=False),
    sa.Column("taken", sa.Date, nullable=False),
)

# How far a closing has come, in tenths of its envelopes; gone when the round is closed.
closing_progress = sa.Table(
    "closing_progress",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("tenths", sa.SmallInteger, nullable=False),
)

# Messages that wait to be sent, sealed to the worker until then: whom they go to, and with which code, stands inside.
outbox_message = sa.Table(
    "outbox_message",
    metadata,
    sa.Column("id", sa.LargeBinary(16), primary_key=True),
    sa.Column("unit", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("channel", sa.String(12), nullable=False),
    *_under_way(),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

# Halted transports: the fault, the hour it began, and the minute of the next try.
halted_transport = sa.Table(
    "halted_transport",
    metadata,
    sa.Column("channel", sa.String(12), primary_key=True),
    sa.Column("fault", sa.String(12), nullable=False),
    sa.Column("reply", sa.String(24), nullable=False),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    sa.Column("not_before", sa.Integer, nullable=False),
    sa.Column("began", sa.Integer, nullable=False),
)

outbox_key = sa.Table(
    "outbox_key",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("public_key", sa.LargeBinary(32), nullable=False),
)

batch = sa.Table(
    "batch",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("place", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("collection_mode", sa.String(12), nullable=False),
    sa.Column("public_key", sa.LargeBinary(32), nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False, server_default="0"),
    sa.Column("duplicates", sa.Integer, nullable=False, server_default="0"),
    sa.Column("counted", sa.Integer, nullable=False, server_default="0"),
    sa.Column("pooled", sa.Integer, nullable=False, server_default="0"),
    sa.Column("destroyed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("throttled", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.String(10), nullable=False),
    sa.UniqueConstraint("round", "place", "role", "collection_mode"),
)

envelope = sa.Table(
    "envelope",
    metadata,
    sa.Column("id", sa.LargeBinary(16), primary_key=True),
    sa.Column("batch", sa.ForeignKey("batch.id"), nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

used_form_id = sa.Table(
    "used_form_id",
    metadata,
    sa.Column("form_id_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
)

# Numbers of answers, by the place where they were opened: never their content.
answer_count = sa.Table(
    "answer_count",
    metadata,
    sa.Column("place", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("role", sa.String(10), primary_key=True),
    sa.Column("collection_mode", sa.String(12), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)


def _figures() -> list[sa.Column[int]]:
    always = [sa.Column(name, sa.Integer, nullable=False) for name in THREE]
    return [*always, *(sa.Column(code, sa.Integer) for code in TOLD_APART)]


# What they answered, with noise and signed: no exact count is ever written. `part`: all of a place, its rest or a
# collection mode.
tally = sa.Table(
    "tally",
    metadata,
    sa.Column("place", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("part", sa.String(12), primary_key=True),
    sa.Column("role", sa.String(10), primary_key=True),
    sa.Column("question", sa.String(24), primary_key=True),
    *_figures(),
)

# Weighted sums over the units that have a crowd on both sides, with noise.
matched_tally = sa.Table(
    "matched_tally",
    metadata,
    sa.Column("place", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("role", sa.String(10), primary_key=True),
    sa.Column("question", sa.String(24), primary_key=True),
    sa.Column("yes", sa.BigInteger, nullable=False),
    sa.Column("not_yes", sa.BigInteger, nullable=False),
    sa.Column("heaviest", sa.Integer, nullable=False),
)

background_tally = sa.Table(
    "background_tally",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("grouping", sa.String(12), primary_key=True),
    sa.Column("group", sa.String(24), primary_key=True),
    sa.Column("question", sa.String(24), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
    *_figures()[: len(THREE)],
)
