"""Triggers that keep what is never changed: the audit log is only added to, and a frozen pack stays as it is."""

from alembic import op


def create() -> None:
    """Create the triggers, each database's own way."""
    if op.get_bind().dialect.name == "sqlite":
        for word in ("UPDATE", "DELETE"):
            op.execute(_LOG_ON_SQLITE.format(word=word))
        for name, (what, when) in _PACKS_ON_SQLITE.items():
            op.execute(_PACK_ON_SQLITE.format(name=name, what=what, when=when))
    else:
        op.execute(_LOG_ON_POSTGRES)
        op.execute(_PACKS_ON_POSTGRES)


_LOG_ON_SQLITE = """
CREATE TRIGGER audit_{word} BEFORE {word} ON audit_line
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END
"""
_LOG_ON_POSTGRES = """
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is only added to' USING ERRCODE = 'integrity_constraint_violation'; END
$$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_line
    FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();
"""
_FROZEN = "(SELECT sha256 FROM pack WHERE id = {row}.pack) IS NOT NULL"
_PACK_ON_SQLITE = """
CREATE TRIGGER {name} BEFORE {what} WHEN {when}
BEGIN SELECT RAISE(ABORT, 'a frozen pack is never changed'); END
"""
_PACKS_ON_SQLITE = {
    "pack_kept": ("UPDATE ON pack", "OLD.sha256 IS NOT NULL"),
    "pack_stays": ("DELETE ON pack", "OLD.sha256 IS NOT NULL"),
    "pack_comment_kept": ("UPDATE ON pack_comment", _FROZEN.format(row="OLD")),
    "pack_comment_stays": ("DELETE ON pack_comment", _FROZEN.format(row="OLD")),
    "pack_comment_late": ("INSERT ON pack_comment", _FROZEN.format(row="NEW")),
    "pack_decision_kept": (
        "UPDATE OF pack, n, text, who, due_on, question ON pack_decision",
        _FROZEN.format(row="OLD"),
    ),
    "pack_decision_stays": ("DELETE ON pack_decision", _FROZEN.format(row="OLD")),
    "pack_decision_late": ("INSERT ON pack_decision", _FROZEN.format(row="NEW")),
}
_PACKS_ON_POSTGRES = """
CREATE FUNCTION pack_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a frozen pack is never changed' USING ERRCODE = 'integrity_constraint_violation'; END
$$;
CREATE FUNCTION pack_part_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_pack text := CASE WHEN TG_OP = 'INSERT' THEN NEW.pack ELSE OLD.pack END;
BEGIN
    IF (SELECT sha256 FROM pack WHERE id = of_pack) IS NOT NULL THEN
        RAISE EXCEPTION 'a frozen pack is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER pack_kept BEFORE UPDATE OR DELETE ON pack FOR EACH ROW WHEN (OLD.sha256 IS NOT NULL)
    EXECUTE FUNCTION pack_kept();
CREATE TRIGGER pack_comment_kept BEFORE INSERT OR UPDATE OR DELETE ON pack_comment FOR EACH ROW
    EXECUTE FUNCTION pack_part_kept();
CREATE TRIGGER pack_decision_kept BEFORE INSERT OR DELETE OR UPDATE OF pack, n, text, who, due_on, question
    ON pack_decision FOR EACH ROW EXECUTE FUNCTION pack_part_kept();
"""
