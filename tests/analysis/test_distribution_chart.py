"""The spread of answers: bars show their table, units have no partly and no apart, and half is told by test alone."""

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis.charts import distribution
from analysis.frames import frame
from analysis.sentences import distribution as distribution_sentences
from tests.analysis import invented_places as invented
from tests.analysis.drawn import marks


@pytest.mark.parametrize("place", ["region", "ostersund", "ostersund-3", "are-1"])
def test_spread_draws_the_table(place: str) -> None:
    table = distribution.table(invented.cells(2), invented.gaps(2), place)
    figure = distribution.draw(table, invented.SWEDISH)
    bars = {gid: (bar.get_x(), bar.get_x() + bar.get_width()) for gid, bar in marks(figure, Rectangle).items()}
    lines = marks(figure, Line2D)
    for row in frame.records(table):
        key = f"{row['role']}-{row['question']}"
        there = {gid.removesuffix(f"-{key}") for gid in bars if gid.endswith(key)}
        assert (f"interval-{key}" in lines) == (row["status"] == "interval")
        if not frame.is_known(row["share"]):
            assert not there
            continue
        assert bars[f"yes-{key}"] == (0, row["share"])
        if frame.is_known(row["partly"]):
            assert bars[f"partly-{key}"] == (-row["partly"], 0)
            assert bars[f"no-{key}"] == pytest.approx((-row["partly"] - row["no"], -row["partly"]))
        else:
            assert bars.get(f"not_yes-{key}", (0, 0)) == (row["share"] - 100, 0)
    assert table["partly"].notna().any() == (place in ("region", "ostersund"))


def test_an_uncertain_bar_is_hollow_and_what_is_not_shown_says_why() -> None:
    table = distribution.table(invented.cells(2), invented.gaps(2), "ostersund-3")
    figure = distribution.draw(table, invented.SWEDISH)
    bars = marks(figure, Rectangle)
    for row in frame.records(table):
        if frame.is_known(row["share"]) and row["share"] > 0:
            tint = bars[f"yes-{row['role']}-{row['question']}"].get_facecolor()[3]
            assert (tint < 1) == (row["status"] == "hollow")
    hidden = distribution.table(invented.cells(2, hidden=True), invented.gaps(2, hidden=True), "ostersund-3")
    words = {text.get_text() for text in distribution.draw(hidden, invented.SWEDISH).findobj(Text)}
    assert "för få svar" in words
    said = distribution.describe(table, invented.SWEDISH)
    assert "inte ja" in said and "delvis" not in said.replace("ja, delvis eller nej", "")


def test_half_is_told_only_outside_the_interval_after_holm_and_never_of_the_uncertain() -> None:
    table = distribution.table(invented.cells(2), invented.gaps(2), "ostersund-3")
    unsure = table["status"] != "shown"
    assert (table.loc[unsure, "majority"] == "").all() and table.loc[unsure, "p"].isna().all()
    told = table[table["majority"] != ""]
    assert len(told) and ((told["low"] > 50) | (told["high"] < 50)).all() and (told["p"] < 0.05).all()
    assert distribution.headline(table, invented.SWEDISH).startswith(
        "Av patienter som tog ställning svarar fler än hälften ja"
    )


def test_noise_is_part_of_what_is_told_from_half() -> None:
    table = distribution.table(invented.cells(2), invented.gaps(2), "region").assign(yes=np.nan)
    exact = distribution_sentences.with_majority(table.assign(noise=0.0))["p"]
    assert (exact <= distribution_sentences.with_majority(table)["p"] + 1e-4).all()
