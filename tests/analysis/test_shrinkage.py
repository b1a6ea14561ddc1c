"""The shrunken gap: nearer to the truth than the unit's own, and its interval as often right."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.noise import variance
from analysis.measures.shrinkage import shrunken_gaps
from bench.invented_rounds import OUTSIDE, Units, sides


def frame_of(rng: np.random.Generator, differ: float, units: int = 30) -> tuple[pd.DataFrame, np.ndarray]:
    """Thirty units whose true gaps differ by so much (SD) around ten points."""
    gaps = 0.10 + rng.normal(0, differ, units)
    gaps = (0.55 + gaps).clip(0, 1) - 0.55
    drawn = Units(rng.integers(8, 16, units), rng.integers(20, 81, units), 0.55 + gaps, np.full(units, 0.55))
    staff, residents = sides(rng, drawn)
    columns = {"successes_1": staff.yes, "base_1": staff.base, "successes_2": residents.yes, "base_2": residents.base}
    frame = pd.DataFrame(columns).assign(noise_1=staff.noise, noise_2=residents.noise)
    frame = frame.assign(
        n_1=drawn.staff, n_2=drawn.residents, non_substantive_1=OUTSIDE[0], non_substantive_2=OUTSIDE[1]
    )
    there = (frame["base_1"] >= 5) & (frame["base_2"] >= 10)
    return frame[there], gaps[there]


@pytest.mark.parametrize("differ", [0.05, 0.15])
def test_it_is_nearer_and_holds_as_often(differ: float) -> None:
    rng, own, shrunken, held, units = np.random.default_rng(31), 0.0, 0.0, 0, 0
    for _ in range(60):
        frame, truth = frame_of(rng, differ)
        found = shrunken_gaps(frame)
        own += float(((found["gap"] - truth) ** 2).sum())
        shrunken += float(((found["shrunken"] - truth) ** 2).sum())
        held += int(((found["low"] <= truth) & (truth <= found["high"])).sum())
        units += len(truth)
    assert shrunken < 0.6 * own
    assert held / units >= 0.9


def test_units_all_alike_are_shrunken_and_unlike_ones_hardly() -> None:
    alike = pd.DataFrame({"successes_1": [8] * 9, "base_1": [10] * 9, "successes_2": [30] * 9, "base_2": [50] * 9})
    found = shrunken_gaps(alike)
    assert (found["own_weight"] < 0.2).all() and found["shrunken"].tolist() == pytest.approx([0.2] * 9)
    unlike = pd.DataFrame({"successes_1": [900, 100, 900], "base_1": 1000, "successes_2": 5000, "base_2": 10000})
    assert (shrunken_gaps(unlike)["own_weight"] > 0.99).all()


def test_a_unit_with_few_answers_keeps_less_of_its_own() -> None:
    frame = pd.DataFrame({"successes_1": [5, 90, 20], "base_1": [10, 100, 100], "successes_2": 250, "base_2": 500})
    kept = shrunken_gaps(frame)["own_weight"]
    assert kept[0] < kept[1] == pytest.approx(kept[2])
    noised = shrunken_gaps(frame.assign(noise_1=variance(1.0)))["own_weight"]
    assert noised[0] < kept[0]
    with pytest.raises(ValueError, match="3 units"):
        shrunken_gaps(frame[:2])
