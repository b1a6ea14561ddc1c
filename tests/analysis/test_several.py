"""Rounds read together: unclamped sums, without bias, and half as wide."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.gap import pooled_gap
from analysis.measures.intervals import Count
from analysis.measures.noise import share, variance
from analysis.measures.pooled_rounds import sum_rounds_by_unit
from bench.invented_rounds import answers, drawn

S = variance(1.0)


def test_four_rounds_of_a_staff_unit_hold_the_truth_without_bias() -> None:
    rng, p = np.random.default_rng(41), 0.85
    counts = answers(rng, np.full((2000, 4), 9), p, 0.05) + drawn(rng, (2000, 4), 1.0)
    found = [Count(float(yes), float(yes + no), 4 * S) for yes, no in counts.sum(axis=1)]
    limits = [each.interval() for each in found]
    assert 0.93 <= np.mean([not each.excludes(p) for each in limits]) <= 0.985
    assert np.mean([share(each.yes, each.base, each.noise) for each in found]) == pytest.approx(p, abs=0.006)
    cut = [share(max(0, min(yes, yes + no)), max(1, yes + no), 0.0) for rounds in counts for yes, no in rounds]
    assert abs(np.mean(cut) - p) > 0.02, "cut before they are added they would be, or this proves nothing"
    assert np.mean([each.half_width for each in limits]) < 0.24


def test_units_are_added_by_name() -> None:
    first = pd.DataFrame(
        {"unit": ["a", "b"], "successes_1": [4, 6], "base_1": [6, 9], "successes_2": [20, 30], "base_2": [40, 40]}
    ).assign(noise_1=S, noise_2=S)
    second = first.assign(unit=["b", "c"])
    found = sum_rounds_by_unit([first, second]).set_index("unit")
    assert found.loc["b"].tolist() == [10, 15, 50, 80, 2 * S, 2 * S]
    assert found.loc["c", "base_1"] == 9 and len(found) == 3
    two, one = pooled_gap(sum_rounds_by_unit([first, first])), pooled_gap(first)
    assert two.estimate == pytest.approx(one.estimate, abs=0.02) and two.se < 0.8 * one.se
    with pytest.raises(ValueError, match="no round"):
        sum_rounds_by_unit([])
