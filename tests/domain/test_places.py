"""Places: the tree answers quickly and refuses what is none; their file is read with every fault by line."""

import time
from dataclasses import replace
from datetime import date

import pytest

from survey.domain.places.place import tree_faults
from survey.domain.places.place_tree import Place, PlacesError, PlaceTree, is_key, read_csv, suggested_key
from survey.domain.text.fault import Fault
from tests.factories import EAST, REGION, UNITS, WEST, many_places, small_places

HEADER = "nyckel,namn,nivå,hör_till,huvudman,hsa_id"
WIDE = HEADER + ",filial_till,från,till,uppgår_i"
GROUND = f"""{HEADER}
regionen,Regionen,region,,Regionen,
ost,Öst,kommun,regionen,Öst kommun,
lugnvik,Lugnvik,enhet,ost,Regionen,SE2321000214-L1
"""
KNOWN = read_csv(GROUND)[0]


def test_the_tree_knows_up_and_down() -> None:
    tree = PlaceTree(reversed(small_places()))
    assert tree.region.key == REGION
    assert [place.key for place in tree.children(REGION)] == [WEST, EAST]
    assert [place.key for place in tree.units_below(REGION)] == list(UNITS)
    assert [place.key for place in tree.units_below(WEST)] == ["vast-ett", "vast-tva"]
    assert [place.key for place in tree.units_below("vast-ett")] == ["vast-ett"]
    assert tree.path("vast-ett") == (REGION, WEST, "vast-ett")
    assert tree.municipality_of("vast-ett") == tree.municipality_of(WEST) == tree.get(WEST)
    assert tree.municipality_of(REGION) is None
    assert tree.get("nowhere") is None
    assert "vast-ett" in tree and "nowhere" not in tree and len(tree) == 7
    assert [place.key for place in tree][:3] == [REGION, WEST, "vast-ett"]
    assert tree.parents["vast-ett"] == WEST and tree.parents[REGION] is None


def test_an_empty_tree_has_no_region() -> None:
    assert list(PlaceTree([])) == []
    with pytest.raises(PlacesError, match="no region"):
        _ = PlaceTree([]).region


def test_places_come_end_and_merge() -> None:
    ended, started = date(2025, 12, 31), date(2026, 1, 1)
    tree = PlaceTree(
        [
            *small_places(),
            Place("gammal", "Gammal", "unit", WEST, valid_to=ended, merged_into="mellan"),
            Place("mellan", "Mellan", "unit", WEST, valid_from=started, valid_to=started, merged_into="vast-ett"),
            Place("filial", "Filial", "unit", WEST, filial_of="mellan"),
        ]
    )
    assert tree.successor("gammal").key == tree.successor("vast-ett").key == "vast-ett"
    assert "gammal" in tree.in_force(ended) and "gammal" not in tree.in_force(started)
    assert {"gammal", "mellan"} <= {place.key for place in tree.in_force(ended, started)}
    filial = tree.in_force(ended).get("filial")
    assert filial is not None and filial.filial_of is None


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        (Place("annan", "Annan", "region"), "second_region"),
        (Place("lös", "Lös", "unit"), "no_parent"),
        (Place("los", "Lös", "unit", "nowhere"), "unknown_parent"),
        (Place("los", "Lös", "unit", REGION), "wrong_parent"),
        (Place("los", "Lös", "unit", "vast-ett"), "wrong_parent"),
        (Place(REGION, "Regionen", "region", "vast-ett"), "parent_ring"),
        (Place("los", "Lös", "municipality", "los"), "parent_ring"),
        (Place("los", "Lös", "unit", WEST, filial_of=WEST), "bad_filial"),
        (Place("los", "Lös", "unit", WEST, filial_of="los"), "filial_of_filial"),
        (Place("los", "Lös", "unit", WEST, merged_into=WEST), "bad_merge"),
        (Place("los", "Lös", "unit", WEST, merged_into="los"), "merge_ring"),
        (Place(WEST, "Väst", "municipality", REGION, valid_to=date(2025, 1, 1)), "outlives_parent"),
    ],
)
def test_what_is_no_tree_is_refused(extra: Place, code: str) -> None:
    every = [*small_places(), extra]
    faulty = {key for key, fault in tree_faults({place.key: place for place in every}) if fault.code == code}
    with pytest.raises(PlacesError) as error:
        PlaceTree(every)
    assert faulty and faulty <= set(error.value.keys)


