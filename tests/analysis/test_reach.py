"""Who answered: response rates, and the answers beside who lives here."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.response_rates import compare_with_population, response_rates


def test_rates_of_what_is_known() -> None:
    rows = pd.DataFrame(
        {"handed_out": [40, np.nan, 0], "received": [10, 15, 5], "headcount": [20, 30, np.nan]}, index=list("abc")
    )
    found = response_rates(rows)
    assert found["rate"].tolist() == pytest.approx([0.25, np.nan, np.nan], nan_ok=True)
    assert found["headcount_rate"].tolist() == pytest.approx([0.5, 0.5, np.nan], nan_ok=True)
    assert response_rates(rows.drop(columns="headcount"))["headcount_rate"].isna().all()


def test_answers_beside_the_population() -> None:
    groups = pd.DataFrame(
        {"answers": [60, 30, np.nan, 10], "population": [400, 400, 100, 200]},
        index=["woman:65-79", "man:65-79", "man:18-34", "woman:18-34"],
    )
    found = compare_with_population(groups)
    assert found["answers_share"].tolist() == pytest.approx([0.6, 0.3, np.nan, 0.1], nan_ok=True)
    assert found["population_share"].tolist() == pytest.approx([0.4, 0.4, np.nan, 0.2], nan_ok=True)
    assert found["times"].tolist() == pytest.approx([1.5, 0.75, np.nan, 0.5], nan_ok=True)
    with pytest.raises(ValueError, match="somebody"):
        compare_with_population(groups.assign(answers=0.0))
