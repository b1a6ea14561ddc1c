"""The gate on invented regions: nothing hidden can be worked out, and no more is hidden than that takes."""

from collections import Counter

import pytest

from analysis.protect import Detail, Unprotectable
from survey.domain.scale import QUESTIONS, ROLES
from survey.publication import gate as gate_module
from survey.publication.counts import Counts
from survey.publication.gate import gate, restore
from survey.publication.gated import Gated
from tests.publication.attacker import Attack, rows_of
from tests.publication.invented import THRESHOLDS, Invented, realistic, region, small

SEEDS = range(40)


def tiny(seed: int) -> Invented:
    """One or two municipalities with one or two units each, as few answers as may be; some with background groups."""
    invented = Invented(seed, region(1 + seed // 2 % 2, 1 + seed // 4 % 2), small)
    if seed % 8:
        invented.background = []
    return invented


def unprotected(counts: Counts, threshold: int) -> Gated:
    """Each cell as it may be shown by itself: the primary rules alone."""
    return restore(counts, threshold, None)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_hidden_can_be_worked_out(seed: int) -> None:
    role = ROLES[seed % 2]
    gated = gate(tiny(seed).counts(role), THRESHOLDS[role])
    assert Attack(gated).exposed() == []


def test_control_without_the_secondary_step_hidden_counts_are_given_back() -> None:
    exposed = [
        seed
        for seed in range(20)
        if Attack(unprotected(tiny(seed).counts(ROLES[seed % 2]), THRESHOLDS[ROLES[seed % 2]])).exposed()
    ]
    assert len(exposed) >= 10


def test_the_attack_knows_what_is_true() -> None:
    attacked = Attack(gate(tiny(5).counts("provider"), 5))
    for name, (low, high) in attacked.ranges.items():
        assert low - 1e-6 <= attacked.values[name] <= high + 1e-6


@pytest.fixture(scope="module")
def real() -> dict[str, Gated]:
    """A region of eight municipalities and 24 units, of the sizes that are expected."""
    return Invented(1, region(8, 3), realistic).gated()


def shares(gated: Gated, level: str) -> dict[str, float]:
    """How large a part of a level's cells is shown how far, of places where anything was opened."""
    found: Counter[str] = Counter()
    for node, at in gated.counts.levels.items():
        if at == level and gated.counts.nodes[node].n:
            found.update(gated.detail(node, question).name for question in QUESTIONS)
    return {name: n / found.total() for name, n in found.items()}


def test_what_stays_useful(real: dict[str, Gated]) -> None:
    assert "HIDDEN" not in shares(real["patient"], "region") | shares(real["provider"], "region")
    patient, provider = shares(real["patient"], "unit"), shares(real["provider"], "unit")
    assert patient.get("SHARE", 0) + patient.get("CODES", 0) > 0.9
    assert provider.get("HIDDEN", 0) < 0.06
    assert provider.get("SHARE", 0) + provider.get("CODES", 0) + provider["BAND"] > 0.94


def test_nothing_hidden_can_be_worked_out_in_a_region_of_real_size(real: dict[str, Gated]) -> None:
    for role in ROLES:
        assert Attack(real[role]).exposed() == []


def test_the_primary_rules_hold_for_every_cell(real: dict[str, Gated]) -> None:
    for gated in real.values():
        for (node, question), row in rows_of(gated).items():
            base, yes, partly, no = (
                gated.system.values[kind, node, question] for kind in ("base", "yes", "partly", "no")
            )
            if base < gated.threshold:
                assert row["status"] == "hidden"
            elif base < 50 and min(yes, base - yes) < 3:
                assert row["status"] != "shown"
            if row["codes"] and "partly" in row["codes"]:
                assert min(yes, partly, no) >= 3
            if row["codes"]:
                assert min(yes, base - yes) >= 3
                assert sum(row["codes"].values()) == 100
            if row["status"] == "hidden":
                assert row["why"] == "few" and {row[name] for name in ("n", "share", "low", "cap_low")} == {None}
            if row["status"] == "band":
                assert row["share"] is None and row["cap_low"] * base <= 100 * yes <= row["cap_high"] * base


def test_the_same_counts_give_the_same_pattern(real: dict[str, Gated]) -> None:
    again = gate(real["provider"].counts, 5)
    assert again.hiding.hidden == real["provider"].hiding.hidden
    assert [step.name for step in again.hiding.taken] == [step.name for step in real["provider"].hiding.taken]


def test_a_higher_threshold_hides_how_many_answered_too() -> None:
    stricter = gate(tiny(7).counts("provider"), 8)
    few = [node for node in stricter.counts.levels if 0 < stricter.counts.nodes[node].n < 8]
    units = [node for node in few if stricter.counts.levels[node] == "unit"]
    assert units and not any(stricter.shown_n(node) for node in units)
    assert {stricter.detail(node, question) for node in units for question in QUESTIONS} == {Detail.HIDDEN}
    assert Attack(stricter).exposed() == []


def test_it_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "protect", lambda *_: None)
    with pytest.raises(Unprotectable):
        gate(tiny(3).counts("provider"), 5)