def test_a_region_of_many_units_is_quick() -> None:
    places = many_places(50, 40)
    began = time.process_time()
    tree = PlaceTree(places)
    assert len(tree.units_below(REGION)) == 2000
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(("text", "good"), [("ost-1", True), ("a" * 40, True), ("a" * 41, False), ("Ost", False)])
def test_keys_are_short_addresses(text: str, good: bool) -> None:
    assert is_key(text) is good


@pytest.mark.parametrize("text", ["", "-a", "a-", "a--b", "å", "a b", "a_b", "a/b", "a\n"])
def test_other_texts_are_no_keys(text: str) -> None:
    assert not is_key(text)


def test_a_key_is_suggested() -> None:
    assert suggested_key("Zätagränd Öst, nr 2") == "zatagrand-ost-nr-2"
    assert is_key(suggested_key("x" * 39 + " y"))


def test_a_file_is_read_in_any_order() -> None:
    lines = GROUND.splitlines()
    places, faults = read_csv("\n".join([lines[0], *reversed(lines[1:])]))
    assert faults == []
    assert {place.key: place for place in places} == {place.key: place for place in KNOWN}
    assert PlaceTree(places).units_below("ost")[0].hsa_id == "SE2321000214-L1"


def test_a_file_may_speak_of_places_that_are_here() -> None:
    text = f"{WIDE}\nlit,Lit,enhet,ost,Regionen,,lugnvik,2024-01-01,2026-06-30,lugnvik\n"
    places, faults = read_csv(text, KNOWN)
    assert faults == []
    assert places == [
        Place(
            "lit",
            "Lit",
            "unit",
            "ost",
            "Regionen",
            "",
            "lugnvik",
            date(2024, 1, 1),
            date(2026, 6, 30),
            "lugnvik",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + GROUND,
        GROUND.replace("\n", "\r\n"),
        GROUND.replace(",", ";"),
        GROUND.replace("nivå", "niva\u030a").replace("hör", "ho\u0308r"),
        GROUND.replace("nyckel", " NYCKEL "),
        GROUND.replace("Lugnvik", '"Lugnvik"').replace("enhet", " Enhet "),
        GROUND + "\n,,,,,\n\n",
        GROUND.replace("Lugnvik,", "\u200bLug\u00adnvik\u202e\ufeff,"),
        GROUND.replace("Öst,", "O\u0308st\u00a0,"),
    ],
)
def test_the_ways_of_spreadsheets_are_forgiven(text: str) -> None:
    assert read_csv(text) == (KNOWN, [])


