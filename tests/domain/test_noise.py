"""The noise itself: no answer makes an outcome more than e^epsilon times as likely, and the sampler draws what it says.

The probabilities are worked out by the formula, over every outcome that is not beyond all likelihood; the sampler is
held against them. The controls: noise that is cut, and noise that is rounded down.
"""

import math
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise, product

import pytest
from scipy.stats import chisquare

from survey.domain.disclosure.noise import BitStream, bernoulli_exp, discrete_laplace, draw_three
from tests.attacks.full import Shown

FAR = 120
DRAWS = 6_000
HALF, ONE, QUARTER = Fraction(1, 2), Fraction(1), Fraction(1, 4)
# One person who answers otherwise: from one of the three to another.
NEIGHBOURS = [(1, -1), (-1, 1), (1, 0), (-1, 0), (0, 1), (0, -1)]
Law = Mapping[tuple[int, int], float]


def law(epsilon: Fraction, far: int = FAR) -> Law:
    """The probability of each (u, v) by the formula: in proportion to e^-epsilon for each person moved."""
    weight = {(u, v): math.exp(-epsilon * max(abs(u), abs(v), abs(u + v)))
              for u, v in product(range(-far, far + 1), repeat=2)}  # fmt: skip
    total = sum(weight.values())
    return {outcome: each / total for outcome, each in weight.items()}


def worst(found: Law) -> float:
    """How many times as likely one person can make an outcome; infinity where it could not have been otherwise."""
    ratios = [
        found.get((u + du, v + dv), 0.0) / p if (u + du, v + dv) in found or max(abs(u), abs(v)) < FAR - 1 else 1.0
        for (u, v), p in found.items()
        for du, dv in NEIGHBOURS
    ]
    return max(*ratios, math.inf if min(ratios) == 0 else 1 / min(ratios))


@pytest.mark.parametrize("epsilon", [QUARTER, HALF, ONE])
def test_one_answer_makes_no_outcome_much_likelier(epsilon: Fraction, shown: Shown) -> None:
    found = worst(law(epsilon))
    shown("noise", f"any two neighbours, epsilon {float(epsilon):g}", f"{found:.4f} times as likely at most, "
          f"e^epsilon is {math.exp(epsilon):.4f}", n=(2 * FAR + 1) ** 2)  # fmt: skip
    assert found <= math.exp(epsilon) * (1 + 1e-9)


def test_control_noise_that_is_cut_makes_certain(shown: Shown) -> None:
    cut: Counter[tuple[int, int]] = Counter()
    for (u, v), p in law(ONE).items():
        cut[max(-2, min(2, u)), max(-2, min(2, v))] += p  # type: ignore[assignment]
    found = worst(cut)
    shown("noise", "the same, cut at two", f"{found} times as likely at most", control=True)
    assert found == math.inf


@pytest.mark.parametrize(("epsilon", "s"), [(QUARTER, 53.166), (HALF, 13.166), (ONE, 3.163)])
def test_its_variance_is_what_intervals_are_counted_with(epsilon: Fraction, s: float) -> None:
    found = law(epsilon)
    assert sum(p * u * u for (u, _), p in found.items()) == pytest.approx(s, abs=2e-3)
    assert sum(p * u * v for (u, v), p in found.items()) == pytest.approx(-s / 2, abs=2e-3)
    assert sum(p * u for (u, _), p in found.items()) == pytest.approx(0, abs=1e-9)


def fits(seen: Counter[tuple[int, int]], expected: Law, draws: int) -> float:
    """The chi-square p-value; what is seldom is taken together."""
    often = [outcome for outcome, p in expected.items() if p * draws >= 5]
    observed = [seen[outcome] for outcome in often]
    due = [expected[outcome] * draws for outcome in often]
    if draws - sum(due) > 1:
        observed, due = [*observed, draws - sum(observed)], [*due, draws - sum(due)]
    return float(chisquare(observed, [each * draws / sum(due) for each in due]).pvalue)


@pytest.mark.parametrize("epsilon", [QUARTER, ONE, Fraction(3, 2)])
def test_the_sampler_draws_by_that_law(epsilon: Fraction) -> None:
    drawn = [draw_three(BitStream(b"k" * 32, f"draw {n}"), epsilon) for n in range(DRAWS)]
    assert all(u + v + w == 0 for u, v, w in drawn)
    expected = law(epsilon)
    # Any two of the three have the same law: no figure is favoured.
    for first, second in ((0, 1), (1, 2), (2, 0)):
        seen = Counter((each[first], each[second]) for each in drawn)
        assert fits(seen, expected, DRAWS) > 1e-3
    other = law(epsilon * Fraction(11, 10))
    assert fits(Counter((u, v) for u, v, _ in drawn), other, DRAWS) < 1e-3, "control: another epsilon is told apart"


@pytest.mark.parametrize("epsilon", [QUARTER, HALF, Fraction(1, 12_000)])
def test_one_figure_alone_is_drawn_by_the_discrete_laplace_law(epsilon: Fraction) -> None:
    drawn = Counter(discrete_laplace(BitStream(b"k" * 32, f"one {n}"), epsilon) for n in range(DRAWS))
    a = math.exp(-epsilon)
    if epsilon < Fraction(1, 100):
        # Too many outcomes to count each: into bands of equal weight by how far it lies from nought.
        edges = [0.0, *(-math.log(1 - share / 8) / float(epsilon) for share in range(1, 8)), math.inf]
        seen = [sum(n for x, n in drawn.items() if low <= abs(x) < high) for low, high in pairwise(edges)]  # fmt: skip
        assert float(chisquare(seen).pvalue) > 1e-3
    else:
        law_ = {(x, 0): (1 - a) / (1 + a) * a ** abs(x) for x in range(-FAR, FAR + 1)}
        assert fits(Counter({(x, 0): n for x, n in drawn.items()}), law_, DRAWS) > 1e-3
    assert 0.45 < sum(n for x, n in drawn.items() if x > 0) / sum(n for x, n in drawn.items() if x) < 0.55


@pytest.mark.parametrize("gamma", [Fraction(0), Fraction(1, 3), ONE, Fraction(7, 4)])
def test_a_coin_falls_as_often_as_it_should(gamma: Fraction) -> None:
    heads = sum(
        bernoulli_exp(BitStream(b"k" * 32, f"coin {n}"), gamma.numerator, gamma.denominator) for n in range(DRAWS)
    )
    p = math.exp(-gamma)
    assert abs(heads - DRAWS * p) <= 4 * math.sqrt(DRAWS * p * (1 - p))


def test_key_and_label_alone_decide_the_bits() -> None:
    assert [BitStream(b"k", "a").getrandbits(7) for _ in range(2)] == [BitStream(b"k", "a").getrandbits(7)] * 2
    row = BitStream(b"k", "a")
    # However they are taken, they are the same bits in the same order.
    taken = "".join(f"{row.getrandbits(size):0{size}b}" for size in (1, 300, 7, 212))
    assert taken == f"{BitStream(b'k', 'a').getrandbits(520):0520b}"
    assert len({BitStream(key, label).getrandbits(64) for key in (b"k", b"l") for label in ("a", "b")}) == 4
    assert {BitStream(b"k", str(n)).randbelow(5) for n in range(60)} == set(range(5)) and BitStream(
        b"k", "a"
    ).randbelow(1) == 0
