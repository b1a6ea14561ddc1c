"""Whether intervals hold the truth: shares, changes and gaps of units, rounds together, and the gap over units."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures import noise
from analysis.measures.gap import PooledGap, change_of_gaps, pooled_gap, unit_gap
from analysis.measures.intervals import Interval, center, difference_intervals, limits
from analysis.measures.matched_gap import Side, matched_gap
from analysis.measures.precision import Precision, precision
from bench.invented_rounds import (
    DESIGNS,
    GAP_RESIDENTS,
    GAP_STAFF,
    HEAVIEST,
    OUTSIDE,
    RESIDENTS,
    SCALE,
    STAFF,
    UNIT,
    Floats,
    Random,
    Units,
    answers,
    drawn,
    sides,
)
from bench.sheet import Row, show

SEED = 20261129
TRUE = (0.5, 0.7, 0.85, 0.95)
SIZES = {"staff 5–15": (5, 15, STAFF, OUTSIDE[0]), "residents 15–80": (15, 80, RESIDENTS, OUTSIDE[1])}


class Held(NamedTuple):
    """Of the intervals that are shown: how many percent hold the truth, the bias and the half-width in points."""

    coverage: float
    bias: float
    half: float


def held(limits_: Iterable[Interval], estimates: Floats, truth: Floats | float) -> Held:
    """From each draw's interval and estimate."""
    low, high = np.array([(each.low, each.high) for each in limits_]).T
    true = np.broadcast_to(truth, low.shape)
    inside = (low <= true + 1e-12) & (true <= high + 1e-12)
    return Held(100 * float(inside.mean()), 100 * float((estimates - true).mean()), 50 * float((high - low).mean()))


def counted(
    rng: Random, size: tuple[int, int, int, float], p: Floats | float, draws: int, rounds: int = 1
) -> tuple[Floats, Floats]:
    """Noised yes and base of one unit each, its rounds added, then steadied; those the base does not carry are out."""
    low, high, least, outside = size
    n = rng.integers(low, high + 1, draws)[:, None].repeat(rounds, axis=1)
    counts = (answers(rng, n, p, outside) + drawn(rng, n.shape, UNIT)).sum(axis=1).astype(float)
    there = counts.sum(axis=1) >= least
    yes, base, answered = counts[there, 0], counts[there].sum(axis=1), n[there].sum(axis=1).astype(float)
    return noise.steady_counts(yes, base, np.full_like(base, rounds * noise.variance(UNIT)), answered, outside)


def shares(draws: int, rounds: int = 1) -> list[Row]:
    """A share of one unit, one round or several together."""
    rng, rows = np.random.default_rng(SEED), []
    s = rounds * noise.variance(UNIT)
    for name, size in SIZES.items():
        found = []
        for p in TRUE:
            x, n = counted(rng, size, p, draws, rounds)
            noises = np.full_like(n, s)
            ends = zip(*limits(center(x, n, noises), n, noises), strict=True)
            found.append(held((Interval(*end) for end in ends), noise.share(x, n, noises), p))
        rows += _rows(f"{name}, {rounds} together" if rounds > 1 else name, found)
    return rows


def _rows(name: str, found: Sequence[Held]) -> list[Row]:
    return [
        Row(f"{name}: held", [each.coverage for each in found]),
        Row("    bias, points", [each.bias for each in found], 2),
        Row("    half-width, points", [each.half for each in found]),
    ]


def changes(draws: int) -> list[Row]:
    """A unit's share from one round to the next, and its gap, when nothing has changed."""
    rng, rows, s = np.random.default_rng(SEED + 1), [], noise.variance(UNIT)
    for name, size in SIZES.items():
        found = []
        for p in TRUE:
            then, now = (np.column_stack(counted(rng, size, p, draws)) for _ in range(2))
            many = min(len(then), len(now))
            pairs = [(*one, *other) for one, other in zip(now[:many].tolist(), then[:many].tolist(), strict=True)]
            ends = difference_intervals(pairs, noises=[(s, s)] * many)
            x1, n1, x2, n2 = np.array(pairs).T
            found.append(held(ends, noise.share(x1, n1, s) - noise.share(x2, n2, s), 0.0))
        rows += _rows(f"change, {name}", found)
    return rows


def unit_gaps(draws: int) -> list[Row]:
    """One unit's gap of ten points, staff above residents, and the change of it between two rounds."""
    rng, s, one, two = np.random.default_rng(SEED + 2), noise.variance(UNIT), [], []
    for p in TRUE:
        both = [
            np.column_stack(counted(rng, size, share, 2 * draws))
            for size, share in zip(SIZES.values(), (p, p - 0.1), strict=True)
        ]
        many = min(len(side) for side in both) // 2 * 2
        gaps = [unit_gap((*a, *b), 0.95, s, s) for a, b in zip(*(side[:many].tolist() for side in both), strict=True)]
        one.append(held((gap.interval for gap in gaps), np.array([gap.estimate for gap in gaps]), 0.1))
        moved = [change_of_gaps(*pair) for pair in zip(gaps[::2], gaps[1::2], strict=True)]
        two.append(held((Interval(m.low, m.high) for m in moved), np.array([m.change for m in moved]), 0.0))
    return [*_rows("a unit's gap", one), *_rows("its change", two)]


