"""What is put together of a round's draws: two tellings of the same persons, and never a draw that was not made."""

import random
from dataclasses import asdict
from statistics import fmean, pvariance
from typing import Any

import pytest

from analysis.measures.noise import count_variance, variance
from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.questionnaire import read_versions
from survey.publication.nodes import Cell, FiguresError, Node, Nodes, build_nodes
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


PART = dict.fromkeys(("partly", "no", "dont_know", "not_needed"))


def tallied(opening: Opening) -> tuple[list[tuple[str, str, str, int]], list[dict[str, Any]]]:
    """What a closing writes: how many answered, and the figures' rows."""
    made = written(opening, PLACES, "h-26")
    names = ("place", "part", "role", "question")
    rows = [dict(zip(names, key, strict=True)) | figures.columns() for key, figures in made.figures.items()]
    return [(*key, n) for key, n in made.answered.items() if n], rows


def some(seed: int, ways: tuple[str, ...] = ("invited", "open")) -> Opening:
    """Anybody's answers at every place, municipalities and the region among them."""
    made = invented(seed, PLACES, lambda chance, place, role: 12 + chance.randrange(20)).opened
    chance = random.Random(seed)
    return Opening({(place, role, chance.choice(ways)): counts for (place, role, _), counts in made.items()})


def averaged(own: dict[str, Any], parts: list[Cell], draws: int, epsilon: float) -> Cell:
    """A place's draw and the sum of its parts', each weighed by the other's noise."""
    mine, theirs = draws * variance(epsilon), sum(part.noise for part in parts)
    three = {
        name: (own[name] * theirs + sum(getattr(part, name) for part in parts) * mine) / (mine + theirs)
        for name in ("yes", "not_yes", "non_substantive")
    }
    apart = {name: own[name] for name in PART if own[name] is not None}
    if own["partly"] is not None:
        apart["no"] = three["not_yes"] - own["partly"]
    return Cell(**three, noise=1 / (1 / mine + 1 / theirs), apart=apart, noise_part=count_variance(epsilon))


def close_to(cell: Cell) -> dict[str, Any]:
    return {name: value if value is None else pytest.approx(value, abs=1e-9) for name, value in asdict(cell).items()}


@pytest.mark.parametrize("role", ["patient", "provider"])
def test_every_place_is_its_own_draw_averaged_with_its_parts(role: str) -> None:
    how_many, rows = tallied(some(3))
    found = build_nodes(role, how_many, rows, PLACES, DEFAULT_PROTECTION)
    of = {(row["place"], row["part"], row["question"]): row for row in rows if row["role"] == role}
    n = {
        place.key: sum(n for where, whose, _, n in how_many if (where, whose) == (place.key, role)) for place in PLACES
    }
    for question in QUESTIONS:
        cells: dict[str, Cell] = {}
        for place in sorted(PLACES, key=lambda place: ("unit", "municipality", "region").index(place.level)):
            key, above = place.key, place.level != "unit"
            row = of[key, "rest" if above else "all", question]
            opened = Cell(row["yes"], row["not_yes"], row["non_substantive"], variance(1))
            cells[key] = opened
            if above:
                below = [each.key for each in PLACES if each.parent == key]
                n[key] += sum(n[child] for child in below) if question == QUESTIONS[0] else 0
                draws, epsilon = (2 if role == "patient" else 1, 0.25) if key == "r" else (1, 0.5)
                parts = [*(cells[child] for child in below), opened]
                cells[key] = averaged(of[key, "all", question], parts, draws, epsilon)
            assert asdict(found.nodes[key].cells[question]) == close_to(cells[key]), (key, question)
    assert {key: node.n for key, node in found.nodes.items()} == n


def test_residents_channel_classes_have_the_figures_and_the_noise_of_one_draw_each() -> None:
    how_many, rows = tallied(some(4))
    found = build_nodes("patient", how_many, rows, PLACES, DEFAULT_PROTECTION).by_mode
    assert (
        list(found) == ["invited", "open"]
        and not build_nodes("provider", how_many, rows, PLACES, DEFAULT_PROTECTION).by_mode
    )
    of = {(row["part"], row["question"]): row for row in rows if (row["place"], row["role"]) == ("r", "patient")}
    for way, node in found.items():
        assert node.n == sum(n for _, role, channel, n in how_many if (role, channel) == ("patient", way))
        for question in QUESTIONS:
            row = of[way, question]
            assert node.cells[question] == Cell(row["yes"], row["not_yes"], row["non_substantive"], variance(0.25))


