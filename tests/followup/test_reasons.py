"""A reason that is told is the true one, and a change never stands without what it is counted from."""

import csv
import io
from collections.abc import Callable

import pytest

from survey.followup.place.data_notes import REASON_TEXT, UNTESTED, _reason
from tests.followup.editions import PLACES, body
from tests.followup.looking import said, section
from tests.followup.staffed import StaffBrowser

Enter = Callable[[str], StaffBrowser]


@pytest.mark.parametrize("place", [place[0] for place in PLACES])
@pytest.mark.parametrize("number", [1, 3, 5])
def test_no_change_of_a_gap_stands_without_its_since(place: str, number: int, as_person: Enter) -> None:
    text = as_person("Freja").get(f"/staff/followup/{number}/{place}/gap-trend.csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    numbers = ("change", "change_low", "change_high", "change_p")
    assert rows and all(not any(row[name] for name in numbers) for row in rows if not row["since"])
    assert all(row["change_distinct"] == "False" for row in rows if not row["since"])
    assert all(row["change"] for row in rows if row["since"])


@pytest.mark.parametrize(
    ("reason", "now", "then", "told"),
    [
        ("wording", "shown", "shown", "ny formulering"),
        ("joined", "shown", "hidden", "sammanslagen"),
        ("first", "shown", "hidden", "ingen omgång att jämföra med"),
        ("few", "hidden", "shown", "för få svar"),
        ("unsure", "interval", "shown", "för osäkert"),
        ("", "shown", "hidden", "för få svar"),
        ("", "unsure", "shown", "för osäkert"),
        ("", "hollow", "shown", "för osäkert att pröva"),
    ],
)
def test_the_reason_that_a_share_is_not_compared(reason: str, now: str, then: str, told: str) -> None:
    assert _reason({"reason": reason, "status": now, "before_status": then}) == told
    assert told in {*REASON_TEXT.values(), UNTESTED}


def test_few_is_said_of_few_and_unsure_of_unsure(as_person: Enter) -> None:
    """Of each place and side, on the first page: the names under each reason are those with that status."""
    freja = as_person("Freja")
    for place in (place[0] for place in PLACES):
        words = said(section(freja.get(f"/staff/followup/5/{place}"), "seven"))
        cells = [cell for cell in body(5)["cells"] if cell["place"] == place]
        for role, side in (("patient", "Patienternas"), ("provider", "Vårdens")):
            for status, reason in (
                ("hidden", f"{side} svar visas inte på: "),
                ("unsure", f"{side} svar är för osäkra för att visas på: "),
                ("interval", f"{side} svar visas bara som ett intervall på: "),
            ):
                own = sum(cell["status"] == status for cell in cells if cell["role"] == role)
                names = words.partition(reason)[2].partition(".")[0].split(", ") if reason in words else []
                assert len(names) == own
