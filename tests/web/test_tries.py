"""The growing wait after wrong tries: alike for every address, counted also when many come at once, never for good."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from survey.web.signin.login_throttle import (
    FORGET_AFTER,
    FREE_ATTEMPTS,
    MAX_REMEMBERED,
    MAX_WAIT,
    LoginThrottle,
    wait_seconds,
)
from tests.followup.staffed import StaffBrowser, furnish_instance


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return furnish_instance(tmp_path, 1)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_seconds(count) for count in range(7)] == [0, 0, 0, 2, 4, 8, 16]
    assert wait_seconds(FREE_ATTEMPTS + 8) == 512
    assert wait_seconds(FREE_ATTEMPTS + 9) == wait_seconds(1_000_000) == MAX_WAIT == 900


def test_a_try_that_comes_too_early_is_told_how_early_and_does_not_count() -> None:
    clock = Clock()
    tries = LoginThrottle(clock)
    assert [tries.begin("a@b.example") for _ in range(FREE_ATTEMPTS)] == [0] * FREE_ATTEMPTS
    assert tries.begin(" A@B.example ") == 2
    clock.now = 1.5
    assert tries.begin("a@b.example") == 1
    clock.now = 2.1
    assert tries.begin("a@b.example") == 0
    assert tries.begin("a@b.example") == 4


def test_a_right_try_and_a_day_without_tries_clear_the_address() -> None:
    clock = Clock()
    tries = LoginThrottle(clock)
    for clear in (lambda: tries.reset("a@b.example"), lambda: setattr(clock, "now", clock.now + FORGET_AFTER + 1)):
        for _ in range(FREE_ATTEMPTS):
            tries.begin("a@b.example")
        assert tries.begin("a@b.example")
        clear()
        assert tries.begin("a@b.example") == 0
        tries.reset("a@b.example")


def test_sixty_four_at_once_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = LoginThrottle(Clock())

    def slowly(count: int, *terms: int) -> int:
        time.sleep(0.001)  # long enough for the others to look too
        return wait_seconds(count, *terms)

    monkeypatch.setattr("survey.web.signin.login_throttle.wait_seconds", slowly)
    with ThreadPoolExecutor(64) as pool:
        found = list(pool.map(lambda _: tries.begin("a@b.example"), range(64)))
    assert found.count(0) == FREE_ATTEMPTS


def test_many_other_addresses_do_not_wash_a_guessed_one_away() -> None:
    tries = LoginThrottle(Clock())
    for _ in range(FREE_ATTEMPTS):
        tries.begin("a@b.example")
    for number in range(MAX_REMEMBERED + 10):
        tries.begin(f"{number}@b.example")
    assert tries.begin("a@b.example")
    assert len(tries._wrong) == MAX_REMEMBERED


def test_an_address_waits_whether_it_exists_or_not_and_the_page_says_how_long(app: Flask) -> None:
    clock = Clock()
    app.extensions["login_throttles"]["passwords"] = LoginThrottle(clock)
    pages = []
    for name in ("Freja", "nobody@region.example"):
        for _ in range(FREE_ATTEMPTS):
            assert "hör inte ihop" in StaffBrowser(app).sign_in(name, "fel", status=200).words()
        early = StaffBrowser(app).sign_in(name, status=200)
        pages.append(early.words())
        assert "Försök igen om 2 sekunder." in pages[-1]
    assert pages[0] == pages[1]
    StaffBrowser(app).sign_in("Brita")
    clock.now = 3
    StaffBrowser(app).sign_in("Freja")


def test_the_same_work_is_done_for_an_unknown_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import argon2.low_level
    import passlib.handlers.argon2 as handlers

    done: list[str] = []

    def counted(name: str, real: object) -> object:
        return lambda *args, **more: (done.append(name), real(*args, **more))[1]  # type: ignore[operator]

    for module in (argon2.low_level, handlers._argon2_cffi.low_level):
        for name in ("hash_secret", "verify_secret"):
            monkeypatch.setattr(module, name, counted("argon2", getattr(argon2.low_level, name)))
    counts = []
    for name in ("Freja", "nobody@region.example"):
        done.clear()
        StaffBrowser(app).sign_in(name, "fel lösenord som är långt", status=200)
        counts.append(len(done))
    assert counts[0] == counts[1] >= 1


def test_a_long_wait_is_said_in_minutes(app: Flask) -> None:
    from survey.web.signin.waiting_words import wait_in_words as said

    with app.test_request_context("/staff/sign-in"):
        assert [said(seconds) for seconds in (1, 89, 91, 900)] == ["1 sekund", "89 sekunder", "2 minuter", "15 minuter"]
