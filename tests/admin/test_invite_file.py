"""Many invited from a file: looked at first, faults by line, links by mail or in a file, all of it or nothing."""

import re
import time
from io import BytesIO

import pytest
from flask import Flask

from survey.domain.staff.invitations_csv import MAX_INVITATIONS
from survey.store.database.engine import read_transaction
from survey.store.staff import staff_invitations
from tests.admin.people_browsers import BOTH, SECOND, add, enter, hand_over, house_of, person
from tests.care_unit.post_office import PostOffice, came
from tests.followup.staffed import PEOPLE, StaffBrowser
from tests.reader import Page
from tests.web.logged import told

AT = "/staff/admin/people/file"
HEAD = "e-post;roll;plats\r\n"
GOOD = HEAD + "Ny@Brunflo.example;Enhet;brunflo\r\nupp@region.example;uppföljning;jh\r\n"
FREJA = PEOPLE["Freja"][0]


def look(browser: StaffBrowser, text: str, status: int = 200) -> Page:
    """What the page says of a file, as Excel saves it."""
    content = text.encode("cp1252")
    fields = {"csrf_token": browser.mark(), "file": (BytesIO(content), "folk.csv")}
    page = Page(browser.client.post(AT, data=fields, content_type="multipart/form-data"))
    assert page.status == status, page.text
    return page


def waiting(app: Flask) -> dict[str, tuple[str, str]]:
    """Who is invited as what."""
    with read_transaction(house_of(app).engine) as connection:
        return {each.email: (each.role, each.place) for each in staff_invitations.waiting(connection)}


def test_links_come_as_a_file_once_and_are_good(app: Flask) -> None:
    sven = enter(app, "Sven")
    page = look(sven, GOOD + f"{FREJA};uppföljning;jh\r\n")
    assert "Bjuds in: 2. Har redan konto: 1." in page.words() and waiting(app) == {}
    made = sven.post(f"{AT}/invite", page.fields(), 200)
    assert made.body.startswith(b"\xef\xbb\xbf") and "no-store" in made.response.headers["Cache-Control"]
    assert waiting(app) == {"ny@brunflo.example": ("unit", "brunflo"), "upp@region.example": ("followup", "jh")}
    rows = [line.split(";") for line in made.text.splitlines()]
    assert rows[0] == ["e-post", "roll", "plats", "länk", "gäller till och med"]
    assert [row[0] for row in rows[1:]] == ["ny@brunflo.example", "upp@region.example"]
    link = re.fullmatch(r"http://localhost(/staff/invited)#([\w-]{43})", rows[1][3])
    assert link
    hand_over(app, (link[1], link[2]), BOTH, 302)
    assert person(app, "ny@brunflo.example")
    assert [what for _who, what in told(house_of(app))].count("person_invited") == 2


def test_no_address_in_the_file_of_links_is_a_formula(app: Flask) -> None:
    sven = enter(app, "Sven")
    made = sven.post(f"{AT}/invite", look(sven, HEAD + "=cmd@region.example;enhet;brunflo").fields(), 200)
    assert made.text.splitlines()[1].startswith("'=cmd@region.example;Enhetens ansvariga;Brunflo hälsocentral;http://")


def test_the_same_file_again_makes_no_new_links_but_where_it_is_asked_for(app: Flask) -> None:
    sven = enter(app, "Sven")
    sven.post(f"{AT}/invite", look(sven, GOOD).fields(), 200)
    again = look(sven, GOOD.replace("uppföljning;jh", "uppföljning;are"))
    assert "Bjuds in: 1. Redan inbjudna: 1." in again.words()
    only = sven.post(f"{AT}/invite", {**again.fields(), "again": ""}, 200)
    assert only.text.count("#") == 1 and waiting(app)["upp@region.example"] == ("followup", "are")
    page = look(sven, GOOD.replace("uppföljning;jh", "uppföljning;are"))
    assert "Bjud in dem" not in page.words()
    assert sven.post(f"{AT}/invite", page.fields(), 200).text.count("#") == 2
    sven.post(f"{AT}/invite", {**page.fields(), "again": ""}, 302)


