"""What residents are told of a round; meeting packs, their comments and their decisions.

Revision ID: 20261205
Revises: 20261204
"""

import sqlalchemy as sa
from alembic import op

revision = "20261205"
down_revision = "20261204"

_FROZEN = "(SELECT sha256 FROM pack WHERE id = {row}.pack) IS NOT NULL"
_SQLITE = """
CREATE TRIGGER {name} BEFORE {what} WHEN {when}
BEGIN SELECT RAISE(ABORT, 'a frozen pack is never changed'); END
"""
_ON_SQLITE = {
    "pack_kept": ("UPDATE ON pack", "OLD.sha256 IS NOT NULL"),
    "pack_stays": ("DELETE ON pack", "OLD.sha256 IS NOT NULL"),
    "pack_comment_kept": ("UPDATE ON pack_comment", _FROZEN.format(row="OLD")),
    "pack_comment_stays": ("DELETE ON pack_comment", _FROZEN.format(row="OLD")),
    "pack_comment_late": ("INSERT ON pack_comment", _FROZEN.format(row="NEW")),
    "pack_decision_kept": ("UPDATE OF pack, n, decided, who, due ON pack_decision", _FROZEN.format(row="OLD")),
    "pack_decision_stays": ("DELETE ON pack_decision", _FROZEN.format(row="OLD")),
    "pack_decision_late": ("INSERT ON pack_decision", _FROZEN.format(row="NEW")),
}
_POSTGRES = """
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
CREATE TRIGGER pack_decision_kept BEFORE INSERT OR DELETE OR UPDATE OF pack, n, decided, who, due ON pack_decision
    FOR EACH ROW EXECUTE FUNCTION pack_part_kept();
"""


def upgrade() -> None:
    """Add the tables, and keep what is frozen as it is."""
    op.create_table(
        "told_back",
        sa.Column("place", sa.String(40), sa.ForeignKey("place.key", name="fk_told_back_place_place"), nullable=False),
        sa.Column("round", sa.String(40), sa.ForeignKey("round.key", name="fk_told_back_round_round"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", "round", name="pk_told_back"),
    )
    op.create_table(
        "pack",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column(
            "edition", sa.Integer, sa.ForeignKey("edition.number", name="fk_pack_edition_edition"), nullable=False
        ),
        sa.Column("follows", sa.String(32), sa.ForeignKey("pack.id", name="fk_pack_follows_pack")),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("introduction", sa.Text, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("frozen", sa.Date),
        sa.Column("sha256", sa.String(64)),
        sa.Column("html", sa.LargeBinary),
        sa.Column("pdf", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_pack"),
        sa.UniqueConstraint("number", name="uq_pack_number"),
    )
    op.create_table(
        "pack_comment",
        sa.Column("pack", sa.String(32), sa.ForeignKey("pack.id", name="fk_pack_comment_pack_pack"), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pack", "question", name="pk_pack_comment"),
    )
    op.create_table(
        "pack_decision",
        sa.Column("pack", sa.String(32), sa.ForeignKey("pack.id", name="fk_pack_decision_pack_pack"), nullable=False),
        sa.Column("n", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("pack", "n", name="pk_pack_decision"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, (what, when) in _ON_SQLITE.items():
            op.execute(_SQLITE.format(name=name, what=what, when=when))
    else:
        op.execute(_POSTGRES)
