"""How often a page of a region says "changed" when nothing has, and when one thing has: rounds vary beside chance.

A page is seven questions and two sides over some rounds, all stable. Beside chance and noise each round of each line is
up or down by so many points (SD). One thing changes: one question's share of the patients, by twelve points in all.
"""

from typing import NamedTuple

import numpy as np

from analysis.measures import noise
from analysis.measures.gap import GapChange, PooledGap, change_of_gaps
from analysis.measures.intervals import difference_interval, difference_p_value
from analysis.measures.matched_gap import Side, matched_gap
from analysis.measures.trend_tests import (
    MIN_ROUNDS,
    Line,
    adjust,
    between_rounds,
    cochran_armitage,
    gap_trend,
    share_line,
)
from bench.invented_rounds import (
    GAP_RESIDENTS,
    GAP_STAFF,
    HEAVIEST,
    OUTSIDE,
    REGION,
    SCALE,
    Floats,
    Random,
    answers,
    drawn,
)
from bench.sheet import Row, show

SEED, UNITS, QUESTIONS = 20261130, 20, 7
ROUND_NOISE = (0, 2, 4, 6)
CHANGE = 0.12
NAMES = (
    "a share, first against last, with τ²",
    "… chance and noise alone (the control)",
    "a share's trend, with τ²",
    "… chance and noise alone (the control)",
    "the gap, first against last, with τ²",
    "… chance and noise alone (the control)",
    "the gap's trend, with τ²",
    "… chance and noise alone (the control)",
)
TRENDS = (2, 3, 6, 7)


class Page(NamedTuple):
    """Noised (yes, base) by round, question and side, and the gap of each round and question."""

    counts: Floats
    gaps: list[list[PooledGap]]


def page(rng: Random, rounds: int, vary: float, change: float) -> Page:
    """A region of twenty units over so many rounds."""
    staff, residents = rng.integers(6, 16, UNITS), rng.integers(15, 81, UNITS)
    a = np.floor(SCALE * np.minimum(HEAVIEST, residents / staff))
    r = np.floor(a * staff / residents)
    middle = np.array([rng.uniform(0.45, 0.85, QUESTIONS), rng.uniform(0.45, 0.85, QUESTIONS)])
    unlike = rng.normal(0, 0.08, (2, 1, QUESTIONS, UNITS))
    shock = rng.normal(0, vary, (2, rounds, QUESTIONS, 1))
    shock[1, :, 0, 0] += change * (np.arange(rounds) / (rounds - 1) - 0.5)
    truth = (middle[:, None, :, None] + shock + unlike).clip(0.02, 0.98)
    counts, sums = [], []
    for side, (n, weights, epsilon) in enumerate(((staff, a, GAP_STAFF), (residents, r, GAP_RESIDENTS))):
        exact = answers(rng, np.broadcast_to(n, truth[side].shape), truth[side], OUTSIDE[side])
        region = exact.sum(axis=2) + drawn(rng, (rounds, QUESTIONS), REGION)
        counts.append(np.stack([region[..., 0], region.sum(axis=-1)], axis=-1))
        own = epsilon / float(weights.max())
        matched = (weights[:, None] * exact).sum(axis=2) + drawn(rng, (rounds, QUESTIONS), own)
        whole = float(np.sum(weights * n)), float(np.sum(weights**2 * n)), noise.variance(own)
        sums.append([[Side(float(yes), float(no), *whole) for yes, no in row] for row in matched])
    gaps = [[matched_gap(*pair) for pair in zip(*rows, strict=True)] for rows in zip(*sums, strict=True)]
    return Page(np.stack(counts, axis=2).astype(float), gaps)


def changed_figures(seen: Page) -> list[Floats]:
    """By each rule of `NAMES`: which of the page's figures it says have changed."""
    rounds = len(seen.gaps)
    s, days = noise.variance(REGION), 182.0 * np.arange(rounds)
    lines = [seen.counts[:, question, side].T for question in range(QUESTIONS) for side in (0, 1)]
    noises = np.full(rounds, s)
    tau2 = between_rounds(share_line(x, n, noises) for x, n in lines)
    of_gap = [[row[question] for row in seen.gaps] for question in range(QUESTIONS)]
    own = between_rounds(
        Line(np.array([g.estimate for g in gaps]), np.array([g.se**2 for g in gaps])) for gaps in of_gap
    )
    estimates = [([g.estimate for g in gaps], [g.se for g in gaps]) for gaps in of_gap]
    return [
        _shares(lines, s, 2 * tau2),
        _shares(lines, s, 0.0),
        _trends([cochran_armitage(x, n, days, noises, tau2).p for x, n in lines], rounds),
        _trends([cochran_armitage(x, n, days, noises).p for x, n in lines], rounds),
        _gaps([change_of_gaps(gaps[0], gaps[-1], 2 * own) for gaps in of_gap]),
        _gaps([change_of_gaps(gaps[0], gaps[-1]) for gaps in of_gap]),
        _trends([gap_trend(gap, se, days, own).p for gap, se in estimates], rounds),
        _trends([gap_trend(gap, se, days).p for gap, se in estimates], rounds),
    ]


def _shares(lines: list[Floats], s: float, extra: float) -> Floats:
    pairs = [(x[-1], n[-1], x[0], n[0]) for x, n in lines]
    limits = [difference_interval(*pair, noise_1=s, noise_2=s, extra=extra) for pair in pairs]
    p = adjust([difference_p_value(*pair, noise_1=s, noise_2=s, extra=extra) for pair in pairs])
    return np.array([each.excludes(0) for each in limits]) & (p < 0.05)


def _trends(p: list[float], rounds: int) -> Floats:
    return adjust(p) < 0.05 if rounds >= MIN_ROUNDS else np.zeros(len(p), dtype=bool)


def _gaps(changes: list[GapChange]) -> Floats:
    p = adjust([change.p_value for change in changes])
    return np.array([change.low > 0 or change.high < 0 for change in changes]) & (p < 0.05)


def pages(draws: int) -> None:
    """Print what share of the pages say so, and how often the one change is found."""
    columns = [f"{what} {points} p" for what in ("false,", "found,") for points in ROUND_NOISE]
    for rounds in (2, 4, 8):
        false, found = (np.zeros((len(NAMES), len(ROUND_NOISE))) for _ in range(2))
        for column, points in enumerate(ROUND_NOISE):
            rng = np.random.default_rng([SEED, rounds, points])
            for _ in range(draws):
                false[:, column] += [rule.any() for rule in changed_figures(page(rng, rounds, points / 100, 0.0))]
            for _ in range(draws // 3):
                found[:, column] += [_one(rule) for rule in changed_figures(page(rng, rounds, points / 100, CHANGE))]
        rows = [
            Row(name, [*(100 * false[number] / draws), *(100 * found[number] / (draws // 3))])
            for number, name in enumerate(NAMES)
            if rounds >= MIN_ROUNDS or number not in TRENDS
        ]
        show(f'Pages of {rounds} rounds that say "changed", percent, by how much rounds vary', rows, columns)


def _one(rule: Floats) -> bool:
    """Whether the one change is said: the second line of the shares, the first of the gaps."""
    return bool(rule[0] if len(rule) == QUESTIONS else rule[1])
