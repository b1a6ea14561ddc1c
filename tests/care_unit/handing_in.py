"""Lists that a unit hands in, and turns of the worker that sends them."""

import random

from survey.store.channels import outbox
from survey.store.database.engine import read_transaction
from survey.worker.sending.transports import transports
from survey.worker.sending.turns import Sender
from tests.answering import ROUND, UNIT, Answering
from tests.followup.staffed import StaffBrowser

TEN = "\n".join(f"person{n}@mottagare.example" for n in range(10))
ADDRESS = f"/staff/unit/{UNIT}/links"
BEGAN = 1_789_000_000.0


def sent_in(browser: StaffBrowser, way: str, text: str, status: int = 302, **more: str) -> str:
    """Post a list; the words of the page that follows."""
    fields = {"role": "patient", "kind": "invitation", "language": "sv", "list": text, **more}
    page = browser.post(f"{ADDRESS}/{way}", fields, 422 if status == 422 else 200)
    if status != 422:
        page = browser.post(f"{ADDRESS}/{way}", {**page.fields(), "sure": "yes"}, status)
    return page.words("main") if status != 302 else ""


def work(made: Answering, hours: float = 0, seed: int = 1) -> int:
    """A turn of a minute of each way, so many hours after the first."""
    the = made.house
    found = [
        Sender(the.engine, the.volumes, transport, lambda: BEGAN + hours * 3600, random.Random(seed))
        for transport in transports(the.settings)
    ]
    return sum(each.turn(the.today(), 60.0) for each in found)


def waiting(made: Answering) -> int:
    """How many messages wait."""
    with read_transaction(made.house.engine) as connection:
        return sum(outbox.count_of_unit(connection, UNIT, ROUND).values())
