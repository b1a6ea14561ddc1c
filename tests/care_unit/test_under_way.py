"""A unit lets a list rest, stops it, tries one on itself first, and reads why nothing leaves."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from survey.domain.rounds.access_codes import normalise
from survey.store.channels import transports
from survey.store.channels.transports import Halt
from survey.store.database.engine import write_transaction
from survey.worker.sending import send_one
from tests.answering import OTHER_UNIT, UNIT, Answering, make_answering
from tests.care_unit.conftest import enter, with_people
from tests.care_unit.handing_in import ADDRESS, TEN, sent_in, waiting, work
from tests.care_unit.post_office import Exchange, PostOffice, post_office
from tests.followup.staffed import StaffBrowser

PAGE = f"/staff/unit/{UNIT}"
LIST = f"{PAGE}/sending/mail/patient"


@pytest.fixture
def made(sending: Answering) -> Answering:
    """A house that can send."""
    return sending


def words(browser: StaffBrowser) -> str:
    """What the unit's page says."""
    return browser.get(PAGE).words("main")


def test_a_list_rests_and_goes_on(made: Answering, frida: StaffBrowser, office: PostOffice) -> None:
    sent_in(frida, "mail", TEN)
    frida.post(f"{LIST}/pause", {})
    assert "10 meddelanden vilar" in words(frida) and "Fortsätt skicka" in words(frida)
    assert work(made) == 0 and office.tried == 0
    frida.post(f"{LIST}/resume", {})
    assert "på väg" in words(frida) and work(made) == 10


def test_a_list_is_stopped_and_what_has_left_has_left(made: Answering, frida: StaffBrowser, office: PostOffice) -> None:
    office.answer = lambda number: "250 OK" if number <= 4 else "451 later"
    sent_in(frida, "mail", TEN)
    work(made)
    assert "6 meddelanden som väntar tas bort" in frida.get(f"{LIST}/stop").words("main") and waiting(made) == 6
    frida.post(f"{LIST}/stop", {})
    assert waiting(made) == 0 and "Stoppade: 6" in words(frida) and "Alla är skickade" not in words(frida)
    frida.get(f"{LIST}/stop", 302)
    sent_in(frida, "mail", "annan@mottagare.example")
    assert waiting(made) == 1


def test_it_is_the_unit_s_own_list_alone(made: Answering, frida: StaffBrowser) -> None:
    for deed in ("pause", "resume", "stop"):
        frida.post(f"/staff/unit/{OTHER_UNIT}/sending/mail/patient/{deed}", {}, 403)
    stig = enter(made, "Stig")
    sent_in(frida, "mail", TEN)
    stig.post(f"{LIST}/stop", {}, 403)
    assert waiting(made) == 10


@pytest.mark.parametrize("fault", ["down", "relay", "sign_in"])
def test_the_unit_reads_why_nothing_leaves(fault: str, made: Answering, frida: StaffBrowser) -> None:
    sent_in(frida, "mail", TEN)
    with write_transaction(made.house.engine) as connection:
        transports.save(connection, Halt("mail", fault, "550 5.7.1", 1, 10**8, 1))
    said = {"down": "svarar inte", "relay": "släpper inte fram", "sign_in": "inte vår inloggning"}[fault]
    assert said in words(frida) and "Listan ligger kvar" in words(frida)
    assert said in frida.get(f"{ADDRESS}/mail").words("main")
    assert said not in frida.get(f"{ADDRESS}/sms").words("main")


def looked_at(browser: StaffBrowser, way: str, text: str, **more: str) -> dict[str, str]:
    """The fields of the page that shows what would be sent."""
    fields = {"role": "patient", "kind": "invitation", "language": "sv", "list": text, **more}
    return browser.post(f"{ADDRESS}/{way}", fields, 200).fields()


def test_one_goes_to_oneself_first_and_no_code_is_made(
    made: Answering, frida: StaffBrowser, office: PostOffice
) -> None:
    page = frida.post(f"{ADDRESS}/mail", {**looked_at(frida, "mail", TEN), "try": "yes"}, 200)
    assert "Ett prov är skickat till frida@froso.example" in page.words("main")
    assert [mail["To"] for mail in office.taken] == ["frida@froso.example"]
    assert "0000 0000 0000 0000" in office.taken[0].get_content() and waiting(made) == 0
    assert "person3@mottagare.example" in page.fields()["list"]
    frida.post(f"{ADDRESS}/mail", {**page.fields(), "sure": "yes"})
    assert waiting(made) == 10


