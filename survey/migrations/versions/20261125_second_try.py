"""A second try costs the database what a first one does: the time of a reply must not tell who has answered.

On PostgreSQL alone, where the way in is a function; `survey.store.answers.submissions` does the same on SQLite.

Revision ID: 20261125
Revises: 20261122
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125"
down_revision = "20261122"


def upgrade() -> None:
    """Put the new function in the place of the old one; who may call it stays."""
    if op.get_bind().dialect.name == "postgresql":
        schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
        op.execute(ACCEPT.replace("{schema}", str(schema)))


ACCEPT = """
CREATE OR REPLACE FUNCTION {schema}.accept(
    p_round text, p_unit text, p_role text, p_channel text, p_code_hash bytea, p_form_id_hash bytea,
    p_batch text, p_envelope_id bytea, p_envelope bytea,
    p_background_batch text, p_background_id bytea, p_background_envelope bytea
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    first integer;
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
        GET DIAGNOSTICS first = ROW_COUNT;
        IF first = 0 AND NOT EXISTS (SELECT FROM invitation WHERE code_hash = p_code_hash
            AND unit = p_unit AND invitation.round = p_round AND role = p_role)
        THEN
            RETURN 'unknown';
        END IF;
    ELSE
        INSERT INTO seen (form_id_hash, round) VALUES (p_form_id_hash, p_round) ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS first = ROW_COUNT;
    END IF;
    INSERT INTO inbox (id, batch, envelope)
        SELECT * FROM (VALUES (p_envelope_id, p_batch, p_envelope),
            (p_background_id, p_background_batch, p_background_envelope)) AS sealed (id, batch, envelope)
        WHERE id IS NOT NULL ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> 1 + (p_background_id IS NOT NULL)::integer THEN
        RAISE EXCEPTION 'accept: an id is taken';
    END IF;
    IF first = 0 THEN
        DELETE FROM inbox WHERE id IN (p_envelope_id, p_background_id);
    END IF;
    -- One after the other, always in this order: two senders never wait for each other in a ring.
    UPDATE batch SET accepted = accepted + first, repeats = repeats + 1 - first WHERE id = p_batch;
    UPDATE batch SET accepted = accepted + first WHERE id = p_background_batch;
    RETURN CASE first WHEN 0 THEN 'repeated' ELSE 'accepted' END;
END
$$
"""
