"""The follow-up page: every figure on it stands in the edition, and what is hidden is said to be."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from survey.publication import drawings
from survey.store import batches, editions, tally
from survey.store.batches import Batch
from survey.store.engine import reading, writing
from survey.web.house import House
from tests.followup.editions import PLACES, QUESTIONS, REWORDED, ROUNDS, body, frozen
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance, publish
from tests.reader import Page

Enter = Callable[[str], StaffBrowser]
NO_BREAK = "\u00a0"
EVERY_PLACE = [place[0] for place in PLACES]


def said(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def rows(table: Element) -> list[list[str]]:
    return [[said(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]


def section(page: Page, question: str) -> Element:
    return next(each for each in page.all("section") if each.get("aria-labelledby") == question)


def cell_of(edition: dict[str, Any], place: str, role: str, question: str) -> dict[str, Any]:
    wanted = (place, role, question)
    return next(c for c in edition["cells"] if (c["place"], c["role"], c["question"]) == wanted)


def words_of(cell: dict[str, Any]) -> str:
    if cell["status"] == "hidden":
        return "för få svar"
    if cell["status"] == "shown":
        return f"{cell['share']} %"
    return f"minst {cell['cap_low']} %" if cell["cap_high"] == 100 else f"högst {cell['cap_high']} %"


@pytest.mark.parametrize("place", EVERY_PLACE)
def test_the_figures_are_the_edition_s(place: str, as_person: Enter) -> None:
    edition = body(5)
    page = as_person("Freja").get(f"/staff/followup/5/{place}")
    for question in QUESTIONS:
        now, over_rounds = list(section(page, question).iter("table"))
        for row, role in zip(rows(now)[1:], ("patient", "provider"), strict=True):
            cell = cell_of(edition, place, role, question)
            shown = cell["status"] == "shown"
            assert row[1] == words_of(cell)
            assert row[2] == (f"{cell['low']}–{cell['high']} %" if shown else "–")
            assert row[3] == (str(cell["n"]) if cell["n"] else "–")
            codes = cell["codes"] or {}
            if "not_yes" in codes:
                assert row[4] == f"delvis eller nej {codes['not_yes']} %"
            elif shown:
                assert row[4:6] == [f"{codes['partly']} %", f"{codes['no']} %"]
        for number, row in enumerate([row for row in rows(over_rounds)[1:] if len(row) > 1], 1):
            for found, role in zip(row[1:3], ("patient", "provider"), strict=True):
                assert found.startswith(words_of(cell_of(body(number), place, role, question)))


def test_a_hidden_cell_leaves_no_figure_anywhere_on_the_page(app: Flask, as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/5/berg-hemsjukvard")
    for question in QUESTIONS:
        patients, providers = rows(next(section(page, question).iter("table")))[1:]
        for role, row in (("patient", patients), ("provider", providers)):
            asked = app.extensions["house"].versions[body(5)["versions"][role]].question(role, question)
            options = {option.code for option in asked.options}
            partly, not_needed = ("–" if code in options else "inget svarsval" for code in ("partly", "not_needed"))
            assert row[1:] == ["för få svar", "–", "–", partly, "–", "–", not_needed]
    assert page.all("img") == []


def test_both_wordings_stand_verbatim_as_they_were_asked_then(app: Flask, as_person: Enter) -> None:
    versions = app.extensions["house"].versions
    for number, version in ((1, "metodstod-2019"), (5, "underlag-2021")):
        page = as_person("Freja").get(f"/staff/followup/{number}/jh")
        for question in QUESTIONS:
            words = said(section(page, question))
            for role in ("patient", "provider"):
                assert versions[version].question(role, question).text in words
            assert versions[version].question("patient", question).difference in words


def test_the_gap_has_its_interval_and_its_sentence(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/5/jh")
    for gap in (gap for gap in body(5)["gaps"] if gap["place"] == "jh"):
        found = section(page, gap["question"])
        last = rows(list(found.iter("table"))[1])[-1]
        signed = f"{gap['gap']:+d}".replace("-", "−")
        assert last[3].startswith(signed)
        sentence = said(next(each for each in found.iter("p") if each.get("class") == "verdict"))
        assert signed in sentence
        assert ("går inte att skilja från noll" in sentence) is not gap["distinct"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_trend_breaks_only_where_that_question_was_reworded(question: str, as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/5/jh")
    found = rows(list(section(page, question).iter("table"))[1])
    breaks = [number for number, row in enumerate(found) if len(row) == 1]
    assert breaks == ([3] if question in REWORDED else [])  # after the heading and two rounds


def test_every_picture_has_its_table_and_its_words(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/5/jh")
    assert len(page.all("figure")) == 4 + len(QUESTIONS)
    for figure in page.all("figure"):
        image = next(figure.iter("img"))
        assert len(image.get("alt", "")) > 40
        assert list(figure.iter("table"))
        light = image.get("src", "")
        offered = {source.get("srcset"): source.get("media", "") for source in figure.iter("source")}
        for address, media in offered.items():
            assert ("dark" in media) is (".dark." in address)
            assert ("max-width" in media) is ("-narrow." in address)
        assert set(offered) == {
            light.replace(".light.", ".dark."),
            *(light.replace(".sv.light.", f"-narrow.sv.{theme}.") for theme in ("light", "dark")),
        }


def test_at_most_three_findings_and_each_leads_to_its_question(as_person: Enter) -> None:
    for place in EVERY_PLACE:
        page = as_person("Freja").get(f"/staff/followup/5/{place}")
        found = next(each for each in page.all("ol") if each.get("class") == "findings")
        items = [said(item) for item in found.iter("li")]
        assert 1 <= len(items) <= 3
        assert len(set(items)) == len(items)
        ids = {each.get("id") for each in page.tree.iter()}
        assert all(link.get("href", "")[1:] in ids for link in found.iter("a"))


def test_one_turns_to_another_round_and_place_by_plain_links(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/3/ostersund")
    links = {said(link): link.get("href") for link in page.all("a")}
    assert links["Region Jämtland Härjedalen"] == "/staff/followup/3/jh"
    assert links["Våren 2024"] == "/staff/followup/5/ostersund"
    assert links["Brunflo hälsocentral"] == "/staff/followup/3/brunflo"
    assert "Hösten 2022" in links
    assert "Våren 2023" not in links


def test_a_round_does_not_know_of_later_ones(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/2/jh")
    found = rows(list(section(page, "trygghet").iter("table"))[1])
    assert [row[0] for row in found[1:]] == ["Våren 2022", "Hösten 2022"]


def test_the_demo_says_so_on_every_staff_page(app: Flask, as_person: Enter) -> None:
    freja = as_person("Freja")
    for page in (
        StaffBrowser(app).get("/staff/sign-in"),
        freja.get("/staff/followup/5/jh"),
        freja.get("/staff/followup/9/jh", 404),
        as_person("Brita").get("/staff/followup/5/froso", 403),
    ):
        assert "Påhittade svar" in page.text
        assert "Provkörning: nycklarna ligger bredvid svaren. Skicka inte ut den här enkäten." in page.text


def test_outside_the_demo_nothing_is_called_invented(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path, 1, demo=False))
    browser.sign_in("Freja")
    assert "Påhittade" not in browser.get("/staff/followup/1/jh").text


def test_before_the_first_edition_the_page_says_when_there_will_be_one(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path, 0))
    browser.sign_in("Freja")
    words = browser.get("/staff/followup/").words()
    assert "Ingen mätomgång är publicerad än" in words
    assert "Medan omgången pågår kan ingen se några svar" in words


def test_one_round_alone_can_be_read(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path, 1))
    browser.sign_in("Freja")
    for place in EVERY_PLACE:
        assert "Byt mätomgång" not in browser.get(f"/staff/followup/1/{place}").words()


def test_a_new_edition_is_offered_at_once_on_a_page_that_was_read_before(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 1)
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    browser.get("/staff/followup/1/jh")
    house: House = app.extensions["house"]
    with writing(house.engine) as connection:
        publish(connection, 2)
    assert "Hösten 2022" in browser.get("/staff/followup/1/jh").words()


def test_the_page_is_in_english_for_who_chose_it(as_person: Callable[..., StaffBrowser]) -> None:
    browser = as_person("Freja", "en")
    page = browser.get("/staff/followup/5/jh")
    assert page.tree.get("lang") == "en"
    left = [said(each) for each in page.tree.iter() if each.get("lang") == "sv" and each.tag != "button"]
    assert left == ["samsyn"]  # the Swedish term in brackets, for who has met it elsewhere
    assert "Spring 2024" in page.words()
    assert re.search(r"\b\d\d%", page.words())


@pytest.mark.parametrize("name", ["figures", *drawings.names()])
def test_every_table_can_be_taken_home(name: str, as_person: Enter) -> None:
    reply = as_person("Freja").get(f"/staff/followup/5/ostersund/{name}.csv")
    found = list(csv.DictReader(io.StringIO(reply.text)))
    assert found
    assert reply.response.headers["Content-Disposition"] == f'attachment; filename="ostersund-5-{name}.csv"'


def test_the_file_holds_the_edition_s_cells(as_person: Enter) -> None:
    reply = as_person("Freja").get("/staff/followup/5/brunflo/figures.csv")
    found = [row for row in csv.DictReader(io.StringIO(reply.text)) if row["round"] == "v24"]
    cells = [cell for cell in body(5)["cells"] if cell["place"] == "brunflo"]
    assert len(found) == len(cells)
    for row, cell in zip(found, cells, strict=True):
        for name in ("role", "question", "status", "n", "share", "low", "high", "cap_low", "cap_high"):
            assert row[name] == ("" if cell[name] is None else str(cell[name]))


def test_no_count_is_read(app: Flask, as_person: Enter) -> None:
    """There is no count in this database at all: the page stands on editions alone."""
    with reading(app.extensions["house"].engine) as connection:
        assert tally.totals(connection, "v24") == []
    as_person("Freja").get("/staff/followup/5/jh")


def test_a_round_that_is_published_again_still_does_not_know_of_later_ones(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 2)
    again = body(1) | {"number": 3}
    text, digest = frozen(again)
    with writing(app.extensions["house"].engine) as connection:
        editions.add(connection, "v22", text, digest, date(2024, 5, 1))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    found = rows(list(section(browser.get("/staff/followup/3/jh"), "trygghet").iter("table"))[1])
    assert [row[0] for row in found[1:]] == ["Våren 2022"]
    links = {said(link): link.get("href") for link in browser.get("/staff/followup/2/jh").all("a")}
    assert links["Våren 2022"] == "/staff/followup/3/jh"
    assert browser.get("/staff/followup/", 302).response.location == "/staff/followup/2/jh"


def test_a_finding_says_how_sure_its_number_is(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/5/jh")
    found = [said(each) for each in page.all("li") if "svarar ja oftare än" in said(each)]
    assert found
    for finding in found:
        assert re.search(r"är skillnaden [+−]\d+ procentenheter \(95 % intervall [+−]?\d+ till [+−]?\d+\)\.", finding)


def test_a_question_without_partly_says_no_and_not_partly_or_no(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 4)
    edition = body(5)
    cell = cell_of(edition, "jh", "patient", "fast_vardkontakt")
    cell["codes"] = {"yes": cell["share"], "not_yes": 100 - cell["share"]}
    text, digest = frozen(edition)
    with writing(app.extensions["house"].engine) as connection:
        add_round(connection, 5, "published")
        editions.add(connection, ROUNDS[4][0], text, digest, ROUNDS[4][3])
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    now = rows(next(section(browser.get("/staff/followup/5/jh"), "fast_vardkontakt").iter("table")))
    assert now[1][4:6] == ["inget svarsval", f"{100 - cell['share']} %"]


def test_where_a_link_was_held_its_figures_say_so(app: Flask, as_person: Enter) -> None:
    engine, unit = app.extensions["house"].engine, next(place for place in PLACES if place[2] == "unit")
    held = Batch("held", unit[0], body(5)["round"]["key"], "patient", "open", b"", held=1)
    before = as_person("Freja").get("/staff/followup/5/" + unit[0]).words("main")
    with writing(engine) as connection:
        batches.add_batches(connection, [held])
    try:
        pages = {place: as_person("Freja").get(f"/staff/followup/5/{place}").words("main") for place in EVERY_PLACE}
        earlier = as_person("Freja").get("/staff/followup/4/" + unit[0]).words("main")
    finally:
        with writing(engine) as connection:
            connection.exec_driver_sql("DELETE FROM batch WHERE id = 'held'")
    said = {place for place, words in pages.items() if f"skickades till: {unit[1]}." in words}
    assert unit[0] in said and "region" in {level for key, _name, level, *_ in PLACES if key in said}
    assert "skickades till" not in before and "skickades till" not in earlier and said < set(EVERY_PLACE)
