"""A round is published once, as an edition that never changes."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from survey.config import Settings
from survey.domain.questions.questionnaire import read_versions
from survey.domain.rounds.lifecycle import RoundError
from survey.publication import chart_store, edition
from survey.publication.localised_texts import BabelLocalisation
from survey.publication.nodes import FiguresError
from survey.publication.publish import publish
from survey.store.answers import tally
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from survey.web.i18n.language import load_languages
from tests.factories import furnish, make_round, step_to
from tests.publication.invented import invented, realistic, region
from tests.told_rounds import written

ROOT = Path(__file__).parents[2]
VERSIONS = read_versions(ROOT / "survey" / "questionnaires")
TODAY = date(2026, 11, 1)
SETTINGS = Settings(instance=ROOT, secret="s" * 40)


def fill(engine: Engine, key: str, seed: int, year: int = 2026, background: bool = False) -> None:
    """A closed round with invented answers, written as a closing writes them."""
    there = region(2, 3)
    named = {"opens": date(year, 9, 14), "closes": date(year, 10, 11), "name": f"hösten {year}"}
    made = written(invented(seed, there, realistic, background), there, key)
    with write_transaction(engine) as connection:
        if rounds.rounds(connection):
            rounds.add_round(connection, make_round(key, **named))
        else:
            furnish(connection, there, make_round(key, **named))
        step_to(connection, key, "closed")
        tally.write(connection, key, made)
        rounds.set_counted(connection, key, made.tree)


def published(engine: Engine, number: int) -> dict[str, Any]:
    """An edition's body."""
    with read_transaction(engine) as connection:
        found = editions.get(connection, number)
    assert found is not None
    return found.content


@pytest.fixture
def engine(sqlite_url: str, open_engine: Any) -> Engine:
    """SQLite is enough here: the queries are tried on both databases where they stand."""
    engine: Engine = open_engine(sqlite_url)
    return engine


def test_a_closed_round_becomes_an_edition(engine: Engine) -> None:
    fill(engine, "h-26", 1, background=True)
    number = publish(engine, SETTINGS, VERSIONS, "h-26", TODAY)
    with read_transaction(engine) as connection:
        kept = editions.get(connection, number)
        state = rounds.get_round(connection, "h-26")
    assert kept is not None and state is not None
    body = kept.content
    assert (number, body["number"], state.state, kept.published) == (1, 1, "published", TODAY)
    assert edition.canonical(body) == (kept.body, kept.sha256)
    assert {place["key"] for place in body["places"]} == {place.key for place in region(2, 3)}
    assert len(body["cells"]) == 2 * 7 * len(body["places"])
    assert len(body["gaps"]) == 7 * len(body["places"]) and body["gap_changes"] == body["gaps_together"] == []
    assert {row["grouping"] for row in body["background"]} == {"gender_age", "gender", "age", "language", "help"}
    counted = [row["n"] for part in ("cells", "respondents", "collection_modes", "background") for row in body[part]]
    assert all(n is None or n % 5 == 0 for n in counted)


def test_the_same_counts_give_the_same_bytes(
    engine: Engine, open_engine: Any, migrated_file: Path, tmp_path: Path
) -> None:
    other_file = tmp_path / "other.sqlite"
    other_file.write_bytes(migrated_file.read_bytes())
    other = open_engine(f"sqlite:///{other_file}")
    bodies = []
    for each in (engine, other):
        fill(each, "h-26", 2)
        bodies.append(edition.canonical(published(each, publish(each, SETTINGS, VERSIONS, "h-26", TODAY))))
    assert bodies[0] == bodies[1]


def test_only_a_closed_round_is_published_and_only_once(engine: Engine) -> None:
    fill(engine, "h-26", 1)
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE round SET state = 'open'"))
    with pytest.raises(RoundError):
        publish(engine, SETTINGS, VERSIONS, "h-26", TODAY)
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE round SET state = 'closed'"))
    publish(engine, SETTINGS, VERSIONS, "h-26", TODAY)
    with pytest.raises(RoundError):
        publish(engine, SETTINGS, VERSIONS, "h-26", TODAY)


def test_it_fails_closed(engine: Engine) -> None:
    fill(engine, "h-26", 1)
    with write_transaction(engine) as connection:
        connection.execute(text("DELETE FROM tally WHERE question = 'trygghet' AND place = 'm0'"))
    with pytest.raises(FiguresError):
        publish(engine, SETTINGS, VERSIONS, "h-26", TODAY)
    with read_transaction(engine) as connection:
        assert editions.heads(connection) == []
        kept = rounds.get_round(connection, "h-26")
    assert kept is not None and kept.state == "closed"


