"""What happened on a place's trend: which days, in which order, for whom, and never in an edition's own picture."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey.domain.records.action_plan import Decision, Event
from survey.domain.records.record_types import Record, StoredVersion
from survey.followup.plan import annotated_trend
from survey.followup.selection import select_place
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions, packs, plan_records
from survey.web.request.services import Services
from tests.followup.editions import ROUNDS
from tests.followup.staffed import StaffBrowser, furnish_instance

MARKED = "/staff/followup/annotated-trend"
TODAY = date(2024, 6, 1)
INSIDE = date(2023, 5, 15)
EVENTS = {
    "region": Event(day=INSIDE, title="I hela regionen"),
    "are": Event(day=date(2023, 6, 1), title="I Åre", place="are"),
    "brunflo": Event(day=date(2023, 7, 1), title="I Brunflo", place="brunflo"),
    "wrong": Event(day=date(2023, 8, 1), title="Fel", ended_on=TODAY),
    "early": Event(day=date(2010, 1, 1), title="Långt före"),
    "late": Event(day=date(2031, 1, 1), title="Långt efter"),
}
DECISIONS = {
    "done": Decision(decided_on=date(2023, 5, 15), decision="Beslutat", status="done", ended_on=TODAY),
    "dropped": Decision(decided_on=date(2023, 5, 16), decision="Struket", status="dropped", ended_on=TODAY),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Five published rounds, with events and decisions."""
    app = furnish_instance(tmp_path_factory.mktemp("marked"))
    add(app, plan_records.EVENTS, EVENTS)
    add(app, plan_records.DECISIONS, DECISIONS)
    return app


def add(app: Flask, versions: "plan_records.Versions[Any]", things: "dict[str, Any]") -> None:
    """Keep these."""
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        for key, thing in things.items():
            assert isinstance(thing, Record)
            versions.add(connection, StoredVersion(key, 1, TODAY, thing))


def words_of(app: Flask, node: str, number: int = 5) -> list[str]:
    """What stands on a place's trend."""
    house: Services = app.extensions["services"]
    with app.test_request_context(), read_transaction(house.engine) as connection:
        here = annotated_trend.annotations_for(connection, select_place(connection, number, node))
    assert [each.number for each in here.annotations] == list(range(1, len(here.annotations) + 1))
    return [each.words for each in here.annotations]


def test_a_place_has_its_own_days_and_those_above_it(app: Flask) -> None:
    assert words_of(app, "jh") == ["I hela regionen", "Beslutat"]
    assert words_of(app, "are") == ["I hela regionen", "Beslutat", "I Åre"]
    assert words_of(app, "brunflo") == ["I hela regionen", "Beslutat", "I Brunflo"]


def test_an_earlier_edition_ends_before_what_came_later(app: Flask) -> None:
    assert date.fromisoformat(str(ROUNDS[0][3])) < INSIDE
    assert words_of(app, "jh", 1) == []


def enter(app: Flask, name: str) -> StaffBrowser:
    """A browser in which this person is signed in."""
    browser = StaffBrowser(app)
    browser.sign_in(name)
    return browser


def test_the_page_explains_each_number(app: Flask) -> None:
    page = enter(app, "Freja").get(f"{MARKED}/5/are").words("main")
    assert "I Åre Åre, 1 juni 2023" in page and "Beslutat Beslut, 15 maj 2023" in page
    assert "inte att det är orsaken" in page and "Fel" not in page
    assert "Beslutat Beslut" in enter(app, "Freja").get("/staff/followup/plan/").words("main")


def test_a_unit_sees_its_own_and_those_above(app: Flask) -> None:
    brita = enter(app, "Brita")
    for node in ("brunflo", "jh"):
        assert brita.get(f"{MARKED}/5/{node}/trend.sv.light.svg").text.startswith("<svg")
    for node in ("odensala", "are"):
        brita.get(f"{MARKED}/5/{node}", 403)
        brita.get(f"{MARKED}/5/{node}/trend.sv.light.svg", 403)


@pytest.mark.parametrize(
    "wrong", ["5/jh/gap.sv.light.svg", "5/jh/trend.xx.light.svg", "5/jh/trend.sv.pink.svg", "9/jh"]
)
def test_what_is_not_there(wrong: str, app: Flask) -> None:
    enter(app, "Freja").get(f"{MARKED}/{wrong}", 404)


def test_a_new_event_is_drawn_at_once_and_no_kept_picture_changes(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 5)
    freja, house = enter(app, "Freja"), app.extensions["services"]
    own = "/staff/followup/5/jh/trend.sv.light.svg"
    before, without = freja.get(own).body, freja.get(f"{MARKED}/5/jh/trend.sv.light.svg").body
    with read_transaction(house.engine) as connection:
        kept = editions.drawing(connection, 5, "jh", "trend", language="sv", theme="light")
    add(app, plan_records.EVENTS, {"one": EVENTS["region"]})
    after = freja.get(f"{MARKED}/5/jh/trend.sv.light.svg").body
    assert without == before and after != without and b"I hela regionen" in after
    assert freja.get(own).body == before == kept
    narrow = freja.get(f"{MARKED}/5/jh/trend-narrow.en.dark.svg").body
    assert b"I hela regionen" in narrow and narrow != after
    with read_transaction(house.engine) as connection:
        drawn = editions.drawing(connection, 5, "jh", "trend-narrow", language="en", theme="dark")
    assert drawn is None


def test_only_the_newest_find_room(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 5)
    days = {f"{n:02}": Event(day=date(2023, 5, n), title=f"Händelse {n}") for n in range(1, 21)}
    add(app, plan_records.EVENTS, days)
    page = enter(app, "Freja").get(f"{MARKED}/5/jh")
    said = page.words("main")
    assert "8 äldre får inte plats" in said and "Händelse 20" in said and "Händelse 8 " not in said
    numbers = [item.get("value") for item in page.all("li") if item.get("value")]
    assert numbers == [str(n) for n in range(9, 21)] and len(numbers) == annotated_trend.MAX_ANNOTATIONS


def test_what_a_frozen_pack_decided_is_a_mark_for_who_may_read_the_pack(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 5)
    draft = packs.Pack("p", 1, 5, None, "Mötet", ("odensala",), ("trygghet",), "", None, None, None)
    with write_transaction(app.extensions["services"].engine) as connection:
        packs.add(connection, draft)
        packs.add_decision(connection, "p", text="Ringa upp alla", who="Åre", due_on=None)
        packs.add_decision(connection, "p", text="Nedlagt senare", who="Åre", due_on=None)
        now = packs.get(connection, "p")
        assert now is not None
        packs.freeze(connection, now, 1, sha256="0" * 64, html=b"<!doctype html>", pdf=None, on=INSIDE)
        packs.set_decision_status(connection, "p", 2, status="dropped", outcome="")
    said = {name: enter(app, name).get(f"{MARKED}/5/jh").words("main") for name in ("Freja", "Odd", "Brita")}
    assert ["Ringa upp alla" in words for words in said.values()] == [True, True, False]
    assert "Nedlagt senare" not in said["Freja"]
