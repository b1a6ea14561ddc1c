"""A language's texts as a PO file: out with approvals, in with a diff first, refused by line."""

import re
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from survey.domain.staff.translation_approvals import fingerprint
from survey.web.i18n import translation_review
from tests.followup.staffed import StaffBrowser
from tests.reader import Page
from tests.translation.conftest import AT, approve_all, arabic

NEXT = f"{AT}text/{fingerprint('Nästa')}"
HEADER = 'msgid ""\nmsgstr ""\n"Language: ar\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
SIGNED = f"# reviewed by nurse on 2026-09-01 for {fingerprint('Nästa')[:8]}\n"


def bring(browser: StaffBrowser, text: str, status: int = 200) -> Page:
    """Show what a file would do."""
    data = {"csrf_token": browser.mark(), "file": (BytesIO(text.encode()), "ar.po")}
    reply = browser.client.post(f"{AT}file", data=data, content_type="multipart/form-data")
    return browser._look(reply, status)


def keep(browser: StaffBrowser, page: Page, status: int = 302) -> Page:
    """Save what was shown."""
    fields = page.fields()
    return browser.post(f"{AT}file/keep", {"text": fields["text"], "shown": fields["shown"]}, status)


def entry(source: str, turned: str, note: str = "") -> str:
    return f'{note}msgid "{source}"\nmsgstr "{turned}"\n\n'


def test_the_file_carries_approvals_as_the_catalogs_do(tua: StaffBrowser) -> None:
    approve_all(tua)
    text = tua.get(f"{AT}texts.po").text
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith('"Language')]
    catalog = read_po(BytesIO("".join(lines).encode()))
    assert translation_review.level(catalog) == "reviewed"
    assert re.search("^# reviewed by translator on 2024-06-01 for [0-9a-f]{8} in [0-9a-f]{8}$", text, re.MULTILINE)


def test_what_went_out_comes_in_as_nothing_new(tua: StaffBrowser, ted: StaffBrowser) -> None:
    tua.post(NEXT, {"wording": "الخطوة التالية"})
    assert "Det finns inget att spara." in bring(tua, tua.get(f"{AT}texts.po").text).words()
    assert "Det finns inget att spara." in bring(ted, ted.get(f"{AT}texts.po").text).words()


def test_a_file_is_shown_then_becomes_wordings_and_approvals_of_who_brings_it(
    app: Flask, tua: StaffBrowser, ted: StaffBrowser
) -> None:
    stands = arabic(app).texts["Nästa"]
    text = HEADER + entry("Nästa", stands, SIGNED) + entry("Tillbaka", "إلى الخلف")
    page = bring(tua, text)
    assert "Nya lydelser: 1. Godkänns: 1." in page.words() and "إلى الخلف" in page.text
    keep(tua, page)
    assert "Du har godkänt texten." in tua.get(NEXT).words()
    assert "Du har skrivit lydelsen." in tua.get(f"{AT}text/{fingerprint('Tillbaka')}").words()
    assert arabic(app).texts["Tillbaka"] != "إلى الخلف"
    ted.post(f"{AT}text/{fingerprint('Tillbaka')}/approve", {})
    assert arabic(app).texts["Tillbaka"] == "إلى الخلف"


def test_a_file_over_what_somebody_else_wrote_is_shown_anew(tua: StaffBrowser, ted: StaffBrowser) -> None:
    page = bring(tua, HEADER + entry("Tillbaka", "إلى الخلف"))
    ted.post(f"{AT}text/{fingerprint('Tillbaka')}", {"wording": "عودة"})
    told = keep(tua, page, 409)
    assert "Någon annan har ändrat texterna" in told.words() and "عودة" in told.text
    keep(tua, told)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (entry("Nästa", "<script>التالي</script>"), "Rad 6: ”Nästa”. Lydelsen har HTML"),
        (entry("Tillbaka", "عودة") + entry("Nästa", "التالي %(name)s"), "Rad 9: ”Nästa”."),
        (entry("Nästa", "التالي \u202e"), "Rad 6: ”Nästa”. Lydelsen har tecken som ingen kan se"),
        (entry("Nästa", "%s %s"), "Rad 6: ”Nästa”."),
        (entry("Nästa", "التالي!"), "utropstecken"),
        (entry("Ingen av våra", "x"), "Rad 6: ”Ingen av våra”. Texten finns inte bland de svenska texterna."),
        ('msgctxt "x"\n' + entry("Nästa", "التالي"), "kontext"),
        (entry("Nästa", "التالي") + entry("Nästa", "بعد"), "Rad 9: ”Nästa”. Texten står två gånger"),
        ('msgid "Nästa"\nmsgid_plural "Nästa"\nmsgstr[0] "a"\nmsgstr[1] "b"\n', "pluralformer"),
        ("skräp\n", "ingen PO-fil"),
    ],
)
def test_a_hostile_file_is_refused_by_line(tua: StaffBrowser, entries: str, said: str) -> None:
    page = bring(tua, HEADER + entries, 422)
    assert said in page.words() and "Inget är sparat" in page.words()


def test_a_file_that_is_no_text_is_refused(tua: StaffBrowser) -> None:
    data = {"csrf_token": tua.mark(), "file": (BytesIO(b"\xff\xfe\x80"), "ar.po")}
    reply = tua.client.post(f"{AT}file", data=data, content_type="multipart/form-data")
    assert "Spara den som UTF-8" in tua._look(reply, 422).words()
