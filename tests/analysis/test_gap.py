"""The pooled gap, its second opinion and its change: textbooks, properties, coverage by simulation."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from analysis.measures.gap import PooledGap, gap_change, mantel_haenszel, pooled_gap, unit_gap
from analysis.measures.intervals import difference_interval, difference_p_value, errors_if_equal
from analysis.measures.noise import variance
from analysis.measures.unit_frame import COLUMNS, common_weight, weights_of
from bench.coverage_gaps import false_alarms

# A trial of a cream in eight clinics (Beitler and Landis 1985): drug, control. Agresti, Categorical Data
# Analysis, gives the Mantel–Haenszel risk difference 0.130 with the standard error 0.050.
CLINICS = [
    (11, 36, 10, 37),
    (16, 20, 22, 32),
    (14, 19, 7, 19),
    (2, 16, 1, 17),
    (6, 17, 0, 12),
    (1, 11, 0, 10),
    (1, 5, 1, 9),
    (4, 6, 6, 7),
]

# Tolbutamide and deaths in two age groups (University Group Diabetes Program). Rothman and Greenland,
# Modern Epidemiology, give 0.034 and 0.036 in the groups and 0.035 together.
TOLBUTAMIDE = [(8, 106, 5, 120), (22, 98, 16, 85)]


def units(rows: list[tuple[int, int, int, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


@st.composite
def several_units(draw: st.DrawFn) -> pd.DataFrame:
    rows = []
    for _ in range(draw(st.integers(1, 8))):
        n1, n2 = draw(st.integers(2, 40)), draw(st.integers(2, 200))
        rows.append((draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2))
    return units(rows)


def turned(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns=dict(zip(COLUMNS, (*COLUMNS[2:], *COLUMNS[:2]), strict=True)))


def test_mantel_haenszel_as_in_the_textbooks() -> None:
    clinics, tolbutamide = mantel_haenszel(units(CLINICS)), mantel_haenszel(units(TOLBUTAMIDE))
    assert (clinics.estimate, clinics.se) == pytest.approx((0.130, 0.050), abs=5e-4)
    assert tolbutamide.estimate == pytest.approx(0.035, abs=5e-4)


def test_mantel_haenszel_of_one_unit_is_its_difference() -> None:
    """In one table Sato's variance is the plain one with a share of the estimate moved between the sides."""
    found = mantel_haenszel(units([(30, 50, 40, 100)]))
    assert found.estimate == pytest.approx(0.2)
    assert found.se == pytest.approx(math.sqrt(0.6 * 0.4 / 50 + 0.4 * 0.6 / 100), rel=0.02)


@settings(deadline=None)
@given(several_units())
def test_turning_the_sides_turns_the_sign(frame: pd.DataFrame) -> None:
    one, other = mantel_haenszel(frame), mantel_haenszel(turned(frame))
    assert one.estimate == pytest.approx(-other.estimate)
    assert one.se == pytest.approx(other.se)
    weighted = frame.assign(weight=1.0)
    assert pooled_gap(weighted).estimate == pytest.approx(-pooled_gap(turned(weighted)).estimate)


@settings(deadline=None)
@given(several_units())
def test_pooled_gap_is_what_the_formula_says(frame: pd.DataFrame) -> None:
    found = pooled_gap(frame)
    w = np.minimum(frame["base_2"], 6 * frame["base_1"])
    w = w / w.sum()
    x1, n1, x2, n2 = (frame[name] for name in COLUMNS)
    assert found.estimate == pytest.approx(float((w * (x1 / n1 - x2 / n2)).sum()))
    drawn = [((x + 1) / (n + 2), n) for x, n in ((x1, n1), (x2, n2))]
    assert found.se**2 == pytest.approx(sum(float((w**2 * p * (1 - p) / (n - 1)).sum()) for p, n in drawn))
    assert -1 <= found.low <= found.estimate <= found.high <= 1
    assert found.se > 0
    assert 0 <= found.p_value <= 1


