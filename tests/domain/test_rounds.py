"""Rounds: their days, their thresholds, and the steps they may take."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from survey.domain.rounds.lifecycle import STATES, may_change, may_enter, next_state, round_faults
from tests.factories import make_round

LAST = date(2026, 10, 11)


def test_answers_are_taken_from_the_first_day_to_the_end_of_grace() -> None:
    open_ = make_round(state="open", grace_days=14)
    assert open_.accepts_until == LAST + timedelta(days=14)
    days = [
        open_.opens - timedelta(days=1),
        open_.opens,
        open_.accepts_until,
        open_.accepts_until + timedelta(days=1),
    ]
    assert [open_.accepts(day) for day in days] == [False, True, True, False]
    assert [open_.is_over(day) for day in days] == [False, False, False, True]


@pytest.mark.parametrize("state", [state for state in STATES if state != "open"])
def test_only_an_open_round_takes_answers(state: str) -> None:
    assert not make_round(state=state).accepts(LAST)


def test_each_role_has_its_version_and_threshold() -> None:
    mixed = make_round(version_provider="metodstod-2019", threshold_patient=20)
    assert (mixed.version("patient"), mixed.version("provider")) == ("underlag-2021", "metodstod-2019")
    assert (mixed.threshold("patient"), mixed.threshold("provider")) == (20, 5)
    written = make_round(threshold_patient=1, threshold_provider=1)
    assert (written.threshold("patient"), written.threshold("provider")) == (10, 5), "whatever a row says"
    assert written.min_others() == {"patient": 9, "provider": 4}


def test_a_round_goes_on_one_step_at_a_time() -> None:
    walked, state = [], "draft"
    while (following := next_state(state)) is not None:
        walked.append(following)
        state = following
    assert walked == list(STATES[1:])
    assert {(a, b) for a in STATES for b in STATES if may_enter(a, b)} == {
        *zip(STATES, STATES, strict=True),
        *pairwise(STATES),
    }


def test_what_is_asked_is_fixed_once_the_round_is_being_opened() -> None:
    assert [state for state in STATES if may_change(state)] == ["draft"]


def test_a_sound_round_has_no_faults() -> None:
    assert round_faults(make_round()) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"key": "Höst 2026"}, "bad_key"),
        ({"name": ""}, "bad_name"),
        ({"name": "x" * 81}, "bad_name"),
        ({"closes": date(2026, 9, 13)}, "closes_before_it_opens"),
        ({"grace_days": -1}, "bad_grace_days"),
        ({"grace_days": 61}, "bad_grace_days"),
        ({"threshold_patient": 9}, "low_threshold_patient"),
        ({"threshold_provider": 4}, "low_threshold_provider"),
        ({"version_patient": ""}, "no_version_patient"),
        ({"version_provider": ""}, "no_version_provider"),
        ({"state": "paused"}, "no_such_state"),
    ],
)
def test_each_fault_has_its_code(changed: dict[str, Any], code: str) -> None:
    assert round_faults(make_round(**changed)) == [code]


def test_all_faults_are_told_at_once() -> None:
    assert len(round_faults(make_round(name="", grace_days=-1, threshold_patient=1))) == 3
