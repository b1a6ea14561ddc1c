"""Trend tests, against published examples, statsmodels' own and the definitions."""

import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.contingency_tables import Table

from analysis.measures.trend_tests import cochran_armitage, logistic_trend

# Fleiss, Statistical Methods for Rates and Proportions (2nd ed. 1981, p. 139): smokers among lung cancer patients in
# four studies; χ² for trend 8.2249 as the help of R's prop.trend.test prints it.
SMOKERS = ([83, 90, 129, 70], [86, 93, 136, 82], [1, 2, 3, 4], 8.2249)
# Agresti, Categorical Data Analysis (2nd ed. 2002, sections 3.4 and 5.3): malformations by the mother's drinking
# (Graubard and Korn 1987); z² = 6.57.
DRINKING = ([48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38], [0, 0.5, 1.5, 4, 7], 6.57)
# Armitage 1955, table 1: carriers of Streptococcus pyogenes by the size of the tonsils; χ² for trend 7.19.
TONSILS = ([19, 29, 24], [516, 589, 293], [0, 1, 2], 7.19)


@pytest.mark.parametrize(("x", "n", "scores", "chi2"), [SMOKERS, DRINKING, TONSILS])
def test_trend_as_published(x: list[float], n: list[float], scores: list[float], chi2: float) -> None:
    found = cochran_armitage(x, n, scores)
    assert found.chi2 == pytest.approx(chi2, abs=0.004)
    assert found.direction == (-1 if scores == SMOKERS[2] else 1)
    assert cochran_armitage(SMOKERS[0], SMOKERS[1], SMOKERS[2]).p == pytest.approx(0.004132, abs=1e-6)


@pytest.mark.parametrize(("x", "n", "scores", "chi2"), [SMOKERS, DRINKING, TONSILS])
def test_trend_as_statsmodels(x: list[float], n: list[float], scores: list[float], chi2: float) -> None:
    table = Table(np.column_stack([np.subtract(n, x), x]), shift_zeros=False)
    theirs = table.test_ordinal_association(np.array(scores), np.array([0, 1]))
    found = cochran_armitage(x, n, scores)
    # Theirs holds both margins fixed, and so divides by n − 1 where Cochran and Armitage divide by n.
    assert found.chi2 * (1 - 1 / sum(n)) == pytest.approx(theirs.zscore**2, rel=1e-9)
    assert found.p == pytest.approx(2 * norm.sf(np.sqrt(found.chi2)))
    assert chi2 > 3.84


def test_dates_as_scores_move_nothing() -> None:
    x, n = [20, 25, 30, 36], [60, 62, 58, 61]
    early, late = cochran_armitage(x, n, [0, 182, 365, 547]), cochran_armitage(x, n, [738000, 738182, 738365, 738547])
    assert early.chi2 == pytest.approx(late.chi2)
    assert (early.direction, cochran_armitage(x[::-1], n, [0, 1, 2, 3]).direction) == (1, -1)


def test_no_trend_where_all_answer_alike() -> None:
    found = cochran_armitage([30, 40, 50], [30, 40, 50], [0, 1, 2])
    assert (found.chi2, found.p, found.direction) == (0, 1, 0)


def test_line_as_published() -> None:
    # Agresti, Introduction to Categorical Data Analysis (2nd ed. 2007, 4.2): logit = −5.961 + 0.317 x, SE 0.125.
    found = logistic_trend(*DRINKING[:3])
    assert (found.intercept, found.slope, found.se) == pytest.approx((-5.961, 0.317, 0.125), abs=0.0006)
    assert found.phi == 1


def test_overdispersion_widens_the_error_by_phi() -> None:
    rng = np.random.default_rng(7)
    at, n = np.arange(8.0) * 182, rng.integers(400, 900, 8)
    x = rng.binomial(n, 0.5 + rng.normal(0, 0.06, 8))
    plain, wide = logistic_trend(x, n, at), logistic_trend(x, n, at, overdispersed=True)
    columns = np.column_stack([np.ones(8), at / 182])
    theirs = GLM(np.column_stack([x, n - x]), columns, family=families.Binomial()).fit()
    assert plain.slope == pytest.approx(theirs.params[1] / 182, rel=1e-6)
    assert plain.se == pytest.approx(theirs.bse[1] / 182, rel=1e-6)
    assert wide.phi == pytest.approx(theirs.pearson_chi2 / 6, rel=1e-6) and wide.phi > 2
    assert wide.se == pytest.approx(plain.se * wide.phi**0.5)
    assert wide.p_value > plain.p_value


def test_dates_far_from_zero_can_be_fitted() -> None:
    days = np.array([738000.0, 738182, 738365, 738547])
    x, n = [400, 430, 470, 500], [800, 810, 805, 795]
    near, far = logistic_trend(x, n, days - 738000), logistic_trend(x, n, days)
    assert near.slope == pytest.approx(far.slope) and near.se == pytest.approx(far.se)


def called(rounds: int, rise: float = 0.0, draws: int = 400) -> tuple[float, float]:
    """How often a region's rounds (400 to 899 answers, four points up or down beside chance) are called a trend.

    By the overdispersed line, and by the test for chance alone, which is the control.
    """
    rng, line, naive = np.random.default_rng(20261127), 0, 0
    at = np.arange(rounds, dtype=float)
    for _ in range(draws):
        n = rng.integers(400, 900, rounds)
        truth = 0.5 + rng.normal(0, 0.04, rounds) + rise * at / (rounds - 1)
        x = rng.binomial(n, truth.clip(0, 1))
        line += logistic_trend(x, n, at, overdispersed=True).p_value < 0.05
        naive += cochran_armitage(x, n, at).p < 0.05
    return line / draws, naive / draws


@pytest.mark.parametrize("rounds", [4, 8, 12])
def test_false_alarms_of_the_trend_on_stable_but_noisy_rounds(rounds: int) -> None:
    line, naive = called(rounds, draws=300)
    assert line <= 0.08
    assert naive > 0.2, "chance alone must fail, or this proves nothing"


@pytest.mark.parametrize(
    ("x", "n", "at"),
    [([1], [2], [0]), ([1, 2], [2, 2], [5, 5]), ([3, 1], [2, 2], [0, 1]), ([1, 1], [2, np.nan], [0, 1])],
)
def test_what_is_no_series_is_refused(x: list[float], n: list[float], at: list[float]) -> None:
    with pytest.raises(ValueError, match=r"trend|successes"):
        cochran_armitage(x, n, at)
    with pytest.raises(ValueError, match=r"trend|successes"):
        logistic_trend(x, n, at)


def test_no_line_through_answers_all_alike() -> None:
    with pytest.raises(ValueError, match="alike"):
        logistic_trend([5, 5, 5], [5, 5, 5], [0, 1, 2])


@pytest.mark.parametrize("last", ["first yes", "last no", "two"])
def test_a_line_through_rounds_that_were_alike_until_the_last(last: str) -> None:
    yes = {"first yes": [0, 0, 0, 0, 100], "last no": [100, 100, 100, 100, 90], "two": [0, 0, 0, 100, 100]}[last]
    line = logistic_trend(yes, [100] * 5, range(5))
    assert np.isfinite([line.intercept, line.slope, line.se, line.phi]).all()
    assert (line.slope > 0) == (yes[-1] > yes[0])


if __name__ == "__main__":
    for number in (4, 8, 12):
        (false, chance), (power, _) = called(number, draws=2000), called(number, rise=0.12, draws=2000)
        print(f"{number:3} rounds: false alarms {false:.1%}, chance alone {chance:.1%}, power on 12 points {power:.1%}")
