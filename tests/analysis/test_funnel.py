"""Units beside each other: the limits, what units vary beside chance, and published hospitals."""

import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.meta_analysis import combine_effects

from analysis.measures.funnel import limits, overdispersion, p_values
from analysis.measures.noise import variance
from bench.invented_rounds import answers, drawn

# Deaths after heart surgery on infants in twelve hospitals, A to L (Spiegelhalter and others, BUGS Examples
# vol. I 1996, "Surgical"; Marshall and Spiegelhalter 2001): H has 31 of 215 where the whole has 208 of 2814.
DEATHS = [0, 18, 8, 46, 8, 13, 9, 31, 14, 8, 29, 24]
OPERATED = [47, 148, 119, 810, 211, 196, 148, 215, 207, 97, 256, 360]


def test_published_hospitals() -> None:
    assert sum(DEATHS) == 208 and sum(OPERATED) == 2814
    whole = 208 / 2814
    strict = limits(whole, OPERATED, 0.998)
    shares = np.array(DEATHS) / OPERATED
    assert [chr(65 + at) for at in np.flatnonzero(shares > strict["upper"])] == ["H"]
    assert not (shares < strict["lower"]).any()
    phi, tau2 = overdispersion(DEATHS, OPERATED)
    assert phi > 1 and tau2 > 0
    wide = limits(whole, OPERATED, 0.998, tau2)
    assert not (shares > wide["upper"]).any(), "against how unlike hospitals are, none is remarkable"
    assert p_values(DEATHS, OPERATED, whole)[7] < 0.001 < p_values(DEATHS, OPERATED, whole, tau2)[7]


def test_limits_by_hand() -> None:
    found = limits(0.5, [100, 400], 0.95)
    assert found["lower"].tolist() == pytest.approx([0.402, 0.451], abs=5e-4)
    assert found["upper"].tolist() == pytest.approx([0.598, 0.549], abs=5e-4)
    outer = limits(0.5, [100], 0.998)
    assert outer["upper"][0] == pytest.approx(0.5 + 3.0902 * 0.05, abs=5e-5)


def test_small_bases_take_the_binomials_own_limits() -> None:
    """Spiegelhalter 2005, appendix A.1.1: the count whose tail passes the level, moved in between the counts."""
    n, target = 30.0, 0.1
    found = limits(target, [n], 0.95)
    count = binom.ppf(0.975, n, target)
    assert (count - 1) / n <= found["upper"][0] <= count / n
    assert found["lower"][0] == 0
    # What lies outside the upper limit is about as likely as its tail.
    first_outside = np.floor(found["upper"][0] * n + 1e-9) + 1
    assert binom.sf(first_outside - 1, n, target) == pytest.approx(0.025, abs=0.005)


def test_tau_is_that_of_dersimonian_and_laird_where_nothing_is_pulled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.measures.funnel.WINSORISED", 0.0)
    x, n = np.array([40, 70, 55, 90, 30, 62]), np.array([100, 110, 120, 130, 90, 105])
    whole = x.sum() / n.sum()
    theirs = combine_effects(x / n, whole * (1 - whole) / n, method_re="dl")
    phi, tau2 = overdispersion(x, n)
    assert tau2 == pytest.approx(theirs.tau2, rel=1e-6)
    assert phi == pytest.approx(theirs.q / len(x), rel=1e-6)


def test_no_variance_beside_chance_where_there_is_none() -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(30, 90, 300)
    phi, tau2 = overdispersion(rng.binomial(n, 0.6), n)
    assert 0.5 < phi < 1.1 and tau2 == 0
    assert overdispersion([10], [20]) == (1.0, 0.0)
    assert overdispersion([20, 30], [20, 30]) == (1.0, 0.0)


def test_units_all_alike_have_a_funnel_of_one_line() -> None:
    found = limits(1.0, [20, 50], 0.95)
    assert (found == 1).all(axis=None)
    assert (p_values([20, 50], [20, 50], 1.0) == 1).all()


def test_units_that_differ_by_noise_alone_have_no_variance_of_their_own() -> None:
    """Sixty units that are all alike, noised: they vary more than chance, and not more than chance and noise."""
    rng, s = np.random.default_rng(4), variance(1.0)
    outside = []
    for _ in range(30):
        counts = answers(rng, rng.integers(15, 60, 60), 0.7, 0.1) + drawn(rng, (60,), 1.0)
        x, n = counts[:, 0].astype(float), counts.sum(axis=1).astype(float)
        plain, noised = overdispersion(x.clip(0, n), n)[0], overdispersion(x, n, noises=[s] * 60)[0]
        wide, narrow = limits(0.7, n, 0.95, noises=[s] * 60), limits(0.7, n, 0.95)
        beyond = [((x / n < each["lower"]) | (x / n > each["upper"])).mean() for each in (wide, narrow)]
        outside.append([plain, noised, *beyond])
    phi, phi_with, beyond_wide, beyond_narrow = np.mean(outside, axis=0)
    assert phi > phi_with and phi_with == pytest.approx(0.68, abs=0.07), "the outermost tenths are pulled in"
    assert beyond_wide == pytest.approx(0.05, abs=0.02) and beyond_narrow > beyond_wide + 0.01
    assert p_values([60], [80], 0.5, noises=[53.0])[0] > p_values([60], [80], 0.5)[0]


def test_what_is_no_funnel_is_refused() -> None:
    for target, bases, level in ((1.2, [10], 0.95), (0.5, [0], 0.95), (0.5, [10], 1.0)):
        with pytest.raises(ValueError, match="funnel"):
            limits(target, bases, level)
    with pytest.raises(ValueError, match="successes"):
        overdispersion([5], [4])