def test_a_tally_without_draws_of_the_channel_classes_is_read_as_one_draw_and_half_of_them_stops_it() -> None:
    how_many, rows = tallied(some(5))
    whole = [row for row in rows if row["part"] in ("all", "rest")]
    found = build_nodes("patient", how_many, whole, PLACES, DEFAULT_PROTECTION)
    assert not found.by_mode
    parts = [found.nodes[place].cells["trygghet"].noise for place in ("m0", "m1")]
    noise = 1 / (1 / variance(0.25) + 1 / (sum(parts) + variance(1)))
    assert found.nodes["r"].cells["trygghet"].noise == pytest.approx(noise)
    with pytest.raises(FiguresError):
        build_nodes("patient", how_many, [row for row in rows if row["part"] != "open"], PLACES, DEFAULT_PROTECTION)


def test_where_nobody_answered_everything_is_nothing() -> None:
    found = build_nodes("patient", *tallied(opening({"m0-u0": 40, "m0-u1": 40})), PLACES, DEFAULT_PROTECTION)
    assert [key for key, node in found.nodes.items() if node.n] == ["m0-u0", "m0-u1", "m0", "r"]
    for empty in (found.nodes["m1"], found.nodes["m1-u2"], found.combined(["m1-u0", "m1-u1"])):
        assert empty == Node(0, dict.fromkeys(QUESTIONS, Cell(0, 0, 0, 0)))
    assert found.combined(["m0-u0", "m1-u0"]) == found.nodes["m0-u0"]
    assert found.nodes["m0-u0"].cells["trygghet"].counts().keys() == {"yes", "not_yes", "non_substantive"}


def test_which_places_lie_below_which_and_of_which_units_a_node_is_made() -> None:
    last_first = {place.key: place for place in reversed(PLACES)}
    found = Nodes("patient", last_first, groups={"arena.1": ("m0-u0", "m1-u2")})
    units = {m: [f"{m}-u{n}" for n in range(3)] for m in ("m0", "m1")}
    assert found.top == "r" and found.children == {"r": ["m0", "m1"], **units}
    assert found.units_below("r") == found.units_of("r") == units["m0"] + units["m1"]
    assert found.units_of("m1") == units["m1"] and found.units_of("m1-u1") == ["m1-u1"]
    assert found.units_of("arena.1") == ["m0-u0", "m1-u2"]


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        (Cell(60, 25, 15, 1), 0.15),
        (Cell(2, 0, 1, 1), 0.333333),
        (Cell(60, 30, -2.5, 1), 0.0),  # noise has taken it below nought,
        (Cell(-4, -3, 12, 1), 1.0),  # and above all there are,
        (Cell(0.2, 0.1, 0.5, 1), 0.5),  # and so near nothing that a part of it says nothing
    ],
)
def test_the_part_that_took_no_stand_lies_between_none_and_all(cell: Cell, part: float) -> None:
    other = Node(1, {"trygghet": Cell(1, 1, 1, 1)})
    nodes = {"m0": other, "r": Node(100, {"trygghet": cell}), "m1": other}
    found = Nodes("patient", {place.key: place for place in reversed(PLACES)}, nodes)
    assert found.non_substantive == {"trygghet": part}


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
    classes = {row["collection_mode"]: row for row in body["collection_modes"] if row["role"] == "patient" and row["n"]}
    assert set(classes) == {"invited", "open"} and all("cells" in row for row in classes.values())
    assert all("cells" not in row for row in body["collection_modes"] if row["role"] == "provider")


def test_a_missing_row_stops_the_publication() -> None:
    made = written(opening({"m0-u0": 40, "m1-u0": 40}), PLACES, "h-26")
    how_many = [(*key, n) for key, n in made.answered.items()]
    with pytest.raises(FiguresError):
        build_nodes("patient", how_many, (), PLACES, DEFAULT_PROTECTION)
    with pytest.raises(FiguresError):
        build_nodes("patient", how_many, (), [Place("r", "Regionen", "region")], DEFAULT_PROTECTION)
