"""What a kiosk sends by itself: an answer it has kept, opened in memory and counted once; and reports of itself."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from survey.answer.kiosk.queue import coarse
from survey.answer.open_rounds import OpenRoundCache
from survey.answer.rate_limit import RateLimit, Usage
from survey.sealing.intake import envelope
from survey.sealing.intake.transport import CONTENT_SIZE, LENGTH, context
from survey.sealing.rounds.close_round import close_round
from survey.store.answers.batches import batches
from survey.store.channels import kiosks
from survey.store.channels.kiosks import KioskReport
from survey.store.database.engine import DatabaseUnavailable, read_transaction, write_transaction
from survey.store.tables import used_form_id
from survey.web.request.services import Services
from tests.answer.test_kiosk import NOON, at, lead, paired
from tests.answering import ANSWERS, OTHER_UNIT, ROUND, TODAY, UNIT, Answering, counted, make_answering
from tests.care_unit.conftest import with_people
from tests.reader import Reader


@dataclass
class Device:
    """A paired tablet, as far as the server knows it."""

    made: Answering
    start: str

    @property
    def key(self) -> bytes:
        """What its sheet says that answers are sealed to."""
        [form] = Reader(self.made.app).get(f"{self.start}/sv").all("form")
        return bytes.fromhex(form.get("data-key") or "")

    def seals(self, answers: dict[str, str], mark: bytes | None = None, unit: str = UNIT, round_: str = ROUND) -> bytes:
        """An answer as it is kept there."""
        mark = mark or secrets.token_bytes(16)
        content = f"{urlencode(answers)}&pad=".ljust(CONTENT_SIZE, "x").encode()
        key = X25519PublicKey.from_public_bytes(self.key)
        return mark + envelope.seal(content, key, context(unit, round_, mark))

    def sends(self, body: bytes, round_: str = ROUND) -> tuple[int, dict[str, object]]:
        """What the server says to it."""
        reply = self.made.app.test_client().post(f"{self.start}/sealed/{round_}", data=body)
        return reply.status_code, reply.json or {}

    def reports(self, **of: object) -> dict[str, object]:
        """What the server says to what it says of itself."""
        found: dict[str, object] = self.made.app.test_client().post(f"{self.start}/alive", json=of).json or {}
        return found


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """A house with a unit lead, at noon."""
    found = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    at(found.app, NOON)
    return found


@pytest.fixture
def device(made: Answering) -> Device:
    """A tablet that has been paired."""
    return Device(made, paired(made))


def limits_of(made: Answering) -> dict[str, Usage]:
    """What each way in has taken."""
    limit: RateLimit = made.app.extensions["answer"].rate_limit
    return limit._taken


def later(made: Answering, day: date) -> None:
    """Set the house's day."""
    house: Services = made.app.extensions["services"]
    made.app.extensions["services"] = replace(house, today=lambda: day)
    made.app.extensions["answer"].open_rounds = OpenRoundCache()


def test_an_answer_that_has_waited_is_counted_once_however_often_it_comes(device: Device) -> None:
    body = device.seals({**ANSWERS, "gender": "woman"})
    assert len(body) == LENGTH
    for times in range(3):
        assert device.sends(body) == (200, {"outcome": "kept", "mark": body[:16].hex()})
        assert counted(device.made, "open") == (1, times)


def test_it_is_read_when_the_round_is_closed_like_any_other(device: Device) -> None:
    for _ in range(40):
        device.sends(device.seals(dict(ANSWERS)))
    close_round(device.made.house.engine, device.made.house.volumes, ROUND)
    with read_transaction(device.made.house.engine) as connection:
        batches_ = {(b.place, b.role, b.collection_mode): b for b in batches(connection, ROUND)}
    found = batches_[UNIT, "patient", "open"]
    assert (found.accepted, found.counted) == (40, 40)