def test_a_second_round_says_what_the_gap_was_and_is(engine: Engine) -> None:
    for number, key in enumerate(("h-25", "h-26")):
        fill(engine, key, 20 + number, 2025 + number)
        publish(engine, SETTINGS, VERSIONS, key, TODAY)
    body = published(engine, 2)
    assert {(row["place"], row["since"]) for row in body["gap_changes"]} == {(key, "h-25") for key in ("r", "m0", "m1")}
    for row in body["gap_changes"]:
        for when in ("before", "after"):
            assert row[f"{when}_low"] <= row[f"{when}_gap"] <= row[f"{when}_high"]
    units = {place["key"] for place in body["places"] if place["level"] == "unit"}
    together = {(row["place"], row["rounds"]) for row in body["gaps_together"]}
    assert {("r", 2), ("m0", 2), ("m1", 2)} < together <= {(key, 2) for key in (*units, "r", "m0", "m1")}
    changed = [row for row in body["gap_changes"] if row["source"] == "units"]
    assert all(row["units"] >= 1 for row in changed)
    for row in body["gaps"]:
        assert ("only" in row) == (row["units"] == 1 and row["kind"] != "unit")
        assert row.get("only", next(iter(units))) in units


def test_a_third_round_is_compared_with_the_first_and_with_the_nearest(engine: Engine) -> None:
    for number, (key, year) in enumerate((("v-24", 2024), ("h-25", 2025), ("h-26", 2026))):
        fill(engine, key, 20 + number, year)
        publish(engine, SETTINGS, VERSIONS, key, TODAY)
    bodies = [published(engine, number) for number in (1, 2, 3)]
    assert edition.rounds_of_wording(bodies, bodies[2], "trygghet") == ["v-24", "h-25"]
    assert edition.rounds_of_wording(bodies, bodies[1], "trygghet") == ["v-24"]
    assert edition.rounds_of_wording(bodies, bodies[0], "trygghet") == []
    assert {row["since"] for row in bodies[2]["gap_changes"]} == {"v-24", "h-25"}


def test_a_demo_says_in_its_editions_that_the_answers_are_invented(engine: Engine) -> None:
    fill(engine, "h-26", 3)
    publish(engine, replace(SETTINGS, demo=True), VERSIONS, "h-26", TODAY)
    body = published(engine, 1)
    assert body["invented"] is True
    swedish = load_languages(ROOT / "translations")["sv"]
    assert "(påhittade svar)" in BabelLocalisation(swedish, [body]).place("r")
    assert b"(p\xc3\xa5hittade svar)" in chart_store.draw_themes([body], "r", "gap", swedish)["light"]


def shaken(engine: Engine, key: str) -> None:
    """Change counts that stand behind the edition without being in it."""
    with write_transaction(engine) as connection:
        connection.execute(
            text("UPDATE tally SET yes = yes + 5, not_yes = not_yes - 5 WHERE round = :key"), {"key": key}
        )


def test_pictures_are_drawn_from_the_edition_alone_and_once(engine: Engine) -> None:
    fill(engine, "h-26", 4)
    number = publish(engine, SETTINGS, VERSIONS, "h-26", TODAY)
    swedish = load_languages(ROOT / "translations")["sv"]
    with read_transaction(engine) as connection:
        bodies = chart_store.bodies_up_to(connection, number)
    before = {chart: chart_store.draw_themes(bodies, "m0", chart, swedish) for chart in ("gap", "trend")}
    shaken(engine, "h-26")
    for chart, themes in before.items():
        for theme, svg in themes.items():
            assert chart_store.chart_svg(engine, number, "m0", chart, "sv", theme, swedish) == svg
    with read_transaction(engine) as connection:
        assert editions.drawing(connection, number, "m0", "gap", language="sv", theme="dark") == before["gap"]["dark"]
    # Kept: what would be drawn now is not asked any more.
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE drawing SET svg = :other"), {"other": b"kept"})
    assert chart_store.chart_svg(engine, number, "m0", "gap", "sv", "light", swedish) == b"kept"


def test_a_place_that_moves_or_ends_later_stands_where_it_stood_when_it_was_asked(engine: Engine) -> None:
    fill(engine, "h-26", 5)
    with write_transaction(engine) as connection:
        connection.execute(text("UPDATE place SET valid_to = '2020-01-01' WHERE key = 'm0-u1'"))
        connection.execute(text("UPDATE place SET parent = 'm1' WHERE key = 'm0-u0'"))
    body = published(engine, publish(engine, SETTINGS, VERSIONS, "h-26", TODAY))
    above = {place["key"]: place["parent"] for place in body["places"]}
    assert (above["m0-u0"], above["m0-u1"]) == ("m0", "m0")


def test_what_an_edition_says_is_in_its_text_and_no_number_is_exact(engine: Engine) -> None:
    fill(engine, "h-26", 6)
    body = published(engine, publish(engine, SETTINGS, VERSIONS, "h-26", TODAY))
    assert json.loads(edition.canonical(body)[0]) == body
    told = [cell for cell in body["cells"] if cell["counts"]]
    assert told and all(cell["noise"] > 0 for cell in told)
    assert {cell["n"] % 5 for cell in told} == {0}
