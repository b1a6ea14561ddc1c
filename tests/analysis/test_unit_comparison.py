"""Units beside each other: the funnel's points, limits and names, and a forest of gaps by name and never by size."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from analysis import charts
from analysis.charts import chart_of
from analysis.charts.funnel import FunnelChart
from analysis.charts.units import MAX_ROWS
from analysis.frames import frame, unit_comparison
from tests.analysis import invented_places as invented
from tests.analysis import long
from tests.analysis.drawn import drawn_long, named, points
from tests.analysis.placed import TEXTS, drawn, table_of


@pytest.mark.parametrize("name", ["funnel", "funnel-provider"])
def test_the_funnel_draws_the_table_with_limits_from_the_smallest_to_the_largest(name: str) -> None:
    table, figure = table_of(name), drawn(name, "sv")
    for question in frame.QUESTIONS:
        own = table[table["question"] == question]
        for gid, status in (("points", "shown"), ("few", "hollow")):
            some = own[own["status"] == status]
            assert points(named(figure, rf"{gid}-{question}")) == set(
                zip(some["steady_base"], some["share"], strict=True)
            )
        told = own[own["outlier"]]
        assert points(named(figure, rf"outlier-{question}")) == set(
            zip(told["steady_base"], told["share"], strict=True)
        )
        judged = own[own["target"].notna()]
        if len(judged):
            drawn_limits = dict(points(named(figure, rf"outer-upper-{question}")))
            assert (min(drawn_limits), max(drawn_limits)) == (judged["steady_base"].min(), judged["steady_base"].max())
            assert {drawn_limits[base] for base in judged["steady_base"]} == set(judged["upper"])
    assert "tog ställning" in {text.get_text() for text in figure.findobj(Text)}


def test_the_funnel_names_the_unit_that_stands_apart_and_rings_ones_own() -> None:
    table = table_of("funnel", own="krokom-2")
    here = table[table["question"] == "kontaktvagar"]
    assert list(here.loc[here["outlier"], "unit"]) == [invented.APART]
    assert table["unit"].tolist() == sorted(invented.UNITS) * 7, "by key, never by share"
    figure = chart_of("funnel").draw(table, TEXTS["sv"])
    rings = named(figure, r"own-.*")
    assert points(rings) == {(row["steady_base"], row["share"]) for row in frame.records(table[table["own"]])}
    words = " ".join(text.get_text() for text in figure.findobj(Text))
    assert "Ring: Krokoms hälsocentral 2." in words and "Östersunds hälsocentral 3:" in words
    assert "Åres hälsocentral" not in words
    assert not named(drawn("funnel", "sv"), r"own-.*")


def test_a_unit_lies_among_those_of_its_topmost_place() -> None:
    alone = charts.table_of("funnel", long.editions(), "u05")
    assert set(alone["unit"]) == set(long.UNITS) and set(alone["place"]) == {"region"}
    assert set(alone.loc[alone["own"], "unit"]) == {"u05"}
    own = charts.table_of("funnel", long.editions(), "are")
    assert set(own["unit"]) == set(long.UNITS[11:]) and not own["own"].any()
    assert drawn_long("funnel") is not None


def test_the_funnel_counts_units_apart_where_they_are_too_many_to_name() -> None:
    table = table_of("funnel").copy()
    here = (table["question"] == "overblick") & table["target"].notna()
    table.loc[here, "outlier"] = True
    assert f"enheter utanför: {here.sum()}" in chart_of("funnel").describe(table, TEXTS["sv"])


def test_a_whole_that_is_hidden_has_no_funnel() -> None:
    cells = invented.cells(1).copy()
    cells.loc[cells["place"] == "region", ["status", "share"]] = ["hidden", np.nan]
    table = FunnelChart("patient").table(cells, invented.gaps(1), "region")
    assert table["target"].isna().all() and not table["outlier"].any()
    with pytest.raises(ValueError, match="none of these editions"):
        FunnelChart("patient").table(cells, invented.gaps(1), "atlantis")


def test_no_list_of_like_units_is_judged_by_chance_and_noise() -> None:
    """Units that are all alike: hardly ever is one told apart, over all units and questions of the picture."""
    rng, told, draws, noise = np.random.default_rng(20261127), 0, 60, invented.NOISE["unit"]
    for _ in range(draws):
        n = np.tile(rng.integers(20, 200, 20), 7).astype(float)
        yes = rng.binomial(n.astype(int), 0.55) + np.rint(rng.normal(0, np.sqrt(noise), len(n)))
        base = n + np.rint(rng.normal(0, np.sqrt(noise), len(n)))
        units = pd.DataFrame({"question": np.repeat(frame.QUESTIONS, 20), "status": "shown", "noise": noise})
        units = units.assign(steady_yes=yes, base=base, steady_base=base, share=(100 * yes / base).round(1))
        told += bool(unit_comparison.with_funnel_limits(units, dict.fromkeys(frame.QUESTIONS, 55.0))["outlier"].any())
    assert told / draws <= 0.1


def test_the_forest_has_every_unit_by_name_with_its_gap_and_its_shrunken_one() -> None:
    name = "units-overblick"
    table, figure = table_of(name), drawn(name, "sv")
    gaps = {row["unit"]: row for row in frame.records(table[table["role"] == ""])}
    assert set(gaps) == {"", *invented.UNITS}
    for unit, row in gaps.items():
        key, shown = unit or "all", row["status"] == "shown"
        assert bool(named(figure, rf"interval-{key}")) == shown
        shrunk = points(named(figure, rf"shrunk-{key}"))
        assert {x for x, _ in shrunk} == ({row["shrunk"]} if shown and unit else set())
    heights = {
        unit: next(iter(points(named(figure, rf"interval-{unit}"))))[1]
        for unit, row in gaps.items()
        if unit and row["status"] == "shown"
    }
    assert sorted(heights, key=lambda unit: heights[unit]) == [unit for unit in _by_name() if unit in heights]


def _by_name() -> list[str]:
    last = str.maketrans("åäö", "{|}")
    return sorted(invented.UNITS, key=lambda unit: invented.NAMES[unit].casefold().translate(last))


def test_a_funnel_of_units_that_are_mostly_too_unsure_is_not_shown() -> None:
    table = table_of("funnel")
    assert unit_comparison.mostly_shown(table)
    unsure = table.assign(status=["shown" if at % 3 == 0 else "unsure" for at in range(len(table))])
    assert not unit_comparison.mostly_shown(unsure)
    assert not unit_comparison.mostly_shown(table.assign(status="hidden"))


def test_the_forest_tells_of_a_unit_what_its_own_page_tells() -> None:
    table = table_of("units-overblick")
    gaps = table[(table["role"] == "") & (table["unit"] != "") & (table["status"] == "shown")]
    told = gaps[gaps["gap_distinct"]]
    own = invented.gaps()
    own = own[
        own["place"].isin(set(gaps["unit"]))
        & (own["round"] == gaps["round"].iloc[0])
        & (own["question"] == "overblick")
        & own["distinct"]
    ]
    assert set(told["unit"]) == set(own["place"])
    assert ((told["low"] > 0) | (told["high"] < 0)).all() and 0 < len(told) < len(gaps)
    said = chart_of("units-overblick").headline(table, TEXTS["sv"])
    assert said == f"Överblick: skillnaden är mer än slump i {len(told)} av {len(gaps)} enheter"
    words = chart_of("units-overblick").describe(table, TEXTS["sv"])
    assert "sammanvägd med de andra" in words and "minsta skillnad som hade gått att se" in words


def test_very_many_units_have_no_forest_of_their_own() -> None:
    table = table_of("units-overblick", own="krokom-2")
    units = table[(table["role"] == "") & (table["unit"] != "")]
    more = [units.assign(unit=units["unit"] + f"-{n}", own=False) for n in range(MAX_ROWS // len(units) + 1)]
    many = pd.concat([table, *more], ignore_index=True)
    assert "för många för bilden" in chart_of("units-overblick").subtitle(many, TEXTS["sv"])
    figure = chart_of("units-overblick").draw(many, TEXTS["sv"])
    drawn_units = set(named(figure, r"interval-.*"))
    assert drawn_units <= {"interval-all", "interval-krokom-2"}
