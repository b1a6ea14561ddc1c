"""Adjusted p values, against statsmodels' and against the definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.measures.trend_tests import adjust

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("bh", "fdr_bh")])
@settings(max_examples=25, deadline=None)  # statsmodels' Holm collects all garbage each time
@given(p_values=P_VALUES)
def test_as_statsmodels(method: str, theirs: str, p_values: list[float]) -> None:
    assert adjust(p_values, method) == pytest.approx(multipletests(p_values, method=theirs)[1])


def test_holm_by_hand() -> None:
    assert adjust([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_a_hidden_figure_is_no_comparison() -> None:
    found = adjust([0.01, np.nan, 0.02])
    assert found[[0, 2]] == pytest.approx([0.02, 0.02])
    assert np.isnan(found[1])
    assert len(adjust([])) == 0
    assert np.isnan(adjust([np.nan])).all()


def test_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="holm, bh"):
        adjust([0.1], "none")
