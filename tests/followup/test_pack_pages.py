"""What a meeting pack looks like on paper: its first page is the summary of its place, between what was decided before
and what is to be decided now; every page is A4, large enough, in one typeface, with nothing lost."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from flask import Flask

from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.records.action_plan import Decision
from survey.domain.records.record_types import StoredVersion
from survey.store.database.engine import write_transaction
from survey.store.published import packs, plan_records
from tests.care_unit.printed import faces, faults, lines, opened, words
from tests.followup.looking import gaps_of, rows, said, section
from tests.followup.packing import decide, freeze, house_of, make, write
from tests.followup.staffed import StaffBrowser, furnish_instance
from tests.reader import Page

PLACES = {"jh": 0, "berg": 1, "berg-hemsjukvard": 2, "brunflo": 3}  # in the order that a pack has them in
Packed = tuple[Page, bytes, StaffBrowser]
Make = Callable[[str], Packed]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Five rounds; a frozen pack of which something was decided, and a decision of the plan that is late."""
    app = furnish_instance(tmp_path_factory.mktemp("packs"))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    first = make(browser, app, edition="4", title="Fredagsgruppen förra året")
    for decided in ("Skriva ner nästa steg", "En gemensam broschyr"):
        decide(browser, first, decided)
    freeze(browser, first)
    browser.post(f"{first}/decisions/1/became", {"status": "done", "outcome": "Klart i mars"})
    late = Decision(decided_on=date(2022, 5, 2), decision="Vi ringer upp", status="ongoing", due_on=date(2024, 1, 1))
    with write_transaction(house_of(app).engine) as connection:
        plan_records.DECISIONS.add(connection, StoredVersion("0" * 16, 1, date(2022, 5, 2), late))
    return app


@pytest.fixture(scope="module")
def packed(app: Flask) -> Iterator[Make]:
    """A pack of four places, frozen once in each language: its page, its PDF, and who froze it."""

    @cache
    def packed_in(language: str) -> Packed:
        browser = StaffBrowser(app, language)
        browser.sign_in("Freja")
        places: dict[str, Any] = {"places": ["jh", "berg"], "units": ["brunflo", "berg-hemsjukvard"]}
        address = make(browser, app, edition="5", questions=list(QUESTIONS), **places)
        write(browser, address, introduction="Två saker ska bli av.", comment_trygghet="Bättre än vi trodde.")
        decide(browser, address, "Ringa upp alla", due="2024-10-01")
        freeze(browser, address)
        return browser.get(f"{address}/pack.html"), browser.client.get(f"{address}/pack.pdf").data, browser

    yield packed_in


def test_the_first_page_is_what_was_decided_the_summary_and_what_to_decide(packed: Make) -> None:
    _page, pdf, _browser = packed("sv")
    first, *others = words(pdf)
    told = (
        *("Två saker ska bli av.", "Vad det blev av besluten sist", "Klar Skriva ner nästa steg"),
        *("Klart i mars", "Inte påbörjad En gemensam broschyr", "Pågår Vi ringer upp"),
        *("Region Jämtland Härjedalen Var skiljer det mest?", "Har det ändrats?", "Vilka svarade?"),
        *("Trygghet", "Kontaktvägar", "Överblick", "Beslut på mötet", "Ringa upp alla", "senast 1 oktober 2024"),
    )
    at = 0
    for each in told:
        at = first.find(each, at)
        assert at >= 0, each
    assert not any("Beslut på mötet" in each for each in others)


