"""The brake on an open link: so many an hour for a unit, and who must wait keeps their answers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from survey.answer.brake import Brake
from tests.answering import ANSWERS, UNIT, counted, make_answering
from tests.reader import Reader

NOON = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def test_so_many_an_hour_for_each_unit() -> None:
    brake = Brake()
    assert [brake.lets("a", NOON, 2) for _ in range(4)] == [(True, False), (True, False), (False, True), (False, False)]
    assert brake.lets("b", NOON, 2) == (True, False)
    assert brake.lets("a", NOON + timedelta(hours=1), 2) == (True, False)


def test_who_must_wait_keeps_the_answers_and_a_code_goes_through(tmp_path: Path) -> None:
    made = make_answering(tmp_path / "instance", open_link=True, config="open_an_hour = 1", limit="")
    reader = Reader(made.app)
    for status in (303, 429):
        page = reader.post(f"/s/{UNIT}", {**reader.get(f"/s/{UNIT}").fields(), **ANSWERS}, status)
    assert page.fields().items() >= ANSWERS.items() and "inget är sparat" in page.words("main")
    assert counted(made, "open") == (1, 0)
    reader.post(f"/s/{UNIT}", {**ANSWERS, "code": made.codes()[0]})
    assert counted(made, "invited") == (1, 0)
