"""What the house promises to take in one place: each is added in a copy of the tree, counted, and tried there."""

import difflib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.config import ROOT

COPIED = ("survey", "analysis", "translations", "tests", "docs", "pyproject.toml", "wsgi.py", "CHANGELOG.md")


class Copy:
    """A copy of the tree, to add something to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            else:
                folder.mkdir(exist_ok=True)
                shutil.copy2(source, folder / name)

    def add(self, path: str, content: str) -> None:
        """Make a file."""
        assert not (self.folder / path).exists()
        (self.folder / path).write_text(content, encoding="utf-8")

    def put_in(self, path: str, before: str, line: str) -> None:
        """Put something in front of what stands once in a file."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path}"
        (self.folder / path).write_text(text.replace(before, line + before), encoding="utf-8")

    def touched(self) -> dict[str, int]:
        """Every file of the code that differs, with how many lines of it are new or gone; 0 for a new file."""
        found = {}
        for path in sorted((self.folder / "survey").rglob("*")) + sorted((self.folder / "analysis").rglob("*")):
            if path.is_dir() or "__pycache__" in path.parts or path.suffix == ".mo":
                continue
            name = str(path.relative_to(self.folder))
            if not (ROOT / name).exists():
                found[name] = 0
            elif (was := (ROOT / name).read_bytes()) != path.read_bytes():
                lines = difflib.ndiff(was.decode().splitlines(), path.read_text(encoding="utf-8").splitlines())
                found[name] = sum(line.startswith(("+", "-")) for line in lines)
        return found

    def run(self, script: str) -> str:
        """Let Python run this there; what it prints."""
        return self._run([sys.executable, "-c", script])

    def contracts(self) -> None:
        """See that the arrows still point down."""
        assert "0 broken" in self._run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[], Copy]:
    """Makes the copy."""
    return lambda: Copy(tmp_path / "copy")


SETTING = """
from pathlib import Path
from survey.config import ROOT, SettingsError, fields, Settings
from tests.answering import make_answering
assert ROOT == Path.cwd()
house = make_answering(Path("instance"), config='lunch = "late"').house
assert house.settings.lunch == "late"
for number, wrong in enumerate(('lunch = "never"', "lunch = 12")):
    try:
        make_answering(Path(f"instance{number}"), config=wrong)
    except SettingsError as fault:
        print(fault.message)
operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
print(*[entry.name for entry in fields(Settings) if f"`{entry.name}`" not in operating])
"""


def test_a_setting_is_a_line(copy: Callable[[], Copy]) -> None:
    made = copy()
    line = '    lunch: str = _setting("early, late", "early", choices=("early", "late"))\n'
    made.put_in("survey/config.py", "    max_request_kb: int", line)
    assert made.touched() == {"survey/config.py": 1}
    wrong, kind, undocumented = made.run(SETTING).splitlines()
    assert wrong.endswith("lunch must be early, late.") and kind.endswith("must be of the kind str: early, late.")
    # tests/test_house.py asks for its row in docs/operating.md.
    assert undocumented == "lunch"


THRESHOLD = """
from pathlib import Path
from dataclasses import replace
from survey.cli.rounds import add_command
from survey.domain.rounds.lifecycle import round_faults
from survey.store.tables import round_
from tests.answering import ROUND, make_answering, the_round
from tests.care_unit.conftest import enter, with_people
from tests.reader import Reader
made = with_people(make_answering(Path("instance"), part="all"))
reader = Reader(made.app)
for address in ("/p/froso", "/privacy/sv"):
    assert "minst sex andras" in reader.get(address).words(), address
print(round_faults(replace(the_round(True), threshold_provider=6)))
print(*[option.default for option in add_command.params if option.name == "threshold_provider"])
print(*[str(each.sqltext) for each in round_.constraints if each.name and "thresholds" in each.name])
siv = enter(made, "Siv")
assert "Minst 7. Gränsen kan bara höjas." in siv.get("/staff/admin/new-round").words()
"""


def test_a_threshold_is_a_number(copy: Callable[[], Copy]) -> None:
    made = copy()
    path = made.folder / "survey/domain/disclosure/thresholds.py"
    path.write_text(path.read_text(encoding="utf-8").replace('"provider": 5', '"provider": 7'), encoding="utf-8")
    assert made.touched() == {"survey/domain/disclosure/thresholds.py": 2}
    faults, usual, check = made.run(THRESHOLD).splitlines()
    assert faults == "['Tröskeln för provider får inte vara under 7.']" and usual == "7"
    assert check == "threshold_patient >= 10 AND threshold_provider >= 7"


KIOSK = """
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tests.answer.test_kiosk import at, pairing_code
from tests.answering import make_answering
from tests.care_unit.conftest import with_people
from tests.reader import Reader
made = with_people(make_answering(Path("instance"), open_link=True, part="all"))
noon = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
at(made.app, noon)
code = pairing_code(made)
reader = Reader(made.app)
assert "inom 3 minuter" in reader.get("/kiosk").words()
for minutes, status in ((4, 422), (3, 303)):
    at(made.app, noon + timedelta(minutes=minutes))
    answer = made.app.test_client().post("/kiosk", data={"code": code})
    assert answer.status_code == status, minutes
page = made.app.test_client().get(answer.location)
assert '"IDLE_MS":90000' in page.text
print(*re.findall("[0-9]{3,}", Path("survey/static/kiosk.js").read_text().replace("1000", "")))
"""


