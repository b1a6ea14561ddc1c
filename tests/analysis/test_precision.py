"""What a figure may claim by its interval."""

import pytest

from analysis.measures.intervals import Interval
from analysis.measures.precision import Precision, precision


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.4, 0.8, Precision.SHARE),
        (0.4, 0.801, Precision.HOLLOW),
        (0.2, 0.8, Precision.HOLLOW),
        (0.2, 0.81, Precision.INTERVAL),
        (0.1, 0.9, Precision.INTERVAL),
        (0.1, 0.91, Precision.UNCERTAIN),
    ],
)
def test_by_half_of_its_width(low: float, high: float, said: Precision) -> None:
    assert precision(Interval(low, high), 12, 5) is said


def test_a_base_under_the_threshold_claims_nothing() -> None:
    assert precision(Interval(0.4, 0.6), 4, 5) is Precision.UNCERTAIN
    assert precision(Interval(0.4, 0.6), 5, 5) is Precision.SHARE
    assert [str(each) for each in Precision] == ["share", "hollow", "interval", "uncertain"]
