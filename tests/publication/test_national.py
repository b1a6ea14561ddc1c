"""A national edition: equal to one installation with everybody within the noise, and what is not in it is said."""

import hashlib
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from analysis.charts import chart_of, drawing, table_of
from analysis.frames import frame
from analysis.localisation import PlainLocalisation
from analysis.measures.noise import variance
from survey.domain.disclosure.matching import weights
from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import ANSWER_OPTIONS, QUESTIONS, ROLES
from survey.domain.questions.questionnaire import DEFAULT_VERSION
from survey.publication.edition import canonical
from survey.publication.federation.contributions import ChangedBytes, Contribution, Period, contribution
from survey.publication.federation.national import NoContribution, national_body, summed
from survey.sealing.rounds.counting import Counts
from survey.sealing.rounds.counting import counts_of as counted
from survey.store.published.gathered import GatheredEdition, Source
from tests.factories import make_round
from tests.publication.federated import TODAY, VERSIONS, Nation, Region, fresh, make_region
from tests.publication.invented import response
from tests.told_rounds import Opened, Opening, Rounds

PERIOD = Period("host-2026", "hösten 2026", date(2026, 7, 1), date(2026, 12, 31))
VERSION = VERSIONS[DEFAULT_VERSION]
KEYS = ("east", "north", "west")
SEEDS = range(12)
UNITS = {"east": 5, "north": 4, "west": 6}


def places_below(key: str, top: str | None, level: str = "region") -> list[Place]:
    """A region and its units; in an installation with all of them it lies below the nation."""
    middle = [Place(f"{key}-m", f"{key} kommun", "municipality", key)] if level == "region" else []
    above = f"{key}-m" if middle else key
    units = [Place(f"{key}-u{n}", f"{key} {n}", "unit", above) for n in range(UNITS[key])]
    return [Place(key, f"Region {key.title()}", level, top), *middle, *units]


@cache
def answered(key: str, tilt: float = 0.0) -> Opened:
    """What was answered in a region: the same whatever noise is drawn."""
    rng = random.Random(f"{key} {tilt}")
    found: dict[tuple[str, str, str], Counts] = {}
    for n in range(UNITS[key]):
        for role, few, many in (("patient", 30, 60), ("provider", 8, 15)):
            people = [response(rng, role, tilt) for _ in range(rng.randint(few, many))]
            found[f"{key}-u{n}", role, "invited"] = counted(people)
    return found


def an_edition(key: str, seed: int, number: int = 1, **changed: Any) -> dict[str, Any]:
    """A region's edition, with noise of its own dice."""
    return published(key, seed) | {"number": number} | changed


@cache
def published(key: str, seed: int) -> dict[str, Any]:
    """The same, made once."""
    round_ = make_round(f"{key}-omgang", closes=date(2026, 10, 11 + KEYS.index(key)))
    dice = hashlib.sha256(f"{key} {seed}".encode()).digest()
    return Rounds(places_below(key, None), VERSIONS).publish(round_, Opening(answered(key), dice=dice))


@cache
def all_in_one(seed: int) -> dict[str, Any]:
    """The edition of one installation that everybody answered in."""
    there = [
        Place("all", "Alla", "region"),
        *(place for key in KEYS for place in places_below(key, "all", "municipality")),
    ]
    opened = {name: counts for key in KEYS for name, counts in answered(key).items()}
    dice = hashlib.sha256(f"all {seed}".encode()).digest()
    return Rounds(there, VERSIONS).publish(make_round("host-2026"), Opening(opened, dice=dice))


def source_of(key: str) -> Source:
    """A trusted region."""
    return Source(key, f"Region {key.title()}", "/nowhere", key.encode().ljust(32))


def gathered_one(key: str, body: dict[str, Any], state: str = "current") -> GatheredEdition:
    """An edition as it is kept."""
    text, sha256 = canonical(body)
    named = (key, body["number"], body["round"]["key"])
    return GatheredEdition(*named, state, TODAY, sha256, b"s" * 64, text.encode())


def given(*bodies: tuple[str, dict[str, Any]], period: Period = PERIOD) -> list[Contribution]:
    """What the regions with these editions contribute."""
    return [contribution(source_of(key), [gathered_one(key, body)], period) for key, body in bodies]


@cache
def nation_of(seed: int) -> dict[str, Any]:
    """The national edition of the three regions."""
    there = given(*((key, an_edition(key, seed)) for key in KEYS))
    return national_body(PERIOD, there, VERSION, expected=21)


