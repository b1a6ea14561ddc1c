"""Every link and every form of the running product, with what breaks pages in every field.

No page falls over, gives back what was sent as it was sent, or leads away. Residents and staff of both journeys, and
the follow-up signed in. The control: the same visitor in a web with the usual holes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.attacks.crawl import Crawl, Sent
from tests.attacks.full import Shown, sized
from tests.attacks.running import SHEET, UNIT, Client, Web, client, instance, running, serving
from tests.followup.staffed import PASSWORD, PEOPLE, furnish_instance

pytestmark = pytest.mark.xdist_group("web")
REQUESTS = sized(160, 6000)
STARTS = (
    "/",
    SHEET,
    f"/p/{UNIT}",
    f"{SHEET}/sv/thanks",
    "/privacy",
    "/accessibility",
    "/helping",
    "/conversation",
    "/results/now",
    "/healthz",
)
FORMS = {"/?language=sv", f"{SHEET}/sv", f"/p/{UNIT}/sv"}


@contextmanager
def staff_side(folder: Path) -> Iterator[Web]:
    """Both parts in one, with published rounds."""
    furnish_instance(folder, sized(1, 5))
    with running(folder, {"INSTANCE": str(folder), "PART": "all"}, workers=1) as web:
        yield web


def signed_in(person: Client, most: int) -> Crawl:
    """A visitor who has signed in to the follow-up."""
    visitor = Crawl(person, most)
    page = visitor.send(Sent("/staff/sign-in"))
    fields = {**page.fields(), "email": PEOPLE["Freja"][0], "password": PASSWORD}
    assert visitor.send(Sent("/staff/sign-in", tuple(fields.items()))).status == 302
    return visitor


def told(visitor: Crawl) -> str:
    """What a walk came to, for the report."""
    posts = sum(sent.fields is not None for sent, _ in visitor.met)
    return f"{len(visitor.faults)} faults in {len(visitor.met)} requests, {posts} of them forms"


def test_nothing_a_resident_can_send_breaks_a_page(tmp_path: Path, shown: Shown) -> None:
    with instance(tmp_path / "instance") as made, serving(made) as web, client(web) as person:
        visitor = Crawl(person, REQUESTS).walk(*STARTS)
    shown("scan", "every link and form of the answer side, harm in each field", told(visitor), n=len(visitor.met))
    assert visitor.faults == []
    assert visitor.forms >= FORMS
    assert {status for _, status in visitor.met} >= {200, 302, 303, 404, 422}


def test_nothing_a_signed_in_person_can_send_breaks_a_page(tmp_path: Path, shown: Shown) -> None:
    with staff_side(tmp_path / "staff") as web, client(web) as person:
        visitor = signed_in(person, REQUESTS).walk("/staff/followup/")
    shown("scan", "every link and form of the follow-up, signed in", told(visitor), n=len(visitor.met))
    assert visitor.faults == []
    assert visitor.forms >= {"/staff/language", "/staff/sign-out"}
    kinds = {sent.path.rpartition(".")[2] for sent, status in visitor.met if status == 200}
    assert kinds >= {"csv"}


def test_control_the_same_visitor_finds_the_usual_holes(tmp_path: Path, shown: Shown) -> None:
    with running(tmp_path, {}, "tests.attacks.holes:app", workers=1) as web, client(web) as person:
        visitor = Crawl(person, REQUESTS).walk("/")
    found = {fault.partition("?")[0].partition(":")[0] for fault in visitor.faults}
    shown("scan", "the same in a web with the usual holes", told(visitor), n=len(visitor.met), control=True)
    assert found >= {"/search", "/echo", "/fall"}