CUTS = tuple(f"cut at {size}" for size in (0, 1, 15, 16, 17, 48, LENGTH - 1))  # within each part, and between them


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", [*CUTS, "mark", "long", "flipped", "unit", "round", "key", "value", "nothing", "no form", "too many"]
)
def test_what_is_not_a_whole_answer_for_here_is_not_taken(fault: str, device: Device) -> None:
    body = device.seals(dict(ANSWERS))
    bodies = {
        "mark": secrets.token_bytes(16) + body[16:],
        **{name: body[: int(name.rpartition(" ")[2])] for name in CUTS},
        "flipped": body[:-1] + bytes([body[-1] ^ 1]),
        "unit": device.seals(dict(ANSWERS), unit=OTHER_UNIT),
        "round": device.seals(dict(ANSWERS), round_="2025-host"),
        "key": body[:16] + envelope.seal(b"x" * CONTENT_SIZE, envelope.new_key().public_key(), "x"),
        "value": device.seals({**ANSWERS, "trygghet": "maybe"}),
        "nothing": device.seals({"gender": "woman"}),
        "no form": device.seals({"%": "%"}),
        "too many": device.seals({f"a{n}": "" for n in range(60)}),
    }
    status, reply = device.sends(bodies.get(fault, body + b"x"))
    assert (status, reply.get("outcome")) in ((422, "unreadable"), (413, None))
    assert counted(device.made, "open") == (0, 0)


def test_a_code_inside_is_never_looked_at(device: Device) -> None:
    [code] = device.made.codes(1)
    assert device.sends(device.seals({**ANSWERS, "code": code}))[0] == 200
    assert (counted(device.made, "open"), counted(device.made, "invited")) == ((1, 0), (0, 0))


def test_it_is_taken_until_the_days_of_grace_are_over_and_then_told_to_be_late(device: Device) -> None:
    body, late = device.seals(dict(ANSWERS)), device.seals(dict(ANSWERS))
    later(device.made, date(2026, 10, 16))
    assert device.sends(body)[1]["outcome"] == "kept"
    later(device.made, date(2026, 10, 17))
    assert device.sends(late) == (410, {"outcome": "late"})
    close_round(device.made.house.engine, device.made.house.volumes, ROUND)
    assert device.sends(late) == (410, {"outcome": "late"})
    assert not list(device.made.instance.rglob("*.transport"))


def test_after_the_last_day_the_start_rests_and_what_was_begun_is_taken(device: Device) -> None:
    reader = Reader(device.made.app)
    fields = reader.get(f"{device.start}/sv").fields()
    later(device.made, date(2026, 10, 16))
    assert "Ingen enkät just nu" in reader.get(device.start).words("main")
    reader.post(f"{device.start}/sv", {**fields, **ANSWERS}, 303)
    assert counted(device.made, "open") == (1, 0)


def test_a_device_that_was_let_go_is_told_so_and_may_send_when_it_is_paired_again(device: Device) -> None:
    body = device.seals(dict(ANSWERS))
    with write_transaction(device.made.house.engine) as connection:
        [known] = kiosks.of_unit(connection, UNIT, "")
        kiosks.revoke(connection, known.id, UNIT)
    assert device.sends(body) == (410, {"outcome": "gone"})
    assert device.reports() == {"outcome": "gone"}
    again = Device(device.made, paired(device.made))
    assert again.sends(body)[1]["outcome"] == "kept"


def test_another_units_device_sends_nothing_here(device: Device) -> None:
    body = device.seals(dict(ANSWERS))
    device.start = device.start.replace(UNIT, OTHER_UNIT)
    assert device.sends(body) == (410, {"outcome": "gone"})


