"""The health page turns red while there is still room: for what the worker tells, and for what the web sees itself."""

from pathlib import Path

from survey.store import health
from survey.store.engine import writing
from tests.answering import UNIT, Answering, make_answering

ALL_THERE_IS = "least_free_mb = 1000000000"
NOTHING = "least_free_mb = 0"


def page(answering: Answering, part: str = "/healthz") -> tuple[int, str]:
    """Status and text."""
    found = answering.app.test_client().get(part)
    return found.status_code, found.text


def test_it_is_well(tmp_path: Path) -> None:
    assert page(make_answering(tmp_path / "instance", config=NOTHING)) == (200, "well\n")


def test_a_disk_that_runs_short_is_told_while_answers_are_still_taken(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance", config=ALL_THERE_IS)
    assert page(answering) == (503, "not well\ndisk\n")
    assert page(answering, f"/s/{UNIT}")[0] == 200


def test_what_the_worker_told_stands_beside_it(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance", config=ALL_THERE_IS)
    with writing(answering.house.engine) as connection:
        health.write(connection, [health.Line("answers", False), health.Line("worker", True)])
    assert page(answering) == (503, "not well\nanswers\ndisk\n")


def test_a_database_that_is_gone_is_told(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance", config=NOTHING)
    (answering.instance / "survey.sqlite").unlink()
    assert page(answering) == (503, "not well\ndatabase\n")


def test_the_web_does_not_take_its_own_disk_for_that_of_postgresql(tmp_path: Path, postgres_url: str) -> None:
    answering = make_answering(tmp_path / "instance", config=f'database = "{postgres_url}"\n{ALL_THERE_IS}')
    assert page(answering) == (200, "well\n")
    with writing(answering.house.engine) as connection:
        health.write(connection, [health.Line("disk", False)])
    assert page(answering) == (503, "not well\ndisk\n")