def cell(body: dict[str, Any], place: str, role: str, question: str) -> dict[str, Any]:
    """One cell."""
    wanted = (place, role, question)
    return next(row for row in body["cells"] if (row["place"], row["role"], row["question"]) == wanted)


def truth(role: str, question: str) -> dict[str, int]:
    """What was really answered, everywhere."""
    found = dict.fromkeys(("yes", "not_yes", "non_substantive"), 0)
    for key in KEYS:
        for (_, whose, _), counts in answered(key).items():
            if whose == role:
                codes = {code: counts[question, code] for code in ANSWER_OPTIONS}
                yes, not_yes = codes["yes"], codes["partly"] + codes["no"]
                found["yes"] += yes
                found["not_yes"] += not_yes
                found["non_substantive"] += counts["all", "all"] - yes - not_yes
    return found


@dataclass(frozen=True)
class Draws:
    """How far figures lie from what they should be, in standard deviations of the noise that is said."""

    z: np.ndarray

    def is_as_said(self) -> bool:
        """No bias, and the variance that is said: noise in hand, these limits are missed once in some thousands."""
        return abs(self.z.mean()) < 4 / math.sqrt(len(self.z)) and 0.65 < (self.z**2).mean() < 1.45


@pytest.mark.slow
def test_the_noise_that_is_said_is_the_noise_that_is_there() -> None:
    for code in ("yes", "not_yes", "non_substantive"):
        z = []
        for seed in SEEDS:
            for role in ROLES:
                for question in QUESTIONS:
                    row = cell(nation_of(seed), "sverige", role, question)
                    z.append((row["counts"][code] - truth(role, question)[code]) / math.sqrt(row["noise"]))
        assert Draws(np.array(z)).is_as_said(), (code, np.mean(z), np.mean(np.square(z)))


@pytest.mark.slow
def test_figures_equal_those_of_one_installation_within_the_noise() -> None:
    z, shares = [], []
    for seed in SEEDS:
        for role in ROLES:
            for question in QUESTIONS:
                ours, theirs = (
                    cell(nation_of(seed), "sverige", role, question),
                    cell(all_in_one(seed), "all", role, question),
                )
                apart = ours["counts"]["yes"] - theirs["counts"]["yes"]
                z.append(apart / math.sqrt(ours["noise"] + theirs["noise"]))
                shares.append(ours["share"] - theirs["share"])
                assert ours["n"] == theirs["n"]
                assert sum(ours["counts"][name] for name in ("yes", "not_yes", "non_substantive")) == pytest.approx(
                    sum(truth(role, question).values()), abs=0.1
                )
    assert Draws(np.array(z)).is_as_said(), (np.mean(z), np.mean(np.square(z)))
    assert abs(np.mean(shares)) < 0.5


def exact_gap(keys: tuple[str, ...], question: str) -> tuple[float, float, float]:
    """The gap over some regions' matched units without noise, the variance that its noise has, and its weight."""
    counts = {(unit, role): c for key in keys for (unit, role, _), c in answered(key).items()}
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
def test_gaps_equal_those_of_one_installation_within_the_noise() -> None:
    z, apart, widths = [], [], []
    for question in QUESTIONS:
        middle, alone, _ = exact_gap(KEYS, question)
        each = [exact_gap((key,), question) for key in KEYS]
        whole = sum(weight for *_, weight in each)
        exact = sum(weight / whole * gap for gap, _, weight in each)
        noise = sum((weight / whole) ** 2 * of_noise for _, of_noise, weight in each)
        assert abs(exact - middle) < 0.3
        for seed in SEEDS:
            ours, theirs = (
                next(row for row in body["gaps"] if (row["place"], row["question"]) == (place, question))
                for body, place in ((nation_of(seed), "sverige"), (all_in_one(seed), "all"))
            )
            assert ours["low"] < ours["gap"] < ours["high"] and ours["kind"] == theirs["kind"] == "matched"
            assert (ours["units"], ours["units_excluded"]) == (theirs["units"], theirs["units_excluded"])
            z.append((ours["gap"] - exact) / math.sqrt(noise))
            apart.append((ours["gap"] - theirs["gap"]) / math.sqrt(noise + alone))
            widths.append((ours["high"] - ours["low"]) / (theirs["high"] - theirs["low"]))
    for found in (z, apart):
        assert Draws(np.array(found)).is_as_said(), (np.mean(found), np.mean(np.square(found)))
    # Three draws of noise where one installation needs one: wider, and said so.
    assert 1.0 < np.mean(widths) < 1.4


