"""A places' file in the office: looked at, kept, read however it was saved, refused whole with every fault by line."""

import html
import io
import re
import time
from typing import Any

import pytest

from survey.domain.places.place_tree import Place
from survey.store.core import places
from survey.store.database.engine import write_transaction
from tests.admin.conftest import enter, kept_places
from tests.answering import UNIT, Answering
from tests.followup.staffed import StaffBrowser
from tests.reader import Page

IMPORT = "/staff/admin/import-places"
HEAD = "nyckel,namn,nivå,hör_till,huvudman,hsa_id"
KROKOM = "krokom,Krokom,kommun,jamtland-harjedalen,,"
ASPAS = "aspas,Aspås hälsocentral,enhet,krokom,Region Jämtland Härjedalen,SE2321000214-A2"
FROSO = "froso,Frösö vårdcentral,enhet,ostersund,Region Jämtland Härjedalen,"
# The unit stands before the municipality that it belongs to.
FILE = "\r\n".join([HEAD, ASPAS, KROKOM, FROSO]) + "\r\n"


def look(browser: StaffBrowser, content: bytes | str, status: int = 200) -> Page:
    """Send a file to be looked at."""
    raw = content.encode() if isinstance(content, str) else content
    return browser.post(IMPORT, {"file": (io.BytesIO(raw), "platser.csv")}, status)  # type: ignore[dict-item]


def passed_on(page: Page) -> dict[str, Any]:
    """What the page sends along when its button is pressed."""
    found = dict(re.findall(r'<input type="hidden" name="(text|shown)" value="([^"]*)"', page.text))
    return {name: html.unescape(value) for name, value in found.items()}


def test_a_file_is_looked_at_then_kept_and_is_safe_to_run_again(on_both: Answering) -> None:
    siv, before = enter(on_both), kept_places(on_both)
    siv.get(IMPORT)
    page = look(siv, FILE)
    said = page.words("main")
    assert "Läggs till: 2" in said and "Ändras: 1" in said and "Frösö vårdcentral" in said
    assert kept_places(on_both) == before
    location = siv.post(f"{IMPORT}/keep", passed_on(page)).response.location
    assert "Sparade platser: 3" in siv.get(location).words("main")
    found = kept_places(on_both)
    assert found["aspas"] == Place(
        "aspas", "Aspås hälsocentral", "unit", "krokom", before[UNIT].huvudman, "SE2321000214-A2"
    )
    assert found[UNIT].name == "Frösö vårdcentral" and len(found) == len(before) + 2
    assert "finns redan" in look(siv, FILE).words("main")
    siv.post(f"{IMPORT}/keep", passed_on(page))
    assert kept_places(on_both) == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_file_is_read_however_it_was_saved(encoding: str, delimiter: str, made: Answering, siv: StaffBrowser) -> None:
    page = look(siv, FILE.replace(",", delimiter).encode(encoding))
    siv.post(f"{IMPORT}/keep", passed_on(page))
    assert kept_places(made)["aspas"].name == "Aspås hälsocentral"


def rows(*lines: str) -> str:
    """A file with these rows."""
    return "\n".join([HEAD, *lines])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "tom"),
        ("   \n", "tom"),
        ("hej", "kolumnen nyckel saknas"),
        (HEAD.replace("hsa_id", "hsa_id,extra") + "\n", "kolumnen ”extra” är okänd"),
        (b"PK\x03\x04\0\0 a workbook", "ingen CSV-fil"),
        ("\0" + FILE, "ingen CSV-fil"),
        (rows(ASPAS), "Rad 2: platsen ”krokom”, som den hör till, finns inte"),
        (rows(KROKOM, ASPAS, KROKOM), "Rad 4: nyckeln ”krokom” finns redan på rad 2"),
        (rows(KROKOM, ASPAS.replace("SE23", "SE")), "Rad 3: HSA-id"),
        (rows("Åre!,Åre,kommun,jamtland-harjedalen,,"), "Rad 2: nyckeln ”Åre!”"),
        (rows("are,,kommun,jamtland-harjedalen,,"), "Rad 2: namnet saknas"),
        (rows("are,\ufffdre,kommun,jamtland-harjedalen,,"), "Rad 2: namn eller huvudman har tecken"),
        (rows("are,Åre,by,jamtland-harjedalen,,"), "Rad 2: nivån måste vara"),
        (rows("froso,Frösö,kommun,jamtland-harjedalen,,"), "Rad 2: nivån för ”froso” kan inte ändras"),
        (rows("a,A,kommun,b,,", "b,B,kommun,a,,"), "Rad 2–3: platsen hör till sig själv i en ring"),
        (rows("a,A,region,,,"), "bara finnas en region"),
        (rows('a,"A,kommun'), "kan inte läsas som CSV"),
        (rows("a,A,kommun,jamtland-harjedalen,,,,x,"), "Rad 2: raden har ett fält utan rubrik"),
        (rows("a," + "x" * 200_000 + ",kommun,jamtland-harjedalen,,"), "kan inte läsas som CSV"),
        (HEAD + ",till\nfroso,F,enhet,ostersund,,,2026-13-01", "Rad 2: ”till” ska vara ett datum"),
    ],
)
def test_a_faulty_file_is_refused_whole(content: bytes | str, said: str, made: Answering, siv: StaffBrowser) -> None:
    before = kept_places(made)
    assert said in look(siv, content, 422).words("main")
    assert kept_places(made) == before


