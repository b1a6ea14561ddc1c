"""From the tally's rows to counts at every place: sums that hold, and contradictions that stop it."""

import pytest

from survey.domain.places import Place
from survey.domain.scale import CODES, QUESTIONS
from survey.publication.counts import BESIDE, EVERYONE, Count, CountsError, gather, group, rest
from survey.publication.lattice import equations_of, values_of
from tests.publication.invented import Invented, realistic, region, rows_of, small


def test_every_equation_holds() -> None:
    for seed, sizes in ((1, small), (2, realistic)):
        for role in ("patient", "provider"):
            counts = Invented(seed, region(), sizes).counts(role)
            values = values_of(counts)
            for total, parts in equations_of(counts):
                assert values[total] == sum(values[part] for part in parts), total


def test_answers_whose_unit_is_not_shown_are_a_node_of_their_own() -> None:
    people = Invented(3, region(1, 1), lambda chance, place, role: 10 if role == "provider" else 0)
    counts = people.counts("provider")
    assert {key: count.n for key, count in counts.nodes.items()} == {
        "r": 30, rest("r"): 10, "m0": 20, rest("m0"): 10, "m0-u0": 10,
    }  # fmt: skip
    assert counts.channels == {"invited": 30}


def test_background_groups_divide_the_residents_and_margins_follow() -> None:
    counts = Invented(4, region(3, 3), realistic).counts("patient")
    assert counts.nodes[EVERYONE].n == counts.nodes["r"].n
    assert counts.nodes[BESIDE] == Count(0, counts.nodes[BESIDE].codes)
    women = [key for key in counts.nodes if key.startswith(group("gender_age", "woman"))]
    assert counts.nodes[group("gender", "woman")].n == sum(counts.nodes[key].n for key in women)
    for grouping in ("gender", "age", "language", "help"):
        names = [key for key in counts.nodes if key.startswith(f"background/{grouping}/")]
        assert sum(counts.nodes[key].n for key in names) == counts.nodes["r"].n


def test_a_class_without_background_stands_beside() -> None:
    invented = Invented(5, region(2, 2), realistic)
    invented.rows += rows_of([], place="m0-u0", role="patient", channel="paper")
    for row in invented.rows[-len(QUESTIONS) :]:
        row |= {"yes": 12, "all": 12}
    counts = invented.counts("patient")
    assert counts.nodes[BESIDE].n == 12
    assert counts.channels["paper"] == 12


def row(**changed: object) -> dict[str, object]:
    named = {"place": "m0-u0", "role": "provider", "channel": "invited", "question": QUESTIONS[0]}
    return {**named, **dict.fromkeys(CODES, 0), "all": 9, **changed}


@pytest.mark.parametrize(
    "rows",
    [
        [row(yes=6, no=4)],
        [row(place="nowhere")],
        [row(), row(question=QUESTIONS[1], all=8)],
    ],
    ids=["more answers than envelopes", "an unknown place", "questions that count different envelopes"],
)
def test_a_tally_that_contradicts_itself_is_refused(rows: list[dict[str, object]]) -> None:
    rows += [row(question=question) for question in QUESTIONS[2:]]
    with pytest.raises(CountsError):
        gather("provider", rows, [], region(1, 1))


def test_more_background_than_answers_is_refused() -> None:
    invented = Invented(6, region(2, 2), realistic)
    invented.rows = [each for each in invented.rows if each["place"] != "m0-u0"]
    with pytest.raises(CountsError):
        invented.counts("patient")


def test_a_place_without_answers_is_empty() -> None:
    counts = gather("provider", [], [], [Place("r", "Regionen", "region")])
    assert counts.nodes["r"].n == 0
