"""What a file or a form would change, told before it is kept; and the text of a file, however it was saved."""

from dataclasses import replace
from datetime import date

from survey.domain.place_changes import Change, change_faults, changes_of
from survey.domain.places import Place
from survey.domain.rounds import Round, beside

REGION, TOWN = Place("r", "Regionen", "region"), Place("k", "Kommunen", "municipality", "r")
UNIT = Place("e", "Enheten", "unit", "k")
KNOWN = [REGION, TOWN, UNIT]


def test_only_what_is_new_or_other_than_it_was_is_a_change() -> None:
    new, renamed = Place("f", "Filialen", "unit", "k", filial_of="e"), replace(TOWN, name="Staden")
    found = changes_of([REGION, renamed, new], KNOWN)
    assert found == [Change(renamed, TOWN), Change(new, None)]
    assert found[0].columns == (("namn", "Kommunen", "Staden"),)
    assert ("nivå", "", "enhet") in found[1].columns and ("filial_till", "", "e") in found[1].columns


def test_days_and_parents_are_shown_as_the_file_writes_them() -> None:
    ended = replace(UNIT, valid_to=date(2026, 9, 30), parent=None)
    assert Change(ended, UNIT).columns == (("hör_till", "k", ""), ("till", "", "2026-09-30"))


def test_a_change_is_tried_against_its_neighbours() -> None:
    assert change_faults(replace(UNIT, name="Annan"), KNOWN) == []
    assert change_faults(replace(TOWN, valid_to=date(2026, 1, 1)), KNOWN) == [
        "Enheten: platsen finns under en tid då ”k” inte finns."
    ]
    assert change_faults(replace(UNIT, name=""), KNOWN) == ["Namnet saknas."]
    assert change_faults(replace(UNIT, name="a\u200bb"), KNOWN) == [
        "Namn eller huvudman har tecken som inte går att läsa."
    ]


def test_a_round_beside_another() -> None:
    day = date(2026, 9, 1)
    rounds = [Round(key, key, day, day, 1, "v", "v", state=key) for key in ("draft", "opening", "open", "closed")]
    assert beside(rounds, "ny") == rounds[1] and beside(rounds[:2], "opening") is None
    assert beside(rounds, "ny", ("open",)) == rounds[2] and beside(rounds[::3], "ny") is None
