"""Drafts of meeting packs: who reads them, what is refused, and that nothing written is lost."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from survey.followup.packs.forms import ContentForm
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.published import packs
from tests.followup.editions import PLACES
from tests.followup.looking import said as words_of
from tests.followup.packing import CHOSEN, PACKS, decide, fields_of, freeze, house_of, make, write
from tests.followup.staffed import StaffBrowser, furnish_instance


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Packs are written: an instance of one's own."""
    return furnish_instance(tmp_path / "packs", 2)


@pytest.fixture
def browser(app: Flask) -> StaffBrowser:
    """Freja of the follow-up group."""
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    return browser


def test_who_reads(browser: StaffBrowser, app: Flask) -> None:
    both, own = make(browser, app), make(browser, app, title="Bara Brunflo", places="")
    for address in (both, own):
        freeze(browser, address)
    draft = make(browser, app, title="Ett utkast", places="")
    brita = StaffBrowser(app)
    brita.sign_in("Brita")
    assert "Bara Brunflo" in brita.get(f"{PACKS}/").words()
    brita.get(own)
    brita.get(f"{own}/pack.html")
    brita.get(both)  # the region and the own unit are theirs to read
    brita.get(draft, 403)
    assert "Ett utkast" not in brita.get(f"{PACKS}/").words()
    for path in ("", "/freeze", "/content", "/decisions", "/decisions/1/became", "/remove"):
        brita.post(own + path, {}, 403)
    odd = StaffBrowser(app)
    odd.sign_in("Odd")
    for path in ("", "/pack.html", "/pack.pdf"):
        odd.get(own + path, 403)
    assert "Bara Brunflo" not in odd.get(f"{PACKS}/").words()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Skriv en rubrik"),
        ({"title": "x" * 121}, "Skriv en rubrik"),
        ({"edition": "99"}, "Välj en publicerad mätomgång"),
        ({"places": "", "units": ""}, "Välj minst en plats"),
        ({"units": ["brunflo", "ingenstans"]}, "Fanns inte i den mätomgången: ingenstans."),
        ({"places": [place[0] for place in PLACES]}, "Välj minst en plats, och högst tolv"),
        ({"questions": "hemlig"}, "Välj minst en fråga"),
    ],
)
def test_a_wrong_choice_is_said_and_nothing_is_kept(
    fields: dict[str, Any], said: str, browser: StaffBrowser, app: Flask
) -> None:
    right = {**CHOSEN, "edition": "2", "questions": "trygghet"}
    page = browser.post(f"{PACKS}/new", {**right, **fields}, 422)
    assert said in page.words()
    with read_transaction(house_of(app).engine) as connection:
        assert packs.all_packs(connection) == []


