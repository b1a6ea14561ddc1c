"""How much rounds vary beside chance, the trends that know of it, and how often a page says "changed" falsely."""

import numpy as np
import pytest

from analysis.measures.noise import variance
from analysis.measures.trend_tests import Line, between_rounds, cochran_armitage, gap_trend, share_line
from bench.coverage_pages import changed_figures, page
from bench.invented_rounds import answers, drawn


def lines(rng: np.random.Generator, many: int, rounds: int, vary: float, slope: float = 0.0) -> list[Line]:
    """So many lines of a share over the rounds, noised as a region's."""
    s, found = variance(0.25), []
    for _ in range(many):
        truth = 0.6 + rng.normal(0, vary, rounds) + slope * np.arange(rounds)
        counts = answers(rng, np.full(rounds, 500), truth, 0.1) + drawn(rng, (rounds,), 0.25)
        found.append(share_line(counts[:, 0].astype(float), counts.sum(axis=1).astype(float), [s] * rounds))
    return found


@pytest.mark.parametrize("vary", [0.02, 0.04, 0.06])
def test_tau_is_found_again(vary: float) -> None:
    found = [between_rounds(lines(np.random.default_rng([7, draw]), 14, 6, vary)) ** 0.5 for draw in range(40)]
    assert np.mean(found) == pytest.approx(vary, rel=0.12)


def test_tau_is_small_where_rounds_do_not_vary_and_where_they_rise_evenly() -> None:
    stable = [between_rounds(lines(np.random.default_rng([8, draw]), 14, 6, 0.0)) for draw in range(40)]
    assert np.mean(stable) < 0.01**2 and min(stable) == 0
    rising = [between_rounds(lines(np.random.default_rng([8, draw]), 14, 6, 0.0, 0.02)) for draw in range(40)]
    assert np.mean(rising) < 0.02**2
    assert between_rounds([]) == between_rounds([Line(np.ones(1), np.ones(1))]) == 0


def test_precise_lines_weigh_more() -> None:
    """Two lines that move by ten points: of ten answers that is chance, of thousands it is not."""
    moving = np.array([0.5, 0.6, 0.5])
    sure, unsure = Line(moving, np.full(3, 1e-4)), Line(moving[:1].repeat(3), np.full(3, 0.02))
    assert between_rounds([sure, unsure]) == pytest.approx(between_rounds([sure]), rel=0.2)
    assert between_rounds([unsure]) == 0


def test_trend_with_noise_is_neither_too_often_nor_never_called() -> None:
    """Of a staff unit over six rounds: false alarms with and, as the control, without the noise in the variance."""
    rng, s, rounds, draws, called, naive = np.random.default_rng(9), variance(1.0), 6, 1000, 0, 0
    for _ in range(draws):
        counts = answers(rng, np.full(rounds, 14), 0.6, 0.05) + drawn(rng, (rounds,), 1.0)
        x, n = counts[:, 0].astype(float), counts.sum(axis=1).astype(float)
        called += cochran_armitage(x, n, np.arange(rounds), [s] * rounds).p < 0.05
        naive += cochran_armitage(x.clip(0, n), n, np.arange(rounds)).p < 0.05
    assert 0.02 <= called / draws <= 0.08 < naive / draws


def test_between_widens_the_trend() -> None:
    x, n, at = [200, 215, 230, 250], [400] * 4, [0, 1, 2, 3]
    alone, wide = cochran_armitage(x, n, at), cochran_armitage(x, n, at, between=0.04**2)
    assert alone.p < 0.01 < wide.p and alone.direction == wide.direction == 1
    assert cochran_armitage([400] * 4, n, at, between=0.04**2).p == 1


def test_the_gaps_own_trend() -> None:
    """A weighted straight line, by hand: equal errors, so the slope and its error are the plain ones."""
    gaps, at = np.array([0.20, 0.16, 0.11, 0.08]), np.array([0.0, 1, 2, 3])
    found = gap_trend(gaps, [0.03] * 4, at)
    slope, error = np.polyfit(at, gaps, 1)[0], 0.03 / np.sqrt(5)
    assert found.chi2 == pytest.approx((slope / error) ** 2) and found.direction == -1
    assert gap_trend(gaps, [0.03] * 4, at, between=0.0016).p > found.p
    assert gap_trend([0.1] * 4, [0.0] * 4, at).p == 1
    for bad in (([0.1], [0.1], [0]), ([0.1, 0.2], [0.1, 0.1], [3, 3]), ([0.1, np.nan], [0.1, 0.1], [0, 1])):
        with pytest.raises(ValueError, match="trend"):
            gap_trend(*bad)


@pytest.mark.parametrize("points", [0, 4])
def test_a_page_seldom_says_changed_where_nothing_has(points: int) -> None:
    """At most eight pages of a hundred (here with room for chance); without τ², the control, most pages do."""
    rng, pages = np.random.default_rng([10, points]), 40
    counted = np.sum(
        [[rule.any() for rule in changed_figures(page(rng, 4, points / 100, 0.0))] for _ in range(pages)], axis=0
    )
    shares, _, trends, _, gaps, _, gap_trends, _ = counted / pages
    assert max(shares, trends, gaps, gap_trends) <= 0.2
    if points:
        assert min(counted[1], counted[3]) / pages > 0.5, "or this proves nothing"
