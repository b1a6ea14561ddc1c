"""The tails and quantiles against SciPy's own distributions."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2, norm, t

from analysis.measures import distributions

SHARES = st.floats(0.001, 0.999)
TIMES = st.integers(1, 3000)


@given(st.floats(1e-12, 1 - 1e-12), st.floats(-9, 9))
def test_the_normal_is_scipys(p: float, z: float) -> None:
    assert distributions.normal_quantile(p) == pytest.approx(norm.ppf(p), rel=1e-12, abs=1e-12)
    assert distributions.normal_tail(z) == pytest.approx(norm.sf(z), rel=1e-12)


@given(st.floats(0, 40), st.integers(1, 60))
def test_students_t_and_chi_square_are_scipys(x: float, freedom: int) -> None:
    assert distributions.t_tail(x, freedom) == pytest.approx(t.sf(x, freedom), rel=1e-9, abs=1e-300)
    assert distributions.chi2_tail(x, freedom) == pytest.approx(chi2.sf(x, freedom), rel=1e-9, abs=1e-300)


@given(TIMES, SHARES, st.integers(-2, 3002), SHARES)
def test_the_binomial_is_scipys(n: int, p: float, k: int, q: float) -> None:
    assert distributions.binomial_below(k, n, p) == pytest.approx(binom.cdf(k, n, p), rel=1e-9, abs=1e-300)
    assert distributions.binomial_above(k, n, p) == pytest.approx(binom.sf(k, n, p), rel=1e-9, abs=1e-300)
    within = min(max(k, 0), n)
    assert distributions.binomial_of(within, n, p) == pytest.approx(binom.pmf(within, n, p), rel=1e-8, abs=1e-300)
    found = float(distributions.binomial_quantile(q, n, p))
    # By its definition: where a tail is met exactly, as the median of an odd number, SciPy's own is one off.
    assert binom.cdf(found, n, p) >= q * (1 - 1e-9) and binom.cdf(found - 1, n, p) < q * (1 + 1e-9)


def test_the_binomial_takes_many_at_once_and_the_ends_of_a_scale() -> None:
    n, q = np.array([1.0, 10.0, 400.0]), np.array([0.00135, 0.5, 0.99865])
    assert list(distributions.binomial_quantile(q, n, 0.3)) == list(binom.ppf(q, n, 0.3))
    assert list(distributions.binomial_quantile(0.5, n, 0.0)) == [0, 0, 0]
    assert list(distributions.binomial_quantile(0.5, n, 1.0)) == list(n)
    assert list(distributions.binomial_of(0, n, 0.0)) == [1, 1, 1]


def test_who_shows_figures_loads_neither_drawing_nor_distributions() -> None:
    shown = "import analysis.charts, analysis.sentences.findings, analysis.frames.control_signals"
    script = f"import sys; {shown}; print({{'matplotlib', 'scipy.stats', 'statsmodels'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
