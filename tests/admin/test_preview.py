"""How much will be shown: counted once by the worker before anybody publishes, and just what the edition shows."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.questionnaire import Version, read_versions
from survey.publication import preview as previewing
from survey.publication.nodes import FiguresError
from survey.publication.publish import publish
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions, previews
from survey.worker.loop import Worker
from tests.admin.conftest import close_early, kept_rounds, work
from tests.answering import ROUND, Answering
from tests.care_unit.test_page import answer
from tests.followup.staffed import StaffBrowser
from tests.publication.test_worker import AFTER
from tests.sealed import ROUND as SEALED_ROUND
from tests.sealed import make_sealed

OPEN = f"/staff/admin/rounds/{ROUND}"
SAID = previewing.STATUSES
VERSIONS = read_versions(Path(__file__).parents[2] / "survey" / "questionnaires")


def close(made: Answering, siv: StaffBrowser) -> None:
    """Some answers, and the round asked to close."""
    answer(made, "patient", 24)
    answer(made, "provider", 6)
    close_early(made, siv)


def kept(made: Answering) -> dict[str, Any] | None:
    """What was counted."""
    with read_transaction(made.house.engine) as connection:
        return previews.get(connection, ROUND)


def test_it_says_what_the_edition_then_shows(engine: Engine, tmp_path: Path) -> None:
    """On both databases, with several units of different sizes."""
    sealed = make_sealed(engine, tmp_path)
    sealed.fill({"vast-ett": 90, "vast-tva": 45, "ost-ett": 11, "ost-tva": 4})
    sealed.fill({"vast-ett": 40, "ost-ett": 3}, role="provider", channel="invited")
    sealed.close()
    assert previewing.store_preview(engine, VERSIONS, SEALED_ROUND)
    with read_transaction(engine) as connection:
        told = previews.get(connection, SEALED_ROUND)
        assert editions.heads(connection) == []
    assert told is not None
    publish(engine, sealed.settings, VERSIONS, SEALED_ROUND, AFTER)
    with read_transaction(engine) as connection:
        body = editions.latest_by_round(connection)[0].content
    levels = {place["key"]: place["level"] for place in body["places"]}
    unsaid = Counter((c["place"], c["role"]) for c in body["cells"] if c["status"] in ("hidden", "unsure"))
    speaking = {(c["place"], c["role"]) for c in body["cells"] if unsaid[c["place"], c["role"]] < len(QUESTIONS)}
    said = Counter(
        (c["role"], levels[c["place"]], c["status"]) for c in body["cells"] if (c["place"], c["role"]) in speaking
    )
    for role in ("patient", "provider"):
        for level in ("region", "municipality", "unit"):
            found = told[role][level]
            assert found["places"] == list(levels.values()).count(level)
            assert found["speaking"] == len(
                [1 for place, whose in speaking if whose == role and levels[place] == level]
            )
            assert {each: said[role, level, each] for each in SAID} == {each: found[each] for each in SAID}
    assert sum(said.values()) > 40


def test_the_page_waits_for_it_and_publishing_does_too(made: Answering, siv: StaffBrowser) -> None:
    close(made, siv)
    with write_transaction(made.house.engine) as connection:
        rounds.set_state(connection, ROUND, "closed")
    assert "räknas just nu" in siv.get(OPEN).words("main")
    assert "räknas fortfarande" in siv.get(f"{OPEN}/publish").words("main")
    siv.post(f"{OPEN}/publish", {}, 409)
    assert kept_rounds(made)[ROUND].state == "closed"


def test_it_is_shown_in_numbers_and_words_and_nobody_sees_a_result(made: Answering, siv: StaffBrowser) -> None:
    close(made, siv)
    work(made)
    for address in (OPEN, f"{OPEN}/publish"):
        said = siv.get(address).words("main")
        assert "Invånarnas svar visas för 1 av 2 enheter" in said and "1 av 2" in said and "Spann" in said
    with read_transaction(made.house.engine) as connection:
        assert editions.heads(connection) == []


def test_it_is_counted_once(made: Answering, siv: StaffBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    close(made, siv)
    counted: list[str] = []
    real = previewing.store_preview

    def count(engine: Engine, versions: Mapping[str, Version], key: str) -> bool:
        counted.append(key)
        return real(engine, versions, key)

    monkeypatch.setattr(previewing, "store_preview", count)
    for _ in range(3):
        work(made)
    assert counted == [ROUND]


def test_what_cannot_be_published_is_said_and_tried_again_at_the_next_start(
    made: Answering, siv: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(made, siv)
    tried: list[int] = []

    def refuse(*_: object) -> object:
        tried.append(1)
        raise FiguresError("a place and its answers")

    with monkeypatch.context() as patched:
        patched.setattr(previewing, "build_without_gaps", refuse)
        with made.app.app_context():
            working = Worker(made.house.engine, made.house.settings, made.house.versions)
            for _ in range(3):
                working.turn(made.house.today())
        assert len(tried) == 1 and kept(made) == {"refused": "FiguresError"}
        for address in (OPEN, f"{OPEN}/publish"):
            assert "Något saknas i det som räknades" in siv.get(address).words("main")
        siv.post(f"{OPEN}/publish", {}, 409)
    work(made)
    assert kept(made) and "refused" not in (kept(made) or {})
    siv.post(f"{OPEN}/publish", {})


@pytest.mark.parametrize("seed", range(3))
def test_it_tells_counts_of_figures_alone(
    seed: int, sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    """No figure's value, only how many are shown how far."""
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    sealed.fill({"vast-ett": 30, "ost-ett": 30}, seed=seed)
    sealed.close()
    previewing.store_preview(sealed.engine, VERSIONS, SEALED_ROUND)
    with read_transaction(sealed.engine) as connection:
        told = previews.get(connection, SEALED_ROUND)
    assert told is not None
    for levels in told.values():
        for found in levels.values():
            assert set(found) == {"places", "speaking", *SAID}
            assert sum(found[each] for each in SAID) == found["speaking"] * len(QUESTIONS)
