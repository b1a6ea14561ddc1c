"""A form id is ours, for one unit, round and role, and as wide as all others."""

from base64 import urlsafe_b64decode

import pytest

from survey.sealing.intake import form_ids

SECRET = "s" * 40


def test_form_ids_are_valid_where_they_were_drawn_and_never_alike() -> None:
    drawn = {form_ids.issue_form_id(SECRET, "ett", "r1", "patient") for _ in range(500)}
    assert len(drawn) == 500
    assert {len(each) for each in drawn} == {form_ids.WIDTH}
    assert all(form_ids.is_valid(SECRET, each, "ett", "r1", "patient") for each in drawn)


@pytest.mark.parametrize(
    ("secret", "unit", "round_", "role"),
    [
        ("t" * 40, "ett", "r1", "patient"),
        (SECRET, "tva", "r1", "patient"),
        (SECRET, "ett", "r2", "patient"),
        (SECRET, "ett", "r1", "provider"),
        (SECRET, "ett\nr1", "", "patient"),
    ],
)
def test_a_form_id_is_good_for_nothing_else(secret: str, unit: str, round_: str, role: str) -> None:
    form_id = form_ids.issue_form_id(SECRET, "ett", "r1", "patient")
    assert not form_ids.is_valid(secret, form_id, unit, round_, role)


def test_a_made_up_or_changed_form_id_is_refused() -> None:
    form_id = form_ids.issue_form_id(SECRET, "ett", "r1", "patient")
    other = "0" if form_id[0] != "0" else "1"
    for wrong in (
        "",
        ".",
        "x" * form_ids.WIDTH,
        other + form_id[1:],
        form_id[:-1],
        form_id + "a",
        "å" * form_ids.WIDTH,
    ):
        assert not form_ids.is_valid(SECRET, wrong, "ett", "r1", "patient")


def test_a_form_id_has_one_spelling_so_that_it_counts_once() -> None:
    form_id = form_ids.issue_form_id(SECRET, "ett", "r1", "patient")
    signature = form_id[form_ids.WIDTH - 43 :]
    alike = [
        form_id[:-1] + sign
        for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        if urlsafe_b64decode(signature[:-1] + sign + "=") == urlsafe_b64decode(signature + "=")
    ]
    assert len(alike) == 4
    assert [each for each in alike if form_ids.is_valid(SECRET, each, "ett", "r1", "patient")] == [form_id]
