"""The bench runs, part by part, in the smallest size: what it measures is not judged here, only that it can be."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import text

from bench import (
    answer,
    clients,
    codes,
    coverage_gaps,
    coverage_pages,
    coverage_places,
    databases,
    every_unit,
    followup,
    growth,
    kiosk,
    memory,
    pieces,
)
from bench.editions import bodies_of, places_of, rounds_of
from bench.instance import ROUND, UNITS, fill, house_of, open_instance
from bench.server import serving
from bench.sheet import Row, row, show
from bench.walking import Walker
from survey.publication.edition import canonical
from survey.sealing.checks.reconciliation import reconcile
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.followup.editions import body as invented
from tests.postgres import Cluster

pytestmark = pytest.mark.xdist_group("web")

SIZE = followup.Size(municipalities=2, units=4, rounds=2)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with an open round."""
    return tmp_path_factory.mktemp("bench") / "instance"


@pytest.fixture(scope="module")
def app(instance: Path) -> Flask:
    """The resident part on it."""
    return open_instance(instance)


def figures(rows: Iterable[Row]) -> dict[str, float]:
    """Every line's first figure. All must be numbers; on a busy machine so short a look can tell no more."""
    rows = list(rows)
    assert rows and all(math.isfinite(figure) for each in rows for figure in each.figures)
    return {each.what: each.figures[0] for each in rows}


def waiting(app: Flask) -> int:
    """How many envelopes lie in the open round."""
    with read_transaction(house_of(app).engine) as connection:
        return int(connection.scalar(text("SELECT count(*) FROM envelope")))


def test_an_answer_that_has_waited_at_a_kiosk(app: Flask) -> None:
    assert figures(kiosk.measured(app, 2))["bytes of it on the tablet and on the wire"] == 448


def test_a_server_under_load_and_the_bare_app_beside_it(app: Flask, instance: Path) -> None:
    environ = {"INSTANCE": str(instance), "PART": "resident"}
    before = waiting(app)
    with serving("wsgi:app", environ) as ours, serving("bench.bare:app") as bare:
        loads = answer.take_loads(
            ours, bare, clients=2, each=2, bare_each=1_000, turns=1
        )  # enough that its CPU is more than a tick
        assert figures(answer.served(ours, bare, 0.5, loads))["whole server that only takes answers, PSS, MB"] > 30
        assert "request p99, ms" in figures(clients.take_all(ours, bare, (1, 2), answers=2, turns=1))
        assert "answers a second" in figures(databases.served(ours, ours, each=2, turns=1))
    answers = 2 * 2 + 2 + 2 + 2 * answer.CLIENTS * 2
    assert waiting(app) - before == 2 * answers


def test_an_answer_in_this_process_and_its_pieces(app: Flask) -> None:
    found = figures(answer.walked(app, walks=5))
    assert found["CPU per answer ÷ CPU per bare request"] > found["  of it the answers"] > 0
    shares = figures(pieces.split(app, walks=20))
    assert sum(share for what, share in shares.items() if not what.startswith(" ")) == pytest.approx(100)


def test_answers_already_there_add_up(tmp_path: Path) -> None:
    apps = [open_instance(tmp_path / name) for name in ("empty", "filled")]
    fill(apps[1], len(UNITS) + 1)
    assert [waiting(each) for each in apps] == [0, 2 * (len(UNITS) + 1)]
    assert all(line.ok for line in reconcile(house_of(apps[1]).engine))
    figures(growth.walked(apps, walks=2))


