"""The pictures: they show the table and nothing else, the same bytes each time, by ear and in the dark."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis import frame
from analysis.charts import CHARTS, NARROW, WIDE, drawing, gap, style
from analysis.charts.multiples import days
from analysis.charts.page import Page, heading, width_of, wrap
from analysis.texts import PlainTexts
from tests.analysis.conftest import ROOM
from tests.analysis.english import EnglishTexts
from tests.analysis.invented import ROUNDS, band_cell, edition, editions, hidden_cell, shown_cell

PLACES = ("region", "ostersund", "odensala")
MADE = editions()
CELLS, GAPS = frame.cells(MADE), frame.gaps(MADE)
SWEDISH, ENGLISH = PlainTexts.from_editions(MADE), EnglishTexts()
LANGUAGES = {"sv": SWEDISH, "en": ENGLISH}

every_picture = pytest.mark.parametrize(
    ("name", "place", "language", "width"),
    [(n, p, lang, w) for n in sorted(CHARTS) for p in PLACES for lang in LANGUAGES for w in (WIDE, NARROW)],
)


def table_of(name: str, place: str = "odensala") -> pd.DataFrame:
    return CHARTS[name].table(CELLS, GAPS, place)


@cache
def drawn_figure(name: str, place: str = "odensala", language: str = "sv", width: int = WIDE) -> Figure:
    """Drawn once; the tests only look."""
    return CHARTS[name].draw(table_of(name, place), LANGUAGES[language], width)


def marks(figure: Figure, kind: type[Any]) -> dict[str, Any]:
    """Drawn things by name, those that have one."""
    return {found.get_gid(): found for found in figure.findobj(kind) if found.get_gid()}


def named(figure: Figure, pattern: str) -> dict[str, Line2D]:
    return {gid: line for gid, line in marks(figure, Line2D).items() if re.fullmatch(pattern, gid)}


def points(lines: dict[str, Line2D]) -> set[tuple[float, float]]:
    return {(float(x), float(y)) for line in lines.values() for x, y in zip(*line.get_data(), strict=True)}


def boxes(figure: Figure) -> Iterator[tuple[str, Any]]:
    figure.set_dpi(720)  # at 72 letters are moved to whole pixels, which no browser does
    renderer = RendererAgg(1, 1, figure.dpi)  # measures letters only; a sheet of this size would be 250 MB
    for text in figure.findobj(Text):
        if text.get_text().strip():
            box = text.get_window_extent(renderer)
            yield text.get_text(), Bbox(box.get_points() / 10)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Texts whose letters meet, a pixel of slack allowed: line boxes have room over and under the letters."""
    found = []
    for (one, a), (other, b) in combinations(boxes(figure), 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > 1 and down > 2.5:
            found.append((one, other))
    return found


@every_picture
def test_texts_neither_meet_nor_leave_the_sheet(name: str, place: str, language: str, width: int) -> None:
    figure = drawn_figure(name, place, language, width)
    assert overlapping(figure) == []
    for words, box in boxes(figure):
        assert box.x0 >= 0, words
        assert box.x1 <= width + 0.5, words
        assert box.y0 >= 0, words
        assert box.y1 <= figure.get_size_inches()[1] * 72, words


def test_the_overlap_guard_sees_two_words_on_each_other() -> None:
    page = Page(400, 100)
    page.text(20, 50, "patienter", 13)
    page.text(40, 52, "vården", 13)
    assert overlapping(page.figure) == [("patienter", "vården")]


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
    assert "för få svar" in said
    if name != "gap":
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


def test_dumbbell_draws_the_table() -> None:
    for place in PLACES:
        table = table_of("gap", place)
        figure = drawn_figure("gap", place)
        for role in frame.ROLES:
            lines = named(figure, rf"{role}-\w+")
            ends = named(figure, rf"interval-{role}-\w+")
            for row in frame.records(table):
                gid = f"{role}-{row['question']}"
                shown = row[f"{role}_status"] == "shown"
                assert (gid in lines) == (f"interval-{gid}" in ends) == shown
                if shown:
                    assert list(lines[gid].get_xdata()) == [row[f"{role}_share"]]
                    limits = [row[f"{role}_low"], row[f"{role}_high"]]
                    assert list(ends[f"interval-{gid}"].get_xdata()) == limits


def test_dumbbell_writes_the_gap_and_greys_what_cannot_be_told() -> None:
    table = table_of("gap", "ostersund")
    figure = drawn_figure("gap", "ostersund")
    written = {text.get_text(): text for text in figure.findobj(Text)}
    for row in frame.records(table):
        number = written[SWEDISH.points(row["gap"])]
        assert (number.get_color(), number.get_fontweight()) == (
            (style.INK, "bold") if row["distinct"] else (style.SOFT, "normal")
        )
    assert "går inte att skilja från noll" in written
    assert {"patienter", "vården"} <= set(written)


def test_capped_share_is_a_field_and_no_point() -> None:
    figure = drawn_figure("gap")
    field = marks(figure, Rectangle)["band-provider-kontaktvagar"]
    assert (field.get_x(), field.get_x() + field.get_width()) == (75, 100)
    assert "provider-kontaktvagar" not in marks(figure, Line2D)
    assert "between-kontaktvagar" not in marks(figure, Line2D)
    series = drawn_figure("trend")
    fields = {gid: f for gid, f in marks(series, Rectangle).items() if gid.startswith("band-")}
    assert set(fields) == {f"band-provider-kontaktvagar-{key}" for key in ROUNDS}
    assert {(f.get_y(), f.get_height()) for f in fields.values()} == {(75, 25)}
    assert not named(series, r"(points|few|line)-provider-kontaktvagar-\d+")


def test_few_answers_are_hollow() -> None:
    figure = drawn_figure("gap")
    for gid, line in named(figure, r"(patient|provider)-\w+").items():
        hollow = gid.startswith("provider")
        assert (line.get_markerfacecolor() == style.PAPER) == hollow
    assert "Ihålig" in " ".join(text.get_text() for text in figure.findobj(Text))
    series = drawn_figure("trend")
    assert named(series, r"few-provider-.*")
    assert not named(series, r"points-provider-.*")
    assert not named(series, r"few-patient-.*")


@pytest.mark.parametrize("place", PLACES)
def test_trend_draws_the_table(place: str) -> None:
    table = table_of("trend", place)
    figure = drawn_figure("trend", place)
    for question in frame.QUESTIONS:
        for role in frame.ROLES:
            own = table[(table["question"] == question) & (table["role"] == role)]
            shown = own[own["status"] == "shown"]
            expected = set(zip(days(shown["date"]), shown["share"], strict=True))
            assert points(named(figure, rf"(points|few)-{role}-{question}-\d+")) == expected
            assert points(named(figure, rf"line-{role}-{question}-\d+")) == expected


@pytest.mark.parametrize("place", PLACES)
def test_samsyn_draws_the_table(place: str) -> None:
    table = table_of("samsyn", place)
    figure = drawn_figure("samsyn", place)
    for question in frame.QUESTIONS:
        shown = table[(table["question"] == question) & (table["status"] == "shown")]
        expected = set(zip(days(shown["date"]), shown["gap"], strict=True))
        assert points(named(figure, rf"(points|open)-{question}-\d+")) == expected
        zero = named(figure, rf"zero-{question}")
        assert {y for _, y in points(zero)} == {0.0}
    full = points(named(figure, r"points-.*"))
    sure = table["distinct"] & (table[["patients", "providers"]].min(axis=1) >= 30)
    assert full == set(zip(days(table.loc[sure, "date"]), table.loc[sure, "gap"], strict=True))


@pytest.mark.parametrize("name", ["trend", "samsyn"])
def test_a_hidden_round_is_a_gap_in_the_line(name: str) -> None:
    table = table_of(name, "ostersund")
    figure = drawn_figure(name, "ostersund")
    lines = named(figure, r"line-(provider-)?fast_vardkontakt-\d+")
    spans = sorted(len(line.get_xdata()) for line in lines.values())
    assert spans == [2, 2, 2], "before the hidden round, after it, and after the new wording"
    hidden = table.loc[table["status"] == "hidden"]
    assert hidden["round"].unique().tolist() == [ROUNDS[2]]
    drawn = {x for x, _ in points(lines)}
    assert not drawn & set(days(hidden["date"]))
    assert named(figure, r"hidden-fast_vardkontakt-2023-spring")
    assert any("för få svar" in text.get_text() for text in figure.findobj(Text))
    assert all(y != 0 or name == "samsyn" for _, y in points(lines))


@pytest.mark.parametrize("name", ["trend", "samsyn"])
@pytest.mark.parametrize("place", PLACES)
def test_only_the_questions_concerned_break(name: str, place: str) -> None:
    figure = drawn_figure(name, place)
    breaks = named(figure, r"break-.*")
    assert set(breaks) == {f"break-{q}-{ROUNDS[5]}" for q in ("trygghet", "overenskommelse", "fast_vardkontakt")}
    for line in breaks.values():
        assert ROUNDS.index("2024-autumn") == 5
        assert days(pd.Series([pd.Timestamp("2024-04-15")]))[0] < line.get_xdata()[0]
        assert line.get_xdata()[0] < days(pd.Series([pd.Timestamp("2024-10-15")]))[0]
        assert line.get_linestyle() != "-"
    for question in frame.QUESTIONS:
        lines = named(figure, rf"line-(patient-)?{question}-\d+")
        for line in lines.values():
            across = [day > days(pd.Series([pd.Timestamp("2024-07-15")]))[0] for day in line.get_xdata()]
            assert len(set(across)) == 1 or f"break-{question}-{ROUNDS[5]}" not in breaks


def whole_edition(patient: dict[str, Any], provider: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return edition(
        number,
        [
            {"place": place, "role": role, "question": question, **cell}
            for place in PLACES
            for question in frame.QUESTIONS
            for role, cell in (("patient", patient), ("provider", provider))
        ],
    )


ODD = {
    "all hidden": [whole_edition(hidden_cell(), hidden_cell())],
    "one side hidden": [whole_edition(shown_cell(50, 60), hidden_cell(), n) for n in (0, 1)],
    "one round": [whole_edition(shown_cell(50, 60), shown_cell(60, 35))],
    "both at the top": [whole_edition(shown_cell(100, 60), shown_cell(100, 35), n) for n in (0, 1, 2)],
    "both at the bottom": [whole_edition(shown_cell(0, 60), shown_cell(0, 35), n) for n in (0, 1, 2)],
    "far apart": [whole_edition(shown_cell(0, 600), shown_cell(100, 350), n) for n in (0, 1, 2)],
    "only bands": [whole_edition(band_cell(0, 20, 20), band_cell(75, 100, 15), n) for n in (0, 1)],
    "hidden now and then": [
        whole_edition(*(shown_cell(60, 60) if (n + r) % 2 else hidden_cell() for r in (0, 1)), n) for n in range(7)
    ],
}


@pytest.mark.parametrize("name", sorted(CHARTS))
@pytest.mark.parametrize("case", sorted(ODD))
@pytest.mark.parametrize(("language", "width"), [("sv", WIDE), ("en", NARROW)])
def test_odd_tables_are_drawn_without_overlap(name: str, case: str, language: str, width: int) -> None:
    cells, gaps = frame.cells(ODD[case], "odensala"), frame.gaps(ODD[case], "odensala")
    table = CHARTS[name].table(cells, gaps, "odensala")
    figure = CHARTS[name].draw(table, LANGUAGES[language], width)
    assert overlapping(figure) == []
    assert CHARTS[name].describe(table, LANGUAGES[language])


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_unknown_place_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="none of these editions"):
        CHARTS[name].table(CELLS, GAPS, "atlantis")


def test_gap_of_an_earlier_round() -> None:
    table = gap.table(CELLS, GAPS, "ostersund", ROUNDS[2])
    assert set(table["round"]) == {ROUNDS[2]}
    assert table.set_index("question").loc["fast_vardkontakt", "provider_status"] == "hidden"
    assert "för få svar från vården" in gap.describe(table, SWEDISH)


def test_names_with_signs_are_plain_text() -> None:
    texts = PlainTexts(places={"odensala": "Vård & <Omsorg> $x^2$"})
    drawn = drawing("gap", table_of("gap"), texts).decode()
    ElementTree.fromstring(drawn)
    assert "Vård &amp; &lt;Omsorg&gt; $x^2$" in drawn


def test_headline_is_wrapped_to_the_sheet() -> None:
    words = heading("Vården svarar ja oftare än patienterna " * 4, "Andel som svarar ja " * 12, NARROW)
    for line in words.headline:
        assert width_of(line, words.large, bold=True) <= NARROW - 28
    for line in words.subtitle:
        assert width_of(line, words.small) <= NARROW - 28
    assert wrap("ett", 12, 1) == ["ett"]
    assert np.isfinite(words.height)


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
    return {name for name in imports_of(source) if name.startswith(forbidden)}


def test_no_pyplot_and_nothing_of_the_web() -> None:
    assert foreign("from matplotlib import pyplot as plt\nimport survey.app")  # the guard sees what it shall
    for path in ROOM.rglob("*.py"):
        assert not foreign(path.read_text(encoding="utf-8")), path.name
    code = "import sys, analysis.charts; print([n for n in sys.modules if n == 'matplotlib.pyplot'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOM.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
