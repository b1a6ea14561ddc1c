"""The region's groups of residents: read on a page and taken home, for the region alone."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.store.database.engine import write_transaction
from survey.store.published import editions
from tests.followup.editions import ROUNDS, body, frozen
from tests.followup.looking import words_of
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance

PAGE = "/staff/followup/5/jh/residents"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Five published rounds."""
    return furnish_instance(tmp_path_factory.mktemp("residents"))


def test_every_published_cell_stands_on_the_page(as_person: Callable[[str], StaffBrowser]) -> None:
    page = as_person("Freja").get(PAGE)
    tables = page.all("table")
    edition = body(5)
    assert len(tables) == len({cell["grouping"] for cell in edition["background"]})
    words = [" ".join("".join(each.itertext()).split()) for each in page.all("td")]
    for cell in edition["background"]:
        assert any(each.startswith(words_of(cell)) for each in words)
    assert len(page.all("picture")) == len(tables)
    said = page.words("main")
    assert "Kvinnor, 18–34 år" in said and "Svenska" in said and "osäkert" in said
    assert "Bara kvinnor och män är prövade mot varandra." in said
    assert said.index("Kvinnor") < said.index("Män") < said.index("Övriga", said.index("Män"))


def test_a_unit_reads_the_region_s_groups_too(as_person: Callable[[str], StaffBrowser]) -> None:
    brita = as_person("Brita")
    assert "Kvinnor" in brita.get(PAGE).words("main")
    for place in ("jh", "brunflo"):  # the way leads to the region's from anywhere
        assert brita.get(f"/staff/followup/5/{place}").text.count(f'href="{PAGE}"') == 1


def test_the_groups_are_taken_home_for_the_region_alone(as_person: Callable[[str], StaffBrowser]) -> None:
    freja = as_person("Freja")
    reply = freja.get("/staff/followup/5/jh/residents.csv")
    found = list(csv.DictReader(io.StringIO(reply.text)))
    assert len(found) == sum(len(body(number)["background"]) for number in range(1, 6))
    book = freja.client.get("/staff/followup/5/jh/residents.xlsx")
    assert book.status_code == 200 and book.data.startswith(b"PK")
    assert "Kvinnor, 18–34 år" in freja.get("/staff/followup/5/jh/residents.json").text
    freja.get("/staff/followup/5/are/residents.csv", 404)
    freja.get("/staff/followup/residents/9", 404)


def test_a_round_that_published_no_groups_says_so(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 1)
    text, digest = frozen(body(2) | {"background": []})
    with write_transaction(app.extensions["services"].engine) as connection:
        add_round(connection, 2, "published")
        editions.add(connection, ROUNDS[1][0], text, digest, ROUNDS[1][3])
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    said = browser.get("/staff/followup/2/jh/residents").words("main")
    assert "visas inga grupper" in said
