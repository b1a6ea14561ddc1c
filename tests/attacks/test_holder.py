"""Who holds the database, its logs, every file and the open code, but not the keys of a round that has closed.

They look for a unit's exact figures byte by byte; they run the closing's own code again with everything that might be
the dice; they publish again and compare; they read what unanimous staff must have said. The controls: a house that adds
nothing, and one that keeps its dice.
"""

import math
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.responses import Response
from survey.sealing.keys.key_volumes import RNG_SEED
from survey.sealing.keys.registry import Registry
from survey.sealing.rounds import noising
from survey.sealing.rounds.counting import ClassCount, counts_of
from survey.sealing.rounds.decrypt_round import Counted
from survey.sealing.rounds.noising import noised
from tests.attacks.full import Shown, sized
from tests.attacks.tools import every_row
from tests.denoised import Dice, Exact, dice_of, written_in
from tests.sealed import ROUND, Sealed, make_sealed

UNIT, SEED = "vast-ett", 11
# More than a byte each, so that it is no accident when they stand there; by these dice no noise of theirs is nought.
PLANTED = (140, 131, 129)
DICE = b"g" * 32
Nothing = Callable[[pytest.MonkeyPatch], None]


def nothing_added(patch: pytest.MonkeyPatch) -> None:
    """A house that adds nothing."""
    patch.setattr(noising, "draw_three", lambda bits, epsilon: (0, 0, 0))
    patch.setattr(noising, "discrete_laplace", lambda bits, epsilon: 0)


def planted() -> list[Response]:
    """A unit's residents: of each question as many yes, not yes and skipped."""
    yes, not_yes, outside = PLANTED
    answers = [dict.fromkeys(QUESTIONS, "yes")] * yes + [dict.fromkeys(QUESTIONS, "no")] * not_yes + [{}] * outside
    return [Response("patient", each) for each in random.Random(SEED).sample(answers, len(answers))]


def closed_with_planted(engine: Engine, folder: Path) -> Sealed:
    """A round with the planted unit and another, closed."""
    sealed = make_sealed(engine, folder)
    sealed.volumes.make_private(ROUND, {RNG_SEED: DICE})
    for response in planted():
        sealed.send(UNIT, response)
    sealed.fill({"ost-ett": 12})
    sealed.close()
    return sealed


def written_down(counts: Iterable[int]) -> list[bytes]:
    """How three numbers stand beside each other in a row of SQLite, of PostgreSQL, in text."""
    numbers = list(counts)
    return [struct.pack(">3h", *numbers), struct.pack("<3i", *numbers), *(
        sign.join(str(number) for number in numbers).encode() for sign in (",", ", ", "\t", "|", " "))]  # fmt: skip


def files_of(engine: Engine, folder: Path, cluster: Path | None) -> list[Path]:
    """Everything on disk: instance and keys, the database with its log; on PostgreSQL the whole cluster."""
    places = [folder, cluster or Path(engine.url.database or "").parent]
    return sorted({path for place in places for path in place.rglob("*") if path.is_file()})


@pytest.fixture
def cluster_folder(engine: Engine, request: pytest.FixtureRequest) -> Path | None:
    return request.getfixturevalue("cluster").folder if engine.dialect.name == "postgresql" else None


def found_in(engine: Engine, folder: Path, cluster: Path | None) -> tuple[int, int]:
    """In how many files the planted figures stand, and how many files there are."""
    if cluster:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CHECKPOINT")
    needles, files = written_down(PLANTED), files_of(engine, folder, cluster)
    return sum(any(each in content for each in needles) for content in map(_read, files)), len(files)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("house", ["ours", "control"])
def test_a_units_exact_figures_stand_nowhere(
    engine: Engine, tmp_path: Path, cluster_folder: Path | None, house: str,
    monkeypatch: pytest.MonkeyPatch, shown: Shown,
) -> None:  # fmt: skip
    if house == "control":
        nothing_added(monkeypatch)
    closed_with_planted(engine, tmp_path / "instance")
    hits, files = found_in(engine, tmp_path / "instance", cluster_folder)
    what = "nothing added; " if house == "control" else ""
    shown("holder", f"a unit's exact figures looked for in database, logs and files; {what}{engine.dialect.name}",
          f"in {hits} of {files} files", n=files, control=house == "control")  # fmt: skip
    # What they look for would be known again: what is written stands there in just these ways.
    figures = written_in(engine).figures[UNIT, "all", "patient", QUESTIONS[0]]
    assert any(form in content for content in map(_read, files_of(engine, tmp_path, cluster_folder))
               for form in written_down((figures.yes, figures.not_yes, figures.non_substantive)))  # fmt: skip
    assert (hits > 0) == (house == "control")


