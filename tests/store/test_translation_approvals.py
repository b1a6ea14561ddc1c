"""What translators approve and write, on both databases: once each, in order, and told as news."""

from datetime import date

import pytest
from sqlalchemy import Engine

from survey.domain.rounds.lifecycle import STATES
from survey.domain.staff.translation_approvals import Approval, Wording, fingerprint
from survey.store.core import rounds
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.staff import accounts, translation_approvals
from tests import factories

DAY = date(2026, 9, 14)


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """A database with a translator and a round that is open."""
    with write_transaction(engine) as connection:
        factories.furnish(connection, (), factories.make_round("host-2026"))
        factories.step_to(connection, "host-2026", "open")
        accounts.add_account(connection, "tua@region.example", "x", "translator", factories.REGION, language="so")
    return engine


def approval(me: int) -> Approval:
    return Approval("so", fingerprint("Nästa"), fingerprint("Xiga"), me, "translator", "reviewed", DAY, "host-2026")


def wording(me: int, version: int) -> Wording:
    return Wording("so", fingerprint("Nästa"), version, f"Xiga {version}", fingerprint(""), me, "translator", DAY)


def test_what_is_stored_comes_back_and_is_news(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        me = accounts.accounts(connection)[0].id
        before = translation_approvals.news(connection)
        translation_approvals.approve(connection, approval(me))
        for version in (2, 1):
            translation_approvals.propose(connection, wording(me, version))
    with read_transaction(furnished) as connection:
        assert translation_approvals.of_language(connection, "so") == ([approval(me)], [wording(me, 1), wording(me, 2)])
        assert translation_approvals.of_language(connection, "ar") == ([], [])
        assert translation_approvals.everything(connection) == translation_approvals.of_language(connection, "so")
        # what is approved while units are asked is none until they no longer are
        assert translation_approvals.news(connection) == (before.approvals, before.wordings + 2, "host-2026")
        assert translation_approvals.asking_round(connection) == "host-2026"
    with write_transaction(furnished) as connection:
        for state in STATES[STATES.index("open") + 1 : STATES.index("closed") + 1]:
            rounds.set_state(connection, "host-2026", state)
        assert translation_approvals.news(connection) == (before.approvals + 1, before.wordings + 2, None)


def test_the_same_is_neither_approved_nor_written_twice(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        me = accounts.accounts(connection)[0].id
        translation_approvals.approve(connection, approval(me))
        translation_approvals.propose(connection, wording(me, 1))
    with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
        translation_approvals.approve(connection, approval(me))
    with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
        translation_approvals.propose(connection, wording(me, 1))


def test_a_language_goes_with_a_translator_and_with_nobody_else(furnished: Engine) -> None:
    for role, language in (("translator", ""), ("followup", "so")):
        with pytest.raises(ValueError, match="language"), write_transaction(furnished) as connection:
            accounts.add_account(connection, "x@region.example", "x", role, factories.REGION, language=language)
