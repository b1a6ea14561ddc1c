"""A channel, an export and a chart are each a file and its place in a list: added in a copy, and tried."""

from collections.abc import Callable

from tests.registries.copied import Copy

PIGEON = '''"""By pigeon: a line in a file for each message."""

from contextlib import contextmanager

from survey.channels.channel import Channel, Mailer


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
    max_count=100,
    needs="contact",
    sends=Mailer(
        check=check,
        connect=connect,
        rate_setting="sms_per_minute",
        template="mail",
        line_label="Ett duvslag på varje rad",
        test_label="Ditt eget duvslag",
        test_fault="Det är inget duvslag.",
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
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts
from tests.answering import make_answering
from tests.care_unit.conftest import enter, with_people
from tests.followup.staffed import HASH, StaffBrowser, furnish_instance
app = furnish_instance(Path("instance"), last=1)
with write_transaction(app.extensions["services"].engine) as connection:
    accounts.add_account(connection, "ada@region.example", HASH, "auditor", "jh")
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
