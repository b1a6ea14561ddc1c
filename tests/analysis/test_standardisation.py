"""Shares as the population is made up, against a published example and what must hold."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.intervals import difference_p_value, share_interval
from analysis.measures.noise import variance
from analysis.measures.standardisation import mix_change, standardised
from bench.invented_rounds import answers, drawn

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


def test_noise_widens_it_and_it_still_holds_the_truth() -> None:
    rng, held, naive, draws = np.random.default_rng(6), 0, 0, 600
    truth, people, n = np.array([0.3, 0.5, 0.7, 0.9]), np.array([4.0, 3, 2, 1]), np.array([40, 60, 50, 30])
    s, target = np.full(4, variance(0.25)), float(np.sum(truth * people) / 10)
    for _ in range(draws):
        counts = answers(rng, n, truth, 0.1) + drawn(rng, (4,), 0.25)
        x, base = counts[:, 0].astype(float), counts.sum(axis=1).astype(float)
        found = standardised(x, base, people, noises=s)
        held += found.low <= target <= found.high
        bare = standardised(x.clip(0, base), base, people)
        naive += bare.low <= target <= bare.high
    assert 0.92 <= held / draws <= 0.985
    assert naive / draws < 0.9


def rounds(yes: list[float], base: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"successes": yes, "base": base}, index=["woman", "man", "other"][: len(yes)])


def test_other_people_are_no_real_change() -> None:
    """Women say yes in 80 of 100 and men in 40, in both rounds; in the second more men answer."""
    found = mix_change(rounds([80, 40], [100, 100]), rounds([80, 120], [100, 300]))
    assert found.crude == pytest.approx(0.5 - 0.6)
    assert found.real == pytest.approx(0) and found.mix == pytest.approx(-0.1)
    assert found.low < 0 < found.high and found.left_out == pytest.approx(0)


def test_a_change_in_every_group_is_real() -> None:
    found = mix_change(rounds([80, 40], [100, 100]), rounds([90, 50], [100, 100]))
    assert (found.crude, found.real, found.mix) == pytest.approx((0.1, 0.1, 0))
    assert found.low < 0.1 < found.high
    wide = mix_change(rounds([80, 40], [100, 100]), rounds([90, 50], [100, 100]), extra=0.01)
    assert wide.high - wide.low > found.high - found.low
    women = mix_change(
        rounds([80, 40], [100, 100]), rounds([90, 40], [100, 100]), weights=pd.Series({"woman": 9, "man": 1})
    )
    assert women.real == pytest.approx(0.09)


def test_groups_of_one_round_alone_are_left_out_and_told() -> None:
    found = mix_change(rounds([80, 40, 10], [100, 100, 50]), rounds([90, 50], [100, 100]))
    assert found.left_out == pytest.approx(0.2) and found.crude == pytest.approx(0.1)
    with pytest.raises(ValueError, match="both rounds"):
        mix_change(rounds([1], [2]), rounds([1], [2]).set_axis(["nobody"]))


def test_the_real_change_holds_the_truth_while_people_change() -> None:
    rng, held, draws = np.random.default_rng(7), 0, 250
    s, p = variance(0.25), np.array([0.8, 0.4])
    for _ in range(draws):
        frames = []
        for n in ([150, 80], [80, 150]):
            counts = answers(rng, n, p, 0.1) + drawn(rng, (2,), 0.25)
            frames.append(rounds(counts[:, 0].tolist(), counts.sum(axis=1).tolist()).assign(noise=s))
        found = mix_change(*frames)
        held += found.low <= 0 <= found.high
    assert 0.92 <= held / draws <= 0.985


def test_what_is_left_has_the_p_of_groups_that_have_not_changed() -> None:
    """Of one group it is the score test's, however lopsided the interval."""
    one = [pd.DataFrame({"successes": [yes], "base": [20.0]}, index=["woman"]) for yes in (12.0, 19.0)]
    assert mix_change(*one).p_value == pytest.approx(difference_p_value(19, 20, 12, 20))
    assert mix_change(*one, extra=0.01).p_value == pytest.approx(difference_p_value(19, 20, 12, 20, extra=0.01))
