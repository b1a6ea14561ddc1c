"""A translator's walk: from the sign-in to a language that residents are offered unmarked, and what withdraws it."""

import re
from base64 import b64encode
from hashlib import sha256

from flask import Flask

from survey.domain.staff.translation_approvals import fingerprint
from survey.store.database.engine import read_transaction
from survey.store.staff import audit_log, translation_approvals
from survey.translation import resident_pages
from survey.web.i18n.language import find, languages
from survey.web.request.services import Services
from tests.followup.staffed import StaffBrowser
from tests.translation.conftest import AT, approve_all, arabic, ask, enter, groups_on

NEXT = f"{AT}text/{fingerprint('Nästa')}"
BETTER = "الخطوة التالية"


def test_a_translator_begins_where_the_language_stands(app: Flask) -> None:
    tua = StaffBrowser(app)
    assert tua.sign_in("tua@region.example").response.location == "/staff/"
    assert tua.get("/staff/", 302).response.location == AT
    page = tua.get(AT)
    assert "Varje sida säger att översättningen inte är granskad." in page.words()
    assert "Texter som inte är lästa som språket kräver" in page.words()
    assert {"questions", "options", "sheet", "privacy", "letters"} <= {
        each.rpartition("/")[2] for each in groups_on(page)
    }


def test_every_text_of_a_resident_is_in_a_group_beside_its_swedish(tua: StaffBrowser) -> None:
    page = tua.get(f"{AT}texts/questions")
    assert "Vet du ditt nästa steg?" in page.words()
    spans = [each for each in page.all("span") if each.get("lang") == "ar" and each.get("dir") == "rtl"]
    assert len(spans) > 10
    tua.get(f"{AT}texts/nothing", 404)


def test_one_reader_of_all_takes_the_mark_off_a_language_of_class_b(app: Flask, tua: StaffBrowser) -> None:
    assert arabic(app).unreviewed
    approve_all(tua)
    assert arabic(app).level == "reviewed" and not arabic(app).unreviewed
    page = tua.get(AT)
    assert "Invånarna kan välja språket." in page.words() and "inte är granskad" not in page.words()
    services: Services = app.extensions["services"]
    with read_transaction(services.engine) as connection:
        lines = audit_log.newest(connection, what="texts_approved", most=50)
    assert len(lines) == len(groups_on(page)) and all(each.about["language"] == "ar" for each in lines)


def test_what_is_approved_while_a_round_asks_counts_when_it_is_over(app: Flask, tua: StaffBrowser) -> None:
    ask(app, "open")
    approve_all(tua)
    assert arabic(app).unreviewed
    assert "gäller när mätomgången är över" in tua.get(AT).words()
    ask(app, "closed")
    assert not arabic(app).unreviewed


def test_a_better_wording_reaches_residents_when_another_has_read_it(
    app: Flask, tua: StaffBrowser, ted: StaffBrowser
) -> None:
    before = arabic(app).texts["Nästa"]
    tua.post(NEXT, {"wording": BETTER})
    page = tua.get(NEXT)
    assert BETTER in page.text and "Någon annan behöver också godkänna den." in page.words()
    assert "Det invånarna möter tills vidare" in page.words()
    assert arabic(app).texts["Nästa"] == before
    ted.post(f"{NEXT}/approve", {})
    assert arabic(app).texts["Nästa"] == BETTER
    with app.app_context():
        assert find("Nästa", languages()["ar"])[0] == BETTER


def test_a_new_wording_withdraws_what_was_approved_of_the_old(app: Flask, tua: StaffBrowser, ted: StaffBrowser) -> None:
    approve_all(tua)
    ted.post(NEXT, {"wording": BETTER})
    assert "Kvar för dig" in tua.get(AT).words()
    assert "Godkänn texten" in tua.get(NEXT).words() and "Utkast" in tua.get(NEXT).words()
    assert arabic(app).level == "reviewed", "residents have the old wording, which was read"


def test_nobody_approves_the_same_twice(app: Flask, tua: StaffBrowser) -> None:
    tua.post(f"{NEXT}/approve", {})
    again = tua.get(NEXT)
    assert "Du har godkänt texten." in again.words() and "Godkänn texten" not in again.words()
    tua.post(f"{NEXT}/approve", {"filled_from": _mark(enter(app, "Ted"))})
    services: Services = app.extensions["services"]
    with read_transaction(services.engine) as connection:
        assert len(translation_approvals.of_language(connection, "ar")[0]) == 1


def _mark(browser: StaffBrowser) -> str:
    return browser.get(NEXT).fields()["filled_from"]


