"""The units as people look for them: what leads to one, what only lists them, what is asked about."""

import time
from datetime import date
from difflib import SequenceMatcher
from functools import partial
from itertools import product

import pytest

from survey.domain.places import unit_names
from survey.domain.places.directory import MAX_RESULTS, UnitIndex
from survey.domain.places.place import Place

TODAY = date(2026, 10, 1)
REGION = Place("jh", "Region Jämtland Härjedalen", "region")
NAMED = {
    "ostersund": ("Östersund", ["Brunflo hälsocentral", "Frösö hälsocentral", "Odensala hälsocentral"]),
    "ostersund2": ("", ["Torvalla, filial till Odensala", "Zätagränd hälsocentral", "Östersunds hemsjukvård"]),
    "krokom": ("Krokom", ["Krokoms hälsocentral", "Krokoms hemsjukvård", "Offerdal hälsocentral"]),
    "berg": ("Berg", ["Bergs hälsocentral"]),
    "are": ("Åre", ["Åre hemsjukvård", "Hallens hälsocentral"]),
}
PLACES = [REGION]
for _key, (_name, _units) in NAMED.items():
    if _name:
        PLACES.append(Place(_key, _name, "municipality", "jh"))
    PLACES += [Place(each.lower().replace(" ", "-"), each, "unit", _key.rstrip("2")) for each in _units]
PLACES.append(Place("lit", "Lits hälsocentral", "unit", "ostersund", valid_to=date(2025, 1, 1), merged_into="x"))
PLACES.append(
    Place("hagg", "Häggenås", "unit", "ostersund", valid_to=date(2025, 1, 1), merged_into="frösö-hälsocentral")
)
DIRECTORY = UnitIndex(PLACES, TODAY)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Frösö", "Frösö hälsocentral"),
        ("Frösön", "Frösö hälsocentral"),
        ("FROSO", "Frösö hälsocentral"),
        ("fro\u0308so\u0308", "Frösö hälsocentral"),
        ("Frösö vårdcentral", "Frösö hälsocentral"),
        ("vårdcentralen på Frösön", "Frösö hälsocentral"),
        ("frösöhälsocentral", "Frösö hälsocentral"),
        ("Odensala hc", "Odensala hälsocentral"),
        ("Odensala H.C.", "Odensala hälsocentral"),
        ("vc odensala", "Odensala hälsocentral"),
        ("Odensala hvc", "Odensala hälsocentral"),
        ("odensala helsocentral", "Odensala hälsocentral"),
        ("Torvalla", "Torvalla, filial till Odensala"),
        ("zäta gränd", "Zätagränd hälsocentral"),
        ("Krokoms vårdcentral", "Krokoms hälsocentral"),
        ("Krokoms hemsjukvård", "Krokoms hemsjukvård"),
        ("östersunds hemsjukvard", "Östersunds hemsjukvård"),
        ("Krokom Offerdal", "Offerdal hälsocentral"),
        ("brunflo", "Brunflo hälsocentral"),
        ("Brun", "Brunflo hälsocentral"),
    ],
)
def test_a_name_leads_to_its_unit(typed: str, name: str) -> None:
    found = DIRECTORY.search(typed)
    assert found.unit is not None and found.unit.name == name


@pytest.mark.parametrize(
    ("typed", "municipality", "first"),
    [
        ("Krokom", "Krokom", "Krokoms hemsjukvård"),
        ("krokoms kommun", "Krokom", "Krokoms hemsjukvård"),
        ("Berg", "Berg", "Bergs hälsocentral"),
        ("i Bergs kommun", "Berg", "Bergs hälsocentral"),
        ("Åre", "Åre", "Åre hemsjukvård"),
        ("are", "Åre", "Åre hemsjukvård"),
        ("Östersund", "Östersund", "Östersunds hemsjukvård"),
        ("ostersun", "Östersund", "Östersunds hemsjukvård"),
        ("Östersnd", "Östersund", None),
        ("Krokkom", "Krokom", None),
        ("Åre vårdcentral", "Åre", None),
    ],
)
def test_a_municipality_lists_its_units_and_leads_to_none(typed: str, municipality: str, first: str | None) -> None:
    found = DIRECTORY.search(typed)
    assert found.unit is None and found.municipality is not None and found.municipality.name == municipality
    assert {each.key for each in found.units} >= {
        place.key for place in PLACES if place.parent == found.municipality.key and place.in_force(TODAY)
    }
    assert first is None or found.units[0].name in (first, first.replace("hemsjukvård", "hälsocentral"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("frsö", "Frösö hälsocentral"),
        ("Froesoe", "Frösö hälsocentral"),
        ("Brnflo", "Brunflo hälsocentral"),
        ("burnflo", "Brunflo hälsocentral"),
        ("odensalla vardcentral", "Odensala hälsocentral"),
        ("offertal", "Offerdal hälsocentral"),
        ("sätagränd", "Zätagränd hälsocentral"),
    ],
)
def test_a_slip_is_asked_about_and_not_followed(typed: str, name: str) -> None:
    found = DIRECTORY.search(typed)
    assert found.unit is None and found.is_similar
    assert found.units[0].name == name


