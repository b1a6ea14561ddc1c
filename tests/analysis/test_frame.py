"""The frames' contracts, and how frames come out of editions."""

import copy
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from analysis.frames import frame
from analysis.frames.frame import ROWS_BY_PLACE
from tests.analysis.invented import ROUNDS, editions


@pytest.fixture(scope="module")
def all_editions() -> list[dict[str, Any]]:
    return editions()


HIDDEN = {"status": "hidden"} | dict.fromkeys(("n", "counts", "noise", "noise_part", "share", "low", "high"))


def test_cells_have_their_contract_and_every_cell(all_editions: list[dict[str, Any]]) -> None:
    cells = frame.cells(all_editions)
    assert list(cells.columns) == list(frame.CELLS)
    assert len(cells) == sum(len(edition["cells"]) for edition in all_editions)
    first = all_editions[0]["cells"][0]
    assert cells.loc[0, "share"] == first["share"]
    assert cells.loc[0, "yes"] == first["share"]
    assert cells.loc[0, "base"] == first["counts"]["yes"] + first["counts"]["not_yes"]
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
    assert set(gaps.loc[gaps["level"] != "unit", "kind"]) <= {"units", "matched"}
    newest = gaps[(gaps["place"] == "ostersund") & (gaps["round"] == ROUNDS[-1])].set_index("question")
    assert newest.loc["nasta_steg", "since"] == ROUNDS[0]
    assert newest.loc["nasta_steg", "change_low"] < newest.loc["nasta_steg", "change_high"]


def test_one_place_is_the_same_rows(all_editions: list[dict[str, Any]]) -> None:
    for build in (frame.cells, frame.gaps):
        whole = build(all_editions)
        part = build(all_editions, "odensala")
        expected = whole[whole["place"] == "odensala"].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, expected)


class Counted(list[dict[str, Any]]):
    """Rows that know how often they have been walked through."""

    walks = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.walks += 1
        return super().__iter__()


def test_an_edition_is_walked_through_once_however_many_its_places(all_editions: list[dict[str, Any]]) -> None:
    counted = [
        {name: Counted(value) if isinstance(value, list) else value for name, value in edition.items()}
        for edition in all_editions
    ]
    pd.testing.assert_frame_equal(frame.gaps(counted), frame.gaps(all_editions))
    assert {name: rows.walks for name in ROWS_BY_PLACE for rows in (each[name] for each in counted)} == dict.fromkeys(
        ROWS_BY_PLACE, 1
    )


def test_several_places_are_the_same_rows(all_editions: list[dict[str, Any]]) -> None:
    whole, wanted = frame.gaps(all_editions), ["ostersund", "odensala"]
    expected = whole[whole["place"].isin(wanted)].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        frame.gaps(all_editions, wanted), expected.sort_values(["date"], kind="stable").reset_index(drop=True)
    )
    assert frame.gaps(all_editions, []).empty


def test_newest_edition_of_a_round_counts(all_editions: list[dict[str, Any]]) -> None:
    again = copy.deepcopy(all_editions[0])
    again["number"] = 99
    again["cells"] = [{**cell, **HIDDEN} for cell in again["cells"]]
    cells = frame.cells([again, *all_editions])
    assert set(cells.loc[cells["round"] == ROUNDS[0], "status"]) == {"hidden"}
    assert list(cells["round"].unique()) == list(ROUNDS)


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


def joined(made: list[dict[str, Any]], place: str, number: int) -> list[dict[str, Any]]:
    """The editions as they are read where others have gone up in a place before round `number`."""
    made = copy.deepcopy(made)
    for each in made[number]["places"]:
        each["joined"] = each["key"] == place
    return made


@pytest.mark.parametrize("place", ["ostersund", "odensala"])
def test_a_gap_is_never_compared_with_what_the_place_was_before_others_went_up_in_it(
    place: str, all_editions: list[dict[str, Any]]
) -> None:
    since = {body["round"]["key"]: number for number, body in enumerate(all_editions)}
    newest = frame.gaps(joined(all_editions, place, 3), place).query("round == @ROUNDS[-1]")
    assert all(not row["since"] or since[row["since"]] >= 3 for row in frame.records(newest))
    before = frame.gaps(all_editions, place).query("round == @ROUNDS[-1]")
    assert ROUNDS[0] in set(before["since"]), "the control"
