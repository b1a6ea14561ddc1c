"""The worker's turns: a round walks from a draft to pictures, and a step that fails stops no other."""

import logging
import re
import signal
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import survey.worker.loop
from survey.domain.questions.questionnaire import read_versions
from survey.publication import chart_store, publish
from survey.store.core import health, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance.disk import MB, RESERVE
from survey.store.published import editions
from survey.web.i18n.language import load_languages
from survey.worker.loop import CHARTS_PER_TURN, Worker, work_once
from survey.worker.run import run
from tests.sealed import ROUND, Sealed, make_sealed

ROOT = Path(__file__).parents[2]
VERSIONS = read_versions(ROOT / "survey" / "questionnaires")
OPEN_DAY, AFTER = date(2026, 9, 20), date(2026, 10, 13)


@pytest.fixture
def sealed(sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, monkeypatch: Any) -> Sealed:
    """An open round with answers in it."""
    monkeypatch.setattr(chart_store, "languages", lambda: load_languages(ROOT / "translations"))
    made = make_sealed(open_engine(sqlite_url), tmp_path)
    made.fill({"vast-ett": 14, "ost-ett": 12})
    made.fill({"vast-ett": 7, "ost-ett": 6}, role="provider", channel="invited")
    return made


def state(sealed: Sealed) -> str:
    """How far the round has come."""
    with read_transaction(sealed.engine) as connection:
        found = rounds.get_round(connection, ROUND)
    assert found is not None
    return found.state


def ask(sealed: Sealed, step: str) -> None:
    """Set the state, as the web does."""
    with write_transaction(sealed.engine) as connection:
        rounds.set_state(connection, ROUND, step)


def lines(sealed: Sealed) -> dict[str, bool]:
    """What the health page is told."""
    with read_transaction(sealed.engine) as connection:
        return {line.name: line.ok for line in health.lines(connection)}


def test_a_round_is_closed_when_it_is_over_and_published_when_asked(sealed: Sealed) -> None:
    working = Worker(sealed.engine, sealed.settings, VERSIONS)
    working.turn(OPEN_DAY)
    assert state(sealed) == "open"
    working.turn(AFTER - timedelta(days=1))
    assert state(sealed) == "open"
    working.turn(AFTER)
    assert state(sealed) == "closed"
    with read_transaction(sealed.engine) as connection:
        assert editions.heads(connection) == []
    ask(sealed, "publishing")
    done = working.turn(AFTER)
    assert state(sealed) == "published"
    assert f"published round={ROUND} edition=1" in done
    assert f"pictures drawn count={CHARTS_PER_TURN}" in done
    assert lines(sealed)["worker"] and lines(sealed)["answers"]


def test_a_round_is_closed_early_when_asked(sealed: Sealed) -> None:
    ask(sealed, "closing")
    work_once(sealed.engine, sealed.settings, VERSIONS, OPEN_DAY)
    assert state(sealed) == "closed"


def test_the_pictures_of_the_place_at_the_top_are_drawn_and_all_others_wait_for_a_first_look(sealed: Sealed) -> None:
    ask(sealed, "closing")
    work_once(sealed.engine, sealed.settings, VERSIONS, AFTER)
    ask(sealed, "publishing")
    work_once(sealed.engine, sealed.settings, VERSIONS, AFTER)
    with read_transaction(sealed.engine) as connection:
        assert list(chart_store.pending_charts(connection)) == []
        drawn = {
            place: editions.drawing(connection, 1, place, "gap", language="en", theme="dark") is not None
            for place in ("regionen", "vast", "vast-ett")
        }
    assert drawn == {"regionen": True, "vast": False, "vast-ett": False}
    assert chart_store.draw_pending(sealed.engine) == 0


