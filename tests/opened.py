"""Responses as a closing has them once they are opened: for the tests that count without a seal."""

import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from survey.domain.questions.background import GROUPINGS, folded, groups_as_stated
from survey.domain.questions.responses import Background, Response
from survey.sealing.rounds.counting import Counts, Group, OpenedBatch


def opened(batch: str, place: str, responses: Iterable[Response], unreadable: int = 0, seed: object = 1) -> OpenedBatch:
    """A batch of these; the seed draws their lots."""
    found = OpenedBatch(batch, place, unreadable=unreadable)
    for number, response in enumerate(responses):
        found.add(response, hmac.digest(f"{seed} {batch}".encode(), str(number).encode(), "sha256"))
    return found


def stated(responses: Iterable[Response]) -> Mapping[Group, Counts]:
    """The counts of each group that they stated."""
    found = OpenedBatch("bg")
    for response in responses:
        found.add(response, b"", background=True)
    return found.stated


def groups(backgrounds: Iterable[Background], smallest: int) -> dict[str, Callable[[Background], str]]:
    """A rule for each grouping, from all backgrounds of a round: which group a respondent is counted in."""
    everyone = [groups_as_stated(each) for each in backgrounds]
    target = {each: folded(Counter(one[each] for one in everyone), smallest) for each in GROUPINGS}
    return {
        each: lambda background, each=each: target[each][groups_as_stated(background)[each]]  # type: ignore[misc]
        for each in GROUPINGS
    }
