"""The front page: what people type leads to their unit."""

import pytest

from survey.answer.known_units import KnownUnits
from survey.domain.places.place import Place
from survey.store.core import places
from survey.store.database.engine import write_transaction
from tests.answering import PLACES, Answering
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
    assert (
        "Skriv namnet på din mottagning, eller webbadressen på lappen."
        in reader.post("/", {"find": typed}, 422).words()
    )


def test_a_code_typed_here_is_not_shown_again(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    page = reader.post("/", {"find": code}, 422)
    assert "Det där ser ut som en kod." in page.words()
    assert code not in page.text


def test_it_speaks_the_chosen_language(reader: Reader) -> None:
    assert reader.get("/?language=en").tree.get("lang") == "en"
    assert reader.post("/?language=en", {"find": "froso"}).response.location == "/s/froso/en"


@pytest.mark.parametrize("typed", ["Östersund", "ostersund", "Östersunds kommun"])
def test_a_municipality_lists_its_units(reader: Reader, typed: str) -> None:
    page = reader.post("/", {"find": typed}, 200)
    assert "Enheter i Östersund" in page.words()
    assert {each.get("href") for each in page.all("a")} >= {"/s/froso/sv", "/s/stugun/sv"}


def test_a_short_address_that_is_a_municipality_s_name_lists_too(invited: Answering, reader: Reader) -> None:
    with write_transaction(invited.house.engine) as connection:
        places.save_places(connection, [Place("krokom-k", "Krokom", "municipality", PLACES[0].key)])
        places.save_places(connection, [Place("krokom", "Krokoms hälsocentral", "unit", "krokom-k")])
    assert 'href="/s/krokom/sv"' in reader.post("/", {"find": "krokom"}, 200).text
    assert reader.post("/", {"find": "/s/krokom"}).response.location == "/s/krokom/sv"
    assert reader.post("/", {"find": "Krokoms vårdcentral"}).response.location == "/s/krokom/sv"


def test_a_slip_is_asked_about(reader: Reader) -> None:
    page = reader.post("/", {"find": "frsö"}, 200)
    assert "Menar du någon av de här?" in page.words() and 'href="/s/froso/sv"' in page.text


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_every_unit_is_found_by_looking(invited: Answering, language: str) -> None:
    reader = Reader(invited.app, language)
    (link,) = {each.get("href") for each in reader.get("/").all("a") if "/units/" in each.get("href", "")}
    page = reader.get(f"/units/ostersund/{language}")
    assert link == f"/units/ostersund/{language}"
    for unit in PLACES[2:]:
        assert f'href="/s/{unit.key}/{language}"' in page.text and unit.name in page.words()
    reader.get("/units/atlantis", 404)
    assert reader.get("/units/ostersund/xx", 302).response.location == "/units/ostersund"


def test_the_front_page_says_what_this_is_and_where_to_turn_instead(reader: Reader) -> None:
    words = reader.get("/").words()
    for said in ("sju frågor", "ungefär tre minuter", "Du kan inte kontakta vården här.", "1177", "112"):
        assert said in words


def test_the_sheet_says_which_unit_it_is_and_leads_away(opened: Answering) -> None:
    page = Reader(opened.app).get("/s/froso/sv")
    assert "Frösö hälsocentral · Fel enhet?" in page.words() and 'href="/?language=sv"' in page.text
    assert "Fel enhet?" not in Reader(opened.app).get("/p/froso/sv").text


def test_units_are_read_once_in_a_while(invited: Answering) -> None:
    moments = iter([0.0, 1.0, 9.0, 11.0])
    units = KnownUnits(lambda: next(moments))
    with invited.app.app_context():
        first = units.now()
        with write_transaction(invited.house.engine) as connection:
            places.save_places(connection, [Place("ny", "Nya hälsocentralen", "unit", "ostersund")])
        assert units.now() is units.now() is first
        assert units.now().search("Nya").unit is not None
