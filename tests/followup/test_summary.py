"""The first page of a place: the five questions a member of the group comes with are answered on it, and truly."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from analysis.files.exports import EXPORTS
from survey.domain.records.action_plan import Decision
from survey.domain.records.record_types import StoredVersion
from survey.store.answers import batches
from survey.store.answers.batches import Batch
from survey.store.database.engine import write_transaction
from survey.store.published import editions, plan_records
from survey.web.request.services import Services
from tests.followup.editions import PLACES, QUESTIONS, body, frozen
from tests.followup.looking import gap_of, gaps_of, said, section, signed, table_of
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance, publish
from tests.reader import Page

Enter = Callable[[str], StaffBrowser]
EVERY_PLACE = [place[0] for place in PLACES]
UNITS = [place for place in PLACES if place[2] == "unit"]
SENTENCE = re.compile(r"[A-ZÅÄÖ][^.!?]{24,}[.!?]")


def sentences(page: Page) -> Counter[str]:
    """Each whole sentence that is in sight on the page, and how often; a picture's text alternative is its own."""
    folded = {inner for each in page.all("details") for inner in each.iter()}
    own: list[Element] = [each for tag in ("p", "li", "td", "dd") for each in page.all(tag) if each not in folded]
    leaves = [each for each in own if not any(inner.tag in ("p", "li", "td") for inner in each.iter() if inner != each)]
    return Counter(found for each in leaves for found in SENTENCE.findall(said(each)))


@pytest.mark.slow
@pytest.mark.parametrize("place", EVERY_PLACE)
@pytest.mark.parametrize("page", ["", "/trygghet", "/places", "/charts"])
def test_no_sentence_stands_twice(place: str, page: str, as_person: Enter) -> None:
    if page == "/places" and place in {unit[0] for unit in UNITS}:
        return
    found = sentences(as_person("Freja").get(f"/staff/followup/5/{place}{page}"))
    assert [words for words, times in found.items() if times > 1] == []


def test_a_page_has_one_place_to_take_figures_home_from(as_person: Enter) -> None:
    freja = as_person("Freja")
    for page in ("", "/trygghet", "/places", "/charts", "/residents"):
        found = freja.get(f"/staff/followup/5/jh{page}")
        homes = [each for each in found.all("section") if each.get("aria-labelledby") == "home"]
        assert len(homes) == 1
        kinds = "|".join(EXPORTS)
        files = [link for link in found.all("a") if re.search(rf"\.({kinds})$", link.get("href", ""))]
        assert files == list(homes[0].iter("a"))
        assert all(freja.client.get(link.get("href", "")).status_code == 200 for link in files)


def test_the_largest_gap_is_named_and_said_to_be_more_than_chance(as_person: Enter) -> None:
    largest = max((gap for gap in gaps_of("jh") if gap["distinct"]), key=lambda gap: abs(gap["gap"]))
    found = section(as_person("Freja").get("/staff/followup/5/jh"), "largest")
    (link,) = found.iter("a")
    assert link.get("href") == f"/staff/followup/5/jh/{largest['question']}"
    words = said(found)
    assert "Mer än slump." in words and signed(largest["gap"]) in words
    assert f"{signed(largest['low'])} till {signed(largest['high'])}" in words


def test_where_no_gap_is_told_apart_it_may_be_chance_and_where_none_is_shown_it_says_why(as_person: Enter) -> None:
    freja = as_person("Freja")
    readings = ("<b>Kan vara slump: intervallet är på en sida om noll", "<b>Går inte att skilja från noll.</b>")
    texts = {place: freja.get(f"/staff/followup/5/{place}").text for place in EVERY_PLACE}
    unsure = [place for place, text in texts.items() if any(each in text for each in readings)]
    assert unsure
    for place in unsure:
        page = freja.get(f"/staff/followup/5/{place}")
        assert "Mer än slump" not in page.words("main")
        assert "is-distinct" not in {cls for each in page.all("td") for cls in each.get("class", "").split()}
    few = said(section(freja.get("/staff/followup/5/berg-hemsjukvard"), "largest"))
    assert "För få svar för att jämföra patienter och vården här. Se kommunen eller regionen." in few


