"""From page to page: place, round and question stay as one walks, and the old addresses lead to the new ones."""

from collections.abc import Callable

import pytest

from survey.domain.questions.questionnaire import QUESTIONS
from tests.followup.editions import PLACES
from tests.followup.looking import said
from tests.followup.staffed import StaffBrowser
from tests.reader import Page

Enter = Callable[[str], StaffBrowser]
START = "/staff/followup/5/"


def menus(page: Page) -> list[dict[str, str | None]]:
    """The bar's three menus: what each line is called and where it leads."""
    bar = next(each for each in page.all("nav") if each.get("class") == "place-bar")
    return [{said(link): link.get("href") for link in menu.iter("a")} for menu in bar.iter("details")]


@pytest.mark.parametrize("page", ["", *QUESTIONS, "charts"])
def test_each_menu_keeps_what_the_others_say(page: str, as_person: Enter) -> None:
    tail = f"/{page}" if page else ""
    places, rounds, pages = menus(as_person("Freja").get(f"/staff/followup/3/ostersund{tail}"))
    assert places["Region Jämtland Härjedalen"] == f"/staff/followup/3/jh{tail}"
    assert places["Brunflo hälsocentral"] == f"/staff/followup/3/brunflo{tail}"
    assert places["Åre"] == f"/staff/followup/3/are{tail}"
    assert "Järpens hälsocentral" not in places  # another municipality's
    assert rounds["Våren 2024"] == f"/staff/followup/5/ostersund{tail}"
    assert len(rounds) == 5
    assert pages["Överblick"] == "/staff/followup/3/ostersund/overblick"
    assert pages["Sammanfattning"] == "/staff/followup/3/ostersund"


@pytest.mark.slow
def test_every_line_of_every_menu_leads_somewhere(as_person: Enter) -> None:
    for name in ("Freja", "Brita"):
        browser, seen = as_person(name), set[str]()
        waiting = [f"{START}jh", f"{START}jh/trygghet", f"{START}jh/places", f"{START}jh/residents"]
        while waiting and len(seen) < 60:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            found = {link for menu in menus(browser.get(address)) for link in menu.values() if link}
            waiting += sorted(link for link in found if link.startswith(START))
        assert len(seen) > 20


def test_a_page_that_another_place_does_not_have_is_its_summary_there(as_person: Enter) -> None:
    places, _rounds, _pages = menus(as_person("Freja").get(f"{START}ostersund/places"))
    assert places["Brunflo hälsocentral"] == f"{START}brunflo" and places["Åre"] == f"{START}are/places"
    places, _rounds, _pages = menus(as_person("Freja").get(f"{START}jh/residents"))
    assert places["Östersund"] == f"{START}ostersund"
    _places, _rounds, pages = menus(as_person("Freja").get(f"{START}brunflo"))
    assert pages["Invånargrupper"] == f"{START}jh/residents"
    assert not any("bredvid" in name for name in pages)
    freja = as_person("Freja")
    assert freja.get(f"{START}brunflo/places", 302).response.location == f"{START}brunflo"
    assert freja.get(f"{START}ostersund/residents", 302).response.location == f"{START}jh/residents"
    freja.get(f"{START}jh/nonsens", 404)


def test_one_walks_through_the_questions_from_the_first_to_the_last(as_person: Enter) -> None:
    freja, walked = as_person("Freja"), [QUESTIONS[0]]
    while True:
        page = freja.get(f"{START}are/{walked[-1]}")
        after = [link.get("href", "") for link in page.all("a") if link.get("rel") == "next"]
        before = [link.get("href", "") for link in page.all("a") if link.get("rel") == "prev"]
        assert before == [f"{START}are/{question}" for question in walked[-2:-1]]
        if not after:
            break
        assert after[0].startswith(f"{START}are/")
        walked.append(after[0].rpartition("/")[2])
    assert tuple(walked) == QUESTIONS


def test_the_way_says_where_one_is(as_person: Enter) -> None:
    page = as_person("Freja").get(f"{START}brunflo/overblick")
    bar = next(each for each in page.all("nav") if each.get("class") == "place-bar")
    here = [said(link) for link in bar.iter("a") if link.get("aria-current")]
    assert here == ["Brunflo hälsocentral", "Våren 2024", "Överblick"]
    assert [said(each) for each in bar.iter("summary")] == [
        "Plats: Brunflo hälsocentral",
        "Mätomgång: Våren 2024",
        "Sida: Överblick",
    ]


def test_old_addresses_lead_to_the_new_pages(as_person: Enter) -> None:
    freja = as_person("Freja")
    for old, new in (
        (f"{START}jh/more", f"{START}jh/charts"),
        (f"{START}brunflo/more", f"{START}brunflo/charts"),
        ("/staff/followup/residents/5", f"{START}jh/residents"),
    ):
        assert freja.get(old, 302).response.location == new
        freja.get(new)
    freja.get("/staff/followup/residents/9", 404)


def test_a_unit_reads_no_page_of_another(as_person: Enter) -> None:
    brita = as_person("Brita")
    for page in ("", "/trygghet", "/charts", "/planner"):
        for place in (place[0] for place in PLACES if place[2] == "unit"):
            brita.get(START + place + page, 200 if place == "brunflo" else 403)
    for page in ("places", "residents", "more"):
        brita.get(f"{START}odensala/{page}", 403)
    brita.get(f"{START}are/places", 403)
    assert "Odensala" not in brita.get(f"{START}ostersund/places").words("main")


def test_how_figures_are_read_is_one_press_from_every_page_of_a_place(as_person: Callable[[str], StaffBrowser]) -> None:
    freja = as_person("Freja")
    for page in ("", "/trygghet", "/places", "/charts", "/who", "/planner", "/residents"):
        ways = [each.get("href") for each in freja.get(f"/staff/followup/5/jh{page}").all("a")]
        assert "/staff/followup/5/jh/how" in ways, page
    words = as_person("Brita").get("/staff/followup/5/brunflo/how").words("main")
    assert "Färre än 10 svar från patienter eller 5 från vården visas aldrig." in words and "Kan vara slump:" in words
