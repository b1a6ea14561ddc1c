"""A house where every page that residents, care staff and people at a kiosk can meet has something on it.

For the tests that look at all of them in every language. A demo, so that every draft that is whole is offered.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask

from survey.app import create_app
from survey.store.core import rounds
from survey.store.database.engine import DatabaseUnavailable, write_transaction
from survey.store.published import editions, resident_messages
from survey.web.pages.error_pages import ErrorPage
from tests.answer.test_kiosk import paired
from tests.answer.test_results import INTERVAL, SHOWN, a_body
from tests.answering import ANSWERS, PLACES, ROUND, TODAY, UNIT, Answering, make_answering, the_round
from tests.care_unit.conftest import with_people
from tests.films import put_films
from tests.reader import OWN_PAGES

PAST = "2026-var"
UNSENDABLE = "ABCD"  # no code looks like it
# What stops an answer on its way in, and so shows the page that keeps it, or one that doesn't.
STOPS: Mapping[str, Exception] = {
    "not saved": DatabaseUnavailable("locked"),
    "closed meanwhile": ErrorPage("closed"),
    "crowded": ErrorPage("crowded"),
    "crowded today": ErrorPage("crowded_today"),
    "fault": ZeroDivisionError(),
}


@dataclass(frozen=True)
class ResidentHouse:
    """The house while its round is open, the same before and after it and with films, a paired kiosk's start, and an
    unspent code.
    """

    made: Answering
    before: Flask
    after: Flask
    filmed: Flask
    kiosk: str
    staff_code: str


def make_resident_house(folder: Path) -> ResidentHouse:
    """Make it: a round that is open, one whose results are published, and what is told of them."""
    made = with_people(make_answering(folder, open_link=True, demo=True, part="all"))
    past = replace(the_round(), key=PAST, name="Våren 2026", opens=date(2026, 2, 1), closes=date(2026, 3, 1))
    text = json.dumps(_edition())
    with write_transaction(made.house.engine) as connection:
        rounds.add_round(connection, replace(past, state="published"))
        editions.add(connection, PAST, text, hashlib.sha256(text.encode()).hexdigest(), date(2026, 4, 1))
        resident_messages.save(connection, PLACES[0].key, PAST, "Vi ringer upp inom tre dagar.")
        resident_messages.save(connection, UNIT, PAST, "Skriver ner nästa steg")
    elsewhen = [create_app("all", folder, lambda today=today: today) for today in (date(2026, 8, 20), date(2027, 1, 1))]
    put_films(folder)
    filmed = create_app("all", folder, lambda: TODAY)
    return ResidentHouse(made, *elsewhen, filmed, paired(made), made.codes(1, "provider")[0])


def _edition() -> dict[str, Any]:
    """An edition with a cell of each kind, and with a highest and a lowest share."""
    region, body = PLACES[0].key, a_body(1)
    body["round"] |= {"key": PAST, "name": "Våren 2026"}
    body["cells"] += [
        {"place": region, "role": "patient", "question": "nasta_tid", **SHOWN, "share": 71, "low": 66, "high": 76},
        {"place": region, "role": "patient", "question": "nasta_steg", **SHOWN, "status": "hollow", "share": 40},
        {"place": UNIT, "role": "patient", "question": "nasta_steg", **INTERVAL},
    ]
    return body


def addresses(house: ResidentHouse, tag: str) -> dict[str, tuple[str, int]]:
    """Every page of the open round that is fetched by its address, in a language, and the status it has."""
    kiosk = house.kiosk
    return {
        "sheet": (f"/s/{UNIT}/{tag}", 200),
        "staff sheet": (f"/p/{UNIT}/{tag}", 200),
        "thanks": (f"/s/{UNIT}/{tag}/thanks", 200),
        "staff thanks": (f"/p/{UNIT}/{tag}/thanks", 200),
        "front": (f"/?language={tag}", 200),
        "units": (f"/units/ostersund/{tag}", 200),
        "privacy": (f"/privacy/{tag}", 200),
        "accessibility": (f"/accessibility/{tag}", 200),
        "helping": (f"/helping/{tag}", 200),
        "conversation": (f"/conversation/{tag}", 200),
        "results": (f"/results/{PAST}/{tag}", 200),
        "results by unit": (f"/results/{PAST}/units/{tag}", 200),
        "a unit's results": (f"/results/{PAST}/unit/{UNIT}/{tag}", 200),
        "not published": (f"/results/{ROUND}/{tag}", 404),
        "not found": (f"/nowhere?language={tag}", 404),
        "unknown unit": (f"/s/nowhere/{tag}", 404),
        "kiosk pairing": (f"/kiosk?language={tag}", 200),
        "kiosk start": (f"{kiosk}?language={tag}", 200),
        "kiosk sheet": (f"{kiosk}/{tag}", 200),
        "kiosk thanks": (f"{kiosk}/{tag}/thanks", 200),
        "kiosk not found": (f"{kiosk}/{tag}/nowhere?language={tag}", 404),
        "kiosk let go": (f"/kiosk/{UNIT}/gone/{tag}", 410),
    }


def served_pages(house: ResidentHouse, tag: str) -> Iterator[tuple[str, bytes]]:
    """Every page there is in a language, as it is served, with the name of its state."""
    for name, (address, status) in addresses(house, tag).items():
        yield name, _fetch(house.made.app, tag, address, status)
    for name, app, status in (("coming", house.before, 200), ("closed", house.after, 410)):
        yield name, _fetch(app, tag, f"/s/{UNIT}/{tag}", status)
        yield f"kiosk {name}", _fetch(app, tag, f"{house.kiosk}?language={tag}")
    for name, address in (("sheet", f"/s/{UNIT}"), ("kiosk sheet", house.kiosk)):
        yield f"{name}, films", _fetch(house.filmed, tag, f"{address}/{tag}")
    yield "kiosk paired", _fetch(house.made.app, tag, f"{house.kiosk}/paired?language={tag}")
    with unreachable():
        yield "unavailable", _fetch(house.made.app, tag, f"/s/nobody/{tag}", 503)
    yield from _posted(house, tag)


def _fetch(app: Flask, tag: str, address: str, status: int = 200, posted: Mapping[str, str] | None = None) -> bytes:
    ways = {"method": "GET" if posted is None else "POST", "headers": {"Accept-Language": tag, **OWN_PAGES}}
    reply = app.test_client(use_cookies=False).open(address, data=posted, **ways)
    assert reply.status_code == status, f"{address}: {reply.status_code}"
    return reply.data


def _posted(house: ResidentHouse, tag: str) -> Iterator[tuple[str, bytes]]:
    """What comes back when something is posted."""
    app = house.made.app
    yield "front, nothing found", _fetch(app, tag, f"/?language={tag}", 422, {"find": "xyz"})
    yield "front, found", _fetch(app, tag, f"/?language={tag}", 200, {"find": "hälsocentral"})
    yield "kiosk pairing, wrong code", _fetch(app, tag, f"/kiosk?language={tag}", 422, {"code": "x"})
    for kind, address in {"": f"/s/{UNIT}", "staff ": f"/p/{UNIT}", "kiosk ": house.kiosk}.items():
        there, from_swedish = f"{address}/{tag}", f"{address}/sv"
        [form_id] = re.findall(b'name="form_id" value="([^"]+)"', _fetch(app, tag, there))
        answered = {"form_id": form_id.decode(), **ANSWERS, "at": "3"}
        yield f"{kind}sheet, another language", _fetch(app, tag, from_swedish, 200, {**answered, "lang": tag})
        yield f"{kind}sheet, nothing answered", _fetch(app, tag, there, 422, {"form_id": form_id.decode()})
        if kind != "kiosk ":
            yield f"{kind}sheet, wrong code", _fetch(app, tag, there, 422, {**answered, "code": UNSENDABLE})
        if kind == "staff ":
            answered["code"] = house.staff_code
        for name, stop in STOPS.items():
            with stopped(stop):
                yield f"{kind}{name}", _fetch(app, tag, there, _status(stop), answered)


def _status(stop: Exception) -> int:
    return stop.code or 0 if isinstance(stop, ErrorPage) else 503 if isinstance(stop, DatabaseUnavailable) else 500


@contextmanager
def stopped(stop: Exception) -> Iterator[None]:
    """Meanwhile no answer is taken, for this reason."""
    with mock.patch("survey.answer.submit.accept", side_effect=stop):
        yield


@contextmanager
def unreachable() -> Iterator[None]:
    """Meanwhile the database can't be asked which round is open."""
    with mock.patch("survey.store.core.places.unit_by_key", side_effect=DatabaseUnavailable("away")):
        yield
