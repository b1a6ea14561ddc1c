"""Kiosks: devices that a unit has paired; how often a link was held; what a unit made of its result.

Revision ID: 20261203
Revises: 20261202
"""

import sqlalchemy as sa
from alembic import op

revision = "20261203"
down_revision = "20261202"


def upgrade() -> None:
    """Add the table and the functions."""
    op.create_table(
        "kiosk",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_kiosk_unit_place"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("pairing_hash", sa.LargeBinary(32)),
        sa.Column("pairs_until", sa.String(16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32)),
        sa.Column("contact", sa.String(13), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk"),
        sa.UniqueConstraint("token_hash", name="uq_kiosk_token_hash"),
    )
    op.create_table(
        "reflection",
        sa.Column("unit", sa.String(40), sa.ForeignKey("place.key", name="fk_reflection_unit_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_reflection_round_round"), nullable=False),
        sa.Column("thoughts", sa.Text, nullable=False),
        sa.Column("improvement", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("unit", "round", name="pk_reflection"),
    )
    op.add_column("batch", sa.Column("held", sa.Integer, nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        schema = str(op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())")))
        for function in (PAIR, ALIVE, HOLD):
            op.execute(function.replace("{schema}", schema))
        for name in ("pair_kiosk(bytea, bytea, text)", "kiosk_alive(bytea, text)", "hold_link(text, text, text)"):
            op.execute(f"REVOKE ALL ON FUNCTION {schema}.{name} FROM PUBLIC")


PAIR = """
CREATE FUNCTION {schema}.pair_kiosk(p_pairing bytea, p_token bytea, p_now text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    UPDATE kiosk SET token_hash = p_token, pairing_hash = NULL
    WHERE pairing_hash = p_pairing AND pairs_until >= p_now RETURNING unit
$$
"""

ALIVE = """
CREATE FUNCTION {schema}.kiosk_alive(p_token bytea, p_hour text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    UPDATE kiosk SET contact = p_hour WHERE token_hash = p_token
$$
"""

HOLD = """
CREATE FUNCTION {schema}.hold_link(p_round text, p_unit text, p_role text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    UPDATE batch SET held = held + 1
    WHERE batch.round = p_round AND place = p_unit AND role = p_role AND channel = 'open'
$$
"""