def every_32_bytes(engine: Engine, sealed: Sealed) -> set[bytes]:
    """All that is as long as dice in the database, and every file of the key volumes that is."""
    values = {value for rows in every_row(engine).values() for row in rows for value in row if isinstance(value, bytes)}
    folders = {*sealed.volumes.private_folders, *sealed.volumes.pepper_folders}
    values |= {path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    return {value[start : start + 32] for value in values for start in range(0, max(1, len(value) - 31), 32)}


def drawn_again(engine: Engine, dice: Dice, truth: Exact) -> int:
    """How many figures of units come out as they were, when noise by these dice is taken away."""
    exact = dice.exact(engine)
    return sum(exact.places[key] == each for key, each in truth.opened().items())


def test_the_closings_own_code_draws_no_noise_again(engine: Engine, tmp_path: Path, shown: Shown) -> None:
    sealed = make_sealed(engine, tmp_path)
    sealed.fill({"vast-ett": 12, "vast-tva": 12, "ost-ett": 14})
    sealed.fill({"vast-ett": 5, "ost-tva": 6}, "provider", "invited")
    kept = dice_of(sealed.volumes)
    sealed.close()
    tried = every_32_bytes(engine, sealed)
    truth = kept.exact(engine)
    whole = drawn_again(engine, kept, truth)
    best = max(drawn_again(engine, Dice(each, kept.registry, ROUND), truth) for each in tried)
    kind = engine.dialect.name
    shown("holder", f"every 32 bytes that are left tried as the dice, {len(tried)} of them; {kind}",
          f"{best} of {whole} figures come out right at the best, by chance", n=len(tried))  # fmt: skip
    shown("holder", f"the dice kept; {kind}", f"all {whole} figures are had again", n=1, control=True)
    assert kept.key not in tried and whole == 5 * 7
    assert best < whole * 2 / 3


REGISTRY = Registry({"patient": 10, "provider": 5}, {"regionen": None, "vast": "regionen", UNIT: "vast"}, b"", (),
                    {"regionen": "region", "vast": "municipality", UNIT: "unit"})  # fmt: skip


def told_of_staff(one_says: str, of: int) -> Counter[tuple[int, int]]:
    """What is written of a unit of five where four say yes and one says something, over many closings."""
    said = [dict.fromkeys(QUESTIONS, "yes")] * 4 + [dict.fromkeys(QUESTIONS, one_says)]
    counts = counts_of([Response("provider", each) for each in said])
    counted = Counted({("provider", "invited"): ClassCount({UNIT: counts})}, {}, {})
    seen = Counter[tuple[int, int]]()
    for number in range(of):
        found = noised(counted, REGISTRY, f"{one_says} {number}".encode(), ROUND).figures
        for question in QUESTIONS:
            each = found[UNIT, "all", "provider", question]
            assert each.yes + each.not_yes + each.non_substantive == 5
            seen[each.yes, each.not_yes] += 1
    return seen


def most_telling(of: int) -> tuple[float, float]:
    """How many times as often a figure is written where the fifth is of one mind with the others, and where not.

    And how many times that may be by chance, at e^1 times. Of the figures that are seen often enough to say.
    """
    all_yes, one_no = told_of_staff("yes", of), told_of_staff("no", of)
    often = [each for each in {*all_yes, *one_no} if max(all_yes[each], one_no[each]) >= 60]
    ratios = [max(all_yes[each], one_no[each]) / max(0.01, min(all_yes[each], one_no[each])) for each in often]
    return max(ratios), math.e * (1 + 4 * math.sqrt(1 / 60 + math.e / 60))


@pytest.mark.parametrize("house", ["ours", "control"])
def test_unanimous_staff_are_not_told_apart_for_certain(
    house: str, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    if house == "control":
        nothing_added(monkeypatch)
    of = sized(150, 2_000)
    found, by_chance = most_telling(of)
    shown("holder", "staff of five, all of one mind or one not" + ("; nothing added" if house == "control" else ""),
          f"no figure is written more than {found:.1f} times as often for the one as for the other",
          n=of * len(QUESTIONS) * 2, control=house == "control")  # fmt: skip
    assert (found <= by_chance) == (house == "ours")