@settings(deadline=None)
@given(several_units(), st.permutations(range(8)))
def test_order_and_scale_of_weights_do_not_matter(frame: pd.DataFrame, order: list[int]) -> None:
    weighted = frame.assign(weight=frame["base_2"] * 7.0)
    plain = frame.assign(weight=frame["base_2"])
    shuffled = weighted.iloc[[number for number in order if number < len(weighted)]]
    assert pooled_gap(shuffled).estimate == pytest.approx(pooled_gap(plain).estimate)
    assert pooled_gap(shuffled).se == pytest.approx(pooled_gap(plain).se)


def test_a_side_that_all_answers_alike_is_not_certain() -> None:
    found = pooled_gap(units([(5, 5, 20, 40), (7, 7, 15, 30), (6, 6, 9, 20)]))
    patients = pooled_gap(units([(3, 6, 20, 40), (4, 7, 15, 30), (3, 6, 9, 20)]).assign(base_1=10**9))
    assert found.se > 1.2 * patients.se


def test_p_value_is_that_of_the_standard_error() -> None:
    found = pooled_gap(units(CLINICS))
    assert found.p_value == pytest.approx(2 * norm.sf(abs(found.estimate) / found.se))


def test_a_unit_s_p_is_the_score_test_s_and_not_its_interval_s_width() -> None:
    """Few staff, most of whom said yes: the interval is far longer downwards than upwards."""
    s, sides = variance(1.0), (9.0, 10.0, 14.0, 30.0)
    found = unit_gap(sides, 0.95, s, s)
    assert found.p_value == pytest.approx(difference_p_value(*sides, noise_1=s, noise_2=s))
    assert found.se == pytest.approx(errors_if_equal([sides], [(s, s)])[0])
    assert unit_gap((0.0, 10.0, 0.0, 30.0)).p_value == 1


@pytest.mark.parametrize(("size", "share"), [((7, 20), 0.3), ((10, 35), 0.6), ((15, 80), 0.6)])
def test_a_unit_s_page_seldom_tells_a_gap_that_is_not_there(size: tuple[int, int], share: float) -> None:
    """Of seven questions without a gap; 15, 24 and 20 percent of such pages did when p came from the width."""
    gaps, changes = false_alarms(size, share, 1, 300)
    assert gaps <= 9
    assert changes <= 9


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"successes_1": [1]}),
        units([]),
        units([(1, 1, 2, 30)]),
        units([(4, 3, 2, 30)]),
        units([(1, 3, 2, 30)]).assign(weight=0.0),
        units([(1, 3, 2, 30)]).assign(weight=-1.0),
        units([(1, 3, 2, 30)]).astype("float64").replace(2, np.nan),
    ],
)
def test_impossible_frames_are_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match=r"base|column|weight|unit|successes"):
        pooled_gap(frame)


def test_change_of_one_unit_is_mover_on_newcombe() -> None:
    before, after = units([(8, 20, 30, 60)]), units([(15, 20, 33, 60)])
    found = gap_change(before, after)
    one, other = difference_interval(8, 20, 30, 60), difference_interval(15, 20, 33, 60)
    g0, g1 = 8 / 20 - 0.5, 15 / 20 - 33 / 60
    assert found.change == pytest.approx(g1 - g0)
    assert found.low == pytest.approx(g1 - g0 - math.hypot(g1 - other.low, one.high - g0))
    assert found.high == pytest.approx(g1 - g0 + math.hypot(other.high - g1, g0 - one.low))


def test_change_over_units_counts_those_in_both_rounds() -> None:
    before = units(CLINICS[:4]).assign(unit=["a", "b", "c", "gone"])
    after = units(CLINICS[4:]).assign(unit=["new", "c", "b", "a"])
    found = gap_change(before, after)
    g0, g1 = pooled_gap(before.iloc[:3]), pooled_gap(after.iloc[1:])
    assert found.change == pytest.approx(g1.estimate - g0.estimate)
    low = math.hypot(g1.estimate - g1.low, g0.high - g0.estimate)
    high = math.hypot(g1.high - g1.estimate, g0.estimate - g0.low)
    assert (found.low, found.high) == pytest.approx((found.change - low, found.change + high), abs=1e-6)


