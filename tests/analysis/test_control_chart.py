"""The control chart: it shows its table, speaks as far as its rounds carry, and judges no few answers or rounds."""

import numpy as np
import pandas as pd
import pytest

from analysis.charts import trend
from analysis.charts.control import ControlChart
from analysis.charts.drawing.small_multiples import days
from analysis.frames import control_signals, frame
from analysis.frames.series import lines
from analysis.frames.trend_direction import directions
from tests.analysis import invented_places as invented
from tests.analysis import long
from tests.analysis.drawn import SWEDISH, drawn_long, long_table_of, named, points, table_of
from tests.analysis.test_chart_layout import overlapping

CHART = ControlChart("patient")


@pytest.mark.parametrize("place", ["region", "u05", "u02"])
def test_control_draws_the_table(place: str) -> None:
    table, figure = long_table_of("control", place), drawn_long("control", place)
    for question in frame.QUESTIONS:
        own = table[table["question"] == question]
        shown = own[own["share"].notna()]
        expected = set(zip(days(shown["date"]), shown["share"], strict=True))
        assert points(named(figure, rf"(points|few)-{question}")) == expected
        outside = shown[shown["signal"]]
        assert points(named(figure, rf"outside-{question}")) == set(
            zip(days(outside["date"]), outside["share"], strict=True)
        )
        for name in ("center", "lower", "upper"):
            drawn = {y for _, y in points(named(figure, rf"{name}-{question}")) if not np.isnan(y)}
            assert drawn == set(own[name].dropna())


def test_control_speaks_as_far_as_its_rounds_carry() -> None:
    table = long_table_of("control")
    stages = {q: table[table["question"] == q]["stage"].iloc[-1] for q in frame.QUESTIONS}
    assert (stages[long.FRESH], stages[long.REWORDED], stages[long.MOVED]) == ("few", "preliminary", "full")
    assert table.loc[table["stage"] == "few", ["center", "lower", "upper"]].isna().all(axis=None)
    last = table[(table["question"] == long.MOVED)].iloc[-1]
    assert last["signal"] and last["share"] >= last["upper"]
    newest = SWEDISH.round_name(long.ROUNDS[-1])
    said = CHART.headline(table, SWEDISH)
    assert said.startswith("Mer än vanlig variation i patienternas svar: ")
    assert f"Nästa steg (högre än vanligt {newest})" in said
    said = CHART.describe(table, SWEDISH)
    assert "för få omgångar: 5 av 8" in said and "preliminära gränser" in said and "utanför gränserna" in said
    assert CHART.headline(table_of("control", "region"), SWEDISH).startswith("För få mätomgångar")


