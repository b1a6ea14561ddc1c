"""Targets and measurements from elsewhere: each beside one question or none, never a doctor beside a care contact."""

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Engine

from survey.cli.demo import plan_data as demo
from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.records.external_measures import Measurement, Target
from survey.domain.records.record_types import InvalidRecord, StoredVersion
from survey.domain.records.records_csv import headers
from survey.followup.plan import external_measures
from survey.store.core import places
from survey.store.database.engine import DatabaseFault, read_transaction, write_transaction
from survey.store.published import plan_records
from survey.store.tables import measurement, target
from survey.web.request.services import Services
from tests.followup.looking import section
from tests.followup.staffed import StaffBrowser, furnish_instance
from tests.followup.test_plan import add, form_of, kept
from tests.followup.test_plan_files import look

TARGETS = "/staff/followup/targets"
GOAL: dict[str, Any] = {"name": "Nöjda", "kind": "other", "value": "70 %", "source": "Planen", "status": "valid"}
VALUE: dict[str, Any] = {
    **{"series": "Panel", "kind": "other", "qualifier": "exact", "value": "29", "unit_of_measure": "%"},
    **{"respondents": "befolkningen", "source": "Panelen"},
}
TODAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    "words",
    [
        {"kind": "fast_lakarkontakt"},
        {"name": "Namngiven läkare"},
        {"name": "FAST LÄKARKONTAKT"},
        {"name": "fast la\u0308karkontakt"},
        {"name": "fast lä\u00adkarkontakt"},
        {"name": "fast lakarkontakt"},
        {"name": "Egen doktor"},
        {"population": "de med husläkare"},
        {"quality": "avser fast läkarkontakt"},
        {"source": "enkät om fast namngiven läkare"},
    ],
)
def test_a_doctor_never_stands_beside_the_care_contact(words: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecord, match="doctor_beside_care_contact"):
        Target(**{**GOAL, **words, "question": "fast_vardkontakt"})
    said = {"series": words["name"]} if "name" in words else words
    if "population" not in words:
        with pytest.raises(InvalidRecord):
            Measurement(**{**VALUE, **said, "day": TODAY, "question": "fast_vardkontakt"})
    for question in {*QUESTIONS, None} - {"fast_vardkontakt"}:
        assert Target(**{**GOAL, **words, "question": question}).question == question


@pytest.mark.parametrize(
    "words", [{}, {"source": "Läkartidningen"}, {"quality": "läkarna svarade sällan"}, {"name": "Har en kontakt"}]
)
def test_what_is_about_the_care_contact_may_stand_there(words: dict[str, Any]) -> None:
    assert Target(**{**GOAL, **words, "question": "fast_vardkontakt"})


def test_the_database_refuses_it_too(engine: Engine) -> None:
    rows = {
        target: {**GOAL, "population": "", "quality": ""},
        measurement: {**VALUE, "quality": "", "day": TODAY},
    }
    for table, row in rows.items():
        said = {**row, "key": "a", "version": 1, "saved_on": TODAY}
        with pytest.raises(DatabaseFault), write_transaction(engine) as connection:
            wrong = {"question": "fast_vardkontakt", "kind": "fast_lakarkontakt"}
            connection.execute(sa.insert(table), {**said, **wrong})
        with write_transaction(engine) as connection:
            connection.execute(sa.insert(table), {**said, "question": None, "kind": "fast_lakarkontakt"})


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """One published round, and people by name."""
    return furnish_instance(tmp_path, 1)


@pytest.fixture
def freja(app: Flask) -> StaffBrowser:
    """Somebody of the follow-up group."""
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    return browser


def test_the_form_says_why_it_is_refused_and_keeps_what_was_written(app: Flask, freja: StaffBrowser) -> None:
    written = {**GOAL, "kind": "fast_lakarkontakt", "question": "fast_vardkontakt"}
    page = add(freja, "target", written, 422, TARGETS)
    assert "En fast läkarkontakt är inte samma sak som en fast vårdkontakt" in page.words("main")
    address, fields = form_of(page)
    assert fields["value"] == "70 %" and fields["question"] == "fast_vardkontakt" and kept(app, "target") == []
    freja.post(address, {**fields, "question": ""})
    assert "Vid sidan av de sju frågorna" in freja.get(TARGETS + "/").words("main")


def test_a_series_stands_beside_its_question_with_its_picture(app: Flask, freja: StaffBrowser) -> None:
    for day, value in (("2021-12-31", "28"), ("2022-12-31", "29"), ("2023-12-31", "31,5")):
        # One value or two are a table alone: a line takes three.
        freja.get(f"{TARGETS}/pictures/nasta_tid.sv.light.svg", 404)
        assert not freja.get(TARGETS + "/").all("picture")
        add(freja, "measurement", {**VALUE, "day": day, "value": value, "question": "nasta_tid"}, room=TARGETS)
    page = freja.get(TARGETS + "/")
    assert page.all("picture")
    assert "Bredvid frågan Nästa tid" in page.words("main") and "31,5" in page.words("main")
    assert "inte samma sak" in page.words("main")
    for size in ("", "-narrow"):
        for theme in ("light", "dark"):
            for language in ("sv", "en"):
                address = f"{TARGETS}/pictures/nasta_tid{size}.{language}.{theme}.svg"
                assert freja.get(address).text.startswith("<svg")
    drawn = freja.get(f"{TARGETS}/pictures/nasta_tid.sv.light.svg").text
    assert "Mäter inte samma sak som de sju frågorna" in drawn and "31,5" in drawn
    freja.get(f"{TARGETS}/pictures/trygghet.sv.light.svg", 404)
    freja.get(f"{TARGETS}/pictures/strunt.sv.light.svg", 404)
    freja.get(f"{TARGETS}/pictures/nasta_tid.xx.light.svg", 404)


