"""Pictures and files say what an edition says and nothing finer: other counts behind it, the same bytes."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from analysis.__main__ import draw_place
from analysis.charts import AMONG_REGIONS
from analysis.files.exports import EXPORTS
from analysis.frames.resident_groups import groups
from survey.publication import chart_store
from survey.publication.publish import publish
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from survey.store.tables import background_tally, drawing, matched_tally, tally
from survey.web.i18n.language import Language, load_languages
from tests.publication.test_publish import ROOT, SETTINGS, TODAY, VERSIONS, fill

PLACES = ("r", "m0-u0")


@pytest.fixture
def engine(sqlite_url: str, open_engine: Any) -> Engine:
    """Two published rounds."""
    engine: Engine = open_engine(sqlite_url)
    for year, seed in ((2026, 1), (2027, 2)):
        fill(engine, f"h-{year}", seed, year=year, background=True)
        publish(engine, SETTINGS, VERSIONS, f"h-{year}", TODAY)
    return engine


@pytest.fixture(scope="module")
def swedish() -> Language:
    """The language that the pictures speak."""
    return load_languages(ROOT / "translations")["sv"]


def everything(engine: Engine, number: int, spoken: Language, folder: Path) -> Mapping[str, bytes]:
    """All that can be looked at and taken home of some places."""
    folder.mkdir()
    found: dict[str, bytes] = {}
    for place in PLACES:
        for chart in chart_store.chart_names():
            if chart in AMONG_REGIONS:
                continue
            if not chart.startswith("municipalities") or (place == "r" and chart.endswith("trygghet")):
                name = f"{place} {chart}"
                found[name] = chart_store.chart_svg(engine, number, place, chart, "sv", "light", spoken)
    with read_transaction(engine) as connection:
        bodies = chart_store.bodies_up_to(connection, number)
    residents = groups(bodies)
    assert not residents.empty
    found["residents"] = EXPORTS["csv"](residents)
    return found | {path.name: path.read_bytes() for path in draw_place(bodies, PLACES[-1], folder)}


def move_the_counts(engine: Engine) -> None:
    """Other answers behind the editions; what was drawn is forgotten."""
    with write_transaction(engine) as connection:
        for counts in (tally, background_tally, matched_tally):
            connection.execute(sa.update(counts).values(yes=counts.c.yes * 2))
        connection.execute(sa.delete(drawing))


@pytest.mark.slow
def test_other_counts_behind_an_edition_change_no_byte_of_it(engine: Engine, swedish: Language, tmp_path: Path) -> None:
    before = everything(engine, 2, swedish, tmp_path / "before")
    assert len(before) > 60
    move_the_counts(engine)
    assert everything(engine, 2, swedish, tmp_path / "after") == before


@pytest.mark.slow
def test_control_a_new_edition_of_those_counts_is_another(engine: Engine, swedish: Language, tmp_path: Path) -> None:
    before = everything(engine, 2, swedish, tmp_path / "before")
    move_the_counts(engine)
    with write_transaction(engine) as connection:
        rounds.set_state(connection, "h-2027", "published")
        connection.execute(sa.text("UPDATE round SET state = 'closed' WHERE key = 'h-2027'"))
    publish(engine, SETTINGS, VERSIONS, "h-2027", date(2027, 11, 2))
    with read_transaction(engine) as connection:
        assert editions.get(connection, 3) is not None
    after = everything(engine, 3, swedish, tmp_path / "after")
    assert before["residents"] != after["residents"]
    assert sum(before[name] != after[name] for name in before) > len(before) // 2