def of_region(**changed: list[float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The region's frames, with the patients' shares of some questions changed, and their counts with them."""
    cells, gaps = frame.cells(long.editions(), "region"), frame.gaps(long.editions(), "region")
    for question, shares in changed.items():
        here = (cells["question"] == question) & (cells["role"] == "patient")
        cells.loc[here, "share"] = shares
        cells.loc[here, "steady_yes"] = cells.loc[here, "share"] * cells.loc[here, "steady_base"] / 100
    return cells, gaps


def test_limits_begin_anew_only_at_a_new_wording_or_a_declared_round() -> None:
    cells, gaps = of_region()
    plain = CHART.table(cells, gaps, "region")
    kept = plain[plain["question"] == long.MOVED]
    assert kept["center"].nunique() == 1 and set(kept["stretch"]) == {0}
    anew = CHART.table(cells, gaps, "region", declared={long.ROUNDS[8]})
    moved = anew[anew["question"] == long.MOVED]
    assert list(moved["rounds"]) == [8] * 8 + [6] * 6 and moved["center"].iloc[:8].notna().all()
    assert moved["center"].iloc[8:].isna().all()
    reworded = plain[plain["question"] == long.REWORDED]
    assert list(reworded["rounds"]) == [4] * 4 + [10] * 10


def test_a_long_run_is_told_from_twelve_rounds() -> None:
    cells, gaps = of_region(trygghet=[50.0, 51] * 3 + [50, 54] + [53.0, 54] * 2 + [53, 54])
    table = CHART.table(cells, gaps, "region")
    own = table[table["question"] == "trygghet"]
    if not own["direction"].any():
        assert own["run"].all()
        assert "länge på samma sida" in CHART.describe(table, SWEDISH)
    eleven = CHART.table(
        cells[cells["round"].isin(long.ROUNDS[3:])], gaps[gaps["round"].isin(long.ROUNDS[3:])], "region"
    )
    assert not eleven["run"].any()


def test_a_question_that_rises_is_compared_with_its_own_line() -> None:
    """A real, even change: level limits would ring the last rounds, limits around the line ring none."""
    rising = [40.0 + 2 * number + (-1) ** number for number in range(long.NUMBER)]
    table = CHART.table(*of_region(trygghet=rising), "region")
    own = table[table["question"] == "trygghet"].sort_values("date")
    assert (own["direction"] == 1).all() and not own["signal"].any()
    assert own["center"].is_monotonic_increasing and (own["upper"] - own["lower"] > 0).all()
    level = control_signals._share_limits(frame.records(own), 0)
    assert level["signal"].any(), "the control: around a level they would be signals"
    assert "gränser kring en linje som stiger" in CHART.describe(table, SWEDISH)
    figure = CHART.draw(table, SWEDISH)
    middle = named(figure, "center-trygghet")["center-trygghet"]
    assert list(middle.get_ydata()) == list(own["center"])
    jump = [*rising[:-1], rising[-1] - 25]
    beyond = CHART.table(*of_region(trygghet=jump), "region")
    assert long.ROUNDS[-1] in set(beyond.loc[(beyond["question"] == "trygghet") & beyond["signal"], "round"])


def test_what_the_control_chart_says_rises_is_what_the_trend_says_rises() -> None:
    """One family: both sides, seven questions. A weak rise is told on neither page, or on both."""
    said = set()
    for slope in (0.7, 0.8, 0.9):
        even = [40 + slope * number + 3 * (-1) ** number for number in range(long.NUMBER)]
        cells, gaps = of_region(trygghet=even)
        tests = directions(lines(trend.table(cells, gaps, "region")))
        rises = set(tests.loc[tests["distinct"] & (tests["role"] == "patient"), "question"])
        table = CHART.table(cells, gaps, "region")
        assert set(table.loc[table["direction"] != 0, "question"]) == rises
        said |= rises
    assert said == {"trygghet"}


def test_the_gap_has_limits_of_its_own() -> None:
    table = ControlChart("gap").table(invented.cells(12), invented.gaps(12), "region")
    figure = ControlChart("gap").draw(table, invented.SWEDISH)
    for question in frame.QUESTIONS:
        own = table[table["question"] == question]
        shown = own[own["status"] == "shown"]
        drawn = points(named(figure, rf"(points|few)-{question}"))
        assert drawn == set(zip(days(shown["date"]), shown["gap"], strict=True))
        assert (own["lower"] < own["center"]).all() and (own["center"] < own["upper"]).all()
        assert named(figure, rf"zero-{question}")
    moved = table[table["question"] == invented.MOVED]
    assert (moved["direction"] == -1).all(), "patients say yes more and more often, so the gap falls"
    gaps = invented.gaps(12).copy()
    last = (gaps["place"] == "region") & (gaps["date"] == gaps["date"].max()) & (gaps["question"] == "trygghet")
    gaps.loc[last, ["gap", "low", "high"]] += 60
    beyond = ControlChart("gap").table(invented.cells(12), gaps, "region")
    assert "i skillnaden mellan vården och patienterna: Trygghet (högre än vanligt" in ControlChart("gap").headline(
        beyond, invented.SWEDISH
    )


def test_uncertain_shares_are_neither_judged_nor_counted_as_rounds() -> None:
    cells, gaps = of_region()
    here = (cells["question"] == long.MOVED) & (cells["role"] == "patient")
    cells.loc[here & (cells["round"] == long.ROUNDS[-1]), ["status", "share"]] = ["hollow", 100.0]
    own = CHART.table(cells, gaps, "region").query("question == @long.MOVED")
    assert set(own["rounds"]) == {13}
    assert np.isnan(own["upper"].iloc[-1]) and not own["signal"].iloc[-1]
    assert own["center"].iloc[0] < 55


def test_providers_have_their_own_control_chart() -> None:
    chart = ControlChart("provider")
    table = chart.table(*of_region(), "region")
    assert "vårdens svar" in chart.headline(table, SWEDISH)
    assert overlapping(chart.draw(table, SWEDISH)) == []
