"""The follow-up page for a very large region: 1 200 units, twelve rounds. The first view, and again.

A first view is one in a process that has drawn this page in no language, and read another edition but not this one:
the analysis is loaded, for that is paid once. What it costs before that, in a process just started, is said besides.
"""

import html
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psutil
from flask import Flask

from bench.editions import REGION, bodies_of, places_of, rounds_of
from bench.instance import house_of
from bench.sheet import Row, middle, row, show, tenth
from bench.walking import Bare
from survey.__main__ import ensure_instance
from survey.app import create_app
from survey.publication import edition_reader
from survey.publication.edition import canonical
from survey.store.core import places, rounds
from survey.store.database.engine import write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.store.published import editions
from survey.store.staff import accounts
from survey.web.pages.page_cache import PageCache
from survey.web.signin.views import hash_password

MUNICIPALITIES, UNITS, ROUNDS = 49, 1_200, 12
TURNS, FIRST_AT_MOST, AGAIN_AT_MOST = 5, 300, 20
EMAIL, PASSWORD = "freja@region.example", "ett lösenord som är långt nog"
COLUMNS = ("region", "municipality", "unit")


class Size(NamedTuple):
    """How large the region is."""

    municipalities: int = MUNICIPALITIES
    units: int = UNITS
    rounds: int = ROUNDS


class Seen(NamedTuple):
    """Seconds of one view."""

    first: float
    first_cpu: float
    again: float


def build(folder: Path, size: Size, times: int = 1) -> Flask:
    """A staff side with so many published rounds, each from `times` as many answers."""
    app = staff(folder)
    house = house_of(app)
    upgrade(house.engine)
    there = places_of(size.municipalities, size.units)
    with write_transaction(house.engine) as connection:
        places.save_places(connection, there)
        accounts.add_account(connection, EMAIL, hash_password(PASSWORD), "followup", REGION)
        wanted = rounds_of(size.rounds)
        for round_, body in zip(wanted, bodies_of(wanted, there, house.versions, times), strict=True):
            rounds.add_round(connection, round_)
            editions.add(connection, round_.key, *canonical(body), round_.closes)
    return app


def staff(folder: Path) -> Flask:
    """The staff side's app."""
    ensure_instance(folder)
    return create_app("staff", folder, lambda: date(2026, 11, 1))


@dataclass
class Reader:
    """Somebody of the follow-up group, signed in."""

    app: Flask

    def __post_init__(self) -> None:
        """Sign in."""
        self.client = self.app.test_client()
        page = self.client.get("/staff/sign-in", follow_redirects=True).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        fields = {"email": EMAIL, "password": PASSWORD, "csrf_token": html.unescape(found[1])}
        assert self.client.post("/staff/sign-in", data=fields).status_code == 302

    def view(self, number: int, place: str) -> tuple[float, float]:
        """Read a page: wall and CPU seconds."""
        wall, cpu = time.perf_counter(), time.process_time()
        reply = self.client.get(f"/staff/followup/{number}/{place}")
        spent = time.perf_counter() - wall, time.process_time() - cpu
        assert reply.status_code == 200 and place in reply.text
        return spent

    def forget(self) -> None:
        """As in a process that has drawn and read nothing yet."""
        self.app.extensions["followup_pages"] = PageCache()
        edition_reader._cache.clear()

    def see(self, size: Size, place: str) -> Seen:
        """A first view, after a page of the edition before, and again."""
        self.forget()
        self.view(size.rounds - 1, f"enhet-{size.units - 1}")
        first, cpu = self.view(size.rounds, place)
        return Seen(first, cpu, middle(self.view(size.rounds, place)[0] for _ in range(3)))

    def see_unread(self, size: Size, place: str) -> float:
        """A first view in a process that has read none of the editions."""
        self.forget()
        return self.view(size.rounds, place)[0]


def rows_of(once: Flask, ten: Flask, size: Size, turns: int = TURNS) -> list[Row]:
    """A column for a region, a municipality and a unit; the two databases take turns."""
    readers = Reader(once), Reader(ten)
    kinds = (REGION, "kommun-{}", "enhet-{}")
    readers[0].see(size, REGION)  # loads the analysis
    seen: list[list[tuple[Seen, Seen]]] = [[] for _ in kinds]
    unread: list[list[float]] = [[] for _ in kinds]
    bare = Bare()
    for turn in range(turns):
        for kind, pairs, alone in zip(kinds, seen, unread, strict=True):
            place = kind.format(turn)
            pairs.append((readers[0].see(size, place), readers[1].see(size, place)))
            alone.append(readers[0].see_unread(size, place))
            for _ in range(100):
                bare.walk()
    first = [middle(a.first for a, _ in pairs) * 1000 for pairs in seen]
    again = [middle(a.again for a, _ in pairs) * 1000 for pairs in seen]
    cpu = [tenth(a.first_cpu for a, _ in pairs) / bare.cpu for pairs in seen]
    tenfold = [middle(b.first / a.first for a, b in pairs) for pairs in seen]
    return [
        Row("first view, ms", first, 0, FIRST_AT_MOST),
        Row("again, ms", again, 1, AGAIN_AT_MOST),
        Row("first view, ten times the answers ÷ once", tenfold, 2, note="unchanged: 1"),
        Row("again, ten times the answers ÷ once", [middle(b.again / a.again for a, b in p) for p in seen], 2),
        Row("first view, CPU ÷ CPU per bare request", cpu, 0),
        Row("first view where no edition was read before, ms", [middle(each) * 1000 for each in unread], 0),
    ]


def cold(folder: str, number: int, place: str) -> None:
    """In a process of its own: print the milliseconds of its first page and of its second, and its PSS in MB."""
    reader = Reader(staff(Path(folder)))
    first, second = reader.view(number, place)[0], reader.view(number, REGION)[0]
    print(first * 1000, second * 1000, psutil.Process().memory_full_info().pss / 1e6)


def started(folder: Path, size: Size) -> list[Row]:
    """A process just started, with the import of all that draws and tests."""
    call = f"from bench.followup import cold; cold({str(folder)!r}, {size.rounds}, 'enhet-1')"
    output = subprocess.run([sys.executable, "-c", call], check=True, capture_output=True, text=True).stdout
    first, second, pss = map(float, output.split()[-3:])
    return [
        row("first page after the start, with all imports, ms", first, 0),
        row("second page, another place, ms", second, 0, FIRST_AT_MOST),
        row("the process afterwards, PSS, MB", pss, 0),
    ]


def main() -> None:
    """Build, measure and print."""
    size = Size()
    with tempfile.TemporaryDirectory() as folder:
        folders = [Path(folder) / name for name in ("once", "ten")]
        once, ten = (build(each, size, times) for each, times in zip(folders, (1, 10), strict=True))
        heading = f"Follow-up: {size.units:,} units, {size.rounds} rounds, SQLite"
        show(f"{heading}; the process is warm", rows_of(once, ten, size), COLUMNS)
        show(f"{heading}; a process just started", started(folders[0], size))
