"""A forgotten password: a link by mail, the same answer for everyone, and the second factor as it was."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.admin.forgotten import links
from survey.domain.staff.roles import GUARDED
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts, identities, second_factors
from survey.web.signin.login_throttle import LoginThrottle
from survey.web.staff.server_sessions import minutes
from survey.worker.sending.staff_mail import TaskQueue
from tests.admin.people_browsers import BOTH, enter, house_of, number, person
from tests.care_unit.post_office import PostOffice, came
from tests.followup.staffed import PEOPLE, StaffBrowser, furnish_instance
from tests.web.logged import told

AT = "/staff/forgotten"
FREJA, SVEN = PEOPLE["Freja"][0], PEOPLE["Sven"][0]
ISSUER = "https://id.region.example"
LINK = re.compile(r"http://localhost/staff/forgotten/choose#([\w-]+)\s")


@pytest.fixture
def app(sending_app: Flask) -> Flask:
    """A staff app that can send."""
    return sending_app


def asked(app: Flask, email: str, status: int = 200) -> str:
    """What a guest reads who asks for a link to this address."""
    return StaffBrowser(app).post(AT, {"email": email}, status).words("main").replace(email, "…")


def secret_in(letter: str) -> str:
    """The secret of the link in a letter."""
    found = LINK.search(letter)
    assert found, letter
    return found[1]


def chosen(app: Flask, secret: str, status: int = 302) -> StaffBrowser:
    """The browser of who chose another password with this secret."""
    browser = StaffBrowser(app)
    browser.post(f"{AT}/choose", {"secret": secret, **BOTH}, status)
    return browser


def with_second_factor(app: Flask, email: str) -> None:
    with write_transaction(house_of(app).engine) as connection:
        second_factors.set_authenticator(connection, number(app, email), "sealed", 0)


def test_a_link_leaves_by_mail_and_is_good_once(app: Flask, office: PostOffice) -> None:
    freja, guest = enter(app, "Freja"), StaffBrowser(app)
    assert AT in guest.get("/staff/sign-in").text
    assert "Titta i din e-post" in asked(app, FREJA.upper())
    letter = came(office)[0]
    assert office.taken[0]["To"] == FREJA and "<" not in letter
    freja.get("/staff/followup/1/jh")  # being asked for, it ends nothing
    secret = secret_in(letter)
    assert FREJA in guest.post(f"{AT}/choose", {"secret": secret}, 200).words()
    assert "minst 15 tecken" in guest.post(f"{AT}/choose", {"secret": secret, "password": "kort"}, 422).words()
    by = chosen(app, secret)
    freja.get("/staff/followup/1/jh", 302)
    StaffBrowser(app).sign_in("Freja", status=200)
    by.sign_in(FREJA, BOTH["password"])
    chosen(app, secret, 404)
    assert "har bytts" in came(office, 2)[1]
    said = [each for each in told(house_of(app)) if "forgotten" in each[1]]
    assert said == [(FREJA, "forgotten_password_asked"), (FREJA, "forgotten_password_changed")]


def test_the_second_factor_is_asked_as_before(app: Flask, office: PostOffice) -> None:
    with_second_factor(app, FREJA)
    asked(app, FREJA)
    by = chosen(app, secret_in(came(office)[0]))
    assert by.sign_in(FREJA, BOTH["password"]).response.location == "/staff/second-step"
    by.get("/staff/followup/1/jh", 302)


def test_whether_there_is_an_account_shows_in_no_word_and_no_query(app: Flask, office: PostOffice) -> None:
    house, jobs = house_of(app), []

    class Kept(TaskQueue):
        def submit(self, task, after=0.0):  # type: ignore[no-untyped-def]
            jobs.append(task)

    line, app.extensions["staff_mail"] = app.extensions["staff_mail"], Kept(house.settings)
    with write_transaction(house.engine) as connection:
        accounts.set_active(connection, number(app, PEOPLE["Klara"][0]), False)
    queries: list[str] = []
    sa.event.listen(house.engine, "before_cursor_execute", lambda _c, _u, statement, *_more: queries.append(statement))
    seen = []
    for each in (FREJA, SVEN, PEOPLE["Klara"][0], "ingen@region.example"):
        browser = StaffBrowser(app)
        mark, before = browser.mark(), len(queries)
        page = browser.post(AT, {"email": each, "csrf_token": mark}, 200, mark=False)
        seen.append((page.words("main").replace(each, "…"), queries[before:]))
    assert seen == [seen[0]] * 4 and len(jobs) == 4
    # The others get nothing: the one with an account is told last, and hers is the only link.
    app.extensions["staff_mail"] = line
    for job in reversed(jobs):
        line.submit(job)
    letters = came(office, 2)
    assert [mail["To"] for mail in office.taken] == [SVEN, FREJA] and LINK.search(letters[1])
    assert [who for who, what in told(house) if what == "forgotten_password_asked"] == [
        "okänd adress", PEOPLE["Klara"][0], SVEN, FREJA,
    ]  # fmt: skip


def test_the_mailbox_alone_never_opens_what_sees_over_others(app: Flask, office: PostOffice) -> None:
    assert PEOPLE["Sven"][1] in GUARDED
    secret = made(app, SVEN)
    asked(app, SVEN)
    letter = came(office)[0]
    assert not LINK.search(letter) and "en annan samordnare" in letter
    chosen(app, secret, 404)
    with_second_factor(app, SVEN)
    chosen(app, secret)


def test_who_signs_in_through_the_region_is_told_so(app: Flask, office: PostOffice) -> None:
    house = house_of(app)
    app.extensions["services"] = replace(house, settings=replace(house.settings, oidc_issuer=ISSUER + "/"))
    with write_transaction(house.engine) as connection:
        identities.bind(connection, ISSUER, "freja", number(app, FREJA))
    asked(app, FREJA)
    letter = came(office)[0]
    assert not LINK.search(letter) and "Region Jämtland Härjedalen" in letter


def made(app: Flask, email: str, now: int | None = None) -> str:
    """A link's secret as it stands in a letter of that minute."""
    found = person(app, email)
    assert found
    with app.app_context():
        return links.create_link(found, now)


