"""The control chart and the rules for runs, against published examples and on simulated rounds."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binom

from analysis.measures.p_chart import p_prime_chart, runs, stage

# Montgomery, Introduction to Statistical Quality Control (7th ed. 2013), example 7.1: orange juice cans, 30 samples of
# 50. Centre 0.2313, limits 0.0524 and 0.4102, samples 15 and 23 outside.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
# The same book, section 7.3.2: purchase orders, samples of unlike size. Centre 0.0955; limits 0.007 to 0.184 at 100
# and up to 0.194 at 80 and 0.176 at 120.
ORDERS = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
ORDER_SIZES = [
    *(100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120),
    *(120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90),
]
# Mohammed, Panesar, Laney and Wilson 2013 (BMJ Quality & Safety 22:362), on Laney 2002: patients seen within four
# hours in the emergency departments of England over twenty weeks, and all who came.
SEEN = [
    *(266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320),
    *(267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989),
]
ATTENDED = [
    *(280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529),
    *(279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772),
]
# Anhøj and Olesen 2014; Anhøj 2015 (PLoS ONE 10(3) e0121349), table of limits: useful observations, the longest run
# and the fewest crossings that chance gives.
ANHOEJ = [(10, 6, 2), (12, 7, 3), (14, 7, 4), (16, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10), (100, 10, 41)]


def plain(chart_sigma: float, limit: float, center: float) -> float:
    """A limit of the p′ chart as the p chart would have it."""
    return center + (limit - center) / chart_sigma


def test_limits_as_published_for_equal_samples() -> None:
    chart = p_prime_chart(CANS, [50] * 30)
    center, sigma = chart["center"][0], chart["sigma_z"][0]
    assert center == pytest.approx(0.2313, abs=5e-5)
    assert plain(sigma, chart["upper"][0], center) == pytest.approx(0.4102, abs=5e-5)
    z = (np.array(CANS) / 50 - center) / np.sqrt(center * (1 - center) / 50)
    assert sigma == pytest.approx(max(1.0, float(np.abs(np.diff(z)).mean()) / 1.128))
    assert sigma > 1
    outside = np.abs(z) > 3
    assert [number + 1 for number in np.flatnonzero(outside)] == [15, 23]


def test_limits_as_published_for_unlike_samples() -> None:
    chart = p_prime_chart(ORDERS, ORDER_SIZES)
    assert sum(ORDER_SIZES) == 2450 and sum(ORDERS) == 234
    center, sigma = chart["center"][0], chart["sigma_z"][0]
    assert center == pytest.approx(0.0955, abs=5e-5)
    assert sigma == 1.0, "they vary less than chance alone, and the floor holds"
    by_size = {n: (chart["lower"][at], chart["upper"][at]) for at, n in enumerate(ORDER_SIZES)}
    assert by_size[100] == pytest.approx((0.007, 0.184), abs=5e-4)
    assert by_size[80][1] == pytest.approx(0.194, abs=5e-4)
    assert by_size[120][1] == pytest.approx(0.176, abs=5e-4)
    assert list(np.flatnonzero(chart["signal"]) + 1) == [11], "20 of 110"
    assert p_prime_chart(ORDERS, ORDER_SIZES, floor=False)["sigma_z"][0] < 1


def test_laney_widens_what_large_bases_make_too_narrow() -> None:
    """As published: most weeks are outside the p chart, none outside p′, whose limits are near the I chart's."""
    x, n = np.array(SEEN), np.array(ATTENDED)
    chart, shares = p_prime_chart(x, n), x / n
    spread = np.sqrt(chart["center"] * (1 - chart["center"]) / n)
    assert (np.abs(shares - chart["center"]) > 3 * spread).sum() > 10
    assert not chart["signal"].any()
    z = (shares - chart["center"]) / spread
    assert chart["sigma_z"][0] == pytest.approx(np.abs(np.diff(z)).mean() / 1.128)
    reach = 2.66 * np.abs(np.diff(shares)).mean()
    assert chart["upper"].to_numpy() == pytest.approx(np.full(20, shares.mean() + reach), abs=0.001)
    assert chart["lower"].to_numpy() == pytest.approx(np.full(20, shares.mean() - reach), abs=0.001)


def test_screening_leaves_out_a_range_that_is_itself_a_signal() -> None:
    x, n = [50] * 6 + [49, 51] * 3 + [90], [100] * 13
    assert p_prime_chart(x, n, screen=True)["sigma_z"][0] <= p_prime_chart(x, n)["sigma_z"][0]
    assert p_prime_chart(x, n, screen=True)["signal"].tolist()[-1]