@pytest.mark.parametrize("place", PLACES)
def test_each_place_is_summed_up_as_on_its_own_page(place: str, packed: Make) -> None:
    page, _pdf, browser = packed("sv")
    own = browser.get(f"/staff/followup/5/{place}")
    summaries = [each for each in page.all("div") if each.get("class") == "summary"]
    words = said(summaries[PLACES[place]])
    for name in ("largest", "changed"):
        assert " ".join(said(each) for each in section(own, name).iter("p")) in words
    tables = [each for each in page.all("table") if len(rows(each)[0]) == 6]
    assert [row[:5] for row in rows(tables[PLACES[place]])[1:]] == [
        row[:5] for row in rows(next(section(own, "seven").iter("table")))[1:]
    ]
    assert [each.get("alt") for each in tables[PLACES[place]].iter("img")] == [
        each.get("alt") for each in section(own, "seven").iter("img")
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_a4_large_enough_and_in_one_typeface(language: str, packed: Make) -> None:
    page, pdf, _browser = packed(language)
    assert page.tree.get("lang") == language
    with opened(pdf) as document:
        assert {tuple(round(side) for side in each.get_size()) for each in document} == {(595, 842)}
        for number, each in enumerate(document, start=1):
            found = lines(each)
            assert [line for line in found if line.points < 8] == [], number
            assert [line for line in found if line.left < 15.5 or line.right > 194.5 or line.bottom > 293] == [], number
            _own, *others = sorted(faces(each).items(), key=lambda face: -len(face[1]))
            # A face may lack the true minus, which then comes from another one.
            assert [(face, signs) for face, signs in others if signs.strip("−")] == [], number
    assert faults(pdf) == []


def test_no_column_is_lost_on_paper(packed: Make) -> None:
    page, pdf, _browser = packed("sv")
    printed = set(" ".join(words(pdf)).split())
    tables = [rows(each) for each in page.all("table")]
    assert len(tables) == len(PLACES) + len(QUESTIONS)
    assert {word for table in tables for row in table for cell in row for word in cell.split()} <= printed


def test_each_question_has_its_page_and_each_picture_its_words(packed: Make) -> None:
    page, pdf, _browser = packed("sv")
    sheets = words(pdf)
    names = [said(next(each.iter("h2"))) for each in page.all("section") if each.get("class") == "sheet"]
    starts = [next(n for n, sheet in enumerate(sheets) if n and sheet.startswith(name)) for name in names]
    assert starts == list(range(1, 1 + len(names)))
    wide = [each for each in page.all("img") if each.get("width") == "900"]
    assert len(wide) == 2 + 2 + len(QUESTIONS)  # the region's two, one of each place that has something to show
    assert all(each.get("alt") and each.get("height", "").isdigit() for each in wide)


def test_what_no_decision_is_about_is_asked_for(app: Flask) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    wide = [gap["question"] for gap in gaps_of("jh") if gap["distinct"]]
    assert len(wide) > 1
    draft = make(browser, app, edition="5")
    start = "men inget beslut gäller frågan: "
    before = browser.get(f"{draft}/preview").words().partition(start)[2].partition(".")[0].split(", ")
    assert len(before) == len(wide)
    fields = {"text": "Ringa", "who": "Vi", "due_on": "", "question": wide[0]}
    browser.post(f"{draft}/decisions", fields)
    after = browser.get(f"{draft}/preview").words().partition(start)[2].partition(".")[0].split(", ")
    assert after == before[1:]


def test_whoever_reads_a_pack_is_told_how_many_are_silent_and_not_who(packed: Make, app: Flask) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    words_ = freeze(browser, make(browser, app, edition="5", units="")).decode()
    assert "Medarbetare, färre än 5 svar: 1 av 11 enheter." in " ".join(words_.split())
    assert "Bergs hemsjukvård" not in words_


def test_what_has_no_room_on_the_first_page_stands_on_the_next(app: Flask) -> None:
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    draft = make(browser, app, edition="5", units="")
    write(browser, draft, introduction="Det här är en lång inledning. " * 20)
    with write_transaction(house_of(app).engine) as connection:
        for n in range(1, 9):
            packs.add_decision(connection, draft.rpartition("/")[2], text=f"Beslut nummer {n}", who="Vi", due_on=None)
    html = freeze(browser, draft).decode()
    first, second, *_others = words(browser.client.get(f"{draft}/pack.pdf").data)
    assert "Beslut nummer 5" in first and "Och 3 till, på nästa sida." in first and "Beslut nummer 6" not in first
    assert "lång inledning" not in first and second.count("lång inledning") == 20
    assert all(f"Beslut nummer {n}" in second for n in range(6, 9)) and 'start="6"' in html
