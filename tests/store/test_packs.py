"""A frozen pack is never changed, by the model or by either database itself; what became of a decision may be told."""

from datetime import date

import pytest
from sqlalchemy import Engine

from survey.store.database.engine import DatabaseConflict, DatabaseFault, read_transaction, write_transaction
from survey.store.published import packs, resident_messages
from survey.store.published.packs import Pack, PackIsFrozen
from tests.store import rows

DAY = date(2026, 11, 13)


@pytest.fixture
def frozen(engine: Engine) -> Engine:
    """A pack "p" with a comment and a decision, frozen as number 11."""
    with write_transaction(engine) as connection:
        rows.fill(connection)
        draft = Pack("p", 0, 10, "a", "Möte", ("a", "b"), ("trygghet",), "", None, None, None)
        packs.add(connection, draft)
        packs.change(connection, "p", 0, introduction="Läs")
        packs.replace_comments(connection, "p", {"trygghet": "Bra"})
        packs.add_decision(connection, "p", text="Ringa", who="Alla", due_on=DAY)
        now = packs.get(connection, "p")
        assert now is not None and now.revision == 2 and now.places == ("a", "b")
        packs.freeze(connection, now, 11, sha256="b" * 64, html=b"x", pdf=None, on=DAY)
    return engine


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pack SET title = 'x' WHERE id = 'p'",
        "UPDATE pack SET sha256 = NULL WHERE id = 'p'",
        "DELETE FROM pack WHERE id = 'p'",
        "UPDATE pack_comment SET text = 'x' WHERE pack = 'p'",
        "DELETE FROM pack_comment WHERE pack = 'p'",
        "INSERT INTO pack_comment VALUES ('p', 'overblick', 'x')",
        "UPDATE pack_decision SET text = 'x' WHERE pack = 'p'",
        "UPDATE pack_decision SET due_on = NULL WHERE pack = 'p'",
        "UPDATE pack_decision SET question = 'trygghet' WHERE pack = 'p'",
        "DELETE FROM pack_decision WHERE pack = 'p'",
        "INSERT INTO pack_decision VALUES ('p', 2, 'x', 'x', NULL, 'open', '', NULL)",
    ],
)
def test_the_database_refuses(change: str, frozen: Engine) -> None:
    with pytest.raises(DatabaseFault), write_transaction(frozen) as connection:
        connection.exec_driver_sql(change)


def test_the_model_refuses(frozen: Engine) -> None:
    for change in (
        lambda connection: packs.change(connection, "p", 3, title="x"),
        lambda connection: packs.replace_comments(connection, "p", {}),
        lambda connection: packs.add_decision(connection, "p", text="x", who="x", due_on=None),
        lambda connection: packs.remove_decision(connection, "p", 1),
        lambda connection: packs.remove(connection, "p"),
    ):
        with pytest.raises(PackIsFrozen), write_transaction(frozen) as connection:
            change(connection)
    with read_transaction(frozen) as connection:
        assert packs.files(connection, "p") == (b"x", None)
        assert packs.comments(connection, "p") == {"trygghet": "Bra"}


def test_what_became_of_a_decision_is_told_afterwards(frozen: Engine) -> None:
    with write_transaction(frozen) as connection:
        assert packs.set_decision_status(connection, "p", 1, status="done", outcome="Klart")
        assert not packs.set_decision_status(connection, "p", 2, status="done", outcome="")
    with read_transaction(frozen) as connection:
        assert packs.decisions(connection, "p") == [packs.PackDecision(1, "Ringa", "Alla", DAY, "done", "Klart", None)]


def test_a_draft_goes_with_all_its_parts_and_two_changes_are_told_apart(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        rows.fill(connection)
        packs.add(connection, Pack("d", 0, 10, None, "Möte", ("a",), ("trygghet",), "", None, None, None))
        packs.change(connection, "d", 0, title="Ett")
        packs.add_decision(connection, "d", text="Ringa", who="Alla", due_on=None)
    with pytest.raises(DatabaseConflict), write_transaction(engine) as connection:
        packs.change(connection, "d", 0, title="Två")
    with write_transaction(engine) as connection:
        packs.remove(connection, "d")
        assert packs.get(connection, "d") is None and packs.decisions(connection, "d") == []


def test_what_residents_are_told_is_kept_once_and_forgotten_when_empty(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        rows.fill(connection)
        assert resident_messages.save(connection, "a", "a", "Vi ringer")
        assert not resident_messages.save(connection, "a", "a", "Vi ringer")
        assert [each.text for each in resident_messages.of_round(connection, "a")] == ["Vi ringer"]
        assert resident_messages.save(connection, "a", "a", "")
        assert resident_messages.of_round(connection, "a") == []
