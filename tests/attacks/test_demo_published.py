"""The demo's own editions, attacked: invented answers through the real accept, close and publish, then everything
published is taken as exactly known and linear programs look for what is hidden.

Also counted: how many cells of each level and role show a share, a band, nothing. The control reads the same counts
as they would stand without the gate's second step.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey.__main__ import ensure_instance
from survey.app import create_app
from survey.cli import demo
from survey.publication.cells import shown_before
from survey.publication.counts import Counts
from survey.publication.gate import restore
from survey.publication.history import counts_of
from survey.publication.lattice import respondents
from survey.store import editions
from survey.store.engine import reading
from tests.attacks.full import Shown, sized
from tests.publication.attacker import Attack

ROUNDS = sized(1, 9)
WORDS = {"shown": "a share", "band": "a band", "hidden": "hidden"}
Body = Mapping[str, Any]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo, as `make run` fills it, as far as this run goes."""
    folder = Path(tmp_path_factory.mktemp("demo")) / "instance"
    ensure_instance(folder)
    app = create_app("all", folder)
    with app.app_context():
        demo.fill(ROUNDS)
    return app


@pytest.fixture(scope="module")
def published(filled: Flask) -> list[tuple[Body, dict[str, Counts]]]:
    """Every edition beside the counts that it hides."""
    found = []
    with reading(filled.extensions["house"].engine) as connection:
        for body in [each.content for each in editions.latest_by_round(connection)]:
            found.append((body, counts_of(connection, body)))
    return found


def attacked(body: Body, counts: Counts, role: str) -> Attack:
    """What is published of a role in an edition, and nothing else, attacked."""
    gated = restore(counts, body["thresholds"][role], shown_before(body, role))
    gated.hiding.hidden |= {
        respondents(row["place"]) for row in body["respondents"] if row["role"] == role and row["status"] == "hidden"
    }
    return Attack(gated)


def told(row: Body) -> tuple[Any, ...]:
    """What a cell says, by itself."""
    return tuple(row[name] for name in ("status", "why", "n", "share", "cap_low", "cap_high", "codes", "outside"))


def test_nothing_hidden_in_the_demo_can_be_worked_out(
    published: list[tuple[Body, dict[str, Counts]]], shown: Shown
) -> None:
    exposed, hidden = [], 0
    for body, by_role in published:
        for role, counts in by_role.items():
            attack = attacked(body, counts, role)
            assert {at: told(row) for at, row in attack.rows.items() if row.get("place")} == {
                (row["place"], row["question"]): told(row) for row in body["cells"] if row["role"] == role
            }
            exposed += [(body["number"], name) for name in attack.exposed()]
            hidden += len(attack.ranges)
    said = f"{len(exposed)} of {hidden} hidden counts closer than their rule"
    shown("published", "the demo's own editions, everything shown taken as exactly known", said, n=len(published))
    assert len(published) == ROUNDS and hidden > 500
    assert exposed == []


def test_control_without_the_second_step_the_demo_gives_hidden_counts_away(
    published: list[tuple[Body, dict[str, Counts]]], shown: Shown
) -> None:
    exposed = [
        bool(Attack(restore(counts, body["thresholds"][role], None)).exposed())
        for body, by_role in published
        for role, counts in by_role.items()
    ]
    said = f"{sum(exposed)} of {len(exposed)} give counts away"
    shown("published", "the same rounds with small cells hidden and nothing more", said, n=len(exposed), control=True)
    assert all(exposed)


def test_every_band_and_share_in_the_demo_is_true(published: list[tuple[Body, dict[str, Counts]]]) -> None:
    met: Counter[str] = Counter()
    for body, by_role in published:
        for row in body["cells"]:
            count = by_role[row["role"]].nodes[row["place"]]
            yes, base = (
                sum(count.of(row["question"], code) for code in codes) for codes in (("yes",), ("yes", "partly", "no"))
            )
            met[row["status"]] += 1
            if row["status"] == "band":
                assert row["cap_low"] * base <= 100 * yes <= row["cap_high"] * base
            if row["status"] == "shown":
                assert abs(100 * yes - row["share"] * base) <= base / 2
    assert set(met) == {"shown", "band", "hidden"}


def test_places_that_hold_each_other_differ_by_nobody_or_a_crowd(
    published: list[tuple[Body, dict[str, Counts]]],
) -> None:
    pairs = 0
    for body, by_role in published:
        above = {row["key"]: row["parent"] for row in body["places"]}
        for role, counts in by_role.items():
            seen = {r["place"] for r in body["respondents"] if r["role"] == role and r["status"] == "shown"}
            for place in seen:
                up = above[place]
                while up:
                    more = counts.nodes[up].n - counts.nodes[place].n
                    assert up not in seen or more == 0 or more >= body["thresholds"][role], (place, up)
                    pairs += up in seen
                    up = above[up]
    assert pairs > 20 * ROUNDS


def test_how_much_of_the_demo_is_shown(published: list[tuple[Body, dict[str, Counts]]], shown: Shown) -> None:
    found: dict[tuple[str, str], Counter[str]] = {}
    for body, _ in published:
        level = {row["key"]: row["level"] for row in body["places"]}
        for row in body["cells"]:
            found.setdefault((level[row["place"]], row["role"]), Counter())[row["status"]] += 1
    for (level, role), cells in sorted(found.items()):
        parts = ", ".join(f"{100 * cells[s] / cells.total():.0f} % {w}" for s, w in WORDS.items())
        shown("published", f"the demo's cells: {level}, {role}", parts, n=cells.total())
        assert level != "region" or cells["shown"] == cells.total()
    region = {row["key"] for body, _ in published for row in body["places"] if row["level"] == "region"}
    gaps = [row for body, _ in published for row in body["gaps"] if row["place"] in region]
    said = f"{sum(row['status'] == 'shown' for row in gaps)} of {len(gaps)} shown"
    shown("published", "the demo's gaps for the whole region", said, n=len(gaps))
    assert len(gaps) == 7 * ROUNDS
