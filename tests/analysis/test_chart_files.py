"""The pictures as files: the same bytes each time, by ear, in the dark, and nothing of time, maker or web."""

import ast
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from analysis.charts import CHARTS, NARROW, WIDE, drawing, gap
from analysis.charts.drawing import style
from analysis.frames import frame
from analysis.localisation import PlainLocalisation
from tests.analysis.conftest import ROOM
from tests.analysis.drawn import (
    LANGUAGES,
    PLACES,
    SWEDISH,
    table_of,
)


@pytest.mark.parametrize("name", sorted(CHARTS))
@pytest.mark.parametrize(("language", "width"), [("sv", WIDE), ("en", NARROW)])
def test_picture_speaks_for_itself(name: str, language: str, width: int) -> None:
    table, texts = table_of(name), LANGUAGES[language]
    root = ElementTree.fromstring(drawing(name, table, texts, width))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    title, desc = root[0], root[1]
    assert (title.tag, desc.tag) == (f"{space}title", f"{space}desc")
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == desc.get("id")
    assert title.text == CHARTS[name].headline(table, texts)
    assert desc.text == CHARTS[name].describe(table, texts)
    assert root.get("width") == str(width)
    letters = " ".join(text.text or "" for text in root.iter(f"{space}text"))
    assert all(word in letters for word in (title.text or "").split())


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_text_alternative_tells_every_question(name: str) -> None:
    said = CHARTS[name].describe(table_of(name), SWEDISH)
    for question in frame.QUESTIONS:
        assert SWEDISH.question(question) in said
    if name not in {"control", "funnel"}:  # these two are of patients, who have answered everywhere
        assert ("för osäkert" if name == "gap-trend" else "för få svar") in said
    if name in {"control", "gap-trend", "trend"}:
        assert "ny formulering hösten 2024" in said


def test_text_alternative_tells_the_numbers() -> None:
    said, table = gap.describe(table_of("gap", "ostersund"), SWEDISH), table_of("gap", "ostersund")
    for row in frame.records(table):
        assert SWEDISH.percent(row["patient_share"]) in said
        assert SWEDISH.points(row["gap"]) in said


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_same_bytes_each_time(name: str) -> None:
    assert drawing(name, table_of(name), SWEDISH) == drawing(name, table_of(name), SWEDISH)


def test_same_bytes_in_another_process() -> None:
    """Other hash seeds, another user's settings for matplotlib, another time zone: the same picture."""
    code = (
        "import hashlib\n"
        "from analysis.charts import CHARTS, drawing\n"
        "from tests.analysis.test_charts import SWEDISH, table_of\n"
        "for name in sorted(CHARTS):\n"
        "    print(hashlib.sha256(drawing(name, table_of(name), SWEDISH)).hexdigest())\n"
    )
    seen = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        environment = {
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "PATH": "",
            "HOME": "/nonexistent",
            "MPLCONFIGDIR": "",
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOM.parent,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout)
    assert len(seen) == 1
    assert len(seen.pop().split()) == len(CHARTS)


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_nothing_of_time_or_maker_in_the_file(name: str) -> None:
    drawn = drawing(name, table_of(name), SWEDISH).decode()
    for word in ("matplotlib", "metadata", "dc:date", "DejaVu", "<script", "<!DOCTYPE"):
        assert word not in drawn
    assert len(drawn) < 90_000


@pytest.mark.parametrize("name", sorted(CHARTS))
@pytest.mark.parametrize("place", PLACES)
def test_dark_twin_has_no_light_colour_left(name: str, place: str) -> None:
    light = drawing(name, table_of(name, place), SWEDISH)
    twin = style.dark(light)
    for colour, darker in style.DARK.items():
        assert colour.encode() not in twin.lower()
        assert twin.count(darker.encode()) == light.count(colour.encode())
    known = set(style.DARK.values())
    assert set(re.findall(r"#[0-9a-f]{6}\b", twin.decode())) <= known
    assert twin == style.dark(twin)


def test_one_typeface_in_page_picture_and_pack() -> None:
    """The picture asks for the pages' own, in their order; a pack has one more for machines with none of them."""
    families = style.READERS.replace("&quot;", '"').split(", ")
    asked = {"static/tokens.css": r"--font: (system-ui[^;]*);"}
    asked["templates/followup/pack_file.css"] = r"html \{\s*font: [^;]*? (system-ui[^;]*);"
    asked |= dict.fromkeys(("static/survey.css", "static/staff.css"), r"html \{\s*font: [^;]*? (var\(--font\));")
    for sheet, pattern in asked.items():
        found = re.search(pattern, (ROOM.parent / "survey" / sheet).read_text(encoding="utf-8"))
        named = [each for each in found[1].split(", ") if each != '"DejaVu Sans"'] if found else []
        assert named in (families, ["var(--font)"]), sheet


def test_names_with_signs_are_plain_text() -> None:
    texts = PlainLocalisation(places={"odensala": "Vård & <Omsorg> $x^2$"})
    drawn = drawing("gap", table_of("gap"), texts).decode()
    ElementTree.fromstring(drawn)
    assert "Vård &amp; &lt;Omsorg&gt; $x^2$" in drawn


def imports_of(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def foreign(source: str) -> set[str]:
    forbidden = ("matplotlib.pyplot", "survey", "flask", "flask_babel", "wtforms", "sqlalchemy")
    scale = "survey.domain.questions.answer_scale"  # the options, questions and roles, of the standard library alone
    return {name for name in imports_of(source) if name.startswith(forbidden) and not name.startswith(scale)}


def test_no_pyplot_and_nothing_of_the_web() -> None:
    assert foreign("from matplotlib import pyplot as plt\nimport survey.app")  # the guard sees what it shall
    for path in ROOM.rglob("*.py"):
        assert not foreign(path.read_text(encoding="utf-8")), path.name
    code = "import sys, analysis.charts; print([n for n in sys.modules if n == 'matplotlib.pyplot'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOM.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