def test_change_needs_a_common_unit_and_each_once() -> None:
    frame = units(CLINICS[:2])
    with pytest.raises(ValueError, match="both rounds"):
        gap_change(frame.assign(unit=["a", "b"]), frame.assign(unit=["c", "d"]))
    with pytest.raises(ValueError, match="once"):
        gap_change(frame.assign(unit=["a", "a"]), frame.assign(unit=["a", "b"]))


@settings(deadline=None)
@given(several_units())
def test_no_change_when_nothing_changed(frame: pd.DataFrame) -> None:
    found = gap_change(frame, frame)
    assert found.change == 0
    assert -2 <= found.low <= 0 <= found.high <= 2


def test_coverage_of_the_pooled_gap_and_of_the_naive_difference() -> None:
    """Thirty units, 3–10 staff and 20–79 patients each; the weaker a unit the more of its staff answer.

    The true gap is the same 10 points everywhere. The interval of the pooled gap must hold it 93–97 times of
    a hundred; the interval of the two region-wide shares, the control, must fall well below.
    """
    rng, draws, held, naive_held = np.random.default_rng(20260417), 700, 0, 0
    for _ in range(draws):
        quality = np.sort(rng.uniform(size=30))
        p2 = 0.2 + 0.65 * quality
        p1, n1, n2 = p2 + 0.1, np.rint(10 - 7 * quality).astype(int), rng.integers(20, 80, 30)
        x1, x2 = rng.binomial(n1, p1), rng.binomial(n2, p2)
        found = pooled_gap(pd.DataFrame({"successes_1": x1, "base_1": n1, "successes_2": x2, "base_2": n2}))
        held += found.low <= 0.1 <= found.high
        naive = difference_interval(int(x1.sum()), int(n1.sum()), int(x2.sum()), int(n2.sum()))
        naive_held += naive.low <= 0.1 <= naive.high
    assert 0.93 <= held / draws <= 0.985
    assert naive_held / draws < 0.75


def test_a_change_is_of_the_matched_sums_where_the_same_units_answer_in_both_rounds() -> None:
    before = units(CLINICS[:4]).assign(unit=list("abcd"))
    after = units(CLINICS[4:]).assign(unit=list("abcd"))
    matched = PooledGap(0.1, 0.02, 0.06, 0.14), PooledGap(0.2, 0.02, 0.16, 0.24)
    assert common_weight(before, after) == pytest.approx(1)
    found = gap_change(before, after, matched=matched)
    assert (found.change, found.source) == (pytest.approx(0.1), "matched")
    others = after.assign(unit=["a", "x", "y", "z"])
    assert common_weight(before, others) < 0.8
    fewer = gap_change(before, others, matched=matched)
    assert fewer.source == "units" and fewer.change != pytest.approx(0.1)
    assert fewer.change == pytest.approx(gap_change(before.iloc[:1], others.iloc[:1]).change)


def test_weights_are_of_patients_as_far_as_staff_carry_them() -> None:
    frame = units([(2, 5, 200, 400), (6, 12, 15, 30)])
    assert weights_of(frame) == pytest.approx([0.5, 0.5]), "six patients a member of staff, and thirty"
    assert weights_of(frame.assign(n_1=10.0, n_2=30.0)) == pytest.approx([0.5, 0.5])
    assert weights_of(frame.assign(weight=[3.0, 1.0])) == pytest.approx([0.75, 0.25])


def test_second_opinion_widens_with_noise() -> None:
    plain, noised = (
        mantel_haenszel(units(CLINICS)),
        mantel_haenszel(units(CLINICS).assign(noise_1=3.163, noise_2=3.163)),
    )
    assert noised.estimate == pytest.approx(plain.estimate) and noised.se > 1.02 * plain.se
