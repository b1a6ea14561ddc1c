"""What a file or a form would change, told before it is kept; and the text of a file, however it was saved."""

from dataclasses import replace
from datetime import date

import pytest

from survey.domain.place_changes import PlaceChange, change_faults, changes_of, combined_faults
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round, concurrent_round
from survey.domain.text.fault import Fault
from tests.factories import make_round

REGION, TOWN = Place("r", "Regionen", "region"), Place("k", "Kommunen", "municipality", "r")
UNIT = Place("e", "Enheten", "unit", "k")
KNOWN = [REGION, TOWN, UNIT]


def test_only_what_is_new_or_other_than_it_was_is_a_change() -> None:
    new, renamed = Place("f", "Filialen", "unit", "k", filial_of="e"), replace(TOWN, name="Staden")
    found = changes_of([REGION, renamed, new], KNOWN)
    assert found == [PlaceChange(renamed, TOWN), PlaceChange(new, None)]
    assert found[0].columns == (("namn", "Kommunen", "Staden"),)
    assert ("nivå", "", "enhet") in found[1].columns and ("filial_till", "", "e") in found[1].columns


def test_days_and_parents_are_shown_as_the_file_writes_them() -> None:
    ended = replace(UNIT, valid_to=date(2026, 9, 30), parent=None)
    assert PlaceChange(ended, UNIT).columns == (("hör_till", "k", ""), ("till", "", "2026-09-30"))


def test_a_change_is_tried_against_its_neighbours() -> None:
    assert change_faults(replace(UNIT, name="Annan"), KNOWN) == []
    assert change_faults(replace(TOWN, valid_to=date(2026, 1, 1)), KNOWN) == [
        Fault("at_another_place", name="Enheten", fault=Fault("outlives_parent", key="k"))
    ]
    assert change_faults(replace(UNIT, name=""), KNOWN) == [Fault("no_name")]
    assert change_faults(replace(UNIT, name="a\u200bb"), KNOWN) == [Fault("unreadable_name")]


def test_a_round_beside_another() -> None:
    day = date(2026, 9, 1)
    rounds = [Round(key, key, day, day, 1, "v", "v", state=key) for key in ("draft", "opening", "open", "closed")]
    assert concurrent_round(rounds, "ny") == rounds[1] and concurrent_round(rounds[:2], "opening") is None
    assert concurrent_round(rounds, "ny", ("open",)) == rounds[2] and concurrent_round(rounds[::3], "ny") is None


def test_two_of_one_name_that_exist_at_once_are_refused_and_old_ones_let_be() -> None:
    same = Place("f", " enheten ", "unit", "k")
    taken = [Fault("name_taken", level="unit", name="Enheten")]
    assert combined_faults([PlaceChange(same, None)], KNOWN, []) == taken
    assert combined_faults([PlaceChange(replace(same, valid_from=date(2027, 1, 1)), None)], KNOWN, []) == taken
    ended = [REGION, TOWN, replace(UNIT, valid_to=date(2026, 12, 31))]
    assert combined_faults([PlaceChange(replace(same, valid_from=date(2027, 1, 1)), None)], ended, []) == []
    both = [PlaceChange(same, None), PlaceChange(Place("g", "ENHETEN", "unit", "k"), None)]
    assert len(combined_faults(both, [REGION, TOWN], [])) == 2
    here = [*KNOWN, same]
    assert combined_faults([PlaceChange(replace(same, huvudman="Nya"), same)], here, []) == []
    assert combined_faults([PlaceChange(Place("h", "Enheten", "municipality", "r"), None)], KNOWN, []) == []


@pytest.mark.parametrize(("state", "refused"), [("published", True), ("closed", True), ("open", False)])
def test_a_past_that_has_been_published_is_not_written_anew(state: str, refused: bool) -> None:
    over = make_round(state=state)  # 14 September to 11 October 2026
    for days in ({"valid_to": date(2026, 10, 10)}, {"valid_from": date(2026, 9, 15)}):
        assert bool(combined_faults([PlaceChange(replace(UNIT, **days), UNIT)], KNOWN, [over])) is refused
    for days in ({"valid_to": date(2026, 10, 11)}, {"valid_from": date(2026, 9, 14)}):
        assert combined_faults([PlaceChange(replace(UNIT, **days), UNIT)], KNOWN, [over]) == []
    gone = replace(UNIT, valid_to=date(2026, 9, 20))
    assert combined_faults([PlaceChange(replace(gone, name="Annan"), gone)], [REGION, TOWN, gone], [over]) == []