def test_another_kind_of_unit_is_another_unit() -> None:
    found = DIRECTORY.search("Odensala hemsjukvård")
    assert found.unit is None and "Odensala hälsocentral" in [each.name for each in found.units]


def test_a_unit_that_is_no_more_is_where_it_went_on() -> None:
    found = DIRECTORY.search("Häggenås")
    assert found.unit is None and [each.name for each in found.units] == ["Frösö hälsocentral"]
    assert DIRECTORY.search("Lit").units == []


@pytest.mark.parametrize("typed", ["vårdcentral", "hc", "hälso", "vårdcental"])
def test_a_kind_alone_is_all_of_that_kind(typed: str) -> None:
    found = DIRECTORY.search(typed)
    assert found.unit is None and len(found.units) == 8
    assert all("hälsocentral" in each.name for each in found.units)


@pytest.mark.parametrize("typed", ["Malmö", "xyzzy", "<b>", "%", "", "f", "z", "to", "!", "x" * 120, "ö " * 60])
def test_what_fits_nothing_leads_nowhere(typed: str) -> None:
    assert DIRECTORY.search(typed).unit is None


def test_the_region_is_all_of_it() -> None:
    assert DIRECTORY.search("Region Jämtland").is_whole_region


def test_an_island_called_as_a_kind_begins_is_found() -> None:
    places = [REGION, Place("o", "Öckerö", "municipality", "jh"), Place("h", "Hälsö vårdcentral", "unit", "o")]
    places.append(Place("b", "Björkö vårdcentral", "unit", "o"))
    found = UnitIndex(places, TODAY).search("hälsö")
    assert found.unit is not None and found.unit.key == "h"


def noting(compared: list[str], junk: None, one: str, other: str, autojunk: bool) -> SequenceMatcher[str]:
    """Compare two words, and note that it was done."""
    compared.append(other)
    return SequenceMatcher(junk, one, other, autojunk)


def test_a_region_of_1500_units_is_looked_through_in_a_few_milliseconds() -> None:
    parts = ("bra", "ne", "ås", "vik", "torp", "sun", "da", "by", "lö", "fä", "mo", "hol")
    names = ["".join(each) for each in product(parts, repeat=3)][:1500]
    places = [REGION, *(Place(f"k{number}", f"Kommun {number}", "municipality", "jh") for number in range(49))]
    places += [
        Place(f"u{number}", f"{name.title()} vårdcentral", "unit", f"k{number % 49}")
        for number, name in enumerate(names)
    ]
    directory = UnitIndex(places, TODAY)
    for typed in ("bravikmo hc", "brvikmo", "xyzzyxy", "vårdcentral", "kommun 10"):
        started = time.process_time()
        for _turn in range(5):
            directory.search(typed)
        assert (time.process_time() - started) / 5 < 0.03, typed
    compared: list[str] = []
    with pytest.MonkeyPatch.context() as seen:
        seen.setattr(unit_names, "SequenceMatcher", partial(noting, compared))
        directory.search("brvikmo")
    assert 0 < len(compared) < len(names) / 10  # most are told apart by their letters
    assert directory.search("bravikmo").unit is not None
    assert len(directory.search("bra").units) == MAX_RESULTS and directory.search("bra").has_more
    assert directory.search("vårdcentral").is_whole_region
