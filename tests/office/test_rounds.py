"""Rounds in the office: planned, opened, closed and published by the worker when the coordinator asks."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from survey.domain.rounds import RoundError
from survey.store import rounds
from survey.store.engine import reading, writing
from tests.answering import OTHER_UNIT, ROUND, UNIT, Answering
from tests.followup.staffed import StaffBrowser
from tests.office.conftest import DRAFT, kept_places, kept_rounds, work
from tests.unit.test_page import answer

HOME = "/staff/office"


def test_a_coordinator_begins_in_the_office(siv: StaffBrowser) -> None:
    assert siv.get("/staff/", 302).response.location == f"{HOME}/"
    page = siv.get(f"{HOME}/")
    assert {f"{HOME}/rounds/", f"{HOME}/places/"} <= {link.get("href") for link in page.all("a")}


def test_a_round_walks_from_a_draft_to_an_edition(made: Answering, siv: StaffBrowser) -> None:
    answer(made, "patient", 13)
    answer(made, "provider", 6)
    siv.post(f"{HOME}/rounds/{ROUND}/close", {})
    assert kept_rounds(made)[ROUND].state == "closing"
    assert "räknas" in siv.get(f"{HOME}/rounds/{ROUND}").words("main")
    work(made)
    siv.post(f"{HOME}/rounds/{ROUND}/publish", {})
    assert kept_rounds(made)[ROUND].state == "publishing"
    work(made)
    assert kept_rounds(made)[ROUND].state == "published"
    page = siv.get(f"{HOME}/rounds/{ROUND}")
    assert any("/followup/1/" in (link.get("href") or "") for link in page.all("a"))
    assert siv.post(f"{HOME}/new-round", DRAFT).response.location == f"{HOME}/rounds/varen-2027"
    siv.post(f"{HOME}/rounds/varen-2027/open", {})
    assert kept_rounds(made)["varen-2027"].state == "opening"
    work(made)
    assert kept_rounds(made)["varen-2027"].state == "open"