def test_a_wrong_decision_is_said_and_what_was_written_stays(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    page = browser.post(f"{address}/decisions", {"text": "Ringa", "who": "", "due_on": "i morgon"}, 422)
    assert "Skriv vem som gör det" in page.words() and "Välj en dag" in page.words()
    assert page.fields()["text"] == "Ringa"
    browser.post(f"{address}/decisions", {"text": "Med nol\0l", "who": "=1+1"})
    assert "Med noll" in browser.get(address).words()


def test_a_late_tab_loses_nothing_of_what_it_wrote(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    old = fields_of(browser, address)
    write(browser, address, introduction="Den första")
    page = browser.post(address, old | {"introduction": "Den andra"}, 409)
    assert "Den andra" in page.words()
    kept = browser.get(address).words()
    assert "Den första" in kept and "Den andra" not in kept


def test_whichever_button_is_pressed_the_texts_are_kept(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    texts = fields_of(browser, address) | {"introduction": "Skrivet först", "comment_trygghet": "Och detta"}
    browser.post(f"{address}/decisions", texts | {"text": "Ringa", "who": ""}, 422)
    assert "Skrivet först" in browser.get(address).words()
    texts = fields_of(browser, address) | {"introduction": "Skrivet sist", "comment_trygghet": "Och detta"}
    browser.post(f"{address}/freeze", texts | {"text": "", "who": ""})
    read = browser.get(f"{address}/pack.html").words()
    assert "Skrivet sist" in read and "Och detta" in read


def test_a_text_too_long_freezes_nothing(browser: StaffBrowser, app: Flask) -> None:
    address = make(browser, app)
    page = browser.post(f"{address}/freeze", fields_of(browser, address) | {"introduction": "å" * 5_001}, 422)
    assert "Skriv högst 5 000 tecken" in page.words()
    assert "Utkast" in browser.get(address).words()


def test_no_such_pack(browser: StaffBrowser) -> None:
    for path in ("", "/preview", "/pack.html", "/pack.pdf", "/content"):
        browser.get(f"{PACKS}/ingen{path}", 404)


def test_the_number_is_never_given_twice(browser: StaffBrowser, app: Flask) -> None:
    make(browser, app), make(browser, app)
    engine = house_of(app).engine
    with read_transaction(engine) as connection:
        drafts = packs.all_packs(connection)
    kept = {"sha256": "a" * 64, "html": b"x", "pdf": None, "on": house_of(app).today()}
    with write_transaction(engine) as connection:
        packs.freeze(connection, drafts[0], 1, **kept)  # type: ignore[arg-type]
    with pytest.raises(DatabaseConflict), write_transaction(engine) as connection:
        packs.freeze(connection, drafts[1], 1, **kept)  # type: ignore[arg-type]
    with pytest.raises(packs.PackIsFrozen), write_transaction(engine) as connection:
        packs.freeze(connection, drafts[0], 2, **kept)  # type: ignore[arg-type]


def test_a_decision_has_its_day_ahead_and_the_page_names_its_language(browser: StaffBrowser, app: Flask) -> None:
    draft = make(browser, app)
    late = {"text": "Ringa", "who": "Åre", "due_on": "2024-05-31"}
    assert "Dagen har redan varit." in browser.post(f"{draft}/decisions", late, 422).words()
    decide(browser, draft, due="2024-06-01")
    assert "språk du läser på nu: Svenska" in browser.get(draft).words()


def test_units_are_chosen_by_name_from_a_list(browser: StaffBrowser, app: Flask) -> None:
    page = browser.get(f"{PACKS}/new")
    lists = {words_of(next(each.iter("summary"))): each for each in page.all("details")}
    for key, name, level, up, *_ in PLACES:
        if level == "unit":
            under = next(each[1] for each in PLACES if each[0] == up)
            (there,) = (each for head, each in lists.items() if head.startswith(f"{under} ("))
            (label,) = (each for each in there.iter("label") if words_of(each) == name)
            assert next(label.iter("input")).get("value") == key
    assert not page.all("textarea") and not [each for each in lists.values() if "open" in each.attrib]
    draft = make(browser, app, units=["jarpen", "brunflo"], places=["ostersund", "jh"])
    again = browser.get(f"{draft}/content")
    ticked = [each.get("value") for each in again.all("input") if "checked" in each.attrib]
    assert ticked == ["jh", "ostersund", "jarpen", "brunflo", "trygghet"]
    assert sum("open" in each.attrib for each in again.all("details")) == 2
    with read_transaction(house_of(app).engine) as connection:
        (kept,) = packs.all_packs(connection)
    assert kept.places == ("jh", "ostersund", "brunflo", "jarpen")  # the largest first


def test_a_place_that_was_not_in_the_round_is_named(app: Flask) -> None:
    region, unit = {"key": "jh", "name": "Jämtland"}, {"key": "brunflo", "name": "Brunflo hälsocentral"}
    sent = MultiDict([("title", "x"), ("edition", "1"), ("places", "jh"), ("units", "brunflo")])
    sent.add("questions", "trygghet")
    with app.test_request_context():
        form = ContentForm({"1": [region], "2": [region, unit]}, sent)
        assert not form.validate() and form.missing == "Brunflo hälsocentral"
        sent["edition"] = "2"
        form = ContentForm({"1": [region], "2": [region, unit]}, sent)
        assert form.validate() and form.chosen == ("jh", "brunflo")


def test_a_draft_opens_with_what_became_of_the_decisions_before(browser: StaffBrowser, app: Flask) -> None:
    first = make(browser, app)
    decide(browser, first)
    freeze(browser, first)
    browser.post(f"{first}/decisions/1/became", {"status": "going_on", "outcome": "Halvvägs"})
    words = browser.get(make(browser, app)).words("main")
    assert words.index("Pågår. Ringa upp alla inom två dagar Halvvägs") < words.index("Inledning och kommentarer")
