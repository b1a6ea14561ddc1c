"""The whole country: 21 regions' editions against one installation with everybody, and through the signed files."""

import math
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from analysis.measures.noise import variance
from survey.config import Settings
from survey.domain.disclosure.matching import weights
from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.questions.questionnaire import DEFAULT_VERSION
from survey.publication.edition import canonical
from survey.publication.federation.contributions import Contribution, contribution
from survey.publication.federation.national import national_body
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from survey.store.published.gathered import GatheredEdition
from tests.factories import make_round
from tests.publication.federated import TODAY, VERSIONS, fresh
from tests.publication.sweden import NAMES, Exporter, Gathering, answered, editions_of, period_of, places_of, truth
from tests.told_rounds import Opening, Rounds

VERSION = VERSIONS[DEFAULT_VERSION]
SEEDS = range(12)
PERIOD = period_of(0)
NATION = "sverige"


@cache
def region(key: str, seed: int) -> dict[str, Any]:
    """A region's edition, with noise of its own."""
    return editions_of(key, 1, seed)[0]


def contributed(exporter: Exporter, body: dict[str, Any]) -> Contribution:
    """What a region contributes with this edition."""
    text, digest = canonical(body)
    named = (exporter.key, body["number"], body["round"]["key"])
    return contribution(
        exporter.source, [GatheredEdition(*named, "current", TODAY, digest, b"s" * 64, text.encode())], PERIOD
    )


@pytest.fixture(scope="module")
def nation_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], dict[str, Any]]:
    """The national edition of all 21, by the seed of their noise."""
    folder = tmp_path_factory.mktemp("sweden")
    exporters = [Exporter(folder / key, key, []) for key in NAMES]

    @cache
    def made(seed: int) -> dict[str, Any]:
        there = [contributed(each, region(each.key, seed)) for each in exporters]
        return national_body(PERIOD, there, VERSION, expected=21)

    return made


@cache
def all_in_one(seed: int) -> dict[str, Any]:
    """The edition of one installation that everybody answered in."""
    places = [Place("all", "Alla", "region"), *(place for key in NAMES for place in places_of(key, "all"))]
    opened = {name: counts for key in NAMES for name, counts in answered(key, 0).items()}
    dice = sha256(f"all {seed}".encode()).digest()
    return Rounds(places, VERSIONS).publish(make_round(), Opening(opened, dice=dice))


def cell(body: dict[str, Any], place: str, role: str, question: str) -> dict[str, Any]:
    """One cell."""
    wanted = (place, role, question)
    return next(row for row in body["cells"] if (row["place"], row["role"], row["question"]) == wanted)


def gap(body: dict[str, Any], place: str, question: str) -> dict[str, Any]:
    """One gap."""
    return next(row for row in body["gaps"] if (row["place"], row["question"]) == (place, question))


def is_as_said(z: list[float]) -> bool:
    """No bias, and the variance that is said."""
    found = np.array(z)
    return bool(abs(found.mean()) < 4 / math.sqrt(len(found)) and 0.65 < (found**2).mean() < 1.45)


@pytest.mark.slow
def test_counts_equal_those_of_one_installation_within_the_noise(nation_of: Callable[[int], dict[str, Any]]) -> None:
    for code in ("yes", "not_yes", "non_substantive"):
        off, apart, shares = [], [], []
        for seed in SEEDS:
            for role in ROLES:
                for question in QUESTIONS:
                    exact = truth(NAMES, 0, role, question)
                    ours = cell(nation_of(seed), NATION, role, question)
                    theirs = cell(all_in_one(seed), "all", role, question)
                    off.append((ours["counts"][code] - exact[code]) / math.sqrt(ours["noise"]))
                    noise = math.sqrt(ours["noise"] + theirs["noise"])
                    apart.append((ours["counts"][code] - theirs["counts"][code]) / noise)
                    shares.append(ours["share"] - theirs["share"])
                    assert ours["n"] == theirs["n"] and ours["status"] == theirs["status"] == "shown"
                    assert ours["low"] < 100 * exact["yes"] / (exact["yes"] + exact["not_yes"]) < ours["high"]
        assert is_as_said(off), (code, np.mean(off), np.mean(np.square(off)))
        assert is_as_said(apart), (code, np.mean(apart), np.mean(np.square(apart)))
        assert abs(np.mean(shares)) < 0.3


def exact_gap(keys: tuple[str, ...], question: str) -> tuple[float, float, float]:
    """The gap over some regions' units without noise, the variance that its noise has, and its weight."""
    counts = {(unit, role): c for key in keys for (unit, role, _), c in answered(key, 0).items()}
    n = {role: {unit: c["all", "all"] for (unit, whose), c in counts.items() if whose == role} for role in ROLES}
    whole, shares, noise = 0.0, {}, 0.0
    for role, of_role in weights(n, n["patient"]).items():
        yes = sum(w * counts[unit, role][question, "yes"] for unit, w in of_role.items())
        codes = ("yes", "partly", "no")
        base = sum(w * sum(counts[unit, role][question, code] for code in codes) for unit, w in of_role.items())
        shares[role] = p = yes / base
        noise += variance(float(DEFAULT_PROTECTION.of_gap(role)) / max(of_role.values())) * (1 - p + p * p) / base**2
        whole = sum(w * n[role][unit] for unit, w in of_role.items())
    return 100 * (shares["provider"] - shares["patient"]), 1e4 * noise, whole