def test_a_link_is_good_for_an_hour_and_ends_with_what_it_was_made_from(app: Flask) -> None:
    chosen(app, made(app, FREJA, minutes() - 60), 404)
    good = made(app, FREJA, minutes() - 58)
    for wrong in (
        "",
        "A",
        "å",
        "A" * 59,
        good[:-1],
        good[:20] + ("B" if good[20] == "A" else "A") + good[21:],
        made(app, SVEN),
        good + "A" * 60,
    ):
        chosen(app, wrong, 404)
    for end in (accounts.end_sessions, lambda connection, whose: accounts.set_active(connection, whose, False)):
        secret = made(app, FREJA)
        with write_transaction(house_of(app).engine) as connection:
            end(connection, number(app, FREJA))
        StaffBrowser(app).post(f"{AT}/choose", {"secret": secret}, 404)  # nor is it told whose it was
        chosen(app, secret, 404)
    with write_transaction(house_of(app).engine) as connection:
        accounts.set_active(connection, number(app, FREJA), True)
    first, second = made(app, FREJA), made(app, FREJA)
    chosen(app, first)
    chosen(app, second, 404)


def test_letters_to_one_address_are_few_and_an_unknown_one_is_counted_alike(app: Flask, office: PostOffice) -> None:
    for email in (FREJA, "ingen@region.example"):
        asked(app, email)
        asked(app, email.upper())
        assert "Försök igen om 5 minuter" in asked(app, email, 429)
    assert "hel e-postadress" in asked(app, "ingen adress", 422)
    came(office, 2)


def test_a_server_that_says_later_is_tried_again(app: Flask, office: PostOffice) -> None:
    app.extensions["staff_mail"] = TaskQueue(house_of(app).settings, pause=0.01)
    app.extensions["login_throttles"]["letters"] = LoginThrottle()
    office.answer = lambda number: "450 4.7.1 come back later" if number < 3 else "250 OK"
    asked(app, FREJA)
    came(office)
    assert office.tried == 3


def test_every_other_change_of_a_password_is_told_too(app: Flask, office: PostOffice) -> None:
    freja = enter(app, "Freja")
    fields = {"old": "ett lösenord som är långt nog", "new": BOTH["password"], "again": BOTH["password"]}
    freja.post("/staff/account/password", fields)
    assert "har bytts" in came(office)[0] and office.taken[0]["To"] == FREJA


def test_without_a_mail_server_the_page_says_whom_to_ask(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path / "bare", 1))
    said = browser.get("/staff/sign-in")
    assert "Vänd dig till samordnaren" in said.words() and AT not in said.text
    assert "Vänd dig till samordnaren" in browser.get(AT).words()
    browser.post(AT, {"email": FREJA}, 404)
