"""How far approvals bring a translation, class by class, and what withdraws them."""

from dataclasses import replace
from datetime import date

import pytest

from survey.domain.staff.translation_approvals import (
    Approval,
    ReadText,
    Wording,
    fingerprint,
    in_force,
    still_written_of,
)

DAY = date(2026, 9, 14)
OLD, NEW = "Next", "Go on"


def approval(account: int, role: str = "translator", turned: str = OLD, during: str | None = None) -> Approval:
    """An approval of a translation of "Nästa"."""
    return Approval("en", fingerprint("Nästa"), fingerprint(turned), account, role, "reviewed", DAY, during)


def text(
    review_class: str, *approvals: Approval, wordings: tuple[Wording, ...] = (), signed: str = "draft"
) -> ReadText:
    """The text "Nästa" with what was approved of it."""
    return ReadText("Nästa", OLD, signed, review_class, wordings=wordings, approvals=approvals)


def by(account: int, version: int = 1, words: str = NEW, over: str = OLD) -> Wording:
    """A wording that this person has written."""
    return Wording("en", fingerprint("Nästa"), version, words, fingerprint(over), account, "translator", DAY)


@pytest.mark.parametrize(
    ("review_class", "readers", "level"),
    [
        ("B", [], "draft"),
        ("B", [(1, "translator")], "reviewed"),
        ("C", [(1, "translator")], "reviewed"),
        ("C", [(1, "translator"), (2, "translator")], "approved"),
        ("D", [(1, "translator"), (2, "translator")], "reviewed"),
        ("D", [(1, "qualified_translator")], "approved"),
    ],
)
def test_a_class_asks_for_its_readers(review_class: str, readers: list[tuple[int, str]], level: str) -> None:
    assert text(review_class, *(approval(*each) for each in readers)).level == level


def test_one_person_who_approves_twice_is_one_reader() -> None:
    again = replace(approval(1), approved_on=date(2026, 9, 15))
    assert text("C", approval(1), again).level == "reviewed"


@pytest.mark.parametrize(
    ("review_class", "role"), [("B", "translator"), ("C", "translator"), ("D", "qualified_translator")]
)
def test_the_author_is_not_the_only_reader(review_class: str, role: str) -> None:
    own, other = approval(1, role, NEW), approval(2, "translator", NEW)
    assert text(review_class, own, wordings=(by(1),)).level == "draft"
    assert text(review_class, own, other, wordings=(by(1),)).level == "approved"


def test_residents_keep_the_old_wording_until_the_new_is_read() -> None:
    for review_class, needed in (("B", 2), ("C", 3)):
        own = [approval(account, turned=NEW) for account in range(1, needed + 1)]
        before = text(review_class, *own[:1], wordings=(by(1),))
        assert (before.turned, before.shown) == (NEW, OLD)
        assert text(review_class, *own, wordings=(by(1),)).shown == NEW


def test_approvals_of_another_wording_or_source_say_nothing() -> None:
    assert text("B", approval(2, turned="Forward")).level == "draft"
    changed = replace(text("B", approval(2)), source="Nästa fråga", approvals=())
    assert changed.level == "draft"


def test_the_catalogs_comments_count_but_are_no_second_person() -> None:
    assert text("C", signed="reviewed").level == "reviewed"
    assert text("C", approval(1), signed="reviewed").level == "reviewed"
    assert text("C", signed="approved").level == "approved"


def test_what_is_written_during_a_round_waits_for_its_end() -> None:
    rows = [approval(1), approval(2, during="host"), approval(3, during="var")]
    assert [each.account for each in in_force(rows, None)] == [1, 2, 3]
    assert [each.account for each in in_force(rows, "host")] == [1, 3]


@pytest.mark.parametrize(
    ("catalog", "standing"),
    [(OLD, [1, 2, 3]), ("Forward", []), ("", [1, 2, 3]), (NEW, [1, 2, 3]), ("Onward", [2, 3]), ("Ahead", [3])],
)
def test_a_wording_stands_beside_the_translation_that_it_was_written_of(catalog: str, standing: list[int]) -> None:
    written = [by(1), by(2, 2, "Onward"), by(1, 3, "Ahead")]
    assert [each.version for each in still_written_of(catalog, written)] == standing