def test_the_seven_questions_stand_in_one_table_and_each_leads_to_its_page(as_person: Enter) -> None:
    freja = as_person("Freja")
    page = freja.get("/staff/followup/5/jh")
    table = next(section(page, "seven").iter("table"))
    links = [link.get("href", "") for link in table.iter("a")]
    assert links == [f"/staff/followup/5/jh/{question}" for question in QUESTIONS]
    for row, question in zip(table_of(page, "seven")[1:], QUESTIONS, strict=True):
        assert row[3].startswith(signed(gap_of("jh", question)["gap"]))
    pictures = list(table.iter("img"))
    assert len(pictures) == len(QUESTIONS)
    assert all(each.get("src", "").startswith("data:image/svg+xml") for each in pictures)
    assert all(re.match(r"Från [+−]?\d+ .+ till [+−]?\d+", each.get("alt", "")) for each in pictures)


def test_what_was_decided_and_what_became_of_it_is_on_the_first_page(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 1)
    late = Decision(decided_on=date(2022, 5, 2), decision="Vi ringer upp", status="ongoing", due_on=date(2024, 1, 1))
    done = Decision(decided_on=date(2022, 5, 2), decision="Nya kallelser", status="done", ended_on=date(2023, 1, 1))
    with write_transaction(app.extensions["services"].engine) as connection:
        for number, each in enumerate((late, done)):
            plan_records.DECISIONS.add(connection, StoredVersion(f"{number:016x}", 1, date(2022, 5, 2), each))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    words = said(section(browser.get("/staff/followup/1/jh"), "decided"))
    assert "Vi ringer upp Pågår, skulle ha varit klart 1 januari 2024" in words and "Nya kallelser Klar" in words


def test_a_round_s_summary_tells_what_was_decided_until_the_next_one(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 2)
    days = {"Före": date(2022, 5, 2), "Efter": date(2023, 1, 9)}
    with write_transaction(app.extensions["services"].engine) as connection:
        for number, (said_then, day) in enumerate(days.items()):
            thing = Decision(decided_on=day, decision=said_then, status="ongoing", question="trygghet")
            plan_records.DECISIONS.add(connection, StoredVersion(f"{number:016x}", 1, day, thing))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    for page in ("", "/trygghet"):
        first, second = (said(section(browser.get(f"/staff/followup/{n}/jh{page}"), "decided")) for n in (1, 2))
        assert "Före" in first and "Efter" not in first
        assert "Före" in second and "Efter" in second


def test_how_many_were_asked_and_who_is_silent(tmp_path: Path) -> None:
    app, edition = furnish_instance(tmp_path, 0), body(1)
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        add_round(connection, 1, "published")
        for place in edition["places"]:
            place["headcount"] = 20 if place["level"] == "unit" else None
        for row in edition["respondents"]:
            row["handed_out"] = 106 if row["place"] == "are" and row["role"] == "patient" else None
        editions.add(connection, "v22", *frozen(edition), date(2022, 4, 15))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    words = said(section(browser.get("/staff/followup/1/are"), "asked"))
    n = {each["role"]: each["n"] for each in body(1)["respondents"] if each["place"] == "are"}
    assert f"Invånare: cirka {n['patient']} svar, 106 koder utdelade." in words
    assert (
        f"Medarbetare: cirka {n['provider']} svar, {round(100 * n['provider'] / 60)} % av de 60 som arbetar här."
        in words
    )
    assert "Tysta" not in words
    words = said(section(browser.get("/staff/followup/1/jh"), "asked"))
    silent = {
        role: [each["place"] for each in body(1)["respondents"] if each["role"] == role and not each["n"]] for role in n
    }
    assert silent == {"patient": ["berg-hemsjukvard"], "provider": ["berg-hemsjukvard"]}
    assert "Tysta invånare, färre än 10 svar: Bergs hemsjukvård." in words
    assert "Tysta medarbetare, färre än 5 svar: Bergs hemsjukvård." in words


