"""Translators are made by invitation and by command, each for one language; the office sees how far each has come."""

from flask import Flask

from survey.store.database.engine import read_transaction
from survey.store.staff import accounts, staff_invitations
from survey.web.request.services import Services
from tests.admin.people_browsers import BOTH, hand_over, link_on
from tests.followup.staffed import StaffBrowser
from tests.reader import Page
from tests.translation.conftest import AT, approve_all, ask, groups_on

PEOPLE, LANGUAGES = "/staff/admin/people/", "/staff/admin/languages/"
FIELDS = {"email": "tyra@region.example", "role": "translator", "place": "jh", "language": "ar"}


def sven_at(app: Flask) -> StaffBrowser:
    sven = StaffBrowser(app)
    sven.sign_in("Sven")
    return sven


def test_an_invited_translator_has_a_language(app: Flask) -> None:
    sven = sven_at(app)
    assert "Välj språket" in sven.post(f"{PEOPLE}invite", {**FIELDS, "language": ""}, 422).words()
    assert "Den behöver regionen" in sven.post(f"{PEOPLE}invite", {**FIELDS, "place": "are"}, 422).words()
    link = link_on(sven.post(f"{PEOPLE}invite", FIELDS, 200))
    assert "texterna på ett språk (العربية)" in sven.get(PEOPLE).words()
    assert "texterna på ett språk (العربية)" in hand_over(app, link).words()
    hand_over(app, link, BOTH, 302)
    assert "Översättare (العربية)" in sven.get(PEOPLE).words()
    tyra = StaffBrowser(app)
    tyra.sign_in(FIELDS["email"], BOTH["password"])
    assert "العربية" in tyra.get(AT).words()


def test_nobody_else_is_given_a_language(app: Flask) -> None:
    sven_at(app).post(f"{PEOPLE}invite", {**FIELDS, "role": "followup"}, 200)
    services: Services = app.extensions["services"]
    with read_transaction(services.engine) as connection:
        assert [each.language for each in staff_invitations.waiting(connection)] == [""]


def test_a_qualified_translator_takes_two_coordinators(app: Flask) -> None:
    sven = sven_at(app)
    sven.post(f"{PEOPLE}invite", {**FIELDS, "role": "qualified_translator"}, 302)
    assert "Utbildad översättare (العربية)" in sven.get("/staff/admin/waiting/").words()


def test_a_translator_is_made_by_command(app: Flask) -> None:
    command = ["accounts", "add", "tyra@region.example", "--place", "jh", "--password", BOTH["password"]]
    runner = app.test_cli_runner()
    lacking = runner.invoke(args=[*command, "--role", "translator"])
    assert lacking.exit_code == 1 and "needs --language, one of" in lacking.output
    wrong = runner.invoke(args=[*command, "--role", "followup", "--language", "ar"])
    assert wrong.exit_code == 1 and "has no language" in wrong.output
    assert runner.invoke(args=[*command, "--role", "translator", "--language", "ar"]).exit_code == 0
    services: Services = app.extensions["services"]
    with read_transaction(services.engine) as connection:
        made = accounts.account_by_email(connection, "tyra@region.example")
    assert made and (made.role, made.language) == ("translator", "ar")


def test_a_role_is_not_changed_to_a_translators(app: Flask) -> None:
    sven, services = sven_at(app), app.extensions["services"]
    with read_transaction(services.engine) as connection:
        freja = accounts.account_by_email(connection, "freja@region.example")
    assert freja
    address = f"{PEOPLE}{freja.id}/role"
    assert "En översättare bjuds in" in sven.post(address, {"role": "translator", "place": "jh"}, 422).words()


def offer_of(page: Page, name: str) -> str:
    """What the page on the languages says of this one."""
    return next(" ".join("".join(row.itertext()).split()) for row in page.all("tr") if name in "".join(row.itertext()))


def test_what_a_demo_alone_offers_is_told_apart(app: Flask) -> None:
    page = sven_at(app).get(LANGUAGES)
    assert "Ja, bara i provkörningen" in offer_of(page, "Soomaali")
    assert "Ja, märkt som ej granskat" in offer_of(page, "العربية")


def test_a_language_that_waits_for_the_round_alone_is_said_to_be_approved(app: Flask, tua: StaffBrowser) -> None:
    sven = sven_at(app)
    ask(app, "open")
    tua.post(groups_on(tua.get(AT))[0], {})
    assert "Det som godkänns nu gäller när mätomgången är över." in offer_of(sven.get(LANGUAGES), "العربية")
    approve_all(tua)
    said = offer_of(sven.get(LANGUAGES), "العربية")
    assert said.endswith("Allt är godkänt. Det gäller när mätomgången är över.") and "som godkänns" not in said


def test_the_office_and_the_command_say_how_far_languages_have_come(app: Flask, tua: StaffBrowser) -> None:
    page = sven_at(app).get(LANGUAGES)
    assert "Ja, märkt som ej granskat" in page.words()
    before = app.test_cli_runner().invoke(args=["translations", "status"]).output
    assert "marked" in next(line for line in before.splitlines() if line.startswith("ar "))
    approve_all(tua)
    after = app.test_cli_runner().invoke(args=["translations", "status"]).output
    assert "yes" in next(line for line in after.splitlines() if line.startswith("ar "))
