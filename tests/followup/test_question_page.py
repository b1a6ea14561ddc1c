"""The pages of a question: every figure on them stands in the edition, and what is hidden is said to be."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from analysis.charts import AMONG_REGIONS
from survey.domain.records.action_plan import Decision
from survey.domain.records.record_types import StoredVersion
from survey.publication import chart_store
from survey.store.database.engine import write_transaction
from survey.store.published import editions, plan_records
from survey.web.request.services import Services
from tests.followup.editions import PLACES, QUESTIONS, REWORDED, body, frozen
from tests.followup.looking import cell_of, said, section, table_of, words_of
from tests.followup.staffed import StaffBrowser, furnish_instance

Enter = Callable[[str], StaffBrowser]
EVERY_PLACE = [place[0] for place in PLACES]


@pytest.mark.slow
@pytest.mark.parametrize("place", EVERY_PLACE)
def test_the_figures_are_the_edition_s(place: str, as_person: Enter) -> None:
    edition, freja = body(5), as_person("Freja")
    for question in QUESTIONS:
        page = freja.get(f"/staff/followup/5/{place}/{question}")
        for row, role in zip(table_of(page, "now")[1:], ("patient", "provider"), strict=True):
            cell = cell_of(edition, place, role, question)
            shown = cell["status"] in ("shown", "hollow")
            assert row[1] == words_of(cell)
            assert row[2] == (f"{round(cell['low'])}–{round(cell['high'])} %" if shown else "–")
            assert row[3] == (str(cell["n"]) if cell["n"] else "–")
        for number, row in enumerate([row for row in table_of(page, "rounds")[1:] if len(row) > 1], 1):
            for found, role in zip(row[1:3], ("patient", "provider"), strict=True):
                assert found.startswith(words_of(cell_of(body(number), place, role, question)))


def test_a_hidden_cell_leaves_no_figure_anywhere_on_the_page(app: Flask, as_person: Enter) -> None:
    for question in QUESTIONS:
        page = as_person("Freja").get(f"/staff/followup/5/berg-hemsjukvard/{question}")
        for role, row in zip(("patient", "provider"), table_of(page, "now")[1:], strict=True):
            asked = app.extensions["services"].versions[body(5)["versions"][role]].question(role, question)
            options = {option.code for option in asked.options}
            partly, not_needed = ("–" if code in options else "inget svarsval" for code in ("partly", "not_needed"))
            assert row[1:] == ["för få svar", "–", "–", partly, "–", "–", not_needed]
        assert all("/units-" in image.get("src", "") for image in page.all("img"))  # the others', beside it


def test_both_wordings_stand_verbatim_as_they_were_asked_then(app: Flask, as_person: Enter) -> None:
    versions = app.extensions["services"].versions
    for number, version in ((1, "metodstod-2019"), (5, "underlag-2021")):
        for question in QUESTIONS:
            words = as_person("Freja").get(f"/staff/followup/{number}/jh/{question}").words("main")
            for role in ("patient", "provider"):
                assert versions[version].question(role, question).text in words
            assert versions[version].question("patient", question).difference in words


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_trend_breaks_only_where_that_question_was_reworded(question: str, as_person: Enter) -> None:
    found = table_of(as_person("Freja").get(f"/staff/followup/5/jh/{question}"), "rounds")
    breaks = [number for number, row in enumerate(found) if len(row) == 1]
    assert breaks == ([3] if question in REWORDED else [])  # after the heading and two rounds


def test_a_round_does_not_know_of_later_ones(as_person: Enter) -> None:
    found = table_of(as_person("Freja").get("/staff/followup/2/jh/trygghet"), "rounds")
    assert [row[0] for row in found[1:]] == ["Våren 2022", "Hösten 2022"]


def test_the_places_below_stand_beside_each_other_on_the_question(as_person: Enter) -> None:
    edition, freja = body(5), as_person("Freja")
    for place, level in (("jh", "municipality"), ("ostersund", "unit")):
        found = table_of(freja.get(f"/staff/followup/5/{place}/overblick"), "places")[1:]
        below = sorted(each[1] for each in PLACES if each[2] == level and each[3] == place)
        assert sorted(row[0] for row in found) == below
        keys = {each[1]: each[0] for each in PLACES}
        for row in found:
            for words, role in zip(row[1:3], ("patient", "provider"), strict=True):
                assert words.startswith(words_of(cell_of(edition, keys[row[0]], role, "overblick")))


def test_a_unit_sees_no_other_unit_on_a_question(as_person: Enter) -> None:
    page = as_person("Brita").get("/staff/followup/5/ostersund/overblick")
    assert [row[0] for row in table_of(page, "places")[1:]] == ["Brunflo hälsocentral"]
    assert "Åre" not in page.words("main") and "municipalities" not in page.text
    region = as_person("Brita").get("/staff/followup/5/jh/overblick")
    assert [row[0] for row in table_of(region, "places")[1:]] == ["Östersund"]
    assert "municipalities" not in region.text


def test_a_decision_stands_on_the_page_of_its_question_and_on_no_other(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 1)
    said_ = Decision(
        decided_on=date(2022, 5, 2), decision="Kallelser säger tid", status="ongoing", question="nasta_tid"
    )
    with write_transaction(app.extensions["services"].engine) as connection:
        plan_records.DECISIONS.add(connection, StoredVersion("0" * 16, 1, date(2022, 5, 2), said_))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    for question in QUESTIONS:
        words = said(section(browser.get(f"/staff/followup/1/jh/{question}"), "decided"))
        assert ("Kallelser säger tid" in words) is (question == "nasta_tid")
        assert ("Inget beslut gäller just den här frågan" in words) is (question != "nasta_tid")


def test_every_picture_has_its_table_and_its_sizes(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/5/jh/trygghet")
    assert len(page.all("img")) == 3  # over the rounds, the municipalities, the units
    for picture in page.all("picture"):
        image = next(picture.iter("img"))
        assert len(image.get("alt", "")) > 20
        light = image.get("src", "")
        offered = {source.get("srcset", ""): source for source in picture.iter("source")}
        for address, source in offered.items():
            media = source.get("media", "")
            assert ("dark" in media) is (".dark." in address)
            assert ("max-width" in media) is ("-narrow." in address)
        assert set(offered) == {
            light.replace(".light.", ".dark."),
            *(light.replace(".sv.light.", f"-narrow.sv.{theme}.") for theme in ("light", "dark")),
        }
        for address, element in ({light: image} | offered).items():
            drawn = as_person("Freja").get(address).body
            assert (int(element.get("width", 0)), int(element.get("height", 0))) == chart_store.svg_size(drawn)


@pytest.mark.parametrize(
    "name", ["figures", *(each for each in chart_store.chart_names() if each not in AMONG_REGIONS)]
)
def test_every_table_can_be_taken_home(name: str, as_person: Enter) -> None:
    place = "jh" if name.startswith("groups-") else "ostersund"
    reply = as_person("Freja").get(f"/staff/followup/5/{place}/{name}.csv")
    found = list(csv.DictReader(io.StringIO(reply.text)))
    assert found
    assert reply.response.headers["Content-Disposition"] == f'attachment; filename="{place}-5-{name}.csv"'


def test_the_file_holds_the_edition_s_cells(as_person: Enter) -> None:
    reply = as_person("Freja").get("/staff/followup/5/brunflo/figures.csv")
    found = {
        (row["role"], row["question"]): row for row in csv.DictReader(io.StringIO(reply.text)) if row["round"] == "v24"
    }
    cells = [cell for cell in body(5)["cells"] if cell["place"] == "brunflo"]
    assert len(found) == len(cells)
    for cell in cells:
        row = found[cell["role"], cell["question"]]
        assert row["status"] == cell["status"]
        for name in ("n", "share", "low", "high"):
            assert (float(row[name]) if row[name] else None) == cell[name]


def test_a_round_that_is_published_again_still_does_not_know_of_later_ones(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 2)
    again = body(1) | {"number": 3}
    text, digest = frozen(again)
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        editions.add(connection, "v22", text, digest, date(2024, 5, 1))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    found = table_of(browser.get("/staff/followup/3/jh/trygghet"), "rounds")
    assert [row[0] for row in found[1:]] == ["Våren 2022"]
    links = {said(link): link.get("href") for link in browser.get("/staff/followup/2/jh/trygghet").all("a")}
    assert links["Våren 2022"] == "/staff/followup/3/jh/trygghet"
    assert browser.get("/staff/followup/", 302).response.location == "/staff/followup/2/jh"


def test_a_side_without_partly_says_so_and_a_unit_tells_partly_and_no_together(as_person: Enter) -> None:
    freja, cell = as_person("Freja"), cell_of(body(5), "jh", "patient", "fast_vardkontakt")
    now = table_of(freja.get("/staff/followup/5/jh/fast_vardkontakt"), "now")
    assert now[1][4] == "inget svarsval" and now[1][5] == f"{round(100 - cell['share'])} %"
    now = table_of(freja.get("/staff/followup/5/odensala/trygghet"), "now")
    assert now[1][4].startswith("delvis eller nej ")


def test_a_finding_says_how_sure_its_number_is(as_person: Enter) -> None:
    for question in QUESTIONS:
        page = as_person("Freja").get(f"/staff/followup/5/jh/{question}")
        sentence = next(said(each) for each in page.all("p") if each.get("class") == "verdict")
        assert re.search(r"[+−]?\d+ procentenheter \(95 % intervall [+−]?\d+ till [+−]?\d+\)\.", sentence), sentence


def test_a_thin_place_has_its_newest_rounds_together_and_the_region_has_not(as_person: Enter) -> None:
    said = as_person("Freja").get("/staff/followup/5/brunflo/overblick").words("main")
    assert "Vården, de senaste omgångarna tillsammans:" in said and "Patienter, de senaste" in said
    municipality = as_person("Freja").get("/staff/followup/5/ostersund/overblick").words("main")
    assert "Skillnaden, de senaste 4 omgångarna tillsammans: +" in municipality
    assert "omgångarna tillsammans" not in as_person("Freja").get("/staff/followup/5/jh/overblick").words("main")
