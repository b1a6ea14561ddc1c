"""The control chart: it shows its table, speaks as far as its rounds carry, and judges no few answers or rounds."""

import numpy as np
import pytest

from analysis import frame
from analysis.charts import control
from analysis.charts.multiples import days
from tests.analysis import long
from tests.analysis.drawn import SWEDISH, drawn_long, long_table_of, named, points, table_of
from tests.analysis.test_chart_layout import overlapping


@pytest.mark.parametrize("place", ["region", "u05", "u02"])
def test_control_draws_the_table(place: str) -> None:
    table, figure = long_table_of("control", place), drawn_long("control", place)
    for question in frame.QUESTIONS:
        own = table[table["question"] == question]
        shown = own[own["status"] == "shown"]
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
    assert last["signal"] and last["share"] > last["upper"]
    newest = SWEDISH.round_name(long.ROUNDS[-1])
    said = f"Mer än vanlig variation i patienternas svar: Nästa steg (högre än vanligt {newest})"
    assert control.headline(table, SWEDISH) == said
    said = control.describe(table, SWEDISH)
    assert "för få omgångar: 5 av 8" in said and "preliminära gränser" in said and "utanför gränserna" in said
    assert control.headline(table_of("control", "region"), SWEDISH).startswith("För få mätomgångar")


def test_limits_begin_anew_only_at_a_new_wording_or_a_declared_round() -> None:
    cells, gaps = frame.cells(long.editions(), "region"), frame.gaps(long.editions(), "region")
    plain = control.table(cells, gaps, "region")
    kept = plain[plain["question"] == long.MOVED]
    assert kept["center"].nunique() == 1 and set(kept["stretch"]) == {0}
    anew = control.table(cells, gaps, "region", declared={long.ROUNDS[8]})
    moved = anew[anew["question"] == long.MOVED]
    assert list(moved["rounds"]) == [8] * 8 + [6] * 6 and moved["center"].iloc[:8].notna().all()
    assert moved["center"].iloc[8:].isna().all()
    reworded = plain[plain["question"] == long.REWORDED]
    assert list(reworded["rounds"]) == [4] * 4 + [10] * 10


def test_a_long_run_is_told_from_twelve_rounds() -> None:
    cells, gaps = frame.cells(long.editions(), "region"), frame.gaps(long.editions(), "region")
    here = (cells["question"] == "trygghet") & (cells["role"] == "patient")
    cells.loc[here, "share"] = [50.0, 51] * 3 + [50] + [54.0, 55] * 3 + [54]
    table = control.table(cells, gaps, "region")
    own = table[table["question"] == "trygghet"]
    assert own["run"].all() and not own["signal"].any()
    assert "länge på samma sida" in control.describe(table, SWEDISH)
    assert "Trygghet (länge på samma sida)" in control.headline(table, SWEDISH)
    eleven = control.table(
        cells[cells["round"].isin(long.ROUNDS[3:])], gaps[gaps["round"].isin(long.ROUNDS[3:])], "region"
    )
    assert not eleven["run"].any()


def test_few_answers_are_neither_judged_nor_counted_as_rounds() -> None:
    cells, gaps = frame.cells(long.editions(), "region"), frame.gaps(long.editions(), "region")
    here = (cells["question"] == long.MOVED) & (cells["role"] == "patient")
    cells.loc[here & (cells["round"] == long.ROUNDS[-1]), ["n", "share"]] = [20.0, 100.0]
    own = control.table(cells, gaps, "region").query("question == @long.MOVED")
    assert set(own["rounds"]) == {13}
    assert np.isnan(own["upper"].iloc[-1]) and not own["signal"].iloc[-1]
    assert own["center"].iloc[0] < 55


def test_providers_have_their_own_control_chart() -> None:
    cells, gaps = frame.cells(long.editions(), "region"), frame.gaps(long.editions(), "region")
    table = control.table(cells, gaps, "region", role="provider")
    assert "vårdens svar" in control.headline(table, SWEDISH)
    assert overlapping(control.draw(table, SWEDISH)) == []