def test_a_step_that_fails_is_told_once_and_stops_no_other(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("with words that may hold an answer")

    ask(sealed, "closing")
    work_once(sealed.engine, sealed.settings, VERSIONS, AFTER)
    ask(sealed, "publishing")
    caplog.set_level(logging.INFO)
    working = Worker(sealed.engine, sealed.settings, VERSIONS)
    with monkeypatch.context() as broken:
        broken.setattr(publish, "publish", fail)
        done = working.turn(AFTER)
        (said,) = [line for line in done if line.startswith("failed")]
        assert re.fullmatch(r'failed step=publishing kind="RuntimeError at survey\.worker\.computing:\d+"', said)
        assert any(line.startswith("checked") for line in done)
        assert lines(sealed)["worker"] is False
        assert state(sealed) == "publishing"
        assert working.turn(AFTER) == []
    assert "works again step=publishing" in working.turn(AFTER)
    assert lines(sealed)["worker"] is True
    assert [record.getMessage() for record in caplog.records].count(said) == 1
    assert f"published round={ROUND} edition=1" in caplog.text and "words" not in caplog.text


def test_what_a_turn_did_stands_in_the_log_also_where_a_round_was_cancelled(
    sealed: Sealed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "survey")
    ask(sealed, "cancelling")
    done = Worker(sealed.engine, sealed.settings, VERSIONS).turn(OPEN_DAY)
    assert f"cancelled, answers destroyed unopened round={ROUND}" in done
    assert caplog.messages == done


def test_it_checks_at_start_and_once_a_day(sealed: Sealed) -> None:
    working = Worker(sealed.engine, sealed.settings, VERSIONS)
    days = [OPEN_DAY, OPEN_DAY, OPEN_DAY + timedelta(days=1)]
    checked = [any(line.startswith("checked") for line in working.turn(day)) for day in days]
    assert checked == [True, False, True]


def test_an_idle_turn_writes_nothing_and_looks_for_no_picture(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(sealed, "closing")
    work_once(sealed.engine, sealed.settings, VERSIONS, AFTER)
    ask(sealed, "publishing")
    work_once(sealed.engine, sealed.settings, VERSIONS, AFTER)
    working = Worker(sealed.engine, sealed.settings, VERSIONS)
    working.turn(AFTER)
    asked: list[str] = []
    monkeypatch.setattr(chart_store, "draw_pending", lambda *_: asked.append("drawings"))
    monkeypatch.setattr(survey.worker.loop, "write_transaction", lambda *_: asked.append("writing"))
    assert working.turn(AFTER) == []
    assert asked == []


def test_the_reserve_is_laid_and_laid_again_when_there_is_room(sealed: Sealed) -> None:
    room = {"left": 5000 * MB}
    working = Worker(sealed.engine, sealed.settings, VERSIONS, lambda _: room["left"])
    reserve = sealed.settings.instance / RESERVE
    assert "disk reserve laid" in working.turn(OPEN_DAY)
    assert reserve.stat().st_size == sealed.settings.disk_reserve_mb * MB
    # The operator deletes it on a full disk: it does not take the room back.
    reserve.unlink()
    room["left"] = sealed.settings.min_free_mb * MB
    assert "disk reserve laid" not in working.turn(OPEN_DAY + timedelta(days=1)) and not reserve.exists()
    room["left"] *= 2
    assert "disk reserve laid" not in working.turn(OPEN_DAY + timedelta(days=1))
    assert "disk reserve laid" in working.turn(OPEN_DAY + timedelta(days=2)) and reserve.exists()
    # The web sees SQLite's disk by itself.
    assert "disk" not in lines(sealed)


def test_the_disk_of_a_postgresql_on_this_machine_is_told(
    postgres_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(postgres_url), tmp_path)
    left = {}
    working = Worker(sealed.engine, sealed.settings, VERSIONS, lambda folder: left.setdefault(folder, 5000 * MB))
    working.turn(OPEN_DAY)
    assert lines(sealed)["disk"] is True
    ((folder, _),) = left.items()
    assert (folder / "base").is_dir()
    for room, well in ((255 * MB, False), (256 * MB, True)):
        left[folder] = room
        working.turn(OPEN_DAY)
        assert lines(sealed)["disk"] is well
    assert not (tmp_path / RESERVE).exists()


def test_what_was_kept_against_second_tries_is_forgotten(sealed: Sealed) -> None:
    work_once(sealed.engine, sealed.settings, VERSIONS, AFTER)
    done = work_once(sealed.engine, sealed.settings, VERSIONS, AFTER + timedelta(days=40))
    assert f"codes and pepper forgotten round={ROUND}" in done


def test_it_leaves_a_mark_that_it_is_at_work_and_works_on_where_it_can_leave_none(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, working = sealed.volumes.pepper, Worker(sealed.engine, sealed.settings, VERSIONS)
    (folder / health.HEARTBEAT).unlink(missing_ok=True)
    assert health.is_silent(folder)
    working.turn(OPEN_DAY)
    assert not health.is_silent(folder) and (folder / health.HEARTBEAT).stat().st_size == 0
    (folder / health.HEARTBEAT).unlink()
    with monkeypatch.context() as full:
        full.setattr(Path, "touch", lambda *_: (_ for _ in ()).throw(PermissionError("no")))
        done = working.turn(AFTER)
    assert any(line.startswith("failed step=marking") for line in done)
    assert state(sealed) == "closed" and lines(sealed)["worker"] is False


def test_it_stops_when_asked(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    stop = threading.Event()

    def today() -> date:
        handlers[signal.SIGTERM](signal.SIGTERM, None)
        return OPEN_DAY

    run(sealed.engine, sealed.settings, VERSIONS, today, stop)
    assert stop.is_set()
