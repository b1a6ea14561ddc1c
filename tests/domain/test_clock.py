"""Days and hours are Sweden's, wherever the server stands, at midnight and in the nights when the hour is moved."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from survey.domain import clock

ROOT = Path(__file__).resolve().parents[2]


# 25 hours lie between the two: on one of them it is always another day than in Sweden.
@pytest.fixture(params=["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that is set to a zone far away."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_today_and_now_are_swedens(tmp_path: Path) -> None:
    from survey.app import create_app

    (tmp_path / "config.toml").write_text(f'secret = "{"s" * 40}"\ndemo = true\n', encoding="utf-8")
    house = create_app("all", tmp_path).extensions["services"]
    before = datetime.now(ZoneInfo("Europe/Stockholm"))
    found = house.now()
    assert house.today() in (before.date(), found.date()) and found.replace(tzinfo=None) >= before.replace(tzinfo=None)
    assert found.utcoffset() == before.utcoffset()


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("moment", "day", "hour"),
    [
        ("2026-06-30T21:59", date(2026, 6, 30), "23:59"),
        ("2026-06-30T22:00", date(2026, 7, 1), "00:00"),
        ("2026-12-31T23:00", date(2027, 1, 1), "00:00"),
        ("2026-03-29T01:00", date(2026, 3, 29), "03:00"),
        ("2026-10-25T00:59", date(2026, 10, 25), "02:59"),
        ("2026-10-25T01:00", date(2026, 10, 25), "02:00"),
    ],
)
def test_a_moment_is_told_as_it_was_in_sweden(moment: str, day: date, hour: str) -> None:
    here = clock.in_sweden(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert (here.date(), f"{here:%H:%M}") == (day, hour)


def test_what_is_compared_goes_forward_through_both_nights() -> None:
    ten = timedelta(minutes=10)
    for night in ("2026-03-28T20:00", "2026-10-24T20:00"):
        start = datetime.fromisoformat(night).replace(tzinfo=UTC)
        moments = [clock.in_sweden(start + n * ten) for n in range(60)]
        assert sorted(moments, key=clock.utc_text) == moments
        assert all(clock.utc_text(a, ten) == clock.utc_text(b) for a, b in pairwise(moments))


def test_nothing_asks_another_clock_for_a_day_or_an_hour() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "survey").rglob("*.py"))
        if path.name != "clock.py"
        and re.search(r"date\.today|datetime\.now(?!\(UTC\))|\.astimezone\(\)", path.read_text(encoding="utf-8"))
    ]
    pages = [each for each in (ROOT / "survey/templates").rglob("*.html") if "astimezone" in each.read_text("utf-8")]
    assert (found, pages) == ([], [])
