"""When a unit is told to look after one of its kiosks: it is silent, or the days in which its answers count run out.

Answers may lie on a device that has no line, and only so long.
"""

from datetime import date
from typing import Literal

from survey.domain.rounds.lifecycle import Round

SILENT_DAYS = 3
RUNS_OUT_DAYS = 7

KioskAlarm = Literal["silent", "runs_out"]


def kiosk_alarm(last_contact: str, waiting: int, keeps: bool, round_: Round | None, today: date) -> KioskAlarm | None:
    """Return why a unit should look after a device, or None.

    `last_contact` is its hour ("2026-11-28 14"), `waiting` how much it said then that waits there; `keeps`: it can keep
    answers without a line, so that more may have come since.
    """
    if round_ is None or not last_contact or not (waiting or keeps):
        return None
    silent = (today - date.fromisoformat(last_contact[:10])).days
    if waiting and round_.closes <= today and (round_.accepts_until - today).days < RUNS_OUT_DAYS:
        return "runs_out"
    return "silent" if silent >= SILENT_DAYS else None
