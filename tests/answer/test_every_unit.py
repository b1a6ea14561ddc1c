"""A unit's pages are drawn and compressed once for all units, and each has its own name and address in them."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
from flask import template_rendered

from survey.answer.open_rounds import OpenRoundCache
from survey.store.core import places
from survey.store.database.engine import write_transaction
from survey.store.tables import round_
from tests.answering import PLACES, UNIT, Answering
from tests.language_folders import OFFERED
from tests.reader import Page, Reader

FROSO = next(each for each in PLACES if each.key == UNIT)
NAMES = ["Hc", "Å" * 120, "<b>\"A&B\" 'C' --> </title>", "عيادة الأطفال 12", "1177 direkt", "u" + "0" * 32, "&" * 120]
PAGES = ("/s/froso", "/p/froso", "/s/froso/{}/thanks", "/p/froso/{}/thanks")


@pytest.fixture
def drawn(opened: Answering) -> Iterator[list[str]]:
    """The templates that have been drawn."""
    names: list[str] = []

    def note(_app: object, template: object, **_more: object) -> None:
        names.append(str(getattr(template, "name", "")))

    with template_rendered.connected_to(note, opened.app):
        yield names


def rename(answering: Answering, name: str) -> None:
    """Call the unit by another name, from now on."""
    with write_transaction(answering.house.engine) as connection:
        places.save_places(connection, [replace(FROSO, name=name)])
    answering.app.extensions["answer"].open_rounds = OpenRoundCache()


def words_of(page: Page, tag: str) -> str:
    """The words of the only element of a kind; without the marks that keep numbers in one piece."""
    (found,) = page.all(tag)
    return "".join(found.itertext()).replace("\u2066", "").replace("\u2069", "")


def test_two_units_share_one_page_and_each_is_named_in_its_own(opened: Answering, drawn: list[str]) -> None:
    reader = Reader(opened.app)
    for key, name, other in (
        ("froso", "Frösö hälsocentral", "Stuguns hälsocentral"),
        ("stugun", "Stuguns hälsocentral", "Frösö hälsocentral"),
    ):
        page = reader.get(f"/s/{key}/sv")
        assert name in page.words() and other not in page.text
        (form,) = page.all("form")
        assert form.get("action") == f"/s/{key}/sv"
        thanked = reader.get(f"/s/{key}/sv/thanks")
        assert name in thanked.words() and other not in thanked.text
    assert drawn == ["answer/sheet.html", "answer/thanks.html"]


@pytest.mark.parametrize("language", ["sv", "ar"])
@pytest.mark.parametrize("name", NAMES)
def test_a_unit_may_be_called_anything(opened: Answering, name: str, language: str) -> None:
    rename(opened, name)
    page = Reader(opened.app).get(f"/s/froso/{language}")
    assert words_of(page, "title").endswith(f"– {name}")
    named = [each for each in page.all("span") if "".join(each.itertext()).strip("\u2066\u2069") == name]
    assert len(named) == 3 or any(map(str.isdigit, name))
    assert name in words_of(page, "main")
    assert page.fields()["form_id"]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_page_in_every_compression_and_one_length_for_all_who_fetch_it(opened: Answering, name: str) -> None:
    rename(opened, name)
    client = opened.app.test_client(use_cookies=False)
    for address in PAGES:
        seen = {}
        for accepted, unpack in (("", bytes), ("gzip", gzip.decompress), ("br", brotli.decompress)):
            replies = [
                client.get(address.format("en"), headers={"Accept-Encoding": accepted, "Accept-Language": "en"})
                for _ in range(2)
            ]
            assert len({(len(each.data), str(each.headers)) for each in replies}) == 1
            seen[accepted] = len(unpack(replies[0].data))
        assert len(set(seen.values())) == 1


def test_in_every_language_the_page_is_compressed_once_for_all(opened: Answering) -> None:
    client = opened.app.test_client(use_cookies=False)
    for language in OFFERED:
        for address in PAGES:
            path = address.format(language) if "{" in address else f"{address}/{language}"
            assert client.get(path, headers={"Accept-Encoding": "br"}).status_code == 200
    pages = opened.app.extensions["answer"].pages._pages
    # Both roles' sheets and both their thanks: a resident's tell of the conversation sheet.
    assert len(pages) == len(OFFERED) * 4
    assert all(page.is_packed for page in pages.values())


def test_a_language_is_changed_on_the_thanks_by_the_same_units_address(reader: Reader) -> None:
    page = reader.get("/s/froso/sv/thanks")
    assert {"../en/thanks", "../ar/thanks"} <= {each.get("href") for each in page.all("a")}


def test_between_rounds_too_the_page_is_drawn_once(opened: Answering, drawn: list[str]) -> None:
    with write_transaction(opened.house.engine) as connection:
        connection.execute(round_.update().values(state="closed"))
    reader = Reader(opened.app)
    words = [reader.get(f"/s/{key}", 410).words() for key in ("froso", "stugun")]
    assert "Frösö hälsocentral tar inte emot svar just nu." in words[0]
    assert "Stuguns hälsocentral tar inte emot svar just nu." in words[1]
    assert drawn == ["answer/closed.html"]


@pytest.mark.parametrize("state", ["coming", "closed"])
def test_between_rounds_a_language_is_changed_at_the_same_unit_and_role(opened: Answering, state: str) -> None:
    now = {"opens": opened.house.today() + timedelta(days=3)} if state == "coming" else {"state": "closed"}
    with write_transaction(opened.house.engine) as connection:
        connection.execute(round_.update().values(**now))
    reader, status = Reader(opened.app), 200 if state == "coming" else 410
    for short, key in (("s", "froso"), ("s", "stugun"), ("p", "stugun"), ("p", "froso")):
        for address in (f"/{short}/{key}", f"/{short}/{key}/sv"):
            links = [each.get("href", "") for each in reader.get(address, status).all("a")]
            menu = {each for each in links if each.split("/")[1:2] in (["s"], ["p"])}
            assert menu == {f"/{short}/{key}/{language}" for language in OFFERED}