def test_a_unit_is_not_told_which_others_are_silent(as_person: Enter) -> None:
    assert "Bergs" in as_person("Freja").get("/staff/followup/5/jh").words("main")
    assert "Bergs" not in as_person("Brita").get("/staff/followup/5/jh").words("main")


def test_what_is_hidden_and_why_is_on_the_first_page(as_person: Enter) -> None:
    words = as_person("Freja").get("/staff/followup/5/berg-hemsjukvard").words("main")
    assert "Patienternas svar visas inte på: Trygghet, " in words and "Färre än 10 har svarat." in words
    assert "Vårdens svar visas inte på: Trygghet, " in words and "Färre än 5 har svarat." in words


def test_the_demo_says_so_on_every_staff_page(app: Flask, as_person: Enter) -> None:
    freja = as_person("Freja")
    for page in (
        StaffBrowser(app).get("/staff/sign-in"),
        freja.get("/staff/followup/5/jh"),
        freja.get("/staff/followup/9/jh", 404),
        as_person("Brita").get("/staff/followup/5/froso", 403),
    ):
        assert "Påhittade svar" in page.text
        assert "Provkörning: nycklarna ligger bredvid svaren. Skicka inte ut den här enkäten." in page.text


def test_outside_the_demo_nothing_is_called_invented(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path, 1, demo=False))
    browser.sign_in("Freja")
    assert "Påhittade" not in browser.get("/staff/followup/1/jh").text


def test_before_the_first_edition_the_page_says_when_there_will_be_one(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path, 0))
    browser.sign_in("Freja")
    words = browser.get("/staff/followup/").words()
    assert "Ingen mätomgång är publicerad än" in words
    assert "Medan omgången pågår kan ingen se några svar" in words


def test_one_round_alone_can_be_read(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path, 1))
    browser.sign_in("Freja")
    for place in EVERY_PLACE:
        assert "Det här är den första mätomgången." in browser.get(f"/staff/followup/1/{place}").words()


def test_a_new_edition_is_offered_at_once_on_a_page_that_was_read_before(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 1)
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    browser.get("/staff/followup/1/jh")
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        publish(connection, 2)
    assert "Hösten 2022" in browser.get("/staff/followup/1/jh").words()


def test_the_pages_are_in_english_for_who_chose_it(as_person: Callable[..., StaffBrowser]) -> None:
    browser = as_person("Freja", "en")
    for path in ("", "/trygghet", "/places", "/charts", "/residents"):
        page = browser.get(f"/staff/followup/5/jh{path}")
        assert page.tree.get("lang") == "en"
        left = [said(each) for each in page.tree.iter() if each.get("lang") == "sv" and each.tag != "button"]
        assert set(left) <= {"samsyn"}  # the Swedish term in brackets, for who has met it elsewhere
        assert "Spring 2024" in page.words()
        assert re.search(r"\b\d\d%", page.words())


def test_where_a_link_was_held_its_figures_say_so(app: Flask, as_person: Enter) -> None:
    engine, unit = app.extensions["services"].engine, UNITS[0]
    held = Batch("held", unit[0], body(5)["round"]["key"], "patient", "open", b"", throttled=1)
    before = as_person("Freja").get("/staff/followup/5/" + unit[0]).words("main")
    with write_transaction(engine) as connection:
        batches.add_batches(connection, [held])
    try:
        pages = {place: as_person("Freja").get(f"/staff/followup/5/{place}").words("main") for place in EVERY_PLACE}
        earlier = as_person("Freja").get("/staff/followup/4/" + unit[0]).words("main")
    finally:
        with write_transaction(engine) as connection:
            connection.exec_driver_sql("DELETE FROM batch WHERE id = 'held'")
    told = {place for place, words in pages.items() if f"skickades till: {unit[1]}." in words}
    assert unit[0] in told and "region" in {level for key, _name, level, *_ in PLACES if key in told}
    assert "skickades till" not in before and "skickades till" not in earlier and told < set(EVERY_PLACE)