def test_an_approval_of_what_was_not_read_is_not_taken(tua: StaffBrowser, ted: StaffBrowser) -> None:
    group = f"{AT}texts/sheet"
    read, listed = _mark(tua), tua.get(group).fields()["filled_from"]
    ted.post(NEXT, {"wording": BETTER})
    assert "Någon annan" in tua.post(f"{NEXT}/approve", {"filled_from": read}, 409).words()
    assert "Någon annan" in tua.post(group, {"filled_from": listed}, 409).words()


def test_a_reader_who_is_done_is_told_what_waits_for_another(tua: StaffBrowser, ted: StaffBrowser) -> None:
    tua.post(NEXT, {"wording": BETTER})
    first, *_others = groups_on(tua.get(AT))
    tua.post(first, {})
    assert "Du är klar." not in tua.get(AT).words()
    approve_all(tua)
    assert "Du är klar. Texter som väntar på en annan läsare: 1." in tua.get(AT).words()
    approve_all(ted)
    words = ted.get(AT).words()
    assert "Godkända texter:" in words and "Du är klar." not in words


def test_a_faulty_wording_is_told_and_kept_in_the_form(tua: StaffBrowser) -> None:
    for wording, said in {
        "": "Den är tom.",
        "<b>التالي</b>": "HTML",
        "التالي!": "utropstecken",
        "التالي %(name)s": "Det här har svenskan inte: %(name)s.",
        "التالي " * 40: "för lång för sin plats: 279 tecken, högst 42.",
        "عقد": "kontrakt",
    }.items():
        page = tua.post(NEXT, {"wording": wording}, 422)
        assert said in page.words(), wording
        assert "Inget är sparat." in page.words()
        # a phone shows the top of the page alone
        assert re.search(r'</h1>\s*<div class="alert" role="alert">', page.text)
        assert [each.get("aria-invalid") for each in page.all("textarea")] == ["true"]


def test_a_placeholder_that_is_lost_is_named(tua: StaffBrowser) -> None:
    swedish = "Hitta din %(unit_word)s eller hemsjukvård"
    page = tua.post(f"{AT}text/{fingerprint(swedish)}", {"wording": "ابحث"}, 422)
    assert "Det här saknas: %(unit_word)s." in page.words()
    assert '<bdi dir="ltr">%(unit_word)s</bdi>.' in page.text


def test_the_pages_of_residents_are_drawn_in_both_languages(tua: StaffBrowser) -> None:
    tua.post(NEXT, {"wording": BETTER})
    page = tua.get(f"{AT}pages/sheet/ar")
    assert page.tree.get("dir") == "rtl" and BETTER in page.text
    swedish = tua.get(f"{AT}pages/sheet/sv")
    assert "Vet du ditt nästa steg?" in swedish.words() and swedish.tree.get("lang") == "sv"
    assert f"{AT}pages/thanks/sv" in tua.get(f"{AT}pages/thanks/ar").text
    for each in (
        "staff-sheet",
        "thanks",
        "coming",
        "closed",
        "find",
        "privacy",
        "accessibility",
        "helping",
        "conversation",
        "kiosk",
    ):
        assert tua.get(f"{AT}pages/{each}/ar").tree.get("lang") == "ar"
    turned = tua.post(f"{AT}pages/sheet/ar", {"lang": "sv", "form_id": ""})
    assert turned.response.location == f"{AT}pages/sheet/sv"
    assert tua.post(f"{AT}pages/sheet/ar", {"form_id": ""}).response.location == f"{AT}pages/thanks/ar"
    assert f'href="{AT}pages/privacy/ar"' in page.text
    tua.get(f"{AT}pages/sheet/en", 404)
    tua.get(f"{AT}pages/nothing/ar", 404)


def test_the_drawn_pages_look_as_they_do_to_residents_and_lead_nowhere_else(tua: StaffBrowser) -> None:
    for each in resident_pages.PAGES:
        page = tua.get(f"{AT}pages/{each}/ar")
        (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.S)
        mark = b64encode(sha256(style.encode()).digest()).decode()
        assert f"'sha256-{mark}'" in page.response.headers["Content-Security-Policy"], each
        led = [link.get("href") or "" for link in page.all("a")]
        led += [form.get("action") or "" for form in page.all("form")]
        assert {link for link in led if link.startswith("/") and not link.startswith(f"{AT}pages/")} == set(), each
        assert all((picture.get("src") or "").startswith("data:image/") for picture in page.all("img")), each
    assert ".boxes" in tua.get(f"{AT}pages/conversation/ar").text
