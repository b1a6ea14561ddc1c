"""The tables, for every module of the store and for the migrations.

What is not here matters as much: no table holds a name, an address, a time or a sequence of a
respondent, and no row holds the answers to two questions. `tests/store/test_schema.py` fails when
such a column is added.
"""

import sqlalchemy as sa

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
    sa.CheckConstraint("threshold_patient >= 10 AND threshold_provider >= 5", name="thresholds"),
)

invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("unit", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("spent", sa.SmallInteger, nullable=False, server_default="0"),
)

# How many codes a unit has made for which way of handing them out; nothing of which, to whom or when.
handout = sa.Table(
    "handout",
    metadata,
    sa.Column("unit", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("role", sa.String(10), primary_key=True),
    sa.Column("way", sa.String(12), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False, server_default="0"),
)

# Messages that wait to be sent, sealed to the worker until then: whom they go to, and with which code, stands inside.
outgoing = sa.Table(
    "outgoing",
    metadata,
    sa.Column("id", sa.LargeBinary(16), primary_key=True),
    sa.Column("unit", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("way", sa.String(12), nullable=False),
    sa.Column("tries", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

spool = sa.Table(
    "spool",
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
    sa.Column("channel", sa.String(12), nullable=False),
    sa.Column("public_key", sa.LargeBinary(32), nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False, server_default="0"),
    sa.Column("repeats", sa.Integer, nullable=False, server_default="0"),
    sa.Column("counted", sa.Integer, nullable=False, server_default="0"),
    sa.Column("moved", sa.Integer, nullable=False, server_default="0"),
    sa.Column("destroyed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("held", sa.Integer, nullable=False, server_default="0"),
    sa.Column("equal_patterns", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("state", sa.String(10), nullable=False),
    sa.UniqueConstraint("round", "place", "role", "channel"),
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.LargeBinary(16), primary_key=True),
    sa.Column("batch", sa.ForeignKey("batch.id"), nullable=False, index=True),
    sa.Column("envelope", sa.LargeBinary, nullable=False),
)

seen = sa.Table(
    "seen",
    metadata,
    sa.Column("form_id_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
)

tally = sa.Table(
    "tally",
    metadata,
    sa.Column("place", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("role", sa.String(10), primary_key=True),
    sa.Column("channel", sa.String(12), primary_key=True),
    sa.Column("question", sa.String(24), primary_key=True),
    sa.Column("code", sa.String(12), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)

background_tally = sa.Table(
    "background_tally",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("grouping", sa.String(12), primary_key=True),
    sa.Column("group", sa.String(24), primary_key=True),
    sa.Column("question", sa.String(24), primary_key=True),
    sa.Column("code", sa.String(12), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)

edition = sa.Table(
    "edition",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("round", sa.ForeignKey("round.key"), nullable=False),
    sa.Column("published", sa.Date, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

# How much of a closed round would be hidden: counts of figures, as JSON, for who decides to publish it.
preview = sa.Table(
    "preview",
    metadata,
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

drawing = sa.Table(
    "drawing",
    metadata,
    sa.Column("edition", sa.ForeignKey("edition.number"), primary_key=True),
    sa.Column("place", sa.String(40), primary_key=True),
    sa.Column("chart", sa.String(40), primary_key=True),
    sa.Column("language", sa.String(20), primary_key=True),
    sa.Column("theme", sa.String(8), primary_key=True),
    sa.Column("svg", sa.LargeBinary, nullable=False),
)

# Devices that a unit has paired, and the hour in which each was last heard of: by its own clock, not by who uses it.
kiosk = sa.Table(
    "kiosk",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("unit", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("pairing_hash", sa.LargeBinary(32)),
    sa.Column("pairs_until", sa.String(16), nullable=False),
    sa.Column("token_hash", sa.LargeBinary(32), unique=True),
    sa.Column("contact", sa.String(13), nullable=False),
)

# A unit's own words on a published round.
reflection = sa.Table(
    "reflection",
    metadata,
    sa.Column("unit", sa.ForeignKey("place.key"), primary_key=True),
    sa.Column("round", sa.ForeignKey("round.key"), primary_key=True),
    sa.Column("thoughts", sa.Text, nullable=False),
    sa.Column("improvement", sa.Text, nullable=False),
)

# Staff accounts. The columns are those Flask-Security asks for; nothing of a respondent touches them.
person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("password", sa.String(255), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("fs_uniquifier", sa.String(64), nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("place", sa.ForeignKey("place.key"), nullable=False),
)

# Where staff are signed in, and what they show besides a password. Moments are whole minutes.
staff_session = sa.Table(
    "staff_session",
    metadata,
    sa.Column("mark_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("started", sa.Integer, nullable=False),
    sa.Column("used", sa.Integer, nullable=False),
    sa.Column("proved", sa.Integer, nullable=False),
    sa.Column("twofold", sa.Boolean, nullable=False),
)

authenticator = sa.Table(
    "authenticator",
    metadata,
    sa.Column("person", sa.ForeignKey("person.id"), primary_key=True, autoincrement=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
)

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False, index=True),
)

passkey = sa.Table(
    "passkey",
    metadata,
    sa.Column("credential", sa.LargeBinary, primary_key=True),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("issued", sa.BigInteger, nullable=False),
    sa.Column("label", sa.String(60), nullable=False),
)

# Whom another sign-in vouches for: its issuer and its subject there, never the address.
identity = sa.Table(
    "identity",
    metadata,
    sa.Column("issuer", sa.String(255), primary_key=True),
    sa.Column("subject", sa.String(255), primary_key=True),
    sa.Column("person", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.UniqueConstraint("issuer", "person"),
)

health = sa.Table(
    "health",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("ok", sa.Boolean, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
)

# What staff have done, a line of JSON each, never changed; each line holds the hash of the line before it.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)

# Who may make themselves a staff account with a link, whose secret is known here by its hash alone.
invite = sa.Table(
    "invite",
    metadata,
    sa.Column("secret_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("place", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("good_until", sa.Date, nullable=False),
)

# A staff account's other role or place, asked for by one coordinator until another confirms it.
role_change = sa.Table(
    "role_change",
    metadata,
    sa.Column("person", sa.ForeignKey("person.id"), primary_key=True, autoincrement=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("place", sa.ForeignKey("place.key"), nullable=False),
    sa.Column("asked_by", sa.ForeignKey("person.id"), nullable=False),
)

region_text = sa.Table(
    "region_text",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)
