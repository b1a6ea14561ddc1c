"""Two groups on several questions as one family, a jump of those outside, and a scale with or without "delvis"."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import charts
from analysis.frames.schema import QUESTIONS
from analysis.measures.compared import (
    NonSubstantive,
    compare_pairs,
    gap_with_partly,
    non_substantive_jump,
)
from analysis.measures.gap import unit_gap
from analysis.measures.intervals import Count, difference_interval, difference_p_value
from analysis.measures.noise import count_variance, share, variance
from analysis.measures.trend_tests import adjust
from bench.invented_rounds import answers, drawn
from tests.analysis.invented import cell_of, edition
from tests.analysis.sentences_of import all_cells

REGION = variance(0.25)


def test_each_row_is_newcombes_and_all_are_one_family() -> None:
    pairs = pd.DataFrame(
        {"successes_1": [60, 50, 48], "base_1": 80, "successes_2": [40, 50, 40], "base_2": [80, 80, 60]},
        index=["trygghet", "overblick", "nasta_tid"],
    )
    found = compare_pairs(pairs)
    ps = [difference_p_value(*row) for row in pairs.to_numpy(dtype=float).tolist()]
    assert found["p"].tolist() == pytest.approx(adjust(ps).tolist())
    limits = difference_interval(60, 80, 40, 80)
    assert found.loc["trygghet", ["difference", "low", "high"]].tolist() == pytest.approx(
        [0.25, limits.low, limits.high]
    )
    assert found["distinct"].tolist() == [True, False, False]
    assert compare_pairs(pairs.assign(noise_1=REGION, noise_2=REGION))["p"].iloc[0] > found["p"].iloc[0]


def test_women_and_men_alike_are_seldom_told_apart() -> None:
    """Seven questions, noise on: a family says so in five of a hundred at most; each for itself in far more."""
    rng, said, alone, draws = np.random.default_rng(51), 0, 0, 200
    for _ in range(draws):
        p = rng.uniform(0.4, 0.9, 7)
        sides = [answers(rng, np.full(7, n), p, 0.1) + drawn(rng, (7,), 0.25) for n in (220, 180)]
        counts = np.column_stack([column for side in sides for column in (side[:, 0], side.sum(axis=1))])
        pairs = pd.DataFrame(counts, columns=["successes_1", "base_1", "successes_2", "base_2"])
        found = compare_pairs(pairs.assign(noise_1=REGION, noise_2=REGION))
        said += bool(found["distinct"].any())
        alone += bool(((found["low"] > 0) | (found["high"] < 0)).any())
    assert said / draws <= 0.08
    assert alone / draws > 0.15


def test_a_jump_is_over_five_points_and_sure() -> None:
    assert non_substantive_jump(NonSubstantive(30, 600), NonSubstantive(90, 600)).flagged
    assert not non_substantive_jump(NonSubstantive(60, 600), NonSubstantive(84, 600)).flagged, "four points"
    assert not non_substantive_jump(NonSubstantive(1, 10, 3.163), NonSubstantive(3, 10, 3.163)).flagged, (
        "twenty points of ten answers"
    )
    found = non_substantive_jump(NonSubstantive(-3, 40, 3.163), NonSubstantive(10, 40, 3.163))
    assert found.change == 0.25 and found.flagged and found.low < 0.25 < found.high


def outside_rounds(parts: list[float], restless: tuple[str, ...] = ("trygghet",), n: int = 203) -> list[dict[str, Any]]:
    """The region's rounds where this part of the patients takes no stand on some questions."""
    made = []
    for number, part in enumerate(parts):
        cells = all_cells(cell_of(100, 100, 22), cell_of(100, 100, 22))
        moved = {"patient": part, "provider": 0.1}
        for cell in cells:
            if cell["question"] in restless:
                out = round(n * moved[cell["role"]])
                cell.update(cell_of((n - out) / 2, (n - out) / 2, out, 3.163))
        made.append(edition(number, cells))
    return made


def test_a_jump_is_of_all_who_answered_and_not_of_their_number_as_it_is_printed() -> None:
    """Of 203 that are printed as 205: ten points are ten points."""
    table = charts.table_of("change", outside_rounds([0.1] * 3 + [0.3]), "odensala")
    row = table[(table["question"] == "trygghet") & (table["role"] == "patient")].iloc[0]
    assert row["non_substantive"] == round(100 * (round(203 * 0.3) - round(203 * 0.1)) / 203, 1)


def test_a_jump_is_more_than_such_parts_jump_by_themselves() -> None:
    restless = charts.table_of("change", outside_rounds([0.1, 0.3, 0.1, 0.3], QUESTIONS), "odensala")
    assert restless["non_substantive"].isna().all()


def test_jumps_are_seldom_flagged_where_there_are_none() -> None:
    rng, s, flagged, draws = np.random.default_rng(52), variance(1.0), 0, 800
    for _ in range(draws):
        then, now = (NonSubstantive(rng.binomial(40, 0.15) + int(drawn(rng, (), 1.0)[0]), 40, s) for _ in range(2))
        flagged += non_substantive_jump(then, now).flagged
    assert flagged / draws <= 0.06


def test_a_share_with_partly_as_yes_holds_the_truth() -> None:
    d = count_variance(0.25)
    rng, held, draws, p = np.random.default_rng(53), 0, 800, 0.76
    for _ in range(draws):
        yes, partly, _ = rng.multinomial(200, [0.60, 0.16, 0.24])
        u, v = drawn(rng, (), 0.25)
        laplace = rng.geometric(1 - np.exp(-0.25)) - rng.geometric(1 - np.exp(-0.25))
        as_yes = Count(float(yes + u + partly + laplace), float(200 + u + v), REGION + d * 4 / 3)
        held += not as_yes.interval().excludes(p)
    assert 0.93 <= held / draws <= 0.985


def test_the_gap_with_partly_as_yes() -> None:
    gap, d = unit_gap((300, 500, 350, 700)), count_variance(0.25)
    moved = gap_with_partly(gap, provider=(80, 500, REGION, d))
    part = share(80.0, 500.0, REGION + d * 4 / 3)
    assert moved.estimate == pytest.approx(gap.estimate + part)
    assert moved.low < moved.estimate < moved.high and moved.se > gap.se
    assert moved.high - moved.low > gap.high - gap.low
    assert gap_with_partly(gap, patient=(80, 500, REGION, d)).estimate == pytest.approx(gap.estimate - part)
    assert gap_with_partly(gap) == gap
