"""The front page: what people type leads to their unit."""

import pytest

from tests.answering import Answering
from tests.reader import Reader


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("froso", "/s/froso/sv"),
        (" FROSO ", "/s/froso/sv"),
        ("/s/froso", "/s/froso/sv"),
        ("enkat.example.se/s/froso", "/s/froso/sv"),
        ("https://enkat.example.se/s/froso/en#ABCD", "/s/froso/sv"),
        ("https://enkat.example.se/p/froso", "/p/froso/sv"),
        ("Frösö hälsocentral", "/s/froso/sv"),
        ("frösö", "/s/froso/sv"),
        ("stugun", "/s/stugun/sv"),
        ("Froso", "/s/froso/sv"),
        ("Frösö vårdcentral", "/s/froso/sv"),
        ("hälsocentralen Frösö", "/s/froso/sv"),
    ],
)
def test_an_address_or_a_name_leads_to_the_unit(reader: Reader, typed: str, address: str) -> None:
    assert reader.post("/", {"find": typed}).response.location == address


def test_several_units_are_shown_to_choose_from(reader: Reader) -> None:
    page = reader.post("/", {"find": "hälsocentral"}, 200)
    assert {each.get("href") for each in page.all("a")} >= {"/s/froso/sv", "/s/stugun/sv"}


@pytest.mark.parametrize("typed", ["Malmö", "/s/", "<b>"])
def test_what_fits_no_unit_is_still_in_the_field(reader: Reader, typed: str) -> None:
    page = reader.post("/", {"find": typed}, 422)
    assert "Ingen enhet passar" in page.words()
    assert page.fields()["find"] == typed


@pytest.mark.parametrize("typed", ["", "  "])
def test_an_empty_field_asks_for_a_name(reader: Reader, typed: str) -> None:
    assert "Skriv adressen på lappen, eller namnet på enheten." in reader.post("/", {"find": typed}, 422).words()


def test_a_code_typed_here_is_not_shown_again(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    page = reader.post("/", {"find": code}, 422)
    assert "Det där ser ut som en kod." in page.words()
    assert code not in page.text


def test_it_speaks_the_chosen_language(reader: Reader) -> None:
    assert reader.get("/?language=en").tree.get("lang") == "en"
    assert reader.post("/?language=en", {"find": "froso"}).response.location == "/s/froso/en"
