"""A link to an account leaves by mail, to whom it is for and to nobody else."""

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.admin.people_browsers import enter, house_of, number
from tests.care_unit.post_office import PostOffice
from tests.followup.staffed import PEOPLE, StaffBrowser, furnish_instance
from tests.web.logged import told

AT = "/staff/admin/people/"
NEW = {"email": "ny@region.example", "role": "followup", "place": "jh"}


@pytest.fixture
def app(sending_app: Flask) -> Flask:
    """A staff app that can send."""
    return sending_app


def link_in(text: str) -> str:
    """The link that stands in a page or a message."""
    found = re.search(r"http://localhost/staff/\S+?[/#][\w-]{43}\b", text)
    assert found, text
    return found[0]


def test_an_invitation_leaves_by_mail(app: Flask, sven: StaffBrowser, office: PostOffice) -> None:
    page = sven.post(f"{AT}invite", NEW, 200)
    said = sven.post(f"{AT}mail", page.fields(), 200)
    assert "Länken är skickad till ny@region.example" in said.words()
    assert [mail["To"] for mail in office.taken] == ["ny@region.example"]
    text = office.taken[0].get_content()
    assert link_in(text) == link_in(page.text) and "Du är inbjuden" in text and "<" not in text
    assert "link_mailed" in {what for _who, what in told(house_of(app))}


def test_a_new_link_leaves_by_mail(app: Flask, sven: StaffBrowser, office: PostOffice) -> None:
    page = sven.post(f"{AT}{number(app, PEOPLE['Freja'][0])}/link", {}, 200)
    sven.post(f"{AT}mail", page.fields(), 200)
    assert [mail["To"] for mail in office.taken] == [PEOPLE["Freja"][0]]
    assert "ny länk till ditt konto" in office.taken[0].get_content()


@pytest.mark.parametrize("link", [
    "", "https://evil.example/staff/invited/" + "x" * 43, "http://localhost/staff/invited/" + "x" * 43,
    "http://localhost.evil.example/staff/invited/{secret}", "https://evil.example/#{secret}",
])  # fmt: skip
def test_nothing_but_a_link_of_ours_that_is_good_is_sent(link: str, sven: StaffBrowser, office: PostOffice) -> None:
    page = sven.post(f"{AT}invite", NEW, 200)
    secret = link_in(page.text)[-43:]
    sven.post(f"{AT}mail", {"link": link.format(secret=secret)}, 404)
    assert office.taken == []


def test_a_server_that_is_down_is_told_and_the_link_stays(sven: StaffBrowser, office: PostOffice) -> None:
    office.answer_to = lambda _to: "550 5.7.1 relaying denied"
    page = sven.post(f"{AT}invite", NEW, 200)
    said = sven.post(f"{AT}mail", page.fields(), 200)
    assert "Länken har inte skickats" in said.words() and link_in(said.text) == link_in(page.text)


def test_without_a_mail_server_there_is_no_button(tmp_path: Path) -> None:
    bare = enter(furnish_instance(tmp_path / "bare", 1), "Sven")
    page = bare.post(f"{AT}invite", NEW, 200)
    assert "med e-post" not in page.words() and "link" not in page.fields()