def test_what_is_told_apart_adds_up_too() -> None:
    body = nation_of(1)
    parts = [an_edition(key, 1) for key in KEYS]
    for role in ROLES:
        row = cell(body, "sverige", role, "trygghet")
        own = [cell(part, key, role, "trygghet") for part, key in zip(parts, KEYS, strict=True)]
        assert set(row["counts"]) == set(own[0]["counts"]) > {"yes", "not_yes", "non_substantive", "partly"}
        for name, value in row["counts"].items():
            assert value == pytest.approx(sum(each["counts"][name] for each in own), abs=0.011)
        assert row["noise_part"] == pytest.approx(sum(each["noise_part"] for each in own))


def test_a_region_stands_as_it_published_and_by_its_name() -> None:
    body = nation_of(2)
    assert [place["key"] for place in body["places"]] == ["sverige", *KEYS]
    for key in KEYS:
        own = an_edition(key, 2)
        for role in ROLES:
            for question in QUESTIONS:
                assert cell(body, key, role, question) == cell(own, key, role, question)
    assert [row["key"] for row in body["regions"]] == sorted(KEYS)
    assert body["regions_expected"] == 21 and body["left_out"] == []


def test_other_words_stand_in_no_sum_and_are_said() -> None:
    words = an_edition("west", 3)["wordings"]
    words = words | {"patient": words["patient"] | {"trygghet": "0" * 12}}
    other = an_edition("west", 3, wordings=words, versions={"patient": "egen", "provider": DEFAULT_VERSION})
    rest = [(key, an_edition(key, 3)) for key in ("east", "north")]
    body = national_body(PERIOD, given(*rest, ("west", other)), VERSION, expected=3)
    without = national_body(PERIOD, given(*rest), VERSION, expected=3)
    assert body["left_out"] == [{"region": "west", "role": "patient", "question": "trygghet", "why": "wording"}]
    assert cell(body, "sverige", "patient", "trygghet") == cell(without, "sverige", "patient", "trygghet")
    assert cell(body, "west", "patient", "trygghet")["status"] == "hidden"
    assert cell(body, "sverige", "provider", "trygghet") != cell(without, "sverige", "provider", "trygghet")
    gap = {row["question"]: row for row in body["gaps"] if row["place"] == "sverige"}
    assert gap["trygghet"]["units"] == UNITS["east"] + UNITS["north"] < gap["overblick"]["units"]
    hidden = [row["question"] for row in body["gaps"] if row["place"] == "west" and row["status"] == "hidden"]
    assert hidden == ["trygghet"]
    # Nor is it told as unsure: the region has a gap, in its own words.
    told = {row["question"]: row["status"] for row in frame.records(frame.gaps([body], "west"))}
    assert told["trygghet"] == "hidden"


def test_too_few_answers_are_said_and_stand_in_no_sum() -> None:
    few = an_edition("west", 3)
    nothing = {"n": None, "counts": None, "noise": None, "noise_part": None, "status": "hidden"}
    few["cells"] = [row | (nothing if row["role"] == "provider" else {}) for row in few["cells"]]
    few["gaps"] = [row | {"status": "hidden"} for row in few["gaps"]]
    body = national_body(PERIOD, given(("east", an_edition("east", 3)), ("west", few)), VERSION, expected=2)
    assert [(row["role"], row["why"]) for row in body["left_out"]] == [("provider", "too_few")] * 7
    assert (
        cell(body, "sverige", "provider", "trygghet")["counts"]
        == cell(an_edition("east", 3), "east", "provider", "trygghet")["counts"]
    )


def test_who_is_missing_late_or_withdrawn_is_said_and_never_guessed() -> None:
    early = an_edition("north", 4)
    early["round"] = early["round"] | {"closes": "2026-06-30"}
    there = [
        *given(("east", an_edition("east", 4))),
        contribution(source_of("north"), [gathered_one("north", early)], PERIOD),
        contribution(source_of("west"), [gathered_one("west", an_edition("west", 4), "withdrawn")], PERIOD),
        contribution(replace(source_of("south"), refused="not_signed"), [], PERIOD),
    ]
    body = national_body(PERIOD, there, VERSION, expected=21)
    assert {row["key"]: row["status"] for row in body["regions"]} == {
        "east": "included",
        "north": "late",
        "south": "missing",
        "west": "withdrawn",
    }
    assert {row["key"]: row["refused"] for row in body["regions"]}["south"] == "not_signed"
    assert [place["key"] for place in body["places"]] == ["sverige", "east"]
    own = an_edition("east", 4)
    assert cell(body, "sverige", "patient", "trygghet")["counts"] == cell(own, "east", "patient", "trygghet")["counts"]
    with pytest.raises(NoContribution):
        national_body(PERIOD, there[1:], VERSION, expected=21)