def test_every_fault_is_named_by_its_line(siv: StaffBrowser) -> None:
    said = look(siv, rows(KROKOM, "x,,enhet,krokom,,", ASPAS, "y,Y,by,krokom,,"), 422).words("main")
    assert "Rad 3: namnet saknas" in said and "Rad 5: nivån" in said and "Rad 4" not in said


def test_no_file_at_all(siv: StaffBrowser) -> None:
    assert "Välj en fil" in siv.post(IMPORT, {}, 422).words("main")
    assert "Inget är sparat" in siv.post(f"{IMPORT}/keep", {}, 422).words("main")


def test_a_file_as_large_as_allowed_and_a_larger_one(made: Answering, siv: StaffBrowser) -> None:
    before, wide = kept_places(made), " " * 400
    many = "\n".join(f"e-{n},Enhet {n},enhet,ostersund,{wide},".replace(wide, "h" * 100) for n in range(9000))
    began = time.perf_counter()
    page = look(siv, rows(many))
    assert "Läggs till: 9 000" in page.words("main").replace("\xa0", " ")
    assert time.perf_counter() - began < 30
    assert "för stort" in look(siv, b"x" * (2 * 1024 * 1024 + 1), 413).words("main")
    assert kept_places(made) == before


def test_ten_thousand_faults_are_told_shortly(siv: StaffBrowser) -> None:
    page = look(siv, rows(*(f"e-{n},,enhet,ostersund,," for n in range(10_000))), 422)
    assert len(page.text) < 60_000 and "Rad 2–10001: namnet saknas" in page.words("main")


def test_a_name_is_no_markup(made: Answering, siv: StaffBrowser) -> None:
    page = look(siv, rows("are,1+1<b>,kommun,jamtland-harjedalen,,"))
    assert "1+1<b>" in page.words("main") and "<b>,kommun" not in page.text
    siv.post(f"{IMPORT}/keep", passed_on(page))
    assert kept_places(made)["are"].name == "1+1<b>"


def test_what_somebody_else_changed_meanwhile_is_shown_anew(made: Answering, siv: StaffBrowser) -> None:
    page = look(siv, FILE)
    with write_transaction(made.house.engine) as connection:
        places.save_places(connection, [Place(UNIT, "Annat namn", "unit", "ostersund")])
    before = kept_places(made)
    again = siv.post(f"{IMPORT}/keep", passed_on(page), 409)
    assert "Någon annan har ändrat" in again.words("main") and "Annat namn" in again.words("main")
    assert kept_places(made) == before
    siv.post(f"{IMPORT}/keep", passed_on(again))
    assert kept_places(made)[UNIT].name == "Frösö vårdcentral"


def test_what_is_sent_along_is_tried_again(made: Answering, siv: StaffBrowser) -> None:
    page, before = passed_on(look(siv, FILE)), kept_places(made)
    siv.post(f"{IMPORT}/keep", {**page, "text": page["text"].replace("Krokom,kommun", ",kommun")}, 422)
    siv.post(f"{IMPORT}/keep", {**page, "text": page["text"].replace("Aspås", "Asp\0s")}, 422)
    siv.post(f"{IMPORT}/keep", {**page, "text": page["text"].replace("Aspås", "Något annat")}, 409)
    siv.post(f"{IMPORT}/keep", {**page, "text": page["text"].replace("aspas", "asp\0s\x07")}, 422)
    siv.post(f"{IMPORT}/keep", {"text": page["text"]}, 409)
    assert kept_places(made) == before
