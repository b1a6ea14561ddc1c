"""Functions that PostgreSQL runs for the parts' accounts, which have no right to the tables behind them.

Each runs with its owner's rights. What `accept` refuses, it refuses before a value can reach a log.
"""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create the functions, which nobody may call until they are granted."""
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = str(op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())")))
    for function in (ACCEPT, ACCEPT_PAPER, PAIR, ALIVE, NOT_USED, THROTTLE, TAKE_TURN):
        op.execute(function.replace("{schema}", schema))
    for name in ("accept", "accept_paper", "pair_kiosk", "kiosk_alive", "unused_forms", "throttle_link", "take_turn"):
        op.execute(f"REVOKE ALL ON FUNCTION {schema}.{name} FROM PUBLIC")


# The same steps as `survey.store.answers.submissions` takes on SQLite. A first try does each step of a second one: else
# the time that it takes would tell a fresh code from a spent one.
ACCEPT = """
CREATE FUNCTION {schema}.accept(
    p_round text, p_unit text, p_role text, p_mode text, p_code_hash bytea, p_form_id_hash bytea,
    p_batch text, p_envelope_id bytea, p_envelope bytea,
    p_background_batch text, p_background_id bytea, p_background_envelope bytea
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    first integer;
    changed integer;
    spare bytea;
BEGIN
    IF p_batch IS NULL OR p_envelope_id IS NULL OR p_envelope IS NULL
        OR (p_mode = 'invited') IS DISTINCT FROM (p_code_hash IS NOT NULL)
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
            AND role = p_role AND collection_mode = p_mode AND state = 'open')
        OR p_background_batch IS NOT NULL AND NOT EXISTS (SELECT FROM batch WHERE id = p_background_batch
            AND batch.round = p_round AND role = p_role AND collection_mode = 'bg-' || p_mode AND state = 'open')
    THEN
        RETURN 'closed';
    END IF;
    IF p_code_hash IS NOT NULL THEN
        UPDATE access_code SET spent = 1 WHERE code_hash = p_code_hash AND unit = p_unit
            AND access_code.round = p_round AND role = p_role AND spent = 0;
        GET DIAGNOSTICS first = ROW_COUNT;
        IF NOT EXISTS (SELECT FROM access_code WHERE code_hash = p_code_hash
            AND unit = p_unit AND access_code.round = p_round AND role = p_role)
        THEN
            RETURN 'unknown';
        END IF;
    ELSE
        INSERT INTO used_form_id (form_id_hash, round) VALUES (p_form_id_hash, p_round) ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS first = ROW_COUNT;
    END IF;
    INSERT INTO envelope (id, batch, sealed)
        SELECT * FROM (VALUES (p_envelope_id, p_batch, p_envelope),
            (p_background_id, p_background_batch, p_background_envelope)) AS given (id, batch, sealed)
        WHERE id IS NOT NULL ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> 1 + (p_background_id IS NOT NULL)::integer THEN
        RAISE EXCEPTION 'accept: an id is taken';
    END IF;
    -- What a second try brought is taken out again; a first one looks for as much that is not there.
    spare := CASE first WHEN 0 THEN ''::bytea ELSE '\\x00'::bytea END;
    DELETE FROM envelope WHERE id IN (p_envelope_id || spare, p_background_id || spare);
    -- One after the other, always in this order: two senders never wait for each other in a ring.
    UPDATE batch SET accepted = accepted + first, duplicates = duplicates + 1 - first WHERE id = p_batch;
    UPDATE batch SET accepted = accepted + first WHERE id = p_background_batch;
    RETURN CASE first WHEN 0 THEN 'repeated' ELSE 'accepted' END;
END
$$
"""

# The staff key in what is on paper: with a code they could ask which have been spent.
ACCEPT_PAPER = """
CREATE FUNCTION {schema}.accept_paper(
    p_round text, p_unit text, p_role text, p_mode text, p_code_hash bytea, p_form_id_hash bytea,
    p_batch text, p_envelope_id bytea, p_envelope bytea,
    p_background_batch text, p_background_id bytea, p_background_envelope bytea
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    IF p_mode IS DISTINCT FROM 'paper' THEN
        RAISE EXCEPTION 'accept_paper: not on paper';
    END IF;
    RETURN accept(p_round, p_unit, p_role, p_mode, p_code_hash, p_form_id_hash, p_batch, p_envelope_id, p_envelope,
        p_background_batch, p_background_id, p_background_envelope);
END
$$
"""

PAIR = """
CREATE FUNCTION {schema}.pair_kiosk(p_pairing bytea, p_token bytea, p_now text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    UPDATE kiosk SET token_hash = p_token, pairing_hash = NULL
    WHERE pairing_hash = p_pairing AND pairing_expires >= p_now RETURNING unit
$$
"""

ALIVE = """
CREATE FUNCTION {schema}.kiosk_alive(
    p_token bytea, p_hour text, p_waiting integer, p_late integer, p_persisted boolean, p_version text
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    UPDATE kiosk SET last_contact_hour = p_hour, waiting = p_waiting, late = greatest(late, p_late),
        persisted = p_persisted, version = p_version
    WHERE token_hash = p_token
$$
"""

NOT_USED = """
CREATE FUNCTION {schema}.unused_forms(p_hashes bytea[]) RETURNS SETOF bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    SELECT asked FROM unnest(p_hashes) AS asked
    WHERE NOT EXISTS (SELECT FROM used_form_id WHERE form_id_hash = asked)
$$
"""

THROTTLE = """
CREATE FUNCTION {schema}.throttle_link(p_round text, p_unit text, p_role text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    UPDATE batch SET throttled = throttled + 1
    WHERE batch.round = p_round AND place = p_unit AND role = p_role AND collection_mode = 'open'
$$
"""

# To lock a table one would need a right to change its rows; these are only added to.
TAKE_TURN = """
CREATE FUNCTION {schema}.take_turn(p_table text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
BEGIN
    IF p_table NOT IN ('audit_line', 'activity', 'decision', 'event', 'target', 'measurement', 'population') THEN
        RAISE EXCEPTION 'take_turn: no turns are taken there';
    END IF;
    EXECUTE format('LOCK TABLE {schema}.%I IN SHARE ROW EXCLUSIVE MODE', p_table);
END
$$
"""