@pytest.mark.parametrize(("rows", "said"), [
    ("inte en adress;enhet;brunflo", "Rad 2: ”e-post” ska vara en hel e-postadress."),
    ("a@b.example;chef;brunflo", "Rad 2: ”roll” ska vara enhet eller uppföljning."),
    ("a@b.example;enhet;ingenstans", "Rad 2: platsen ”ingenstans” finns inte."),
    ("a@b.example;enhet;jh", "Rad 2: rollen hör inte ihop med platsen: den behöver en enhet."),
    ("a@b.example;uppföljning;brunflo", "den behöver en kommun eller regionen."),
    ("a@b.example;enhet;brunflo\r\n A@B.example ;enhet;odensala", "Rad 3: adressen står redan på rad 2."),
    ("a@b.example;samordnare;jh\r\nc@b.example;granskare;jh", "Rad 2–3: en samordnare eller granskare bjuds in"),
    ("", "Filen har inga rader under rubrikerna."),
    ("\r\n".join(f"a{n}@b.example;enhet;brunflo" for n in range(MAX_INVITATIONS + 1)), "Högst 300 kan bjudas in på"),
])  # fmt: skip
def test_a_fault_is_told_by_its_line_and_nobody_is_invited(app: Flask, rows: str, said: str) -> None:
    sven = enter(app, "Sven")
    good = "" if not rows or "a0@" in rows else "\r\nz@b.example;enhet;brunflo"
    page = look(sven, HEAD + rows + good, 422)
    assert said in page.words() and "Ingen är inbjuden" in page.words() and "Bjud in dem" not in page.words()
    # Nor where the page in between was written by hand.
    sven.post(f"{AT}/invite", {"text": HEAD + rows, "shown": "x"}, 422)
    assert waiting(app) == {}


def test_what_was_shown_is_what_is_done(app: Flask) -> None:
    sven = enter(app, "Sven")
    fields = look(sven, GOOD).fields()
    add(app, "upp@region.example", "followup")
    moved = sven.post(f"{AT}/invite", fields, 409)
    assert "Något har ändrats under tiden" in moved.words() and waiting(app) == {}
    sven.post(f"{AT}/invite", {**fields, "text": GOOD.replace("brunflo", "odensala")}, 409)
    sven.post(f"{AT}/invite", moved.fields(), 200)
    assert set(waiting(app)) == {"ny@brunflo.example"}


def test_a_place_by_its_name_and_a_fresh_sign_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    add(app, SECOND)
    siv = enter(app, SECOND)
    page = look(siv, HEAD + "a@b.example;enhetens ansvariga;NYSTARTADE hälsocentralen\r\n")
    monkeypatch.setattr("survey.web.staff.guards.is_recent_sign_in", lambda: False)
    siv.post(f"{AT}/invite", page.fields())
    assert waiting(app) == {}
    monkeypatch.undo()
    siv.post(f"{AT}/invite", page.fields(), 200)
    assert waiting(app) == {"a@b.example": ("unit", "nystart")}


def test_links_leave_by_mail_and_the_list_says_what_came_of_each(sending_app: Flask, office: PostOffice) -> None:
    app = sending_app
    office.unknown.add("ny@brunflo.example")
    sven = enter(app, "Sven")
    reply = sven.post(f"{AT}/invite", look(sven, GOOD).fields(), 302)
    letter = came(office)[0]
    assert office.taken[0]["To"] == "upp@region.example" and "Du är inbjuden" in letter
    link = re.search(r"http://localhost(/staff/invited)#([\w-]{43})\s", letter)
    assert link
    ends = time.monotonic() + 10
    while "link_mailed" not in (what for _who, what in told(house_of(app))) and time.monotonic() < ends:
        time.sleep(0.01)
    said = sven.get(str(reply.response.location)).words()
    assert "Inbjudna nu: 2." in said
    assert re.search(r"ny@brunflo.example.*?Länken kom inte fram. Gör en ny. Servern säger att mottagaren", said)
    assert re.search(r"upp@region.example.*?Länken är skickad med e-post", said)
    assert [each for each in told(house_of(app)) if each[1] == "link_mailed"] == [(PEOPLE["Sven"][0], "link_mailed")]
    sven.post("/staff/admin/people/invite", {"email": "ny@brunflo.example", "role": "unit", "place": "brunflo"}, 200)
    assert "kom inte fram" not in sven.get("/staff/admin/people/").words()
    hand_over(app, (link[1], link[2]), BOTH, 302)
