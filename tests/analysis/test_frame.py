"""The frames' contracts, and how frames come out of editions."""

import copy
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import frame
from analysis.intervals import difference_interval, difference_p_value
from analysis.trend import adjust
from tests.analysis.invented import ROUNDS, band_cell, edition, editions, hidden_cell, shown_cell


@pytest.fixture(scope="module")
def all_editions() -> list[dict[str, Any]]:
    return editions()


def unit_edition(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    """An edition whose unit has these cells (patient, provider), question by question; the rest hidden."""
    pairs = pairs + [(hidden_cell(), hidden_cell())] * (7 - len(pairs))
    cells = [
        {"place": place, "role": role, "question": question, **cell}
        for place in ("region", "ostersund", "odensala")
        for question, pair in zip(frame.QUESTIONS, pairs, strict=True)
        for role, cell in zip(frame.ROLES, pair, strict=True)
    ]
    return edition(0, cells)


def test_cells_have_their_contract_and_every_cell(all_editions: list[dict[str, Any]]) -> None:
    cells = frame.cells(all_editions)
    assert list(cells.columns) == list(frame.CELLS)
    assert len(cells) == sum(len(edition["cells"]) for edition in all_editions)
    first = all_editions[0]["cells"][0]
    assert cells.loc[0, "share"] == first["share"]
    assert cells.loc[0, "yes"] == first["codes"]["yes"]
    assert cells.loc[0, "dont_know"] == 4
    assert cells.loc[0, "date"] == pd.Timestamp("2022-04-15")
    assert cells["date"].is_monotonic_increasing


def test_hidden_cells_hold_nothing(all_editions: list[dict[str, Any]]) -> None:
    cells = frame.cells(all_editions)
    hidden = cells[cells["status"] == "hidden"]
    assert len(hidden)
    numbers = [name for name, kind in frame.CELLS.items() if kind == "number"]
    assert hidden[numbers].isna().all().all()


def test_gaps_have_every_place_question_and_round(all_editions: list[dict[str, Any]]) -> None:
    gaps = frame.gaps(all_editions)
    assert len(gaps) == len(ROUNDS) * 3 * 7
    assert set(gaps.loc[gaps["level"] == "unit", "kind"]) == {"unit"}
    assert set(gaps.loc[gaps["level"] != "unit", "kind"]) == {"pooled"}
    newest = gaps[(gaps["place"] == "ostersund") & (gaps["round"] == ROUNDS[-1])].set_index("question")
    assert newest.loc["nasta_steg", "since"] == ROUNDS[0]
    assert newest.loc["nasta_steg", "change_low"] == -33


def test_one_place_is_the_same_rows(all_editions: list[dict[str, Any]]) -> None:
    for build in (frame.cells, frame.gaps):
        whole = build(all_editions)
        part = build(all_editions, "odensala")
        expected = whole[whole["place"] == "odensala"].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, expected)


def test_newest_edition_of_a_round_counts(all_editions: list[dict[str, Any]]) -> None:
    again = copy.deepcopy(all_editions[0])
    again["number"] = 99
    again["cells"] = [{**cell, **hidden_cell()} for cell in again["cells"]]
    cells = frame.cells([again, *all_editions])
    assert set(cells.loc[cells["round"] == ROUNDS[0], "status"]) == {"hidden"}
    assert list(cells["round"].unique()) == list(ROUNDS)


def test_unit_gap_comes_from_the_published_figures_alone() -> None:
    pairs = [(shown_cell(40, 60), shown_cell(80, 15)), (shown_cell(50, 60), shown_cell(53, 15))]
    gaps = frame.gaps([unit_edition(pairs)], "odensala").set_index("question")
    sides = [(0.8 * 15, 15, 0.4 * 60, 60), (0.53 * 15, 15, 0.5 * 60, 60)]
    ps = adjust([difference_p_value(*side) for side in sides])
    for question, side, p in zip(("trygghet", "overenskommelse"), sides, ps, strict=True):
        limits = difference_interval(*side)
        row = gaps.loc[question]
        assert (row["low"], row["high"]) == (round(100 * limits.low), round(100 * limits.high))
        assert row["p"] == pytest.approx(p, abs=1e-4)
    assert gaps.loc["trygghet", "gap"] == 40
    assert gaps["distinct"].to_list() == [True] + [False] * 6
    assert set(gaps["status"].iloc[2:]) == {"hidden"}


def test_interval_alone_does_not_make_a_gap_distinct() -> None:
    """The interval leaves zero out, but p adjusted over seven questions does not reach 0.05."""
    one = (shown_cell(40, 100), shown_cell(58, 60))
    alone = frame.gaps([unit_edition([one])], "odensala").iloc[0]
    among = frame.gaps([unit_edition([one] + [(shown_cell(50, 100), shown_cell(50, 60))] * 6)], "odensala").iloc[0]
    assert alone["low"] == among["low"] > 0
    assert alone["distinct"]
    assert not among["distinct"]


def test_capped_share_enters_as_its_band() -> None:
    row = frame.gaps([unit_edition([(shown_cell(30, 60), band_cell(75, 100, 15))])], "odensala").iloc[0]
    assert row["status"] == "band"
    assert np.isnan(row["gap"])
    assert (row["gap_low"], row["gap_high"]) == (45, 70)
    for share in (75, 80, 93, 100):
        limits = difference_interval(share * 0.15, 15, 18, 60)
        assert row["low"] <= round(100 * limits.low)
        assert row["high"] >= round(100 * limits.high)
        assert row["p"] >= round(difference_p_value(share * 0.15, 15, 18, 60), 4)
    assert row["distinct"]


def test_band_over_the_other_share_is_never_distinct() -> None:
    for pair in (
        (shown_cell(85, 60), band_cell(75, 100, 15)),
        (band_cell(80, 100, 60), band_cell(75, 100, 15)),
    ):
        row = frame.gaps([unit_edition([pair])], "odensala").iloc[0]
        assert row["p"] == 1
        assert not row["distinct"]


def test_check_tells_every_fault() -> None:
    cells = frame.cells(editions()[:1])
    broken = cells.drop(columns=["share"]).assign(n="many", date="yesterday")
    with pytest.raises(frame.FrameError) as told:
        frame.check(broken, frame.CELLS)
    assert "share is missing" in str(told.value)
    assert "n holds" in str(told.value)
    assert "date holds" in str(told.value)
    assert frame.check(cells.assign(more=1), frame.CELLS) is not None


def test_no_edition_gives_empty_frames() -> None:
    assert frame.cells([]).empty
    assert frame.gaps([]).empty


def test_of_several_changes_the_one_since_the_earliest_round_is_read() -> None:
    made = editions()
    (change,) = made[-1]["gap_changes"]
    # By name the autumn comes before the spring; in time it doesn't.
    assert ROUNDS[1] < ROUNDS[0] == change["since"]
    for changes in ([change, change | {"since": ROUNDS[1]}], [change | {"since": ROUNDS[1]}, change]):
        gaps = frame.gaps([*made[:-1], made[-1] | {"gap_changes": changes}], "ostersund")
        assert set(gaps["since"]) == {"", ROUNDS[0]}
