"""Shares as the population is made up, against a published example and what must hold."""

import numpy as np
import pytest

from analysis.intervals import share_interval
from analysis.standard import standardised

# Fleiss, Statistical Methods for Rates and Proportions (2nd ed. 1981, p. 249): children with Down's syndrome by the
# mother's age, for the first to the fourth child; direct rates and limits (Fay and Feuer) as the R package epitools
# prints them.
STANDARD = [63986.6, 186263.6, 157302.2, 97647.0, 47572.6, 12262.6]
BORN = {
    1: [230061, 329449, 114920, 39487, 14208, 3052],
    2: [72202, 326701, 208667, 83228, 28466, 5375],
    3: [15050, 175702, 207081, 117300, 45026, 8660],
}
CASES = {1: [107, 141, 60, 40, 39, 25], 2: [25, 150, 110, 84, 82, 39], 3: [3, 71, 114, 103, 108, 75]}
RATES = {1: (92.3, 80.4, 106.0), 2: (91.2, 82.4, 101.0), 3: (85.1, 77.2, 94.2)}


@pytest.mark.parametrize("child", BORN)
def test_rates_as_published(child: int) -> None:
    found = standardised(CASES[child], BORN[child], STANDARD)
    rate, low, high = RATES[child]
    assert 1e5 * found.share == pytest.approx(rate, abs=0.06)
    assert (1e5 * found.low, 1e5 * found.high) == pytest.approx((low, high), abs=1.5), "by another method, as near"
    assert found.left_out == 0


def test_one_group_is_its_own_share() -> None:
    found, wilson = standardised([30], [50], [1000]), share_interval(30, 50)
    assert (found.share, found.low, found.high) == pytest.approx((0.6, wilson.low, wilson.high))


def test_groups_as_the_population_change_nothing() -> None:
    found = standardised([10, 60], [40, 80], [4000, 8000])
    assert found.share == pytest.approx(70 / 120)


def test_a_hidden_group_is_left_out_and_told() -> None:
    found = standardised([10, np.nan, 20], [40, np.nan, 40], [100, 50, 50])
    assert found.left_out == pytest.approx(0.25)
    assert found.share == pytest.approx((0.25 * 100 + 0.5 * 50) / 150)


def test_all_alike_is_no_certainty() -> None:
    found = standardised([20, 30], [20, 30], [1, 1])
    assert found.share == found.high == 1 and found.low < 0.95


def test_the_interval_holds_the_truth() -> None:
    rng, held, draws = np.random.default_rng(5), 0, 1500
    truth, people, n = np.array([0.3, 0.5, 0.7, 0.9]), np.array([4.0, 3, 2, 1]), np.array([15, 40, 30, 20])
    for _ in range(draws):
        found = standardised(rng.binomial(n, truth), n, people)
        held += found.low <= float(np.sum(truth * people) / 10) <= found.high
    assert 0.93 <= held / draws <= 0.98


@pytest.mark.parametrize(("x", "n", "people"), [([], [], []), ([1], [2], [0]), ([np.nan], [np.nan], [5])])
def test_what_is_no_population_is_refused(x: list[float], n: list[float], people: list[float]) -> None:
    with pytest.raises(ValueError, match="group"):
        standardised(x, n, people)
