"""How much so many answers can tell: against simulated rounds, and against each other."""

import numpy as np
import pytest

from analysis.measures.intervals import difference_intervals
from analysis.measures.noise import variance
from analysis.measures.planning import answers_needed, codes_needed, detectable, detectable_gap
from bench.invented_rounds import drawn


def test_without_noise_it_is_the_textbooks_formula() -> None:
    """n a side = 2 p(1−p) (1.960 + 0.842)² / gap²."""
    assert answers_needed(0.10, 0.65) == int(np.ceil(2 * 0.65 * 0.35 * (1.959964 + 0.841621) ** 2 / 0.01))
    assert detectable(0.05) == pytest.approx(0.14, abs=0.0005)


@pytest.mark.parametrize(("n1", "n2", "epsilon"), [(150, 150, 0.0), (40, 200, 0.0), (60, 300, 1.0), (40, 60, 0.5)])
def test_power_is_four_of_five(n1: int, n2: int, epsilon: float) -> None:
    s, rng, draws = variance(epsilon) if epsilon else 0.0, np.random.default_rng(4), 1500
    gap = detectable_gap(n1, n2, 0.5, noise_1=s, noise_2=s)
    sides = []
    for n, p in ((n1, 0.5 + gap / 2), (n2, 0.5 - gap / 2)):
        yes = rng.binomial(n, p, draws)
        counts = np.stack([yes, n - yes], axis=-1) + (drawn(rng, (draws,), epsilon) if epsilon else 0)
        sides += [counts[:, 0].astype(float), counts.sum(axis=1).astype(float)]
    found = difference_intervals(np.column_stack(sides).tolist(), noises=[(s, s)] * draws)
    assert sum(each.low > 0 for each in found) / draws == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize("gap", [0.10, 0.15])
@pytest.mark.parametrize("s", [0.0, variance(1.0), variance(0.25)])
def test_so_many_answers_can_tell_that_gap(gap: float, s: float) -> None:
    needed = answers_needed(gap, noise_1=s, noise_2=s)
    assert needed is not None
    assert detectable_gap(needed, needed, noise_1=s, noise_2=s) <= gap
    assert detectable_gap(needed - 2, needed - 2, noise_1=s, noise_2=s) > gap


def test_a_thin_side_is_not_made_up_for_by_the_other() -> None:
    assert answers_needed(0.15, base_1=12, noise_1=3.163) is None
    more = answers_needed(0.15, base_1=400)
    assert more is not None and more < (answers_needed(0.15) or 0)
    assert detectable_gap(400, more) <= 0.15 < detectable_gap(400, more - 1)
    assert detectable_gap(1, 1) == 1


def test_what_to_hand_out() -> None:
    assert (codes_needed(100, 0.25), codes_needed(7, 1), codes_needed(10, 0.3)) == (400, 7, 34)
    for call in (
        lambda: codes_needed(10, 0),
        lambda: answers_needed(0),
        lambda: answers_needed(0.1, base_1=4, base_2=4),
        lambda: detectable_gap(0, 4),
        lambda: detectable(0.1, power=1),
    ):
        with pytest.raises(ValueError, match=r"rate|gap|given|power"):
            call()
