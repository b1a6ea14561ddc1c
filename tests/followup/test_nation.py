"""The nation's pages: as any place's, put together from others' editions, and who is not in them is said."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask

from analysis.charts import AMONG_REGIONS
from survey.domain.questions.questionnaire import QUESTIONS
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from tests.followup.looking import said, section, table_of
from tests.followup.national import KEYS, LATER, OTHER_WORDS, national_instance
from tests.followup.staffed import StaffBrowser
from tests.followup.test_pictures import PAPER
from tests.publication.sweden import NAMES
from tests.reader import Page

NATION = "/staff/followup/7/sverige"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Five editions of its own, and two national ones: 6 and 7."""
    app, numbers = national_instance(tmp_path_factory.mktemp("nation"))
    assert numbers == [6, 7]
    return app


def body_of(app: Flask, number: int) -> dict[str, Any]:
    """A stored edition."""
    with read_transaction(app.extensions["services"].engine) as connection:
        found = editions.get(connection, number)
    assert found is not None
    return found.content


def words(page: Page) -> str:
    """All of its words."""
    return " ".join(said(each) for each in page.all("main"))


def test_the_nation_is_told_on_one_screen(as_person: Callable[..., StaffBrowser], app: Flask) -> None:
    page = as_person("Freja").get(NATION)
    assert [said(each) for each in page.all("h1")] == ["Sverige"]
    headings = [said(each) for each in page.all("h2")]
    assert headings[:5] == [
        *("Var skiljer det mest?", "Har det ändrats?", "Vilka regioner är med?", "Vilka svarade?"),
        "De sju frågorna",
    ]
    assert "beslut" not in words(page)
    told = said(section(page, "regions"))
    assert "6 av 21 regioner är med i siffrorna." in told
    assert "Inte med: Region Kalmar län (inget insamlat)." in told
    assert "Region Västernorrland frågade med andra ord: Trygghet" in told
    rows = table_of(page, "seven")
    assert len(rows) == 1 + len(QUESTIONS)
    cell = next(
        each
        for each in body_of(app, 7)["cells"]
        if (each["place"], each["role"], each["question"]) == ("sverige", "patient", "overblick")
    )
    assert f"{round(cell['share'])} %" in rows[-1][1]


def test_changes_are_told_of_the_same_regions(as_person: Callable[..., StaffBrowser]) -> None:
    page = as_person("Freja").get(NATION)
    changed = said(section(page, "changed"))
    assert "Andelarna jämförs inte med våren" not in changed
    assert "Andelarna jämförs inte med hösten 2024: det är andra regioner än då." in changed
    charts = as_person("Freja").get(f"{NATION}/charts")
    assert "Samsyn i samma regioner" in [said(each) for each in charts.all("h2")]
    assert "andra regioner" in words(charts) and "gått upp" not in words(charts)


def test_each_region_is_said_and_why_others_are_not(as_person: Callable[..., StaffBrowser]) -> None:
    page = as_person("Freja").get(f"{NATION}/regions")
    rows = {row[0]: row[1:] for row in table_of(page, "each")[1:]}
    assert list(rows) == sorted((NAMES[key] for key in (*KEYS, "kalmar")), key=str.casefold)
    assert rows["Region Kalmar län"] == ["inget insamlat", "", ""]
    assert rows["Region Skåne"] == ["med i siffrorna", "10 apr. 2025", "2"]
    assert "metodstod-2019" in rows["Region Västernorrland"][0]
    assert f"Nya sedan hösten 2024: {NAMES[LATER]}." in words(page)


def test_regions_stand_beside_each_other_by_name(as_person: Callable[..., StaffBrowser]) -> None:
    page = as_person("Freja").get(f"{NATION}/places")
    names = [row[0] for row in table_of(page, "gaps")[1:]]
    assert names == sorted((NAMES[key] for key in KEYS), key=str.casefold)
    assert "det är ingen rangordning" in words(page)
    headings = [said(each) for each in page.all("h2")]
    assert headings[:3] == ["Skillnad på varje fråga", "Skillnaden, region för region", *headings[2:3]]
    assert "Patienternas svar, region för region" in headings


