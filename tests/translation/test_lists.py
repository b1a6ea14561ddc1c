"""The translators' lists: in the order that residents meet the texts, one part leading on to the next."""

from pathlib import Path

from flask import Flask

from survey.domain.staff.translation_approvals import fingerprint
from tests.followup.staffed import StaffBrowser
from tests.translation.conftest import AT, changed, groups_on, sent

FIRST, LATER = "Sju frågor om din vård", "Vi känner inte igen koden. Dina svar är kvar. Titta på lappen igen."


def test_a_part_begins_where_a_resident_begins(tua: StaffBrowser) -> None:
    words = tua.get(f"{AT}texts/sheet").words()
    assert words.index(FIRST) < words.index(LATER)


def test_placeholders_keep_their_signs_together_and_in_order(tua: StaffBrowser) -> None:
    page = tua.get(f"{AT}texts/sheet").text
    shown = page.partition("<table")[2].partition("</table>")[0]
    assert shown.count("%(unit)s") == shown.count('<bdi dir="ltr">%(unit)s</bdi>') > 1


def test_each_part_leads_on_to_the_next_that_is_left(tua: StaffBrowser) -> None:
    [onward] = [each for each in tua.get(AT).all("a") if each.get("class") == "button-primary"]
    at, seen = str(onward.get("href")), set()
    assert at == f"{AT}texts/questions"
    while at != AT:
        seen.add(at)
        at = str(tua.post(at, {}).response.location)
    assert seen == {*groups_on(tua.get(AT))}
    assert "Läs det som är kvar" not in tua.get(AT).words()


def test_a_text_that_is_missing_is_left_to_write(app: Flask, folder: Path, tua: StaffBrowser) -> None:
    sent(app, folder, changed(folder, "Nästa", ""))
    for address in groups_on(tua.get(AT)):
        tua.post(address, {})
    start = tua.get(AT)
    assert "Läs det som är kvar: Formuläret" in start.words()
    page = tua.get(f"{AT}texts/sheet")
    assert f'href="{AT}text/{fingerprint("Nästa")}"' in page.text and "Skriv<span" in page.text
    assert "Kvar här: 1. Till den första som är kvar" in page.words()
    (row,) = [each for each in page.all("tr") if each.get("id") == "left"]
    said = " ".join("".join(row.itertext()).split())
    assert said.startswith("Nästa") and "Kvar: Saknas" in said
    assert page.words().count("Kvar:") == 1
    assert f'href="{AT}texts/sheet#left"' in start.text
