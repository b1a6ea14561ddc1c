"""What is put together of a round's draws: two tellings of the same persons, and never a draw that was not made."""

import random
from statistics import fmean, pvariance

import pytest

from analysis.measures.noise import variance
from survey.domain.disclosure.protection import HOUSE
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.questionnaire import read_versions
from survey.publication.nodes import FiguresError, gather
from tests.factories import make_round
from tests.publication.invented import invented, realistic, region
from tests.told_rounds import ROOT, Opening, Rounds, counts_of, written

VERSIONS = read_versions(ROOT / "survey" / "questionnaires")
PLACES = region(2, 3)


def cell_of(
    body: dict[str, object], place: str, role: str = "patient", question: str = "trygghet"
) -> dict[str, object]:
    """One cell of an edition."""
    cells = body["cells"]
    assert isinstance(cells, list)
    return next(each for each in cells if (each["place"], each["role"], each["question"]) == (place, role, question))


def opening(sizes: dict[str, int], dice: bytes = b"d" * 32) -> Opening:
    """All residents of these places say yes to everything."""
    everything = {place: {question: {"yes": n} for question in QUESTIONS} for place, n in sizes.items()}
    return Opening({(p, "patient", "invited"): counts_of(everything[p], n) for p, n in sizes.items()}, dice=dice)


def test_a_place_with_the_persons_of_one_place_below_shows_its_figures() -> None:
    body = Rounds(PLACES, VERSIONS).publish(make_round("h-26"), opening({"m0-u0": 40}))
    unit, municipality, top = (cell_of(body, place) for place in ("m0-u0", "m0", "r"))
    assert unit["counts"] == municipality["counts"] == top["counts"]
    assert unit["noise"] == municipality["noise"] == top["noise"] == pytest.approx(variance(1), abs=1e-3)


def test_above_units_two_draws_are_averaged_by_their_noise() -> None:
    """The average lies as near the truth as its variance says, and nearer than either draw."""
    sizes = {"m0-u0": 40, "m0-u1": 30, "m1-u0": 20}
    found = []
    for number in range(300):
        body = Rounds(PLACES, VERSIONS).publish(
            make_round("h-26"), opening(sizes, bytes([number % 256, number // 256]))
        )
        for question in QUESTIONS:
            counts = cell_of(body, "m0", question=question)["counts"]
            found.append(counts["yes"] - 70)
    noise = 1 / (1 / variance(0.5) + 1 / (2 * variance(1)))
    assert cell_of(body, "m0")["noise"] == pytest.approx(noise, abs=1e-3)
    assert fmean(found) == pytest.approx(0, abs=0.2)
    assert pvariance(found) == pytest.approx(noise, rel=0.1)


def test_residents_channel_classes_at_the_top_add_up_to_its_own_draw() -> None:
    made = invented(1, PLACES, realistic)
    chance = random.Random(1)
    opened = {(place, role, chance.choice(("invited", "open"))): n for (place, role, _), n in made.opened.items()}
    body = Rounds(PLACES, VERSIONS).publish(make_round("h-26"), Opening(opened))
    classes = {row["channel"]: row for row in body["channels"] if row["role"] == "patient" and row["n"]}
    assert set(classes) == {"invited", "open"} and all("cells" in row for row in classes.values())
    assert all("cells" not in row for row in body["channels"] if row["role"] == "provider")


def test_a_missing_row_stops_the_publication() -> None:
    made = written(opening({"m0-u0": 40, "m1-u0": 40}), PLACES, "h-26")
    how_many = [(*key, n) for key, n in made.answered.items()]
    with pytest.raises(FiguresError):
        gather("patient", how_many, (), PLACES, HOUSE)
    with pytest.raises(FiguresError):
        gather("patient", how_many, (), [Place("r", "Regionen", "region")], HOUSE)
