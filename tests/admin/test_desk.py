"""Kontoret opens with what goes on, what comes next and what waits; long lists are searched and paged."""

import pytest

from survey.domain.places.place_tree import Place
from survey.store.core import places, rounds
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts, proposals
from tests.admin.conftest import DRAFT, kept_rounds, work
from tests.answering import ROUND, Answering, make_answering
from tests.care_unit.conftest import PEOPLE
from tests.followup.staffed import StaffBrowser

OFFICE = "/staff/admin/"


def test_the_round_that_goes_on_comes_first_and_then_what_comes_next(siv: StaffBrowser) -> None:
    said = siv.get(OFFICE).words("main")
    assert "Nu Hösten 2026. Öppen. Svar tas emot till och med 16 oktober 2026." in said
    assert "Väntar på dig Inget just nu." in said and "Härnäst Planera en ny mätomgång" in said
    siv.post("/staff/admin/new-round", DRAFT)
    assert "Härnäst Våren 2027, 15 februari 2027 till 1 april 2027." in siv.get(OFFICE).words("main")


def test_a_draft_whose_day_is_near_and_a_round_that_is_counted_wait(made: Answering, siv: StaffBrowser) -> None:
    siv.post("/staff/admin/new-round", {**DRAFT, "opens": "2026-09-29", "closes": "2026-10-30"})
    assert "Våren 2027 ska börja 29 september 2026 och är inte öppnad." in siv.get(OFFICE).words("main")
    with write_transaction(made.house.engine) as connection:
        rounds.set_state(connection, ROUND, "closing")
    work(made)
    assert kept_rounds(made)[ROUND].state == "closed"
    page = siv.get(OFFICE)
    assert "Hösten 2026 är räknad och väntar på att publiceras." in page.words("main")
    assert f"/staff/admin/rounds/{ROUND}" in {link.get("href") for link in page.all("a")}


def test_what_another_coordinator_has_asked_for_waits_and_ones_own_does_not(made: Answering, siv: StaffBrowser) -> None:
    with write_transaction(made.house.engine) as connection:
        frida, me, gun = (accounts.account_by_email(connection, PEOPLE[name][0]) for name in ("Frida", "Siv", "Gun"))
        assert frida and me and gun
        today = made.house.today()
        about = {"person": frida.email}
        proposals.add(connection, "new_link", frida.email, about, me.id, today=today, until=today)
    assert "Inget just nu." in siv.get(OFFICE).words("main")
    with write_transaction(made.house.engine) as connection:
        proposals.add(connection, "close_account", frida.email, about, gun.id, today=today, until=today)
    said = siv.get(OFFICE).words("main")
    assert f"Väntar på en samordnare till: Stäng kontot {frida.email}" in said and "ny länk" not in said


def with_many(made: Answering, count: int = 300) -> None:
    """Three hundred units more, in three municipalities."""
    new = [Place(f"m{n}", f"Kommun {n}", "municipality", "jamtland-harjedalen") for n in range(3)]
    new += [Place(f"u{n}", f"Vårdcentral Ånge {n:03}", "unit", f"m{n % 3}", "Region") for n in range(count)]
    with write_transaction(made.house.engine) as connection:
        places.save_places(connection, new)


@pytest.mark.parametrize("address", ["/staff/admin/places/", "/staff/unit/"])
def test_hundreds_of_places_are_paged_and_searched_without_script(
    address: str, made: Answering, siv: StaffBrowser
) -> None:
    assert "Sida 1" not in siv.get(address).words("main") and "Sök" not in siv.get(address).words("main")
    with_many(made)
    seen: set[str] = set()
    following: str | None = address
    turned = 0
    while following:
        page = siv.get(following)
        seen |= {link.get("href") or "" for link in page.all("a")}
        following = next((address + str(link.get("href")) for link in page.all("a") if link.get("rel") == "next"), None)
        turned += 1
    home = "/staff/unit/" if "unit" in address else address
    assert turned == 7 and {f"{home}u{n}" for n in range(300)} <= seen
    for strange, nearest in (("0", "1"), ("-1", "1"), ("x", "1"), ("99999999999", "7")):
        assert siv.get(f"{address}?page={strange}").words("main") == siv.get(f"{address}?page={nearest}").words("main")
    found = siv.get(address + "?q=ange+217")
    assert [link.get("href") for link in found.all("a") if f"{home}u" in (link.get("href") or "")] == [f"{home}u217"]
    assert "Träffar på ”ange 217”: 1." in found.words("main")
    for strange in ("?q=%00", "?q=" + "x" * 5000, "?q=<b>"):
        siv.get(address + strange)


def test_the_bare_host_of_the_staff_leads_to_their_pages(tmp_path) -> None:  # type: ignore[no-untyped-def]
    staff = make_answering(tmp_path / "staff", part="staff").app.test_client()
    assert staff.get("/").location == "/staff/" and staff.get("/nowhere").status_code == 404
    both = 'staff_address = "https://enkat.region.example"\nresident_address = "https://svara.region.example"'
    shared = make_answering(tmp_path / "both", part="all", config=both).app.test_client()
    assert shared.get("/", headers={"Host": "Enkat.region.example"}).location == "/staff/"
    assert shared.get("/", base_url="https://svara.region.example").status_code == 200
    alone = make_answering(tmp_path / "alone", part="all").app.test_client()
    assert alone.get("/").status_code == 200