def test_a_time_of_the_kiosk_is_a_number(copy: Callable[[], Copy]) -> None:
    made = copy()
    path = made.folder / "survey/domain/kiosk_times.py"
    text = (
        path.read_text(encoding="utf-8")
        .replace("MINUTES = 10", "MINUTES = 3")
        .replace('"IDLE_MS": 60', '"IDLE_MS": 90')
    )
    path.write_text(text, encoding="utf-8")
    assert made.touched() == {"survey/domain/kiosk_times.py": 4}
    assert made.run(KIOSK).strip() == ""


ROLE = """    "guest": Role(
        name="Gäst: läser alla resultat, skriver inget",
        in_file=("gäst",),
        levels=("municipality",),
        menu=("followup",),
        may=frozenset({"read_results", "read_everywhere"}),
    ),
"""
AS_GUEST = """
from pathlib import Path
from survey.domain.staff.invitations_csv import read_csv
from survey.store.core import places
from survey.store.database.engine import reading, writing
from survey.store.staff import accounts
from tests.followup.staffed import HASH, StaffBrowser, furnish_instance
app = furnish_instance(Path("instance"), last=1)
engine = app.extensions["house"].engine
with writing(engine) as connection:
    accounts.add_person(connection, "gun@are.example", HASH, "guest", "are")
with reading(engine) as connection:
    known = places.all_places(connection)
assert read_csv("e-post;roll;plats\\nulf@are.example;gäst;are\\n", known, str)[0][0].role == "guest"
assert "kommun" in read_csv("e-post;roll;plats\\nulf@are.example;gäst;brunflo\\n", known, str)[1][0]
guest, sven = StaffBrowser(app), StaffBrowser(app)
guest.sign_in("gun@are.example")
sven.sign_in("sven@region.example")
assert guest.get("/staff/", 302).response.location == "/staff/followup/"
guest.get("/staff/followup/1/brunflo")
page = guest.get("/staff/followup/plan/")
assert "Handlingsplan" in page.words() and "Lägg till en aktivitet" not in page.words()
assert "Grupper av enheter" not in guest.get("/staff/followup/1/are").words()
for address in ("/staff/followup/plan/new/activity", "/staff/admin/", "/staff/unit/brunflo", "/staff/audit/"):
    print(address, guest.client.get(address).status_code)
assert "Gäst: läser alla resultat" in sven.get("/staff/admin/people/invite").words()
"""


def test_a_role_is_a_row_of_the_table(copy: Callable[[], Copy]) -> None:
    made = copy()
    made.put_in("survey/domain/staff/roles.py", '    "auditor": Role(', ROLE)
    assert list(made.touched()) == ["survey/domain/staff/roles.py"]
    refused = made.run(AS_GUEST).splitlines()
    assert len(refused) == 4 and all(line.endswith(" 403") for line in refused), refused
    made.contracts()


PIGEON = '''"""By pigeon: a line in a file for each message."""

from contextlib import contextmanager

from survey.channels.channel import Channel, Sending


def check(text):
    """Return the name of a loft; ValueError when it is none."""
    if not text.isalpha():
        raise ValueError("no loft")
    return text


@contextmanager
def connect(settings, patience):
    """Open the file that stands where the contact does."""
    with open(settings.contact, "a") as flown:
        yield lambda message: print(message.to, len(message.body) > 100, file=flown)


CHANNEL = Channel(
    key="pigeon",
    name="Brevduva",
    about="En duva till var och en.",
    button="Skicka",
    roles=("patient",),
    most=100,
    needs="contact",
    sends=Sending(
        check=check,
        connect=connect,
        a_minute="sms_a_minute",
        template="mail",
        one_a_line="Ett duvslag på varje rad",
        to_oneself="Ditt eget duvslag",
        not_oneself="Det är inget duvslag.",
    ),
)
'''
BY_PIGEON = """
from pathlib import Path
from tests.answering import make_answering
from tests.care_unit.conftest import enter, with_people
from tests.care_unit.handing_in import ADDRESS, sent_in, work
flown = Path("flown")
house = make_answering(Path("instance"), open_link=True, part="all", config=f'contact = "{flown.resolve()}"')
frida = enter(with_people(house), "Frida")
assert "Brevduva" in frida.get("/staff/unit/froso").words()
assert "Ett duvslag på varje rad" in frida.get(f"{ADDRESS}/pigeon").words()
fields = {"role": "patient", "kind": "invitation", "language": "sv", "list": "Norr\\nÖster"}
shown = frida.post(f"{ADDRESS}/pigeon", fields, 200)
assert "Ditt eget duvslag" in shown.words()
frida.post(f"{ADDRESS}/pigeon", {**shown.fields(), "try": "yes", "mine": "Eget"}, 200)
print(*flown.read_text().split())
sent_in(frida, "pigeon", "Norr\\nÖster")
assert "Väntar på att skickas: 2." in frida.get("/staff/unit/froso").words()
work(house)
print(*sorted(flown.read_text().splitlines()[1:]), sep="; ")
assert "Alla är skickade." in frida.get("/staff/unit/froso").words()
"""


