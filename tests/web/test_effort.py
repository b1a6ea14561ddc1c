"""What strangers may take of the staff part's time: a share, and a little saved; then they are asked to come again."""

from pathlib import Path

import pytest
from flask import Flask

from survey.web.signin.hashing_budget import HashingBudget, is_sign_in_request
from tests.followup.staffed import StaffBrowser, furnish_instance


class Clock:
    """Time that stands still until it is told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def spent(effort: HashingBudget, each: float) -> int:
    """How many tries of so many seconds are let in one after the other."""
    tries = 0
    while effort.is_left():
        effort.record(each)
        tries += 1
    return tries


def test_a_share_of_the_time_and_what_is_saved() -> None:
    clock = Clock()
    effort = HashingBudget(share=0.25, saved=2.0, clock=clock)
    assert spent(effort, 0.125) == 16
    clock.now += 1.0
    assert spent(effort, 0.125) == 2
    clock.now += 10**6  # an idle night saves no more than a moment
    assert spent(effort, 0.125) == 16


def test_a_try_that_was_slow_for_other_reasons_shuts_nobody_out() -> None:
    assert spent(HashingBudget(share=0.2, saved=2.0, clock=Clock()), 60.0) == 8


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff part of its own."""
    return furnish_instance(tmp_path, 1)


def test_used_up_it_refuses_strangers_alone_and_reads_nothing(app: Flask) -> None:
    freja, stranger, other = StaffBrowser(app), StaffBrowser(app), StaffBrowser(app)
    freja.sign_in("Freja")
    app.extensions["hashing_budget"] = HashingBudget(share=0, saved=0)
    # Right, wrong and unknown alike.
    pages = [stranger.sign_in("Freja", status=503), other.sign_in("nobody@region.example", "fel", status=503)]
    assert len({page.words("main") for page in pages}) == 1 and "Vänta en halv minut" in pages[0].words("main")
    assert pages[0].response.headers["Retry-After"] == "30"
    freja.get("/staff/account/")
    stranger.get("/staff/sign-in")


@pytest.mark.parametrize(
    ("method", "path", "strangers"),
    [
        ("POST", "/staff/sign-in", True),
        ("POST", "/staff/invited", True),
        ("POST", "/staff/new-password", True),
        ("POST", "/staff/forgotten", True),
        ("POST", "/staff/forgotten/choose", True),
        ("POST", "/staff/second-step", True),
        ("GET", "/staff/sign-in", False),
        ("POST", "/staff/account/confirm", False),
        ("POST", "/s/froso", False),
    ],
)
def test_who_is_a_stranger(method: str, path: str, strangers: bool) -> None:
    assert is_sign_in_request(method, path) is strangers