def from_units(rng: Random, units: Units) -> tuple[PooledGap, float] | None:
    """G from the units' own figures, over those that n and base carry, and the truth of these."""
    staff, residents = sides(rng, units)
    there = (units.staff >= STAFF) & (units.residents >= RESIDENTS)
    there &= (staff.base >= STAFF) & (residents.base >= RESIDENTS)
    if not there.any():
        return None
    frame = pd.DataFrame(
        {"successes_1": staff.yes, "base_1": staff.base, "successes_2": residents.yes, "base_2": residents.base}
    ).assign(noise_1=staff.noise, noise_2=residents.noise, n_1=units.staff, n_2=units.residents)
    frame = frame.assign(non_substantive_1=OUTSIDE[0], non_substantive_2=OUTSIDE[1])
    chosen = Units(*(column[there] for column in units))
    return pooled_gap(frame[there]), chosen.gap


def from_sums(rng: Random, units: Units) -> tuple[PooledGap, float]:
    """G from sums matched at closing."""
    a = np.floor(SCALE * np.minimum(HEAVIEST, units.residents / units.staff))
    r = np.floor(a * units.staff / units.residents)
    found = []
    for weights, n, p, outside, epsilon in (
        (a, units.staff, units.p_staff, OUTSIDE[0], GAP_STAFF),
        (r, units.residents, units.p_residents, OUTSIDE[1], GAP_RESIDENTS),
    ):
        own = epsilon / float(weights.max())
        yes, not_yes = (weights[:, None] * answers(rng, n, p, outside)).sum(axis=0) + drawn(rng, (), own)
        sums = float(np.sum(weights * n)), float(np.sum(weights**2 * n))
        found.append(Side(float(yes), float(not_yes), *sums, noise.variance(own)))
    return matched_gap(*found), units.gap


def over_units(draws: int) -> list[Row]:
    """G and the change of G in eleven designs, from units; and from sums with each design's units four times."""
    rows = []
    for number, (name, design) in enumerate(DESIGNS.items()):
        figures = []
        for times, make in ((1, from_units), (4, from_sums)):
            rng = np.random.default_rng([SEED, number, times])
            units = design(rng).times(times)
            figures += _of_gap(rng, units, make, draws)
        rows.append(Row(name, figures))
    return rows


def _of_gap(
    rng: Random, units: Units, make: Callable[[Random, Units], tuple[PooledGap, float] | None], draws: int
) -> list[float]:
    found = [each for each in (make(rng, units) for _ in range(draws)) if each]
    truth = np.array([true for _, true in found])
    one = held((gap.interval for gap, _ in found), np.array([gap.estimate for gap, _ in found]), truth)
    pairs = list(zip(found[::2], found[1::2], strict=False))
    moved = [change_of_gaps(then[0], now[0]) for then, now in pairs]
    true = np.array([now[1] - then[1] for then, now in pairs])
    two = held((Interval(m.low, m.high) for m in moved), np.array([m.change for m in moved]), true)
    return [one.coverage, one.bias, one.half, two.coverage]


def shown(draws: int) -> list[Row]:
    """How a unit's shares come out: of all with n over the threshold."""
    rng, rows, s = np.random.default_rng(SEED + 4), [], noise.variance(UNIT)
    for name, size in SIZES.items():
        for rounds in (1, 4):
            p = rng.choice(TRUE, draws)[:, None]
            x, n = counted(rng, size, p, draws, rounds)
            noises = np.full_like(n, rounds * s)
            ends = zip(*limits(center(x, n, noises), n, noises), strict=True)
            precisions = [precision(Interval(*end), base, size[2]) for end, base in zip(ends, n, strict=True)]
            parts = [100 * precisions.count(each) / draws for each in Precision if each is not Precision.UNCERTAIN]
            rows.append(Row(f"{name}, {rounds} round{'s together' if rounds > 1 else ''}", [*parts, 100 - sum(parts)]))
    return rows


def places(draws: int) -> None:
    """Print them."""
    columns = [f"p {p:.0%}" for p in TRUE]
    show("A unit's share: 95 % intervals", [*shares(draws), *shares(draws, 2), *shares(draws, 4)], columns)
    show("A unit's change, nothing changed", changes(draws), columns)
    show("A unit's gap and its change (p: the staff's)", unit_gaps(draws), columns)
    show("What is said of a unit, percent", shown(draws), ["share", "hollow", "interval", "uncertain"])
    of_gap = ["held", "bias", "half-width", "change held"]
    show(
        "G in eleven designs: from units, then from matched sums (four times the units)",
        over_units(draws),
        [f"{kind} {what}" for kind in ("u", "m") for what in of_gap],
    )
