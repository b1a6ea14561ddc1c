"""Who may read which place: a table of people by name, met through the web."""

from collections.abc import Callable

import pytest

from survey.followup import access
from tests.followup.editions import PLACES, body
from tests.followup.staffed import StaffBrowser

ALL = {place[0] for place in PLACES}
MAY_READ = {
    "Freja": ALL,  # follow-up, region
    "Klara": ALL,  # follow-up, Åre: the group reads the whole region together
    "Sven": ALL,  # coordinator
    "Brita": {"brunflo", "ostersund", "jh"},
    "Odd": {"odensala", "torvalla", "ostersund", "jh"},  # Torvalla is Odensala's filial
    "Sara": {"jh"},  # a unit that no edition has yet
}
Enter = Callable[[str], StaffBrowser]


@pytest.mark.parametrize("name", MAY_READ)
def test_each_person_reads_their_places_and_no_other(name: str, as_person: Enter) -> None:
    browser = as_person(name)
    for place in sorted(ALL):
        status = 200 if place in MAY_READ[name] else 403
        browser.get(f"/staff/followup/5/{place}", status)
        browser.get(f"/staff/followup/5/{place}/figures.csv", status)
        if status == 403:
            browser.get(f"/staff/followup/5/{place}/gap.sv.light.svg", 403)


@pytest.mark.parametrize(("name", "place"), [("Freja", "jh"), ("Klara", "are"), ("Brita", "brunflo"), ("Sara", "jh")])
def test_reading_starts_at_home(name: str, place: str, as_person: Enter) -> None:
    page = as_person(name).get("/staff/followup/", 302)
    assert page.response.location == f"/staff/followup/5/{place}"


@pytest.mark.parametrize("name", ["Brita", "Odd"])
def test_a_unit_meets_no_link_to_a_place_it_may_not_read(name: str, as_person: Enter) -> None:
    browser = as_person(name)
    for place in MAY_READ[name]:
        page = browser.get(f"/staff/followup/5/{place}")
        linked = {link.get("href", "") for link in page.all("a")}
        places = {link.split("/")[4] for link in linked if link.startswith("/staff/followup/5/")}
        assert places <= MAY_READ[name]


def test_a_stranger_is_asked_to_sign_in(app: object) -> None:
    for address in ("/staff/followup/", "/staff/followup/5/jh", "/staff/followup/5/jh/figures.csv"):
        page = StaffBrowser(app).get(address, 302)  # type: ignore[arg-type]
        assert page.response.location == f"/staff/sign-in?next={address}"


def test_the_refusal_says_what_to_do(as_person: Enter) -> None:
    words = as_person("Brita").get("/staff/followup/5/froso", 403).words()
    assert "Den här platsen hör inte till ditt konto" in words
    assert "vänd dig till samordnaren" in words


@pytest.mark.parametrize(
    "address",
    [
        "/staff/followup/99/jh",
        "/staff/followup/5/ingenstans",
        "/staff/followup/0/jh",
        "/staff/followup/5/jh/secret.csv",
        "/staff/followup/5/jh/gap.ar.light.svg",
        "/staff/followup/5/jh/gap.sv.pink.svg",
        "/staff/followup/5/jh/table.sv.light.svg",
    ],
)
def test_what_is_not_there_is_said_plainly(address: str, as_person: Enter) -> None:
    assert "Sidan finns inte" in as_person("Freja").get(address, 404).words()


def test_a_unit_whose_predecessor_was_merged_into_it_reads_its_old_results() -> None:
    from survey.domain.places.place_tree import Place

    known = [Place(key="froso", name="Frösö", level="unit", parent="ostersund", merged_into="brunflo")]
    assert access.readable("unit", "brunflo", body(5), known) == {"brunflo", "froso", "ostersund", "jh"}
