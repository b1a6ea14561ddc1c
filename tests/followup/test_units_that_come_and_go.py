"""A unit that is new, or that others have gone up in: told as that, never as reworded questions or few answers."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey.domain.questions.questionnaire import QUESTIONS
from survey.store.core import places
from survey.store.database.engine import write_transaction
from survey.web.request.services import Services
from tests.followup import editions as invented
from tests.followup.looking import table_of
from tests.followup.staffed import StaffBrowser, furnish_instance

NEW, GREW, GONE = "brunflo", "torvalla", "lugnvik"
_body = invented.body


def _with_changes(number: int) -> dict[str, Any]:
    """Brunflo is there from the fifth round on, Lugnvik until the third."""
    body = _body(number)
    away = {NEW} if number < 5 else set()
    away |= {GONE} if number > 3 else set()
    body["places"] = [each for each in body["places"] if each["key"] not in away]
    for part in ("cells", "respondents", "gaps", "gap_changes"):
        body[part] = [each for each in body[part] if each.get("place") not in away]
    return body


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Five rounds, of which a unit is in the last alone; another went up in Torvalla after the third."""
    monkeypatch.setattr(invented, "body", _with_changes)
    app = furnish_instance(tmp_path / "instance")
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        known: Mapping[str, Any] = {each.key: each for each in places.all_places(connection)}
        gone = {**vars(known[GONE]), "valid_to": date(2023, 6, 30), "merged_into": GREW}
        places.save_places(connection, [type(known[GONE])(**gone)])
    return app


@pytest.fixture
def freja(app: Flask) -> StaffBrowser:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    return browser


def test_a_new_unit_was_not_there_and_no_question_is_new_for_that(freja: StaffBrowser) -> None:
    said = freja.get(f"/staff/followup/5/{NEW}/charts").words("main")
    assert "Brunflo hälsocentral fanns inte i mätomgången före. Därför finns inget att jämföra med." in said
    assert "ny formulering" not in said.replace("(ny formulering)", "") and "Ny formulering" not in said
    assert said.count("fanns inte då") >= 4 * 7 * 2  # both sides' shares in the four rounds before


def test_a_question_that_is_reworded_is_still_told_of_who_was_there(freja: StaffBrowser) -> None:
    said = freja.get(f"/staff/followup/3/{GREW}/charts").words("main")
    assert "Trygghet: ny formulering till patienterna." in said and "fanns inte" not in said


@pytest.mark.slow
def test_a_unit_that_others_went_up_in_has_a_break_and_a_note(freja: StaffBrowser) -> None:
    said = freja.get(f"/staff/followup/5/{GREW}/charts").words("main")
    assert "Från och med hösten 2023 ingår Lugnvik hälsocentral" in said and "sammanslagen" in said
    for question in QUESTIONS:
        page = freja.get(f"/staff/followup/5/{GREW}/{question}")
        rows = [" ".join("".join(each.itertext()).split()) for each in page.all("tr") if each.get("class") == "break"]
        assert sum("Här uppgick Lugnvik hälsocentral i enheten" in row for row in rows) == 1
    assert "ingår Lugnvik" not in freja.get(f"/staff/followup/3/{GREW}/charts").words("main")


def test_the_line_of_a_unit_that_others_went_up_in_is_broken_in_its_pictures(freja: StaffBrowser) -> None:
    for chart in ("trend", "gap-trend"):
        drawn = freja.get(f"/staff/followup/5/{GREW}/{chart}.sv.light.svg").text
        assert "break-kontaktvagar-h23" in drawn  # a question that was not reworded
        assert "break-kontaktvagar" not in freja.get(f"/staff/followup/3/{GREW}/{chart}.sv.light.svg").text
    since = " ".join(
        words for row in table_of(freja.get(f"/staff/followup/4/{GREW}/charts"), "change") for words in row
    )
    assert "hösten 2022" not in since and "sammanslagen" in since
