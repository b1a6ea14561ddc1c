"""The ground: places, rounds, the seal's tables, counts, editions, staff accounts; on PostgreSQL the way in.

Revision ID: 20261122
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122"
down_revision = None


def upgrade() -> None:
    """Make every table, and on PostgreSQL the function through which answers come in."""
    _places_and_rounds()
    _the_seal()
    _what_was_counted()
    _what_is_published()
    _staff_and_health()
    if op.get_bind().dialect.name == "postgresql":
        schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
        op.execute(ACCEPT.replace("{schema}", str(schema)))
        op.execute(f"REVOKE ALL ON FUNCTION {schema}.accept FROM PUBLIC")


def _text(name: str, length: int, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=default)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}")


def _places_and_rounds() -> None:
    op.create_table(
        "place",
        _text("key", 40),
        _text("name", 120),
        _text("level", 20),
        _text("parent", 40, nullable=True),
        _text("huvudman", 120),
        _text("hsa_id", 31),
        _text("filial_of", 40, nullable=True),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        _text("merged_into", 40, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_place"),
        *(_refers("place", column, "place.key") for column in ("parent", "filial_of", "merged_into")),
    )
    op.create_table(
        "round",
        _text("key", 40),
        _text("name", 80),
        sa.Column("opens", sa.Date, nullable=False),
        sa.Column("closes", sa.Date, nullable=False),
        _number("grace_days"),
        _text("version_patient", 40),
        _text("version_provider", 40),
        _number("threshold_patient"),
        _number("threshold_provider"),
        sa.Column("open_link", sa.Boolean, nullable=False),
        _text("state", 20),
        sa.PrimaryKeyConstraint("key", name="pk_round"),
        sa.CheckConstraint("threshold_patient >= 10 AND threshold_provider >= 5", name=op.f("ck_round_thresholds")),
    )


def _the_seal() -> None:
    op.create_table(
        "invitation",
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        _text("unit", 40),
        _text("round", 40),
        _text("role", 10),
        sa.Column("spent", sa.SmallInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_invitation"),
        _refers("invitation", "unit", "place.key"),
        _refers("invitation", "round", "round.key"),
    )
    op.create_table(
        "batch",
        _text("id", 32),
        _text("place", 40),
        _text("round", 40),
        _text("role", 10),
        _text("channel", 12),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        *(_number(name, "0") for name in ("accepted", "repeats", "counted", "moved", "destroyed")),
        sa.Column("equal_patterns", sa.Boolean, nullable=False, server_default=sa.false()),
        _text("state", 10),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sa.UniqueConstraint("round", "place", "role", "channel", name="uq_batch_round_place_role_channel"),
        _refers("batch", "place", "place.key"),
        _refers("batch", "round", "round.key"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        _text("batch", 32),
        sa.Column("envelope", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        _refers("inbox", "batch", "batch.id"),
    )
    op.create_index("ix_inbox_batch", "inbox", ["batch"])
    op.create_table(
        "seen",
        sa.Column("form_id_hash", sa.LargeBinary(32), nullable=False),
        _text("round", 40),
        sa.PrimaryKeyConstraint("form_id_hash", name="pk_seen"),
        _refers("seen", "round", "round.key"),
    )


def _what_was_counted() -> None:
    keys = {"place": 40, "round": 40, "role": 10, "channel": 12, "question": 24, "code": 12}
    op.create_table(
        "tally",
        *(_text(name, length) for name, length in keys.items()),
        _number("n"),
        sa.PrimaryKeyConstraint(*keys, name="pk_tally"),
        _refers("tally", "place", "place.key"),
        _refers("tally", "round", "round.key"),
    )
    keys = {"round": 40, "grouping": 12, "group": 24, "question": 24, "code": 12}
    op.create_table(
        "background_tally",
        *(_text(name, length) for name, length in keys.items()),
        _number("n"),
        sa.PrimaryKeyConstraint(*keys, name="pk_background_tally"),
        _refers("background_tally", "round", "round.key"),
    )


def _what_is_published() -> None:
    op.create_table(
        "edition",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        _text("round", 40),
        sa.Column("published", sa.Date, nullable=False),
        _text("sha256", 64),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_edition"),
        _refers("edition", "round", "round.key"),
    )
    keys = {"place": 40, "chart": 40, "language": 20, "theme": 8}
    op.create_table(
        "drawing",
        _number("edition"),
        *(_text(name, length) for name, length in keys.items()),
        sa.Column("svg", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("edition", *keys, name="pk_drawing"),
        _refers("drawing", "edition", "edition.number"),
    )


def _staff_and_health() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, nullable=False),
        _text("email", 254),
        _text("password", 255),
        sa.Column("active", sa.Boolean, nullable=False),
        _text("fs_uniquifier", 64),
        _text("role", 20),
        _text("place", 40),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_person_fs_uniquifier"),
        _refers("person", "place", "place.key"),
    )
    op.create_table(
        "health",
        _text("name", 40),
        sa.Column("ok", sa.Boolean, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_health"),
    )


# The same steps as `survey.store.answers.submissions` takes on SQLite. It runs with its owner's rights, so that the
# resident part needs none on the tables; what it refuses, it refuses before values can reach a log.
ACCEPT = """
CREATE FUNCTION {schema}.accept(
    p_round text, p_unit text, p_role text, p_channel text, p_code_hash bytea, p_form_id_hash bytea,
    p_batch text, p_envelope_id bytea, p_envelope bytea,
    p_background_batch text, p_background_id bytea, p_background_envelope bytea
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    changed integer;
BEGIN
    IF p_batch IS NULL OR p_envelope_id IS NULL OR p_envelope IS NULL
        OR (p_channel = 'invited') IS DISTINCT FROM (p_code_hash IS NOT NULL)
        OR (p_code_hash IS NULL) IS DISTINCT FROM (p_form_id_hash IS NOT NULL)
        OR (p_role = 'patient') IS DISTINCT FROM (p_background_batch IS NOT NULL)
        OR (p_background_batch IS NULL) IS DISTINCT FROM (p_background_id IS NULL)
        OR (p_background_batch IS NULL) IS DISTINCT FROM (p_background_envelope IS NULL)
    THEN
        RAISE EXCEPTION 'accept: the parts do not belong together';
    END IF;
    PERFORM 1 FROM round WHERE key = p_round AND state = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RETURN 'closed';
    END IF;
    IF NOT EXISTS (SELECT FROM batch WHERE id = p_batch AND place = p_unit AND batch.round = p_round
            AND role = p_role AND channel = p_channel AND state = 'open')
        OR p_background_batch IS NOT NULL AND NOT EXISTS (SELECT FROM batch WHERE id = p_background_batch
            AND batch.round = p_round AND role = p_role AND channel = 'bg-' || p_channel AND state = 'open')
    THEN
        RETURN 'closed';
    END IF;
    IF p_code_hash IS NOT NULL THEN
        UPDATE invitation SET spent = 1 WHERE code_hash = p_code_hash AND unit = p_unit
            AND invitation.round = p_round AND role = p_role AND spent = 0;
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed = 0 AND NOT EXISTS (SELECT FROM invitation WHERE code_hash = p_code_hash
            AND unit = p_unit AND invitation.round = p_round AND role = p_role)
        THEN
            RETURN 'unknown';
        END IF;
    ELSE
        INSERT INTO seen (form_id_hash, round) VALUES (p_form_id_hash, p_round) ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS changed = ROW_COUNT;
    END IF;
    IF changed = 0 THEN
        UPDATE batch SET repeats = repeats + 1 WHERE id = p_batch;
        RETURN 'repeated';
    END IF;
    INSERT INTO inbox (id, batch, envelope)
        SELECT * FROM (VALUES (p_envelope_id, p_batch, p_envelope),
            (p_background_id, p_background_batch, p_background_envelope)) AS sealed (id, batch, envelope)
        WHERE id IS NOT NULL ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> 1 + (p_background_id IS NOT NULL)::integer THEN
        RAISE EXCEPTION 'accept: an id is taken';
    END IF;
    -- One after the other, always in this order: two senders never wait for each other in a ring.
    UPDATE batch SET accepted = accepted + 1 WHERE id = p_batch;
    UPDATE batch SET accepted = accepted + 1 WHERE id = p_background_batch;
    RETURN 'accepted';
END
$$
"""