def test_a_database_that_is_away_takes_nothing_and_says_nothing_of_ours(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise DatabaseUnavailable("away")

    body = device.seals(dict(ANSWERS))
    monkeypatch.setattr("survey.answer.submit.accept", down)
    assert device.sends(body) == (503, {})
    [taken] = [each for key, each in limits_of(device.made).items() if key.endswith(" sealed")]
    assert taken.in_hour == 0, "what was not stored has a place of the limit"


def test_as_many_as_could_have_come_since_the_round_opened_come_at_once(tmp_path: Path) -> None:
    few = "open_answers_per_hour = 1\nopen_answers_per_day_and_head = 1"
    made = with_people(make_answering(tmp_path / "few", open_link=True, part="all", limit=few))
    at(made.app, NOON)
    device = Device(made, paired(made))
    days = (TODAY - date(2026, 9, 1)).days + 1
    assert device.sends(device.seals(dict(ANSWERS)))[1]["outcome"] == "kept"
    [taken] = [each for key, each in limits_of(made).items() if key.endswith(" sealed")]
    taken.in_day = taken.in_hour = 2000 * days - 1
    assert device.sends(device.seals(dict(ANSWERS)))[1]["outcome"] == "kept"
    body = device.seals(dict(ANSWERS))
    assert device.sends(body) == (503, {"outcome": "later"})
    at(made.app, NOON + timedelta(1))
    assert device.sends(body)[1]["outcome"] == "kept"


@pytest.mark.parametrize(
    ("count", "kept"), [(0, 0), (1, 1), (9, 1), (10, 10), (19, 10), (123, 120), (-1, 0), ("7", 0), (None, 0), (True, 1)]
)
def test_no_more_than_tens_is_kept_of_what_waits(count: object, kept: int) -> None:
    assert coarse(count) == kept


def reported(made: Answering) -> KioskReport:
    """What is kept of the one device's word."""
    with read_transaction(made.house.engine) as connection:
        return kiosks.of_unit(connection, UNIT, "")[0].report


def test_what_a_device_says_of_itself_is_kept_coarsely(device: Device) -> None:
    heard = device.reports(waiting=27, late=3, persisted=True, version="abc\0")
    assert heard == {"outcome": "heard", "day": "2026-09-15", "missing": [], "checked": [], "over": []}
    assert reported(device.made) == KioskReport(20, 1, True, "abc")
    device.reports(waiting=0, late=0, persisted=False, version="abd")
    assert reported(device.made) == KioskReport(0, 1, False, "abd")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"sent": 1}', b'{"sent": {"\\u0000": ["x"]}}', b"\xff"])
def test_a_report_that_is_none_is_heard_as_one_that_says_nothing(body: bytes, device: Device) -> None:
    reply = device.made.app.test_client().post(f"{device.start}/alive", data=body)
    assert (reply.status_code, reply.json["outcome"]) == (200, "heard")


def test_what_a_restored_database_has_lost_is_asked_for_again(device: Device) -> None:
    bodies = [device.seals(dict(ANSWERS)) for _ in range(3)]
    marks = [body[:16].hex() for body in bodies]
    for body in bodies:
        device.sends(body)
    assert device.reports(sent={ROUND: marks})["missing"] == []
    with write_transaction(device.made.house.engine) as connection:
        connection.execute(used_form_id.delete())
    found = device.reports(sent={ROUND: marks, "2019-host": ["0" * 32]})
    assert sorted(found["missing"]) == sorted(marks)  # type: ignore[call-overload]
    assert (found["checked"], found["over"]) == ([ROUND], []), "of a round that nobody knows, nothing is known"
    close_round(device.made.house.engine, device.made.house.volumes, ROUND)
    assert device.reports(sent={ROUND: marks})["over"] == [ROUND]


@pytest.mark.parametrize(
    ("waiting", "day", "words"),
    [
        (0, date(2026, 9, 17), ""),
        (0, date(2026, 9, 18), "har inte hörts av på tre dagar"),
        (12, date(2026, 9, 16), "Svar som väntar där: minst 10."),
        (1, date(2026, 9, 16), "Svar som väntar där: färre än 10."),
        (3, date(2026, 10, 15), "De räknas bara om de kommer in senast 16 oktober 2026"),
    ],
)
def test_the_unit_is_told_what_waits_and_when_to_look_after_it(
    waiting: int, day: date, words: str, device: Device
) -> None:
    device.reports(waiting=waiting, persisted=True)
    later(device.made, day)
    page = lead(device.made).get(f"/staff/unit/{UNIT}").words("main")
    assert words in page and ("tre dagar" in words) == ("tre dagar" in page)


def test_what_a_browser_does_not_promise_and_an_old_edition_are_said(device: Device) -> None:
    device.reports(persisted=False, version="old", late=4)
    page = lead(device.made).get(f"/staff/unit/{UNIT}").words("main")
    assert "lovar inte att behålla" in page and "äldre version" in page and "kom för sent" in page
    device.reports(persisted=None, version="old")
    assert "kan inte ta emot svar utan nät" in lead(device.made).get(f"/staff/unit/{UNIT}").words("main")
