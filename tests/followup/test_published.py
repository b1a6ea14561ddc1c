"""The same pages on a round that was really published: counts, gate, edition, page."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey.publication.publish import publish
from survey.store import editions, tally
from survey.store.engine import reading, writing
from survey.web.house import House
from tests.followup.editions import PLACES, QUESTIONS, ROUNDS, counts_of
from tests.followup.looking import cell_of, rows, section, words_of
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance

FEW = {"patient": 10, "provider": 5}
LAST = 2


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A round, counted and published as the worker does it."""
    app = furnish_instance(Path(tmp_path_factory.mktemp("published")), 0)
    house: House = app.extensions["house"]
    for number in range(1, LAST + 1):
        with writing(house.engine) as connection:
            add_round(connection, number, "closed")
            _count(connection, number)
        key, _name, _opens, closes = ROUNDS[number - 1]
        publish(house.engine, house.settings, house.versions, key, closes)
    return app


def _count(connection: Any, number: int) -> None:
    """Write each unit's counts; what has too few goes to the region, with as many from elsewhere."""
    found = counts_of(number)
    pooled: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for key, _name, level, *_ in PLACES:
        for role in FEW if level == "unit" else ():
            answers = {q: vars(found[key, role, q]) for q in QUESTIONS}
            envelopes = max(sum(codes.values()) for codes in answers.values())
            place, times = (key, 1) if envelopes >= FEW[role] else ("jh", 2)
            mine = pooled.setdefault((place, role), {})
            counts = {(q, code): n for q, codes in answers.items() for code, n in codes.items()}
            for name, n in (counts | {("all", "all"): envelopes}).items():
                mine[name] = mine.get(name, 0) + n * times
    for (place, role), counts in pooled.items():
        tally.add_counts(connection, ROUNDS[number - 1][0], place, role, "invited", counts=counts)


def test_every_place_of_every_edition_can_be_read_and_says_what_the_edition_says(app: Flask) -> None:
    freja = StaffBrowser(app)
    freja.sign_in("Freja")
    with reading(app.extensions["house"].engine) as connection:
        published = [entry.content for entry in editions.latest_by_round(connection)]
    assert len(published) == LAST
    met = set()
    for edition in published:
        for place in (entry["key"] for entry in edition["places"]):
            page = freja.get(f"/staff/followup/{edition['number']}/{place}")
            for question in QUESTIONS:
                now = rows(next(section(page, question).iter("table")))[1:]
                for row, role in zip(now, FEW, strict=True):
                    cell = cell_of(edition, place, role, question)
                    met.add(cell["status"])
                    if cell["status"] == "band" and cell["cap_low"] > 0 and cell["cap_high"] < 100:
                        assert row[1] == f"mellan {cell['cap_low']} och {cell['cap_high']} %"
                    else:
                        assert row[1] == words_of(cell)
    assert met == {"shown", "band", "hidden"}


def test_the_pictures_of_a_published_unit_are_drawn(app: Flask) -> None:
    brita = StaffBrowser(app)
    brita.sign_in("Brita")
    page = brita.get(f"/staff/followup/{LAST}/brunflo")
    for image in page.all("img"):
        assert brita.get(image.get("src", "")).body.startswith(b"<svg")