def test_few_expected_answers_take_the_binomials_own_limits() -> None:
    x, n = [1, 0, 2, 1, 0, 1, 2, 1], [30] * 8
    chart = p_prime_chart(x, n)
    assert chart["upper"][0] == pytest.approx(binom.ppf(0.99865, 30, sum(x) / 240) / 30)
    assert (chart["lower"] == 0).all()
    assert not chart["signal"].any()
    alike = p_prime_chart([30] * 8, [30] * 8)
    assert (alike["lower"] == 1).all() and (alike["upper"] == 1).all() and not alike["signal"].any()


@pytest.mark.parametrize(("n", "longest", "crossings"), ANHOEJ)
def test_limits_of_runs_as_published(n: int, longest: int, crossings: int) -> None:
    found = runs([(-1) ** at for at in range(n)], 0)
    assert (found.n_useful, found.longest_run_max, found.crossings_min) == (n, longest, crossings)
    assert (found.longest_run, found.crossings, found.signal) == (1, n - 1, False)


def test_runs_by_hand() -> None:
    found = runs([1, 1, 0, -1, -1, -1, 1, -1, 0, -1, 1, 1], 0)  # useful: ++ --- + -- ++
    assert (found.n_useful, found.longest_run, found.crossings) == (10, 3, 4)
    assert not found.signal
    assert runs([1] * 8 + [-1] * 8, 0).signal
    assert not runs([0, 0, 0], 0).signal and runs([0, 0], 0).n_useful == 0
    assert runs([2], 1).crossings_min == 0


def test_stages() -> None:
    assert [stage(n) for n in (3, 7, 8, 11, 12, 40)] == ["few", "few", "preliminary", "preliminary", "full", "full"]


def test_what_is_no_series_is_refused() -> None:
    for x, n in (([], []), ([1], [0]), ([3], [2]), ([1, 2], [5])):
        with pytest.raises(ValueError, match="successes"):
            p_prime_chart(x, n)


def test_noise_widens_the_limits_as_fewer_answers_would() -> None:
    x, n = [30, 34, 28, 33, 31, 29, 35, 30], [50] * 8
    plain, noised = p_prime_chart(x, n), p_prime_chart(x, n, noises=[13.166] * 8)
    spread = 0.62 * 0.38 / 50 + 13.166 * (1 - 0.62 + 0.62**2) / 50**2
    center = noised["center"][0]
    assert center == pytest.approx(plain["center"][0], abs=0.002)
    assert noised["upper"][0] == pytest.approx(center + 3 * spread**0.5, abs=0.004)
    assert noised["upper"][0] > plain["upper"][0]
    assert not p_prime_chart([-1, *x[1:]], n, noises=[13.166] * 8).isna().any(axis=None)


Judge = Callable[[np.ndarray, np.ndarray], bool]


def p_prime(x: np.ndarray, n: np.ndarray) -> bool:
    """What the picture says: a round outside, or from twelve rounds a run."""
    chart = p_prime_chart(x, n)
    return bool(chart["signal"].any()) or (len(x) >= 12 and runs(x / n, float(np.median(x / n))).signal)


def p_chart(x: np.ndarray, n: np.ndarray) -> bool:
    """The control: as if chance alone made rounds unlike."""
    center = x.sum() / n.sum()
    return bool((np.abs(x / n - center) > 3 * np.sqrt(center * (1 - center) / n)).any())


def alarms(judge: Judge, rounds: int, shift: float, draws: int = 600) -> float:
    """How often it speaks, over published figures: whole percents and bases to the nearest five.

    A region's rounds: 400 to 899 answers, and round by round four points up or down beside chance; with a shift, the
    second half lies so much higher.
    """
    rng, spoken = np.random.default_rng(20261127), 0
    for _ in range(draws):
        n = rng.integers(400, 900, rounds)
        truth = 0.55 + rng.normal(0, 0.04, rounds)
        truth[rounds // 2 :] += shift
        share, base = np.rint(100 * rng.binomial(n, truth.clip(0, 1)) / n), 5 * np.rint(n / 5)
        spoken += judge(share * base / 100, base)
    return spoken / draws


@pytest.mark.parametrize(("rounds", "least"), [(8, 0.05), (12, 0.5), (20, 0.8)])
def test_false_alarms_and_power(rounds: int, least: float) -> None:
    assert alarms(p_prime, rounds, 0) <= 0.08
    assert alarms(p_prime, rounds, 0.12) >= least
    assert alarms(p_chart, rounds, 0, draws=200) > 0.3, "the p chart must fail, or this proves nothing"


if __name__ == "__main__":
    for rounds in (8, 12, 20):
        cases = ((p_prime, rounds, 0), (p_prime, rounds, 0.12), (p_chart, rounds, 0))
        false, power, naive = (alarms(*case, draws=4000) for case in cases)
        print(f"{rounds:3} rounds: false alarms {false:.1%}, power on 12 points {power:.1%}, p chart {naive:.1%}")
