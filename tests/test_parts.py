"""A whole round with each part signed in to PostgreSQL as itself: the residents' web, the staff's, and the worker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from survey.app import create_app
from survey.sealing.checks import reconciliation
from survey.sealing.checks.deep_check import inspect
from survey.store.answers import batches
from survey.store.core import health, places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request.services import Services
from survey.worker.loop import Worker
from tests.answering import ANSWERS, PLACES, ROUND, TODAY, UNIT, Answering, the_round
from tests.care_unit.conftest import with_people
from tests.care_unit.test_links import made_file
from tests.followup.staffed import StaffBrowser
from tests.parts import Parts, owned_database
from tests.postgres import Cluster
from tests.reader import Reader

ADMIN, OVER = "/staff/admin", date(2026, 10, 20)


@dataclass
class Installation:
    """The three parts of one installation, each with its own app and its own sign-in to the database."""

    parts: Parts
    owner: Answering
    resident: Flask
    staff: Flask
    worker: Flask
    today: date = TODAY

    def work(self) -> None:
        """Let the worker take a turn, and fail where a step did."""
        house: Services = self.worker.extensions["services"]
        with self.worker.app_context():
            worker = Worker(house.engine, replace(house.settings, demo=True), house.versions)
            worker.turn(self.today)
            assert worker.failing == {}

    def state(self) -> str:
        """How far the round has come."""
        with read_transaction(self.owner.house.engine) as connection:
            found = rounds.get_round(connection, ROUND)
        assert found is not None
        return found.state

    def enter(self, email: str) -> StaffBrowser:
        """Somebody of the staff, signed in."""
        browser = StaffBrowser(self.staff)
        browser.sign_in(email)
        return browser


def an_app(folder: Path, part: str, url: str, keys: Path, today: Callable[[], date]) -> Flask:
    """The app of a part, in an instance folder of its own."""
    folder.mkdir()
    lines = [f'secret = "{"s" * 40}"', "demo = true", "session_cookie_secure = false", f'database = "{url}"']
    lines += [f'private_keys = "{keys}/a/private"', f'pepper_keys = "{keys}/b/peppers"']
    (folder / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    return create_app(part, folder, today)


@pytest.fixture
def installed(cluster: Cluster, tmp_path: Path) -> Iterator[Installation]:
    """An installation with a draft of a round, and people."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with owned_database(cluster) as parts:
        apps = {
            name: an_app(tmp_path / f"of-{name or 'owner'}", part, parts.url(name), tmp_path, lambda: made.today)
            for name, part in {"": "all", "resident": "resident", "staff": "staff", "worker": "staff"}.items()
        }
        owner = Answering(apps[""], tmp_path)
        made = Installation(parts, owner, apps["resident"], apps["staff"], apps["worker"])
        with write_transaction(owner.house.engine) as connection:
            places.save_places(connection, PLACES)
            rounds.add_round(connection, the_round(open_link=True))
        with_people(owner)
        yield made
        for app in apps.values():
            app.extensions["services"].engine.dispose()


def answer(installed: Installation, role: str, codes: list[str]) -> None:
    """Somebody with each code answers, and once more; so do some without."""
    reader, address = Reader(installed.resident), f"/{'s' if role == 'patient' else 'p'}/{UNIT}"
    for code in (*codes, codes[0], *([""] * 12 if role == "patient" else ())):
        sent = {**reader.get(address).fields(), **ANSWERS, "code": code}
        assert str(reader.post(f"{address}/sv", sent).response.location).endswith("/thanks")


def test_a_round_walks_from_a_draft_to_an_edition_with_each_part_as_itself(installed: Installation) -> None:
    siv, frida = installed.enter("siv@region.example"), installed.enter("frida@froso.example")
    siv.post(f"{ADMIN}/rounds/{ROUND}/open", {})
    installed.work()
    assert installed.state() == "open"
    for role, count in (("patient", 11), ("provider", 6)):
        made = made_file(frida, "file", role=role, count=str(count), languages=["sv"], paper="excel").decode(
            "utf-8-sig"
        )
        codes = [line.replace('"', "").split(";")[0].split(",")[0] for line in made.splitlines()[1:]]
        answer(installed, role, codes)
    made_file(frida, "paper", role="patient", languages=["sv"], count="11")
    for _ in range(11):
        paper = f"/staff/unit/{UNIT}/paper/patient"
        frida.post(paper, {**ANSWERS, "form_id": frida.get(paper).fields()["form_id"]})
    installed.work()
    installed.today = OVER
    installed.work()
    assert installed.state() == "closed"
    siv.post(f"{ADMIN}/rounds/{ROUND}/publish", {})
    installed.work()
    assert installed.state() == "published"
    gun = installed.enter("gun@region.example").client
    assert "Invånare" in gun.get("/staff/followup/", follow_redirects=True).text
    assert Reader(installed.resident).get(f"/results/{ROUND}").status == 200
    with read_transaction(installed.owner.house.engine) as connection:
        found = batches.batches(connection, ROUND)
        unwell = [line for line in health.lines(connection) if not line.ok]
    kept = {(each.role, each.collection_mode): each.accepted for each in found if each.place == UNIT and each.accepted}
    assert kept == {("patient", "invited"): 11, ("patient", "open"): 12, ("patient", "paper"): 11,
                    ("provider", "invited"): 6}  # fmt: skip
    assert all(line.ok for line in reconciliation.balances(installed.owner.house.engine)) and not unwell
    house: Services = installed.worker.extensions["services"]
    looks = {each.name: each for each in inspect(house.engine, house.settings, OVER)}
    assert looks["database rights"].ok, looks["database rights"]
