"""The pictures as files: drawn once, kept with the edition, and each in its own language, theme and width."""

import csv
import io
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask

from analysis.charts import AMONG_REGIONS
from survey.publication import chart_store
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from tests.followup.staffed import StaffBrowser

Enter = Callable[[str], StaffBrowser]
PAPER = {"light": "#ffffff", "dark": "#171b1f"}


@pytest.mark.slow
@pytest.mark.parametrize("chart", [each for each in chart_store.chart_names() if each not in AMONG_REGIONS])
@pytest.mark.parametrize("size", ["", "-narrow"])
def test_every_picture_is_drawn_in_both_themes(chart: str, size: str, as_person: Enter) -> None:
    browser = as_person("Freja")
    place = "jh" if chart.startswith("groups-") else "ostersund"
    for theme, paper in PAPER.items():
        reply = browser.get(f"/staff/followup/5/{place}/{chart}{size}.sv.{theme}.svg")
        root = ElementTree.fromstring(reply.body)
        assert root.get("role") == "img"
        assert float(root.get("width", "0")) == (400 if size else 900)
        assert paper in reply.text
        assert reply.response.cache_control.private
        assert reply.response.mimetype == "image/svg+xml"


def test_a_picture_speaks_its_language(as_person: Enter) -> None:
    browser = as_person("Freja")
    assert "Trygghet" in browser.get("/staff/followup/5/jh/gap.sv.light.svg").text
    assert "Feeling safe" in browser.get("/staff/followup/5/jh/gap.en.light.svg").text


def test_a_picture_is_drawn_once_and_kept(app: Flask, as_person: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = as_person("Freja")
    address = "/staff/followup/4/are/overblick.sv.dark.svg"
    first = browser.get(address).body
    with read_transaction(app.extensions["services"].engine) as connection:
        kept = editions.drawing(connection, 4, "are", "overblick", language="sv", theme="dark")
    assert kept == first
    monkeypatch.setattr("survey.publication.chart_store.draw_themes", None)
    assert browser.get(address).body == first


def test_a_picture_knows_nothing_of_later_rounds(as_person: Enter) -> None:
    words = as_person("Freja").get("/staff/followup/2/jh/trygghet.sv.light.svg").text
    assert "hösten 2022" in words
    assert "2023" not in words


def test_units_beside_each_other_are_for_those_who_may_read_them_all(as_person: Enter) -> None:
    """A unit may read its municipality's page, but no other unit's figures: neither in the picture nor in its table."""
    for name, status in (("Brita", 403), ("Odd", 403), ("Klara", 200), ("Sven", 200)):
        browser = as_person(name)
        browser.get("/staff/followup/5/ostersund/change.sv.light.svg", 200)
        for file in ("funnel.sv.light.svg", "funnel-narrow.sv.dark.svg", "funnel.csv"):
            browser.get(f"/staff/followup/5/ostersund/{file}", status)
            browser.get(f"/staff/followup/5/jh/{file}", status)
    # One's own unit stands among the others of the region, so its picture is for those who read them all as well.
    for file in ("funnel.sv.light.svg", "funnel.csv", "units-overblick.sv.light.svg", "units-overblick.csv"):
        as_person("Brita").get(f"/staff/followup/5/brunflo/{file}", 403)
    own = as_person("Freja").get("/staff/followup/5/brunflo/funnel.csv").text
    rows = list(csv.DictReader(io.StringIO(own.removeprefix("\ufeff"))))
    assert {row["unit"] for row in rows if row["own"] == "True"} == {"brunflo"}


def test_the_funnel_has_its_place_s_units_alone(as_person: Enter) -> None:
    table = as_person("Freja").get("/staff/followup/5/are/funnel.csv").text
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert {row["unit"] for row in rows} == {"hallen", "jarpen", "are-hemsjukvard"}
    assert {row["round"] for row in rows} == {"v24"}