def test_every_fault_is_told_by_line() -> None:
    text = f"""{WIDE}
Ås,Ås,enhet,ost,Regionen,,,,,
lit,"Lit
by",enhet,nowhere,Regionen,SE123-L,,,,
lit,,by,ost,Regionen,,,i fjol,2020-01-01,
b,B,enhet,ost,,,,2026-01-01,2025-01-01,,x
lugnvik,Lugnvik,kommun,regionen,,,,,,
c,C,enhet,ost,,SE2321000214-L2,,,,ost
d,D,enhet,ost,,SE2321000214-L2,,,,
"""
    _places, faults = read_csv(text, KNOWN)
    assert [fault.lines[0] for fault in faults] == sorted(fault.lines[0] for fault in faults)
    for expected in (
        ((2,), Fault("bad_key_like", key="Ås", like="as")),
        ((3,), Fault("bad_hsa_id", hsa_id="SE123-L")),
        ((3,), Fault("unknown_parent", key="nowhere")),
        ((5,), Fault("key_twice", key="lit", line=3)),
        ((5,), Fault("no_date", column="från")),
        ((6,), Fault("cell_without_header")),
        ((6,), Fault("ends_before_it_begins")),
        ((7,), Fault("level_changed", key="lugnvik")),
        ((8, 9), Fault("shared_hsa_id", hsa_id="SE2321000214-L2")),
        ((8,), Fault("merged_without_end")),
        ((8,), Fault("bad_merge", key="ost")),
    ):
        assert expected in faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ((1,), Fault("column_missing", column="nyckel"))),
        (GROUND.replace("namn", "name", 1), ((1,), Fault("column_unknown", column="name"))),
        (GROUND.replace("namn", "nyckel", 1), ((1,), Fault("column_twice", column="nyckel"))),
        (GROUND + 'x,"öppet', ((5,), Fault("no_csv", error="unexpected end of data"))),
        (GROUND + ",Namnlös,enhet,ost,,\n", ((5,), Fault("bad_key_like", key="", like="namnlos"))),
        (GROUND + "x,,enhet,ost,,\n", ((5,), Fault("no_name"))),
        (GROUND + "x,X,by,ost,,\n", ((5,), Fault("bad_level", levels=("region", "kommun", "enhet")))),
        (GROUND + f"x,{'X' * 121},enhet,ost,,\n", ((5,), Fault("long_name", most=120))),
        (f"{HEADER}\na,A,kommun,b,,\nb,B,kommun,a,,\n", ((2, 3), Fault("parent_ring"))),
    ],
)
def test_a_faulty_file_is_explained(text: str, expected: tuple[tuple[int, ...], Fault]) -> None:
    assert expected in read_csv(text)[1]


@pytest.mark.parametrize("hsa_id", ["SE2321000214-Å1", "se2321000214-A1", "SE232100021-A1", "SE2321000214-" + "A" * 19])
def test_faulty_hsa_ids_are_refused(hsa_id: str) -> None:
    faults = read_csv(GROUND.replace("SE2321000214-L1", hsa_id))[1]
    assert faults == [((4,), Fault("bad_hsa_id", hsa_id=hsa_id))]


def test_a_place_outside_the_file_that_breaks_is_named() -> None:
    text = f"{WIDE}\nost,Öst,kommun,regionen,,,,,2020-01-01,\n"
    outlives = Fault("outlives_parent", key="ost")
    assert read_csv(text, KNOWN)[1] == [((), Fault("not_in_file", key="lugnvik", fault=outlives))]


def test_how_many_work_at_a_unit_is_read_and_a_number_that_is_none_is_refused() -> None:
    header, *lines = GROUND.strip().splitlines()
    unit = next(line for line in lines if ",enhet," in line)
    rows = [header + ",personal", *(line + ("," + "35" * (line == unit)) for line in lines)]
    places, faults = read_csv("\n".join(rows))
    assert faults == []
    assert [each.headcount for each in places if each.headcount is not None] == [35]
    for wrong in ("0", "-3", "3,5", "trettio", "99999"):
        found = read_csv("\n".join(rows).replace(",35", f",{wrong!r}"))[1]
        assert {fault.code for _lines, fault in found} & {"bad_headcount", "no_whole_number"}


def test_what_a_file_has_no_column_for_stays_as_it_was() -> None:
    before = read_csv(GROUND)[0]
    unit = next(place for place in before if place.level == "unit")
    known = [replace(each, headcount=35) if each is unit else each for each in before]
    without, _ = read_csv(GROUND, known)
    assert next(each for each in without if each.key == unit.key).headcount == 35
    header, *lines = GROUND.strip().splitlines()
    emptied, _ = read_csv("\n".join([header + ",personal", *(line + "," for line in lines)]), known)
    assert next(each for each in emptied if each.key == unit.key).headcount is None
