"""How many codes to hand out for a gap that can be told: at the last round's rate, with a unit's noise counted in."""

from pathlib import Path

import pytest

from analysis.measures.noise import variance
from analysis.measures.planning import detectable_gap
from survey.domain.disclosure.protection import Protection
from survey.publication.edition import canonical
from survey.publication.sample_size import GAPS, LEVELS, plan_sample
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from tests.followup.editions import ROUNDS, body
from tests.followup.looking import table_of
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance


def test_codes_are_counted_at_the_last_round_s_rate(tmp_path: Path) -> None:
    app = furnish_instance(tmp_path, 0)
    engine = app.extensions["services"].engine
    with read_transaction(engine) as connection:
        unknown = plan_sample(connection, Protection())
    assert unknown.rates == {"patient": None, "provider": None}
    assert all(row.answers and set(row.codes.values()) == {None} for row in unknown.rows)
    told = body(5)
    came = {row["role"]: row["n"] for row in told["collection_modes"] if row["collection_mode"] == "invited"}
    for row in told["respondents"]:
        if row["place"] == "jh":
            row["handed_out"] = {"patient": 2 * came["patient"], "provider": came["provider"] - 5}[row["role"]]
    with write_transaction(engine) as connection:
        add_round(connection, 5, "published")
        add_round(connection, 1, "draft")
        editions.add(connection, ROUNDS[4][0], *canonical(told), ROUNDS[4][3])
        found = plan_sample(connection, Protection())
    assert found.rates == {"patient": 50, "provider": 100}
    assert [(row.level, row.gap) for row in found.rows] == [(level, gap) for level in LEVELS for gap in GAPS]
    for row in found.rows:
        assert row.answers and row.codes == {"patient": 2 * row.answers, "provider": row.answers}
        s = variance(float(Protection().of_level(row.level)))
        reach = detectable_gap(row.answers, row.answers, noise_1=s, noise_2=s)
        assert reach == pytest.approx(row.gap / 100, rel=0.01) and reach <= row.gap / 100
    browser = StaffBrowser(app)
    browser.sign_in("Sven")
    page = browser.get(f"/staff/admin/rounds/{ROUNDS[0][0]}")
    said = page.words("main")
    assert table_of(page, "plan")[1] == ["10 procentenheter på en enhet", "402", "804", "402"]
    assert "besvarades 50 av hundra i våren 2024" in said
    assert "Dela ut så många" not in browser.get(f"/staff/admin/rounds/{ROUNDS[4][0]}").words("main")
