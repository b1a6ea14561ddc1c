"""The pictures show the table and nothing else: points, fields, hollow markers, gaps and breaks."""

import pandas as pd
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis import frame
from analysis.charts import CHARTS, gap, style
from analysis.charts.multiples import days
from tests.analysis.drawn import CELLS, GAPS, PLACES, SWEDISH, drawn_figure, marks, named, points, table_of
from tests.analysis.invented import ROUNDS


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


def test_a_gap_that_is_not_shown_has_no_bar() -> None:
    gaps = GAPS.copy()
    here = (gaps["place"] == "ostersund") & (gaps["question"] == "trygghet")
    gaps.loc[here, ["status", "distinct"]] = ["hidden", False]
    figure = gap.draw(gap.table(CELLS, gaps, "ostersund"), SWEDISH)
    assert {"patient-trygghet", "provider-trygghet"} <= set(marks(figure, Line2D))
    assert "between-trygghet" not in marks(figure, Line2D)
    assert "between-trygghet" in marks(drawn_figure("gap", "ostersund"), Line2D)
    assert "för få enheter eller svar" in {text.get_text() for text in figure.findobj(Text)}


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
    words = {"trend": "för få svar", "samsyn": "för få enheter eller svar"}[name]
    assert any(words in text.get_text() and "Kryss" not in text.get_text() for text in figure.findobj(Text))
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


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_unknown_place_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="none of these editions"):
        CHARTS[name].table(CELLS, GAPS, "atlantis")


def test_gap_of_an_earlier_round() -> None:
    table = gap.table(CELLS, GAPS, "ostersund", ROUNDS[2])
    assert set(table["round"]) == {ROUNDS[2]}
    assert table.set_index("question").loc["fast_vardkontakt", "provider_status"] == "hidden"
    assert "för få svar från vården" in gap.describe(table, SWEDISH)