def test_a_region_that_asked_in_other_words_is_never_said_to_have_few_answers(
    as_person: Callable[..., StaffBrowser], app: Flask
) -> None:
    left_out = {row["question"] for row in body_of(app, 7)["left_out"]}
    assert left_out and {row["region"] for row in body_of(app, 7)["left_out"]} == {OTHER_WORDS}
    for page in (f"/staff/followup/7/{OTHER_WORDS}", f"{NATION}/places", f"/staff/followup/7/{OTHER_WORDS}/charts"):
        shown = words(as_person("Freja").get(page))
        assert "ingen siffra" in shown, page
        assert "för få svar" not in shown.lower() and "Färre än" not in shown, page


@pytest.mark.parametrize("page", ["", "/places", "/regions", "/charts", "/how", *(f"/{q}" for q in QUESTIONS)])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_of_the_nation_is_there(page: str, language: str, as_person: Callable[..., StaffBrowser]) -> None:
    person = as_person("Freja", language)
    found = person.get(NATION + page)
    for source in (each.get("src") for each in found.all("img") if "/followup/" in str(each.get("src"))):
        person.get(str(source))
    for link in {str(each.get("href")) for each in found.all("a")}:
        if link.startswith("/staff/followup/7/") and not link.endswith(".xlsx"):
            person.get(link.partition("#")[0])


def test_a_region_in_the_nation_has_its_pages_and_its_ring(as_person: Callable[..., StaffBrowser]) -> None:
    person = as_person("Freja")
    assert "Region Skåne" in words(person.get("/staff/followup/7/skane/charts"))
    assert person.get("/staff/followup/7/skane/places", status=302)
    for page in ("planner", "who", "regions"):
        person.get(f"/staff/followup/7/skane/{page}", status=404)


def test_whoever_reads_results_reads_the_nation_and_finds_it(as_person: Callable[..., StaffBrowser]) -> None:
    person = as_person("Brita")
    own = person.get("/staff/followup/5/brunflo")
    assert NATION in {each.get("href") for each in own.all("a")}
    nation = person.get(NATION)
    assert "/staff/followup/5/jh" in {each.get("href") for each in nation.all("a")}
    person.get("/staff/followup/7/skane/trygghet")


def test_the_two_kinds_of_edition_do_not_mix(as_person: Callable[..., StaffBrowser]) -> None:
    person = as_person("Freja")
    own, nation = words(person.get("/staff/followup/5/jh/charts")), words(person.get(f"{NATION}/charts"))
    assert "Våren 2025" not in own and "Våren 2022" not in nation
    for chart in ("units-trygghet", "municipalities-gap", "groups-age", "funnel"):
        person.get(f"/staff/followup/7/sverige/{chart}.sv.light.svg", status=404)
    person.get("/staff/followup/5/jh/regions-gap.sv.light.svg", status=404)
    person.get("/staff/followup/5/jh/regions", status=404)


@pytest.mark.slow
@pytest.mark.parametrize("chart", AMONG_REGIONS)
@pytest.mark.parametrize(("size", "width"), [("", 900), ("-narrow", 400)])
def test_pictures_of_regions_are_drawn_in_both_themes(
    chart: str, size: str, width: int, as_person: Callable[..., StaffBrowser]
) -> None:
    for theme, paper in PAPER.items():
        reply = as_person("Freja").get(f"/staff/followup/7/sverige/{chart}{size}.sv.{theme}.svg")
        root = ElementTree.fromstring(reply.body)
        assert (root.get("role"), float(root.get("width", "0"))) == ("img", width)
        assert paper in reply.text and reply.response.cache_control.private


def test_its_figures_can_be_taken_home(as_person: Callable[..., StaffBrowser], app: Flask) -> None:
    person = as_person("Freja")
    for name in ("figures", "gaps", "same-regions", "regions-gap", "regions-trygghet", "regions-funnel", "trygghet"):
        taken = person.get(f"{NATION}/{name}.csv")
        assert taken.status == 200 and taken.text.count("\n") > 2, name
    header = person.get(f"{NATION}/regions-funnel.csv").text.splitlines()[0]
    assert "region" in header and "unit" not in header.split(",")
