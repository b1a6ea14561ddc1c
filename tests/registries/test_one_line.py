"""A setting, a threshold, a time of the kiosk and a role are each a line or an entry: added in a copy, and tried."""

from collections.abc import Callable

from tests.registries.copied import Copy

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
    assert faults == "['low_threshold_provider']" and usual == "7"
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
    path = made.folder / "survey/domain/kiosks/times.py"
    text = (
        path.read_text(encoding="utf-8")
        .replace("MINUTES = 10", "MINUTES = 3")
        .replace('"IDLE_MS": 60', '"IDLE_MS": 90')
    )
    path.write_text(text, encoding="utf-8")
    assert made.touched() == {"survey/domain/kiosks/times.py": 4}
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
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts
from tests.followup.staffed import HASH, StaffBrowser, furnish_instance
app = furnish_instance(Path("instance"), last=1)
engine = app.extensions["services"].engine
with write_transaction(engine) as connection:
    accounts.add_account(connection, "gun@are.example", HASH, "guest", "are")
with read_transaction(engine) as connection:
    known = places.all_places(connection)
assert read_csv("e-post;roll;plats\\nulf@are.example;gäst;are\\n", known, str)[0][0].role == "guest"
assert read_csv("e-post;roll;plats\\nulf@are.example;gäst;brunflo\\n", known, str)[1][0].fault.code == "needs_area"
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
