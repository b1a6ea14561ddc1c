"""A round's gaps against those of earlier rounds: the pairs of a change, and several rounds read together.

For the edition. Only rounds that asked both roles in the same words are compared.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from survey.domain.questions.answer_scale import QUESTIONS
from survey.publication import gaps
from survey.publication.edition import rounds_of_wording, same_wording
from survey.publication.gaps import RoundFigures
from survey.publication.mergers import Body


def gaps_over_rounds(
    body: Body, now: RoundFigures, earlier: Mapping[str, Body], figures_of: Callable[[Body], RoundFigures]
) -> dict[str, Any]:
    """Return the parts of an edition with a round's gaps, their changes and those over rounds together, by key."""
    closes = body["round"]["closes"]
    order = sorted(
        (key for key, other in earlier.items() if other["round"]["closes"] < closes),
        key=lambda key: earlier[key]["round"]["closes"],
    )
    since: dict[str, list[str]] = {}
    for question in QUESTIONS:
        for key in rounds_of_wording([earlier[key] for key in order], body, question):
            since.setdefault(key, []).append(question)
    newest = order[-(max(gaps.ROUNDS_TOGETHER) - 1) :]
    before = {key: figures_of(earlier[key]) for key in order if key in since or key in newest}
    found = [row for key, questions in since.items() for row in gaps.change_rows(now, before[key], key, questions)]
    together = []
    for question in QUESTIONS:
        run = _rounds_of_wording([earlier[key] for key in newest], body, question)
        together += gaps.together_rows([*(before[each["round"]["key"]] for each in run), now], [question])
    return {"gaps": gaps.gap_rows(now), "gap_changes": found, "gaps_together": together}


def _rounds_of_wording(order: Sequence[Body], body: Body, question: str) -> list[Body]:
    """Return the rounds right before that asked in the same words; another wording between them is another question."""
    run: list[Body] = []
    for other in reversed(order):
        if not same_wording(other, body, question):
            break
        run.insert(0, other)
    return run
