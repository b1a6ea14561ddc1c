"""The three findings say which way something went, since when, and what the last step was."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from analysis.charts import CHARTS
from analysis.frame import QUESTIONS, cells, gaps
from analysis.texts import PlainTexts
from survey.followup.highlights import Finding, three
from tests.analysis.invented import NAMES, edition, shown_cell
from tests.followup.staffed import furnish_instance

TEXTS = PlainTexts(NAMES, {"odensala": "Odensala"})
MOVED = "nasta_steg"


@pytest.fixture(autouse=True)
def swedish(tmp_path: Path) -> Iterator[None]:
    """Sentences are turned in a request."""
    with furnish_instance(tmp_path, 1).test_request_context("/staff/followup/"):
        yield


def found(shares: Sequence[tuple[int, int]]) -> list[Finding]:
    """The findings about a unit where one question alone is answered otherwise: patients and providers, by round."""
    made = []
    for number, (patient, provider) in enumerate(shares):
        own = {"patient": patient, "provider": provider}
        every = [
            {"place": place, "role": role, "question": question}
            | shown_cell(own[role] if question == MOVED else 50, 400)
            for place in ("region", "ostersund", "odensala")
            for question in QUESTIONS
            for role in own
        ]
        made.append(edition(number, every))
    names = ("gap", "trend", "samsyn", "change")
    tables = {name: CHARTS[name].table(cells(made, "odensala"), gaps(made, "odensala"), "odensala") for name in names}
    return three(tables, TEXTS, "unit")


def about(shares: Sequence[tuple[int, int]], words: str) -> Finding:
    return next(each for each in found(shares) if words in each.sentence)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([(30, 80), (70, 80)], "svarar mer lika än våren 2022. Skillnaden var +50 procentenheter och är +10."),
        ([(70, 80), (30, 80)], "svarar mer olika än våren 2022. Skillnaden var +10 procentenheter och är +50."),
        ([(30, 50), (70, 50)], "har ändrats sedan våren 2022, från +20 till −20 procentenheter."),
    ],
)
def test_a_difference_that_has_changed_says_which_way(shares: list[tuple[int, int]], words: str) -> None:
    assert words in " ".join(each.sentence for each in found(shares))


def test_the_round_before_stands_beside_the_first() -> None:
    finding = about([(30, 80), (55, 80), (70, 80)], "svarar mer lika")
    assert finding.extent.endswith("Skillnaden omgången före, hösten 2022: +25.")
    assert "omgången före" not in about([(30, 80), (70, 80)], "svarar mer lika").extent


@pytest.mark.parametrize(
    ("last", "said"), [(71, "+1 (går inte att skilja från noll)"), (85, "+15 (går att skilja från noll)")]
)
def test_a_share_that_has_changed_says_what_the_last_step_was(last: int, said: str) -> None:
    shares = [(30, 70), (70, 70), (last, 70)]
    finding = about(shares, "större andel patienter svarar ja än våren 2022")
    assert finding.extent.endswith(f"Sedan omgången före, hösten 2022: {said}.")
    assert "omgången före" not in about(shares[:2], "större andel patienter").extent


def test_a_difference_that_has_changed_is_never_left_out_for_a_share_of_the_same_question() -> None:
    told = found([(30, 50), (70, 50)])
    assert "har ändrats sedan" in told[1].sentence
