"""The brake on what comes without a code: so many through each way in, and who must wait keeps their answers."""

from datetime import timedelta
from pathlib import Path

import pytest

from survey.answer import submit
from survey.answer.rate_limit import DEFAULT_HEADCOUNT, MIN_PER_DAY, Limits, RateLimit, Verdict, limits_of
from survey.store.database.engine import DatabaseUnavailable
from tests.answer.test_kiosk import NOON, at, paired
from tests.answering import ANSWERS, UNIT, Answering, counted, make_answering
from tests.care_unit.conftest import PEOPLE, with_people
from tests.followup.staffed import StaffBrowser
from tests.reader import Page, Reader

GO, LATER, TOMORROW = Verdict
AN_HOUR = timedelta(hours=1)


def test_so_many_an_hour_and_a_day_through_each_way_in() -> None:
    brake, most = RateLimit(), Limits(2, 3)
    assert [brake.allows("a", NOON, most) for _ in range(4)] == [
        (GO, False),
        (GO, False),
        (LATER, True),
        (LATER, False),
    ]
    assert brake.allows("b", NOON, most) == (GO, False)
    assert [brake.allows("a", NOON + AN_HOUR, most) for _ in range(3)] == [
        (GO, False),
        (TOMORROW, True),
        (TOMORROW, False),
    ]
    assert brake.allows("a", NOON + 24 * AN_HOUR, most) == (GO, False)


def test_an_hour_of_another_day_is_another_hour() -> None:
    brake = RateLimit()
    assert [brake.allows("a", NOON + n * 24 * AN_HOUR, Limits(1, 9))[0] for n in (0, 0, 1)] == [GO, LATER, GO]


def test_a_day_takes_what_fits_the_unit() -> None:
    assert [limits_of(60, 5, size).per_day for size in (200, 40, 3)] == [1000, 200, MIN_PER_DAY]
    assert limits_of(60, 5, None).per_day == 5 * DEFAULT_HEADCOUNT
    # Four processes on two hosts take together what one would, or a few more.
    assert limits_of(60, 5, 40, 4) == Limits(15, 50) and limits_of(2, 5, 3, 4) == Limits(1, 8)


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """A house whose ways in take one answer an hour."""
    found = make_answering(
        tmp_path / "instance", open_link=True, part="all", config="open_answers_per_hour = 1", limit=""
    )
    with_people(found)
    at(found.app, NOON)
    return found


def sent(made: Answering, address: str, status: int) -> Page:
    """The sheet at this address, filled in and sent."""
    reader = Reader(made.app)
    return reader.post(address, {**reader.get(address).fields(), **ANSWERS}, status)


def test_who_must_wait_keeps_the_answers_and_a_code_goes_through(made: Answering) -> None:
    sent(made, f"/s/{UNIT}", 303)
    page = sent(made, f"/s/{UNIT}", 429)
    assert page.fields().items() >= ANSWERS.items() and "inget är sparat" in page.words("main")
    assert counted(made, "open") == (1, 0)
    Reader(made.app).post(f"/s/{UNIT}", {**ANSWERS, "code": made.codes()[0]})
    assert counted(made, "invited") == (1, 0)


def test_what_is_sent_again_or_could_not_be_stored_takes_nobodys_place(
    made: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page on a bad line sends by itself, for hours if need be; a form that was stored once is that one place."""
    reader = Reader(made.app)
    form = {**reader.get(f"/s/{UNIT}").fields(), **ANSWERS}
    with monkeypatch.context() as broken:
        broken.setattr(submit, "accept", lambda *_: (_ for _ in ()).throw(DatabaseUnavailable("locked")))
        for _ in range(3):
            reader.post(f"/s/{UNIT}", form, 503)
    sent(made, f"/s/{UNIT}", 303)
    assert counted(made, "open") == (1, 0)
    brake, most = RateLimit(), Limits(2, 2)
    for _ in range(5):
        assert brake.allows("a", NOON, most) == (GO, False)
        brake.give_back("a")
    brake.give_back("a")
    assert [brake.allows("a", NOON, most)[0] for _ in range(3)] == [GO, GO, TOMORROW]


def test_a_form_that_is_sent_again_counts_once_towards_the_limit(tmp_path: Path) -> None:
    made = make_answering(tmp_path / "instance", open_link=True, config="open_answers_per_hour = 2", limit="")
    at(made.app, NOON)
    reader = Reader(made.app)
    form = {**reader.get(f"/s/{UNIT}").fields(), **ANSWERS}
    for _ in range(4):
        reader.post(f"/s/{UNIT}", form, 303)
    sent(made, f"/s/{UNIT}", 303)
    sent(made, f"/s/{UNIT}", 429)
    assert counted(made, "open")[0] == 2


def test_a_full_day_says_tomorrow(tmp_path: Path) -> None:
    made = make_answering(
        tmp_path / "instance",
        open_link=True,
        config="open_answers_per_day_and_head = 0",
        limit="open_answers_per_hour = 1000",
    )
    at(made.app, NOON)
    for _ in range(MIN_PER_DAY):
        sent(made, f"/s/{UNIT}", 303)
    assert "i morgon" in sent(made, f"/s/{UNIT}", 429).words("main")


def test_a_full_link_leaves_the_kiosks_alone_and_a_full_kiosk_the_others(made: Answering) -> None:
    first, second = paired(made), paired(made)
    for status in (303, 429, 429):
        sent(made, f"/s/{UNIT}", status)
    sent(made, f"{first}/sv", 303)
    page = sent(made, f"{first}/sv", 429)
    assert "kod" not in page.words("main") and page.fields().items() >= ANSWERS.items()
    sent(made, f"{second}/sv", 303)


def test_where_it_was_held_the_unit_is_told(made: Answering) -> None:
    browser = StaffBrowser(made.app)
    browser.sign_in(PEOPLE["Frida"][0])
    assert "bromsats" not in browser.get(f"/staff/unit/{UNIT}").words("main")
    sent(made, f"/s/{UNIT}", 303)
    sent(made, f"/s/{UNIT}", 429)
    assert "har bromsats" in browser.get(f"/staff/unit/{UNIT}").words("main")