@pytest.mark.slow
def test_gaps_equal_those_of_one_installation_within_the_noise(nation_of: Callable[[int], dict[str, Any]]) -> None:
    off, apart, widths = [], [], []
    for question in QUESTIONS:
        middle, alone, _ = exact_gap(tuple(NAMES), question)
        each = [exact_gap((key,), question) for key in NAMES]
        whole = sum(weight for *_, weight in each)
        exact = sum(weight / whole * own for own, _, weight in each)
        noise = sum((weight / whole) ** 2 * of_noise for _, of_noise, weight in each)
        assert abs(exact - middle) < 0.5
        for seed in SEEDS:
            ours, theirs = gap(nation_of(seed), NATION, question), gap(all_in_one(seed), "all", question)
            assert ours["low"] < exact < ours["high"] and ours["units"] == theirs["units"] == 63
            off.append((ours["gap"] - exact) / math.sqrt(noise))
            apart.append((ours["gap"] - exact - (theirs["gap"] - middle)) / math.sqrt(noise + alone))
            widths.append((ours["high"] - ours["low"]) / (theirs["high"] - theirs["low"]))
    assert is_as_said(off), (np.mean(off), np.mean(np.square(off)))
    assert is_as_said(apart), (np.mean(apart), np.mean(np.square(apart)))
    assert 1.0 < np.mean(widths) < 2.0


@pytest.fixture
def nation(migrated_file: Path, tmp_path: Path, open_engine: Callable[..., Engine]) -> Gathering:
    """The installation that gathers."""
    engine = fresh(migrated_file, tmp_path / "nation" / "survey.db", open_engine)
    return Gathering(engine, Settings(instance=tmp_path, secret="n" * 40))


@pytest.fixture
def exporters(tmp_path: Path, nation: Gathering) -> dict[str, Exporter]:
    """All 21 regions, exported and trusted."""
    found = {key: Exporter(tmp_path / "export" / key, key, [region(key, 0)]) for key in NAMES}
    for each in found.values():
        nation.trust(each)
    return found


def test_the_country_is_gathered_published_and_kept(nation: Gathering, exporters: dict[str, Exporter]) -> None:
    assert {each.refused for each in nation.gather()} == {""}
    found = nation.publish(PERIOD)
    there = [contributed(each, region(each.key, 0)) for each in exporters.values()]
    assert found.body["cells"] == national_body(PERIOD, there, VERSION, expected=21)["cells"]
    assert [row["status"] for row in found.body["regions"]] == ["included"] * 21
    again = nation.publish(PERIOD)
    assert again.was_there and again.number == found.number == 1
    with read_transaction(nation.engine) as connection:
        kept = editions.get(connection, 1)
        assert kept is not None and kept.sha256 == sha256(canonical(found.body)[0].encode()).hexdigest()
        assert editions.hashed_heads(connection) == []


LATER = {
    "number": 2,
    "round": {"key": "skane-extra", "name": "extra", "opens": "2024-10-20", "closes": "2024-11-01"},
}


def test_what_is_forged_or_altered_changes_no_figure_and_is_said(
    nation: Gathering, exporters: dict[str, Exporter]
) -> None:
    nation.gather()
    first = nation.publish(PERIOD)
    exporters["gotland"].export([region("gotland", 0) | {"smallest_group": 1}])
    exporters["skane"].export([region("skane", 0), region("skane", 1) | LATER])
    altered = exporters["skane"].folder / "edition-2.json"
    altered.write_bytes(altered.read_bytes().replace(b"Skane", b"SkAne", 1).replace(b"skane", b"skAne", 1))
    forger = Exporter(exporters["uppsala"].folder, "uppsala", [region("uppsala", 1) | {"number": 2}])
    assert forger.signer is not exporters["uppsala"].signer
    refused = {each.source.key: each.refused for each in nation.gather() if each.refused}
    assert refused == {"gotland": "changed", "skane": "not_signed", "uppsala": "not_signed"}
    second = nation.publish(PERIOD)
    assert second.body["cells"] == first.body["cells"] and second.number == 2
    assert {row["key"]: row["refused"] for row in second.body["regions"] if row["refused"]} == refused


def test_the_nations_change_is_the_mean_of_the_regions_own(nation: Gathering, tmp_path: Path) -> None:
    for key in ("gotland", "skane"):
        nation.trust(Exporter(tmp_path / key, key, editions_of(key, 2)))
    nation.gather()
    nation.publish(PERIOD)
    body = nation.publish(period_of(1)).body
    rows = {row["place"]: row for row in body["gap_changes"] if row["question"] == "trygghet"}
    weight = {row["key"]: row["weights"]["trygghet"] for row in body["regions"]}
    assert set(rows) == {NATION, "gotland", "skane"} and {row["since"] for row in rows.values()} == {PERIOD.key}
    for name in ("before_gap", "after_gap"):
        mean = sum(weight[key] * rows[key][name] for key in weight) / sum(weight.values())
        assert rows[NATION][name] == pytest.approx(mean, abs=0.01)
    assert rows[NATION]["before_se"] < min(rows[key]["before_se"] for key in weight)
