"""The pictures show the table and nothing else: points, intervals, hollow markers, gaps and breaks."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis.charts import CHARTS, gap
from analysis.charts.drawing import style
from analysis.charts.drawing.small_multiples import days
from analysis.frames import frame
from analysis.frames import series as over_time
from analysis.frames.trend_direction import gap_directions
from analysis.sentences import change, findings
from tests.analysis.drawn import CELLS, GAPS, PLACES, SWEDISH, drawn_figure, marks, named, points, table_of
from tests.analysis.invented import ROUNDS


def test_gap_draws_the_shares_and_the_gaps_of_the_table() -> None:
    for place in PLACES:
        table = table_of("gap", place)
        figure = drawn_figure("gap", place)
        for row in frame.records(table):
            for role in frame.ROLES:
                gid, status = f"{role}-{row['question']}", row[f"{role}_status"]
                ends = named(figure, f"interval-{gid}")
                assert bool(ends) == (status in {"shown", "hollow", "interval"})
                assert all(
                    list(each.get_xdata()) == [row[f"{role}_{n}"] for n in ("low", "high")] for each in ends.values()
                )
                mark = named(figure, gid)
                assert bool(mark) == (status in {"shown", "hollow"})
                for each in mark.values():
                    assert list(each.get_xdata()) == [row[f"{role}_share"]]
                    assert (each.get_markerfacecolor() == style.PAPER) == (status == "hollow")
            rhomb = named(figure, f"gap-{row['question']}")
            assert bool(rhomb) == (row["status"] == "shown")
            for each in rhomb.values():
                assert list(each.get_xdata()) == [row["gap"]]
                assert (each.get_markerfacecolor() == style.INK) == row["distinct"]


def test_the_questions_stand_by_their_gap_and_those_without_one_last() -> None:
    for place in PLACES:
        figure = drawn_figure("gap", place)
        heights = {text.get_text(): text.get_position()[1] for text in figure.findobj(Text)}
        rows = findings.by_gap(frame.records(table_of("gap", place)))
        order = [heights[SWEDISH.question(row["question"])] for row in rows]
        assert order == sorted(order)
        shown = [row["gap"] for row in rows if row["status"] == "shown"]
        assert shown == sorted(shown, reverse=True)
        assert [row["status"] == "shown" for row in rows] == [True] * len(shown) + [False] * (7 - len(shown))


def test_gap_is_written_and_grey_where_it_cannot_be_told() -> None:
    table = table_of("gap", "ostersund")
    figure = drawn_figure("gap", "ostersund")
    written = {text.get_text(): text for text in figure.findobj(Text)}
    assert set(table["distinct"]) == {True, False}
    for row in frame.records(table):
        number = written[findings.gap_in_brackets(row, SWEDISH)]
        assert (number.get_color(), number.get_fontweight()) == (
            (style.INK, "bold") if row["distinct"] else (style.SOFT, "normal")
        )
    assert "går inte att skilja från noll" in written
    assert {"patienter", "vården"} <= set(written)


def test_an_interval_alone_has_no_mark_and_silence_has_words() -> None:
    table = table_of("gap")
    figure = drawn_figure("gap")
    statuses = set(table["provider_status"])
    assert statuses == {"hollow", "interval", "unsure", "hidden"}
    said = [text.get_text() for text in figure.findobj(Text)]
    assert "vården: för osäkert" in said and "vården: för få svar" in said
    series = drawn_figure("trend")
    own = table_of("trend")
    alone = own[(own["status"] == "interval") & (own["role"] == "provider")]
    drawn = named(series, r"interval-provider-.*")
    assert set(drawn) == {f"interval-provider-{row['question']}-{row['round']}" for row in frame.records(alone)}
    assert not named(series, r"(points|few|line)-provider-kontaktvagar-\d+")


def test_what_reaches_past_the_scale_ends_in_an_arrow() -> None:
    table, figure = table_of("change"), drawn_figure("change")
    for row in frame.records(table):
        gid = f"{row['role']}-{row['question']}"
        beyond = named(figure, f"beyond-{gid}")
        past = row["change_low"] < -change.AXIS_MAX or row["change_high"] > change.AXIS_MAX
        assert bool(beyond) == past
        assert all(abs(x) <= change.AXIS_MAX for x, _ in points(named(figure, f"(interval-)?{gid}")))
    assert "Pil" in " ".join(text.get_text() for text in figure.findobj(Text))


def test_the_usual_variation_is_a_field_around_zero() -> None:
    table, figure = table_of("change"), drawn_figure("change")
    usual = table["usual"].iloc[0]
    tau2 = over_time.between_round_variance(over_time.lines(table_of("trend")))
    assert usual == round(100 * 1.959964 * (2 * tau2) ** 0.5, 1) > 0
    field = next(each for gid, each in marks(figure, Rectangle).items() if gid.startswith("usual"))
    assert (field.get_x(), field.get_width()) == (-usual, 2 * usual)


@pytest.mark.parametrize("place", PLACES)
def test_trend_draws_the_table(place: str) -> None:
    table = table_of("trend", place)
    figure = drawn_figure("trend", place)
    for question in frame.QUESTIONS:
        for role in frame.ROLES:
            own = table[(table["question"] == question) & (table["role"] == role)]
            shown = own[own["status"].isin(["shown", "hollow"])]
            few = own[own["status"] == "hollow"]
            hollow = set(zip(days(few["date"]), few["share"], strict=True))
            assert points(named(figure, rf"few-{role}-{question}-\d+")) == hollow
            expected = set(zip(days(shown["date"]), shown["share"], strict=True))
            assert points(named(figure, rf"(points|few)-{role}-{question}-\d+")) == expected
            assert points(named(figure, rf"line-{role}-{question}-\d+")) == expected


@pytest.mark.parametrize("place", PLACES)
def test_the_gap_trend_draws_the_table(place: str) -> None:
    table = table_of("gap-trend", place)
    figure = drawn_figure("gap-trend", place)
    for question in frame.QUESTIONS:
        shown = table[(table["question"] == question) & (table["status"] == "shown")]
        expected = set(zip(days(shown["date"]), shown["gap"], strict=True))
        assert points(named(figure, rf"(points|open)-{question}-\d+")) == expected
        zero = named(figure, rf"zero-{question}")
        assert {y for _, y in points(zero)} == {0.0}
    full = points(named(figure, r"points-.*"))
    told = table[table["distinct"]]
    assert full == set(zip(days(told["date"]), told["gap"], strict=True))


@pytest.mark.parametrize("name", ["trend", "gap-trend"])
def test_a_hidden_round_is_a_gap_in_the_line(name: str) -> None:
    table = table_of(name, "ostersund")
    figure = drawn_figure(name, "ostersund")
    lines = named(figure, r"line-(provider-)?fast_vardkontakt-\d+")
    spans = sorted(len(line.get_xdata()) for line in lines.values())
    assert spans == [2, 2, 2], "before the hidden round, after it, and after the new wording"
    hidden = table.loc[table["status"].isin(["hidden", "unsure"])]
    assert hidden["round"].unique().tolist() == [ROUNDS[2]]
    drawn = {x for x, _ in points(lines)}
    assert not drawn & set(days(hidden["date"]))
    assert named(figure, r"hidden-fast_vardkontakt-2023-spring")
    words = {"trend": "vården: för få svar", "gap-trend": "för osäkert"}[name]
    assert words in {text.get_text() for text in figure.findobj(Text)}
    assert all(y != 0 or name == "gap-trend" for _, y in points(lines))


@pytest.mark.parametrize("name", ["trend", "gap-trend"])
@pytest.mark.parametrize("place", PLACES)
def test_only_the_questions_concerned_break(name: str, place: str) -> None:
    figure = drawn_figure(name, place)
    breaks = named(figure, r"break-.*")
    assert set(breaks) == {f"break-{q}-{ROUNDS[5]}" for q in ("trygghet", "overenskommelse", "fast_vardkontakt")}
    assert sum(text.get_text() == "ny formulering" for text in figure.findobj(Text)) == 3
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


@pytest.mark.parametrize("place", PLACES)
def test_each_line_has_its_newest_figure_at_its_end(place: str) -> None:
    table = table_of("trend", place)
    written = [text.get_text() for text in drawn_figure("trend", place).findobj(Text)]
    newest = table[(table["round"] == ROUNDS[-1]) & table["status"].isin(["shown", "hollow", "interval"])]
    for row in frame.records(newest):
        assert findings.share_number(row, SWEDISH) in written
    gaps = table_of("gap-trend", place)
    said = [text.get_text() for text in drawn_figure("gap-trend", place).findobj(Text)]
    for row in frame.records(gaps[(gaps["round"] == ROUNDS[-1]) & (gaps["status"] == "shown")]):
        assert SWEDISH.points(row["gap"]) in said


def test_a_finding_is_marked_in_its_panel() -> None:
    written = {text.get_text(): text for text in drawn_figure("trend", "region").findobj(Text)}
    assert any(words.startswith("patienter: stiger, ") for words in written)
    assert written["Nästa steg"].get_fontweight() == "bold"
    assert written["Trygghet"].get_fontweight() == "normal"


def test_the_gap_has_both_halves_named_and_a_fitted_line_where_a_trend_is_told() -> None:
    table, figure = table_of("gap-trend", "region"), drawn_figure("gap-trend", "region")
    said = [text.get_text() for text in figure.findobj(Text)]
    assert "vården oftare ja" in said and "patienterna oftare ja" in said
    fitted = named(figure, r"fitted-.*")
    tests = gap_directions(over_time.lines(table))
    assert set(fitted) == {f"fitted-{q}" for q in tests.loc[tests["distinct"], "question"]}
    assert 0 < len(fitted) < len(tests), "a line that is only tested has none"
    own = table[table["question"] == "nasta_steg"]
    slope = np.polyfit(days(own["date"]), own["gap"], 1, w=1 / own["se"])[0]
    (x0, y0), (x1, y1) = zip(*fitted["fitted-nasta_steg"].get_data(), strict=True)
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope)


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_unknown_place_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="none of these editions"):
        CHARTS[name].table(CELLS, GAPS, "atlantis")


def test_gap_of_an_earlier_round() -> None:
    table = gap.table(CELLS, GAPS, "ostersund", ROUNDS[2])
    assert set(table["round"]) == {ROUNDS[2]}
    assert table.set_index("question").loc["fast_vardkontakt", "provider_status"] == "hidden"
    assert "för få svar från vården" in gap.describe(table, SWEDISH)