@pytest.mark.parametrize(("says", "reads"), [
    ("550 5.7.1 relaying denied", "släpper inte fram"),
    ("450 4.2.0 greylisted", "vill ta emot det senare"),
    ("550 5.1.1 no such user", "mottagaren inte finns"),
    ("421 too busy", "svarar inte"),
])  # fmt: skip
def test_what_the_server_said_to_the_one_is_told(
    says: str, reads: str, frida: StaffBrowser, office: PostOffice
) -> None:
    office.answer_to = lambda _to: says
    page = frida.post(f"{ADDRESS}/mail", {**looked_at(frida, "mail", TEN), "try": "yes"}, 200)
    assert reads in page.words("main") and "Inget har skickats" in page.words("main")


def test_one_sms_goes_to_the_number_one_writes(frida: StaffBrowser, gateway: Exchange) -> None:
    fields = {**looked_at(frida, "sms", "070-174 06 05"), "try": "yes"}
    page = frida.post(f"{ADDRESS}/sms", {**fields, "mine": "08-123456"}, 200)
    assert "ditt eget nummer" in page.words("main") and gateway.taken == []
    frida.post(f"{ADDRESS}/sms", {**fields, "mine": "070-174 06 06"}, 200)
    assert [said["to"] for said in gateway.taken] == ["+46701740606"]


@pytest.mark.parametrize("way", ["mail", "sms"])
def test_code_and_link_keep_their_order_in_a_text_from_right_to_left(
    way: str, made: Answering, frida: StaffBrowser, office: PostOffice, gateway: Exchange
) -> None:
    to = {"mail": "a@mottagare.example;ar\nb@mottagare.example;sv", "sms": "070-174 06 05;ar\n070-174 06 06;sv"}[way]
    sent_in(frida, way, to)
    work(made)
    texts = [mail.get_content() for mail in office.taken] + [said["message"] for said in gateway.taken]
    arabic = next(text for text in texts if "\u0633" in text)
    swedish = next(text for text in texts if "Svara senast" in text)
    assert re.search("\u2066http://[^\u2069 ]+#[0-9A-Z]{16}\u2069", arabic)
    assert re.search("\u2066([0-9A-Z]{4} ){3}[0-9A-Z]{4}\u2069", arabic)
    assert re.search(f"\u2066[a-z0-9.:]+/s/{UNIT}\u2069", arabic) and "\u2068Frösö hälsocentral\u2069" in arabic
    assert arabic.count("\u2066") + arabic.count("\u2068") == arabic.count("\u2069")
    assert not re.search("[\u2066-\u2069]", swedish)
    # Phones take the mark along into the address that they open.
    link = re.search(r"http://\S+", arabic)
    assert link and normalise(link[0]) and link[0].endswith("\u2069")


def test_the_text_for_an_inbox_isolates_its_link_too(frida: StaffBrowser) -> None:
    fields = {"role": "patient", "languages": "ar"}
    text = frida.post(f"{ADDRESS}/inbox", fields, 200).text
    assert re.search("\u2066http[^\u2069 ]+/s/froso/ar\u2069", text)


def test_a_list_beside_a_file_is_told(made: Answering, frida: StaffBrowser) -> None:
    fields = {"role": "patient", "kind": "invitation", "language": "sv", "list": "a@mottagare.example"}
    file = (BytesIO(b"b@mottagare.example\n"), "lista.csv")
    reply = frida.client.post(f"{ADDRESS}/mail", data={**fields, "file": file, "csrf_token": frida.mark()})
    assert reply.status_code == 422 and "Ta bort den ena" in reply.text and "a@mottagare.example" in reply.text
    assert waiting(made) == 0


@pytest.mark.parametrize("letters", [True, False])
def test_the_mail_server_is_asked_whether_it_has_the_letters(letters: bool, tmp_path: Path) -> None:
    send_one.accepts_utf8.cache_clear()
    with post_office(all_letters=letters) as office:
        config = (
            f'mail_host = "127.0.0.1"\nmail_port = {office.port}\nmail_security = "none"\nmail_sender = "v@x.example"'
        )
        frida = enter(with_people(make_answering(tmp_path / "i", part="all", config=config)), "Frida")
        said = sent_in(frida, "mail", "a@mottagare.example\nåsa@mottagare.example", 302 if letters else 422)
    send_one.accepts_utf8.cache_clear()
    assert letters or "Rad 2: e-postservern kan inte ta emot å, ä, ö" in said