def test_of_two_rounds_in_the_period_the_later_counts_and_a_replaced_one_never() -> None:
    first, second = an_edition("east", 5), an_edition("east", 6, number=2)
    first["round"] = first["round"] | {"key": "var", "closes": "2026-07-02"}
    both = [gathered_one("east", first), gathered_one("east", second)]
    assert contribution(source_of("east"), both, PERIOD).row()["edition"] == 2
    replaced = [both[0], gathered_one("east", second, "replaced")]
    assert contribution(source_of("east"), replaced, PERIOD).row()["edition"] == 1


def test_bytes_that_are_no_longer_those_that_were_verified_stop_it() -> None:
    found = gathered_one("east", an_edition("east", 5))
    with pytest.raises(ChangedBytes):
        contribution(source_of("east"), [replace(found, body=found.body.replace(b"east", b"easy", 1))], PERIOD)


def test_where_other_regions_stand_in_it_the_nations_line_breaks() -> None:
    before = national_body(PERIOD, given(*((key, an_edition(key, 7)) for key in KEYS)), VERSION, expected=3)
    later = Period("host-2027", "hösten 2027", date(2027, 7, 1), date(2027, 12, 31))
    bodies = []
    for key in KEYS:
        body = an_edition(key, 8)
        bodies.append((key, body | {"round": body["round"] | {"closes": "2027-10-11", "key": f"{key}-2"}}))
    same = national_body(later, given(*bodies, period=later), VERSION, expected=3, earlier=[before])
    fewer = national_body(later, given(*bodies[:2], period=later), VERSION, expected=3, earlier=[before])
    assert summed(same) == summed(before) > summed(fewer)
    assert (before["places"][0]["joined"], same["places"][0]["joined"], fewer["places"][0]["joined"]) == (
        *(False, False),
        True,
    )
    cells = frame.cells([before, same], "sverige")
    assert len(cells) == 28 and set(cells["level"]) == {"nation"} and set(cells["status"]) == {"shown"}
    assert len(frame.gaps([before, same], "sverige")) == 14
    texts = PlainLocalisation.from_editions([before, same])
    for name, place in (("gap", "sverige"), ("trend", "sverige"), ("change", "east")):
        table = table_of(name, [before, same], place)
        assert b"<svg" in drawing(name, table, texts, 720) and chart_of(name).describe(table, texts)


def test_three_real_regions_become_a_nation(
    sqlite_url: str, migrated_file: Path, tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    from survey.config import Settings
    from survey.publication.federation.verifying import KnownHere
    from survey.store.published import gathered as store

    engine = open_engine(sqlite_url)  # the gathering is tried on both databases where it stands
    nation = Nation(engine, Settings(instance=tmp_path, secret="n" * 40, demo=True), KnownHere(VERSIONS, demo=True))
    regions: list[Region] = []
    for number, key in enumerate(KEYS):
        own = fresh(migrated_file, tmp_path / key / "survey.sqlite", open_engine)
        regions.append(make_region(own, tmp_path / key, key, seed=number))
        nation.trust(regions[-1])
        assert nation.gather(regions[-1]).new == 1
    with engine.connect() as connection:
        there = [
            contribution(each, store.editions_of(connection, each.key), PERIOD) for each in store.sources(connection)
        ]
    body = national_body(PERIOD, there, VERSION, expected=21)
    assert {row["status"] for row in body["regions"]} == {"included"} and body["invented"] is True
    for role, many in (("patient", 14), ("provider", 6)):
        row = cell(body, "sverige", role, "trygghet")
        own = [cell(region.body(), region.key, role, "trygghet") for region in regions]
        assert row["n"] == 5 * ((3 * 2 * many + 2) // 5)
        assert row["noise"] == pytest.approx(sum(each["noise"] for each in own))
        assert row["counts"]["yes"] == pytest.approx(sum(each["counts"]["yes"] for each in own))
