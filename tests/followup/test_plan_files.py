"""A file in the plan's own columns, of targets or of values: looked at, kept, safe to run again, faults by line."""

import html
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.followup.staffed import StaffBrowser, furnish_instance
from tests.followup.test_plan import ACTIVITY, PLAN, add, form_of, kept
from tests.reader import Page

HEAD = "aktivitet;ansvar;beslutande organ;tidsplan;status"
RINGER = "Vi ringer upp samma dag;Hälsocentralerna;SVOM;Hösten 2024;Pågår"
SIP = "SIP erbjuds;Åre kommun;Fredagsgruppen;2025;Ej påbörjad"
FILE = "\r\n".join([HEAD, RINGER, SIP]) + "\r\n"
TARGETS = "/staff/followup/targets"
GOALS = "mål;avser;värde;grupp;källa;från;till;status;datakvalitet;fråga"
VALUES = "serie;avser;dag;gräns;värde;enhet;tillfrågade;källa;datakvalitet;fråga"


def app_of(folder: Path, config: str = "") -> Flask:
    """One published round."""
    return furnish_instance(folder / "instance", 1, config=config)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """One published round, and people by name."""
    return app_of(tmp_path)


def enter(app: Flask, name: str = "Freja") -> StaffBrowser:
    """A browser in which this person is signed in."""
    browser = StaffBrowser(app)
    browser.sign_in(name)
    return browser


@pytest.fixture
def freja(app: Flask) -> StaffBrowser:
    """Somebody of the follow-up group."""
    return enter(app)


def look(
    browser: StaffBrowser, content: bytes | str, status: int = 200, address: str = f"{PLAN}/import/activity"
) -> Page:
    """Send a file to be looked at."""
    raw = content.encode() if isinstance(content, str) else content
    return browser.post(address, {"file": (io.BytesIO(raw), "plan.csv")}, status)  # type: ignore[dict-item]


def passed_on(page: Page) -> dict[str, Any]:
    """What the page sends along when its button is pressed."""
    found = dict(re.findall(r'<input type="hidden" name="(text|shown)" value="([^"]*)"', page.text))
    return {name: html.unescape(value) for name, value in found.items()}


def take(browser: StaffBrowser, content: bytes | str, address: str = f"{PLAN}/import/activity") -> None:
    """Look at a file and keep it."""
    browser.post(f"{address}/keep", passed_on(look(browser, content, address=address)))


def test_a_file_is_looked_at_then_kept_and_is_safe_to_run_again(tmp_path: Path, database_url: str) -> None:
    app = app_of(tmp_path, f'database = "{database_url}"\n')
    freja = enter(app)
    add(freja, "activity", {**ACTIVITY, "activity": "SIP  erbjuds"})
    before = kept(app)
    page = look(freja, FILE)
    said = page.words("main")
    assert "Läggs till: 1" in said and "Ändras: 1" in said and "Åre kommun" in said
    assert kept(app) == before
    location = freja.post(f"{PLAN}/import/activity/keep", passed_on(page)).response.location
    assert "Sparat från filen: 2" in freja.get(location).words("main")
    found = {each.record.activity: each for each in kept(app)}
    assert found["SIP erbjuds"].version == 2 and found["SIP erbjuds"].key == before[0].key
    assert found["SIP erbjuds"].record.status == "planned" and found["Vi ringer upp samma dag"].version == 1
    now = kept(app)
    assert "finns redan" in look(freja, FILE).words("main")
    freja.post(f"{PLAN}/import/activity/keep", passed_on(page))
    assert kept(app) == now


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_file_is_read_however_it_was_saved(encoding: str, delimiter: str, app: Flask, freja: StaffBrowser) -> None:
    take(freja, FILE.replace(";", delimiter).encode(encoding))
    assert {each.record.responsible for each in kept(app)} == {"Hälsocentralerna", "Åre kommun"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "tom"),
        ("hej", "kolumnen aktivitet saknas"),
        (HEAD + ";extra\n", "kolumnen ”extra” är okänd"),
        (b"PK\x03\x04\0\0 a workbook", "ingen CSV-fil"),
        (f"{HEAD}\n;A;B;C;pågår", "Rad 2: ”aktivitet”: det här behöver fyllas i"),
        (f"{HEAD}\nX;A;B;C;kanske", "Rad 2: ”status”: välj ett av alternativen. Det kan stå: inte påbörjad, pågår"),
        (f"{HEAD}\n{RINGER}\n\n{RINGER}", "Rad 4: samma aktivitet finns redan på rad 2"),
        (f"{HEAD}\n{'x' * 601};A;B;C;pågår", "Rad 2: ”aktivitet”: texten är för lång. Högst 600 tecken"),
        (f"{HEAD}\n{RINGER};mer", "Rad 2: raden har ett fält utan rubrik"),
        (f"{HEAD}\nA\x07;B;C;D;pågår", "Rad 2: ”aktivitet”: texten har tecken"),
        (f'{HEAD}\n"A;B', "kan inte läsas som CSV"),
    ],
)
def test_a_faulty_file_is_refused_whole(content: bytes | str, said: str, app: Flask, freja: StaffBrowser) -> None:
    assert said in look(freja, content, 422).words("main")
    assert kept(app) == []


def test_every_fault_is_named_by_its_line(app: Flask, freja: StaffBrowser) -> None:
    said = look(freja, f'{HEAD}\n{RINGER}\n"Två\nrader";A;B;C;nej\n;A;B;C;pågår\n{SIP}', 422).words("main")
    assert "Rad 3: ”status”" in said and "Rad 5: ”aktivitet”" in said and "Rad 2" not in said and "Rad 6" not in said
    assert kept(app) == []