def test_a_channel_that_sends_is_a_file_and_its_place_in_the_list(copy: Callable[[], Copy]) -> None:
    made = copy()
    made.add("survey/channels/pigeon.py", PIGEON)
    made.put_in("survey/channels/__init__.py", "\nCHANNELS:", "from survey.channels import pigeon\n")
    made.put_in("survey/channels/__init__.py", "        letters.CHANNEL,\n", "        pigeon.CHANNEL,\n")
    assert made.touched() == {"survey/channels/__init__.py": 2, "survey/channels/pigeon.py": 0}
    assert made.run(BY_PIGEON).splitlines() == ["Eget True", "Norr True; Öster True"]
    made.contracts()


TABS = '''"""Tables as tab-separated text."""

from analysis.spreadsheets.table import defused


def write(tables, day):
    """Return the first table's rows, a line each."""
    rows = [tables[0].columns, *tables[0].rows]
    return "".join("\\t".join(str(defused(str(cell))) for cell in row) + "\\n" for row in rows).encode()
'''
AS_TABS = """
from pathlib import Path
from survey.store.database.engine import writing
from survey.store.staff import accounts
from tests.answering import make_answering
from tests.care_unit.conftest import enter, with_people
from tests.followup.staffed import HASH, StaffBrowser, furnish_instance
app = furnish_instance(Path("instance"), last=1)
with writing(app.extensions["house"].engine) as connection:
    accounts.add_person(connection, "ada@region.example", HASH, "auditor", "jh")
freja, ada = StaffBrowser(app), StaffBrowser(app)
freja.sign_in("freja@region.example")
ada.sign_in("ada@region.example")
page = freja.get("/staff/followup/1/are/trygghet")
address = next(link.get("href") for link in page.all("a") if (link.get("href") or "").endswith(".tabs"))
assert "Tabbar" in page.words()
for who, at in ((freja, address), (ada, "/staff/audit/log.tabs")):
    answer = who.client.get(at)
    print(answer.status_code, answer.mimetype, answer.text.count("\\t") > 3, answer.headers["Content-Disposition"][-4:])
frida = enter(with_people(make_answering(Path("unit"), open_link=True, part="all")), "Frida")
assert "Tabbar" in frida.get("/staff/unit/froso/links/file").words()
"""


def test_an_export_is_a_file_and_its_place_in_the_list(copy: Callable[[], Copy]) -> None:
    made = copy()
    made.add("analysis/spreadsheets/tabs.py", TABS)
    made.put_in("analysis/spreadsheets/formats.py", "\n\n@dataclass", "from analysis.spreadsheets import tabs\n")
    line = '    "tabs": Format("Tabbar", tabs.write, ".tsv", "text/tab-separated-values"),\n'
    made.put_in("analysis/spreadsheets/formats.py", '    "excel": Format', line)
    assert made.touched() == {"analysis/spreadsheets/formats.py": 2, "analysis/spreadsheets/tabs.py": 0}
    assert made.run(AS_TABS).splitlines() == ['200 text/tab-separated-values True tsv"'] * 2
    made.contracts()


COUNTS = '''"""A picture that is the trend by another name."""

from analysis.charts.trend import describe, draw, headline, subtitle, table

__all__ = ["describe", "draw", "headline", "section", "subtitle", "table"]


def section():
    """Return its heading on the page of all charts, and a sentence under it."""
    return "Den nya bilden", "Så läser du den nya bilden."
'''
SEEN = """
from pathlib import Path
from tests.followup.staffed import StaffBrowser, furnish_instance
app = furnish_instance(Path("instance"), last=3)
freja = StaffBrowser(app)
freja.sign_in("freja@region.example")
words = freja.get("/staff/followup/3/are/charts").words()
assert "Den nya bilden" in words and "Så läser du den nya bilden." in words
picture = freja.client.get("/staff/followup/3/are/counts.sv.light.svg")
print(picture.status_code, picture.mimetype)
"""


def test_a_chart_is_a_file_and_its_place_in_the_list(copy: Callable[[], Copy]) -> None:
    made = copy()
    made.add("analysis/charts/counts.py", COUNTS)
    made.put_in("analysis/charts/__init__.py", "\n__all__", "from analysis.charts import counts\n")
    made.put_in("analysis/charts/__init__.py", '    "change": change,\n', '    "counts": counts,\n')
    assert made.touched() == {"analysis/charts/__init__.py": 2, "analysis/charts/counts.py": 0}
    assert made.run(SEEN).split() == ["200", "image/svg+xml"]
    made.contracts()