def test_codes_by_the_order(tmp_path: Path) -> None:
    app = open_instance(tmp_path / "codes", more=every_unit.many_units())
    found = codes.made(app, tmp_path / "codes", sizes=(20, 60), each=10)
    assert figures(found)["bytes on disk a code"] > 0
    with read_transaction(house_of(app).engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM access_code")) == 60


def test_every_unit_in_every_language_beside_one(tmp_path: Path) -> None:
    units = every_unit.many_units(3)
    app = open_instance(tmp_path / "many", more=units)
    assert figures(every_unit.walked(app, units))["CPU of questions and answers ÷ one unit, one language"] > 0
    with read_transaction(house_of(app).engine) as connection:
        answered = connection.execute(text("SELECT count(DISTINCT place) FROM batch WHERE accepted > 0")).scalar()
    assert answered == len(units) + 2  # and the unit that stands beside them, and the region's background


def test_postgresql_beside_sqlite(app: Flask, tmp_path: Path, cluster: Cluster) -> None:
    cluster.execute("CREATE DATABASE bench TEMPLATE migrated")
    figures(databases.walked(app, open_instance(tmp_path, cluster.url("bench")), walks=2))


def test_the_followup_of_a_large_region(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    once, ten = (followup.build(tmp_path / name, SIZE, times) for name, times in (("once", 1), ("ten", 10)))
    assert "again, ms" in figures(followup.rows_of(once, ten, SIZE, turns=1))
    followup.cold(str(tmp_path / "once"), SIZE.rounds, "enhet-1")
    assert len([float(number) for number in capsys.readouterr().out.split()]) == 3


def test_the_whole_product_at_rest(tmp_path: Path) -> None:
    app = open_instance(tmp_path)
    house = house_of(app)
    # The demo's last round has an answer, so no more are made; and the worker has a round to count.
    Walker(app).walk()
    with read_transaction(house.engine) as connection:
        asked = rounds.get_round(connection, ROUND)
    assert asked is not None
    with write_transaction(house.engine) as connection:
        rounds.add_round(connection, replace(asked, key="before", state="closed"))
    house.engine.dispose()
    with memory.at_rest(tmp_path) as (run, _):
        held = figures(memory.rows_of(run))
    # A process that has loaded what computes holds thirty to a hundred and thirty more.
    assert 150 < held["all of it, PSS, MB"] <= memory.AT_MOST, held
    assert held["the worker, PSS, MB"] < 95 and held["make run itself, PSS, MB"] < 20, held


def test_its_editions_have_the_published_shape(app: Flask) -> None:
    versions = house_of(app).versions
    (_, found), like = bodies_of(rounds_of(2), places_of(2, 30), versions), invented(4)
    assert set(found) == set(like)
    for part in ("places", "respondents", "cells", "gaps", "gap_changes"):
        assert set(like[part][0]) <= set(found[part][0]), part
    assert {cell["status"] for cell in found["cells"]} == {"shown", "hollow", "interval", "unsure", "hidden"}
    assert canonical(found) == canonical(bodies_of(rounds_of(2), places_of(2, 30), versions)[1])


def test_each_figure_has_its_bound_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row("under", 15.94, at_most=16), row("over", 16.06, at_most=16), Row("two", (1.0, 2.0), at_most=1)]
    show("A part", rows, ("a", "b"))
    lines = capsys.readouterr().out.splitlines()[-3:]
    bounds = [["15.9", "≤", "16", "holds"], ["16.1", "≤", "16", "MISSED"], ["1.0", "2.0", "≤", "1", "MISSED"]]
    assert [line.split()[1:] for line in lines] == bounds


def test_coverage_is_counted_for_every_interval_and_rule() -> None:
    units = [*coverage_places.shares(30), *coverage_places.changes(30), *coverage_places.unit_gaps(30)]
    assert all(0 <= each <= 100 for name, each in figures(units).items() if name.endswith("held"))
    assert len(figures([*coverage_places.over_units(4), *coverage_places.shown(30)])) == 11 + 4
    rng = np.random.default_rng(1)
    assert all(0 <= percent <= 100 for percent in coverage_gaps.false_alarms((10, 35), 0.6, 2, 4))
    said = coverage_pages.changed_figures(coverage_pages.page(rng, 4, 0.04, 0.12))
    assert [len(rule) for rule in said] == [14] * 4 + [7] * 4