def test_what_is_done_in_the_file_gets_its_day_once(app: Flask, freja: StaffBrowser) -> None:
    done = f"{HEAD}\n{RINGER.replace('Pågår', 'Klar')}"
    take(freja, done)
    assert str(kept(app)[0].record.ended_on) == "2024-06-01"
    assert "finns redan" in look(freja, done).words("main")
    take(freja, FILE)
    assert {each.record.ended_on for each in kept(app)} == {None}


def test_what_somebody_else_changed_meanwhile_is_shown_anew(app: Flask, freja: StaffBrowser) -> None:
    page = look(freja, FILE)
    add(enter(app, "Klara"), "activity", {**ACTIVITY, "activity": "SIP erbjuds"})
    before = kept(app)
    again = freja.post(f"{PLAN}/import/activity/keep", passed_on(page), 409)
    assert "Någon annan har ändrat" in again.words("main") and kept(app) == before
    freja.post(f"{PLAN}/import/activity/keep", passed_on(again))
    assert len(kept(app)) == 2


def test_formulas_are_text_and_no_markup(app: Flask, freja: StaffBrowser) -> None:
    page = look(freja, f"{HEAD}\n=1+1<b>;@SUM(A1);+46;-2;pågår")
    assert "=1+1<b>" in page.words("main") and "=1+1<b>" not in page.text
    freja.post(f"{PLAN}/import/activity/keep", passed_on(page))
    assert kept(app)[0].record.activity == "=1+1<b>"
    assert "&lt;b&gt;" in freja.get(PLAN + "/").text


def test_a_file_that_is_too_large(app: Flask, freja: StaffBrowser) -> None:
    assert "för stort" in look(freja, b"x" * (512 * 1024 + 1), 413).words("main")
    assert kept(app) == []


def test_targets_and_values_come_from_files_too(app: Flask, freja: StaffBrowser) -> None:
    old = "Fast läkarkontakt;fast läkarkontakt;55 %;alla;Avtalet;;2022-12-31;utgått;;"
    goals = f"{GOALS}\n{old}\nNöjda;annat;70 %;;Plan;2024-01-01;;gäller;god;Nästa steg"
    take(freja, goals, f"{TARGETS}/import/target")
    assert {each.record.question for each in kept(app, "target")} == {None, "nasta_steg"}
    values = f"{VALUES}\nPanel;annat;2022-12-31;mer än;29,5;%;befolkningen;Panelen;;nasta_tid"
    take(freja, values, f"{TARGETS}/import/measurement")
    (value,) = kept(app, "measurement")
    assert (value.record.value, value.record.qualifier, value.record.question) == ("29.5", "over", "nasta_tid")
    assert "finns redan" in look(freja, goals, address=f"{TARGETS}/import/target").words("main")
    assert "finns redan" in look(freja, values, address=f"{TARGETS}/import/measurement").words("main")


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("target", "Läkare;annat;5;;Källa;;;gäller;;fast vårdkontakt", "Rad 2: En fast läkarkontakt är inte samma sak"),
        ("target", "X;fast läkarkontakt;5;;K;;;gäller;;fast_vardkontakt", "Rad 2: En fast läkarkontakt är inte"),
        ("target", "X;annat;5;;K;2024-05-01;2024-04-01;gäller;;", "Rad 2: ”till”: till-dagen ligger före"),
        ("target", "X;annat;5;;;;;gäller;;", "Rad 2: ”källa”: det här behöver"),
        ("target", "X;annat;5;;K;;;gäller;;Väntetid", "Rad 2: ”fråga”: välj ett av"),
        ("measurement", "X;annat;2022;exakt;5;%;A;K;;", "Rad 2: ”dag”: skriv en dag"),
        ("measurement", "X;annat;2022-01-01;exakt;fem;%;A;K;;", "Rad 2: ”värde”: skriv ett tal"),
        ("measurement", "Fast läkare;annat;2022-01-01;exakt;5;%;A;K;;Fast vårdkontakt", "Rad 2: En fast läkarkontakt"),
    ],
)
def test_faults_of_targets_and_values(kind: str, row: str, said: str, app: Flask, freja: StaffBrowser) -> None:
    head = GOALS if kind == "target" else VALUES
    assert said in look(freja, f"{head}\n{row}", 422, f"{TARGETS}/import/{kind}").words("main")
    assert kept(app, kind) == []


def test_what_was_taken_back_stays_so_when_the_file_comes_again(app: Flask, freja: StaffBrowser) -> None:
    values = f"{VALUES}\nPanel;annat;2022-12-31;exakt;29;%;befolkningen;Panelen;;"
    take(freja, values, f"{TARGETS}/import/measurement")
    address, fields = form_of(freja.get(f"{TARGETS}/measurement/{kept(app, 'measurement')[0].key}"))
    freja.post(address, {**fields, "ended_on": "2024-05-01"})
    assert "finns redan" in look(freja, values, address=f"{TARGETS}/import/measurement").words("main")


def test_a_unit_takes_no_file_in(app: Flask, freja: StaffBrowser) -> None:
    brita: Callable[..., Page] = enter(app, "Brita").post
    brita(f"{PLAN}/import/activity", {}, 403)
    brita(f"{PLAN}/import/activity/keep", {"text": FILE}, 403)
