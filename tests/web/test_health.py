"""What who watches is told: red while there is still room, and each answer red for what it is asked about alone."""

import os
import shutil
import time
from pathlib import Path

import pytest

from survey.app import create_app
from survey.store.core import health
from survey.store.database.engine import write_transaction
from tests.answering import UNIT, Answering, make_answering

ALL_THERE_IS = "min_free_mb = 1000000000"
NOTHING = "min_free_mb = 0"


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
    with write_transaction(answering.house.engine) as connection:
        health.write(connection, [health.HealthLine("answers", False), health.HealthLine("worker", True)])
    assert page(answering) == (503, "not well\nanswers\ndisk\n")


def test_a_database_that_is_gone_is_told(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance", config=NOTHING)
    (answering.instance / "survey.sqlite").unlink()
    assert page(answering) == (503, "not well\ndatabase\n")
    assert page(answering, "/readyz") == (503, "not ready\ndatabase\n")
    assert page(answering, "/livez") == (200, "alive\n")


def test_the_web_does_not_take_its_own_disk_for_that_of_postgresql(tmp_path: Path, postgres_url: str) -> None:
    answering = make_answering(tmp_path / "instance", config=f'database = "{postgres_url}"\n{ALL_THERE_IS}')
    assert page(answering) == (200, "well\n")
    with write_transaction(answering.house.engine) as connection:
        health.write(connection, [health.HealthLine("disk", False)])
    assert page(answering) == (503, "not well\ndisk\n")


def at_work(answering: Answering, seconds: float = 0) -> None:
    """Let the worker have been at work so long ago."""
    folder = answering.house.settings.pepper_folder
    health.touch_heartbeat(folder)
    then = time.time() - seconds
    os.utime(folder / health.HEARTBEAT, (then, then))


def told(answering: Answering, *unwell: str) -> None:
    """Let the worker have told this."""
    with write_transaction(answering.house.engine) as connection:
        health.write(connection, [health.HealthLine(name, False) for name in unwell])


def test_a_reader_is_sent_where_answers_can_be_taken_and_nowhere_else(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance", config=ALL_THERE_IS)
    told(answering, "worker", "answers", "keys")
    assert page(answering, "/readyz") == (200, "ready\n")
    shutil.rmtree(answering.house.settings.pepper_folder)
    assert page(answering, "/readyz") == (503, "not ready\nkeys\n")
    assert page(answering, "/livez") == (200, "alive\n")


@pytest.mark.parametrize("name", ["worker", "mail", "sms"])
def test_residents_part_is_not_red_for_what_only_staff_wait_for(tmp_path: Path, name: str) -> None:
    answering = make_answering(tmp_path / "instance", config=NOTHING)
    staff = Answering(create_app("staff", answering.instance), answering.instance)
    at_work(answering)
    told(answering, name)
    assert page(answering) == (200, "well\n")
    assert page(answering, "/workerz")[0] == 404
    assert page(staff) == (503, f"not well\n{name}\n")
    assert page(staff, "/workerz") == (503, f"not at work\n{name}\n")
    assert page(staff, "/readyz") == (200, "ready\n")


def test_a_worker_that_is_gone_is_told_and_what_it_found_last_too(tmp_path: Path) -> None:
    answering = make_answering(tmp_path / "instance", config=NOTHING, part="staff")
    assert page(answering, "/workerz") == (503, "not at work\nsilent\n")
    at_work(answering, 14 * 60)
    assert page(answering, "/workerz") == (200, "at work\n")
    at_work(answering, 16 * 60)
    told(answering, "answers")
    assert page(answering, "/workerz") == (503, "not at work\nanswers\nsilent\n")
    assert page(answering) == (503, "not well\nanswers\nsilent\n")
