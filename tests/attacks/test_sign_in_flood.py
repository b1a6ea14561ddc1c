"""Many strangers try to sign in at once, each at an address of its own: who is signed in hardly notices.

Hashing a password is slow and is meant to be. The control is the staff part as it was: each try is taken on, in turn
with everybody else's pages.
"""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from statistics import median, quantiles

import pytest

from survey.store.database.engine import write_transaction
from survey.store.staff import accounts
from tests.attacks.full import Shown, sized
from tests.attacks.running import Client, Reply, Web, instance, running
from tests.followup.staffed import HASH, PASSWORD

pytestmark = pytest.mark.xdist_group("web")
AT_ONCE, LASTS, PAGES = sized(16, 64), sized(1.0, 20.0), sized(20, 100)
SIGN_IN, PAGE, SIV = "/staff/sign-in", "/staff/account/", "siv@region.example"
MARK = re.compile(rb'name="csrf_token" value="([^"]+)"')
MOST_TIMES = 10


def tried(stranger: Client, email: str, password: str = "fel lösenord, men långt") -> Reply:
    """Ask for the page and send it, filled in."""
    page = stranger.get(SIGN_IN)
    found = MARK.search(page.body)
    assert found
    cookie = page.header("set-cookie").partition(";")[0]
    fields = {"csrf_token": found[1].decode(), "email": email, "password": password}
    return stranger.post(SIGN_IN, fields, {"Sec-Fetch-Site": "same-origin", "Cookie": cookie})


@contextmanager
def flood(web: Web, at_once: int) -> Iterator[Counter[int]]:
    """Strangers who try and try; how often each status came."""
    statuses: Counter[int] = Counter()
    ended = threading.Event()

    def try_on(number: int) -> None:
        while not ended.is_set():
            with suppress(OSError, HTTPException, AssertionError), closing(Client(web.port, 10)) as stranger:
                statuses[tried(stranger, f"{number}.{time.monotonic_ns()}@example.org").status] += 1

    strangers = [threading.Thread(target=try_on, args=(number,)) for number in range(at_once)]
    for each in strangers:
        each.start()
    try:
        time.sleep(LASTS)
        yield statuses
    finally:
        ended.set()
        for each in strangers:
            each.join()


def waits(web: Web, cookie: str, pages: int = PAGES) -> list[float]:
    """How long each of so many pages took for somebody who is signed in."""
    found = []
    with closing(Client(web.port)) as siv:
        for _ in range(pages):
            since = time.monotonic()
            assert siv.get(PAGE, Cookie=cookie).status == 200
            found.append(time.monotonic() - since)
    return found


@dataclass(frozen=True)
class Seen:
    """What a page took in peace, and under the flood; what the strangers were told."""

    peace: float
    flooded: list[float]
    statuses: Counter[int]

    @property
    def times(self) -> float:
        """How many times as long as in peace."""
        return median(self.flooded) / self.peace

    @property
    def late(self) -> float:
        """The same of the longest but one in ten."""
        return quantiles(self.flooded, n=10)[8] / self.peace

    def __str__(self) -> str:
        now, before = 1000 * median(self.flooded), 1000 * self.peace
        return f"a page takes {now:.0f} ms, in peace {before:.0f} ms; 90th percentile {self.late:.0f} times as long"


def seen(folder: Path, pages: int, at_once: int, interface: str = "rsgi", **environ: str) -> Seen:
    """Serve the staff part, let strangers flood it, and look at a page meanwhile."""
    with instance(folder / "instance") as made:
        with write_transaction(made.engine) as connection:
            accounts.add_account(connection, SIV, HASH, "coordinator", "jamtland-harjedalen")
        environ = {"INSTANCE": str(made.folder), **environ}
        with running(folder, environ, "tests.attacks.staffed:app", workers=1, interface=interface) as web:
            with closing(Client(web.port)) as siv:
                cookie = tried(siv, SIV, PASSWORD).header("set-cookie").partition(";")[0]
            peace = median(waits(web, cookie))
            with flood(web, at_once) as statuses:
                return Seen(peace, waits(web, cookie, pages), statuses)


def test_who_is_signed_in_hardly_notices(tmp_path: Path, shown: Shown) -> None:
    found = seen(tmp_path, PAGES, AT_ONCE, SAVED=str(sized(0.3, 2.0)))
    taken, refused = found.statuses[200], found.statuses[503]
    shown("flood", f"{AT_ONCE} strangers try to sign in without a pause",
          f"{found}; {taken} tries taken on, {refused} asked to come again", n=taken + refused)  # fmt: skip
    assert refused > taken > 0 and set(found.statuses) == {200, 503}
    assert found.times < MOST_TIMES


def test_control_with_all_tries_taken_on_everybody_waits(tmp_path: Path, shown: Shown) -> None:
    found = seen(tmp_path, 2, sized(8, AT_ONCE), "wsgi", UNBOUND="yes")
    shown("flood", "the same, each try taken on in its turn", str(found), n=found.statuses[200], control=True)
    assert found.times > 2 * MOST_TIMES
