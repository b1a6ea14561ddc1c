"""A publication's work grows as the number of places does: calls counted in one run, at three small sizes.

The control looks through all that was counted at each place.
"""

import sys
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from survey.domain.questions.questionnaire import read_versions
from survey.publication import nodes
from tests.factories import make_round
from tests.publication.invented import invented, realistic, region
from tests.told_rounds import ROOT, Rounds

SIZES = (4, 8, 16)  # municipalities, of three units each
VERSIONS = read_versions(Path(ROOT) / "survey" / "questionnaires")


def worked(municipalities: int) -> int:
    """How many calls it takes to work a round out to its edition."""
    places = region(municipalities)
    made, opening = Rounds(places, VERSIONS), invented(1, places, realistic)
    calls = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        made.publish(make_round(), opening)
    finally:
        sys.setprofile(before)
    return calls


def growth() -> list[float]:
    """What each municipality more costs, from each size to the next."""
    worked(2)  # what is loaded once
    found = [(size, worked(size)) for size in SIZES]
    return [(more - less) / (large - small) for (small, less), (large, more) in pairwise(found)]


def test_a_place_more_costs_the_same_work_whatever_the_number() -> None:
    first, second = growth()
    assert first > 0 and second < 1.2 * first


def test_control_looking_through_all_at_each_place_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = nodes._NodeBuilder._written_node

    def slow(self: Any, *given: Any) -> nodes.Node:
        for _ in range(100 * len(self.counts)):
            abs(1)
        return real(self, *given)

    monkeypatch.setattr(nodes._NodeBuilder, "_written_node", slow)
    first, second = growth()
    assert second >= 1.2 * first