def test_two_values_of_one_day_are_told(app: Flask, freja: StaffBrowser) -> None:
    add(freja, "measurement", {**VALUE, "day": "2022-12-31"}, room=TARGETS)
    page = add(freja, "measurement", {**VALUE, "day": "2022-12-31", "series": "PANEL"}, 422, TARGETS)
    assert "redan ett värde den dagen" in page.words("main")


def test_what_stands_beside_is_given_to_other_pages(app: Flask) -> None:
    house: Services = app.extensions["services"]
    gone = Target(**{**GOAL, "name": "Fel", "question": "trygghet", "ended_on": TODAY})
    with write_transaction(house.engine) as connection:
        for key, thing in (("a", Target(**{**GOAL, "question": "trygghet"})), ("b", gone), ("c", Target(**GOAL))):
            plan_records.TARGETS.add(connection, StoredVersion(key, 1, TODAY, thing))
        for key, day in (("d", date(2023, 1, 1)), ("e", date(2022, 1, 1))):
            value = Measurement(**{**VALUE, "day": day, "question": "trygghet"})
            plan_records.MEASUREMENTS.add(connection, StoredVersion(key, 1, TODAY, value))
    with app.app_context(), read_transaction(house.engine) as connection:
        here = external_measures.measures_of(connection, "trygghet")
        assert [each.key for each in here.targets] == ["a"] and [[e.key for e in own] for own in here.series] == [
            ["e", "d"]
        ]
        assert [each.key for each in external_measures.measures_of(connection, None).targets] == ["c"]
        assert not external_measures.measures_of(connection, "overblick") and here


def test_the_demo_shows_what_was_withdrawn_as_withdrawn(app: Flask, freja: StaffBrowser) -> None:
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        assert places.all_places(connection)
        for _time in range(2):
            demo.fill(connection, TODAY)
    page = freja.get(TARGETS + "/").words("main")
    assert page.count("Utgått") == 3 and page.count("Varken golv eller tak") == 2 and "29 %" in page
    assert "Bredvid frågan" not in page
    for role in ("Sven", "Brita"):
        browser = StaffBrowser(app)
        browser.sign_in(role)
        assert ("Ändra" in browser.get(TARGETS + "/").words("main")) == (role == "Sven")
    plan: Callable[..., Any] = freja.get
    assert "Klara och strukna: 2" in plan("/staff/followup/plan/").words("main")


DAY = {"day": "2022-10-01"}


def test_a_share_is_between_nothing_and_all_and_no_day_lies_ahead(app: Flask, freja: StaffBrowser) -> None:
    for wrong, said in (
        ({"value": "101"}, "En andel i procent ligger mellan 0 och 100."),
        ({"value": "-1", "unit_of_measure": "procent"}, "En andel i procent ligger mellan 0 och 100."),
        ({"day": "2024-06-02"}, "Dagen har inte varit än."),
    ):
        assert said in add(freja, "measurement", VALUE | DAY | wrong, 422, TARGETS).words()
    add(freja, "measurement", VALUE | DAY | {"value": "100", "day": "2024-06-01"}, room=TARGETS)
    add(freja, "measurement", VALUE | DAY | {"value": "1100", "unit_of_measure": "sjuksköterskor"}, room=TARGETS)
    text = ";".join(headers(Measurement)) + "\nPanel;annat;2030-01-01;exakt;140;%;Panelen;SKR;;\n"
    words = look(freja, text, 422, f"{TARGETS}/import/measurement").words()
    assert "Rad 2: ”dag”: dagen har inte varit än." in words and "Rad 2: ”värde”: en andel i procent" in words


def test_a_target_whose_last_day_has_passed_no_longer_holds(app: Flask, freja: StaffBrowser) -> None:
    past = GOAL | {"status": "valid", "valid_to": "2024-05-31"}
    assert "Till-dagen har passerat." in add(freja, "target", past, 422, TARGETS).words()
    add(freja, "target", past | {"valid_to": "2024-06-01"}, room=TARGETS)
    assert "Gäller" in freja.get(f"{TARGETS}/").words("main") and "Utgått" not in freja.get(f"{TARGETS}/").words("main")
    house = app.extensions["services"]
    app.extensions["services"] = dataclasses.replace(house, today=lambda: date(2024, 6, 2))
    assert "Utgått" in freja.get(f"{TARGETS}/").words("main")


def test_what_others_have_measured_stands_on_the_page_of_its_question_alone(freja: StaffBrowser) -> None:
    address = "/staff/followup/1/jh/"
    assert "Målen" not in freja.get(address + "trygghet").text
    add(freja, "measurement", VALUE | DAY | {"question": "trygghet", "series": "Panelen <1>"}, room=TARGETS)
    add(freja, "target", GOAL | {"question": "overblick"}, room=TARGETS)
    for question, said in (("trygghet", "Panelen <1>"), ("overblick", "Nöjda")):
        page = freja.get(address + question)
        within = " ".join("".join(section(page, "outside").itertext()).split())
        assert said in within and "mäter inte samma sak" in within
        others = [key for key in QUESTIONS if key != question]
        assert not any(said in freja.get(address + key).words("main") for key in others)


def test_a_target_is_no_share_above_all(app: Flask, freja: StaffBrowser) -> None:
    for value in ("140 %", "100,5%", "1000 procent"):
        assert "En andel i procent är högst 100." in add(freja, "target", GOAL | {"value": value}, 422, TARGETS).words()
    for number, value in enumerate(("100 %", "+140 %", "−20 %", "1 100", "140 invånare")):
        add(freja, "target", GOAL | {"value": value, "name": f"Mål {number}"}, room=TARGETS)
