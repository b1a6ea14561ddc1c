"""Histories: what every person was told at each press of the button, held against what is stored.

For the kills, the restarts and the cuts. Everybody sends answers that nobody else sends, so an envelope, opened here
with the round's own keys, is known again: whose it is, and of which press. A count alone would not see one answer
stored twice and another lost.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.domain.questions.answer_scale import QUESTIONS, answer_codes_of
from survey.domain.questions.responses import unpack
from survey.domain.rounds.collection_modes import is_background
from survey.sealing.intake import envelope
from survey.store.answers import batches, envelopes
from survey.store.database.engine import read_transaction
from tests.attacks.running import UNIT, Instance
from tests.denoised import THREE, Dice

Sheet = tuple[str, ...]
_CHOICES = [answer_codes_of("patient", question) for question in QUESTIONS]
SHEETS = math.prod(len(codes) for codes in _CHOICES)
THANKED, NOTHING_CAME = 303, 0
CROWD = 50  # so many second envelopes of a class are opened together at least


@dataclass(frozen=True)
class Told:
    """One press of the button: whose mark, what was sent, when, what came back, and from which start of the web."""

    mark: str
    sheet: Sheet
    pressed: float
    heard: float
    status: int
    run: str = ""


@dataclass(frozen=True)
class Kept:
    """The sheets that are stored, and how many thank-yous were committed: first tries and repeats."""

    sheets: Counter[Sheet]
    commits: int | None = None


def numbered(number: int) -> Mapping[str, str]:
    """Answers that no other number has; neighbours differ in most questions."""
    assert number < SHEETS
    rest, answers = number * 7919 % SHEETS, {}
    for question, codes in zip(QUESTIONS, _CHOICES, strict=True):
        rest, place = divmod(rest, len(codes))
        answers[question] = codes[place]
    return answers


def sheet_of(answers: Mapping[str, str]) -> Sheet:
    """The seven answers in their order."""
    return tuple(answers.get(question, "") for question in QUESTIONS)


def kept(made: Instance) -> Kept:
    """Every envelope opened, before the round is closed; of each answer both envelopes say the same."""
    first, second = Counter[Sheet](), Counter[Sheet]()
    commits = 0
    with read_transaction(made.engine) as connection:
        for batch in batches.batches(connection):
            found = second if is_background(batch.collection_mode) else first
            commits += 0 if is_background(batch.collection_mode) else batch.accepted + batch.duplicates
            key = envelope.private_key(made.volumes.private_key(batch.round, batch.id))
            pepper = made.volumes.pepper_of(batch.round)
            opened = (
                envelope.open_response(each.sealed, key, batch.id, each.id, pepper)
                for each in envelopes.envelopes(connection, batch.id)
            )
            found.update(sheet_of(unpack(each).answers) for each in opened)
    assert first == second
    return Kept(first, commits)


def counted(made: Instance, dice: Dice) -> tuple[int, Counter[tuple[str, str]]]:
    """What the closed round's figures are without their noise: how many answers, and how many of each.

    By background as many in all, of each class of channel that fifty or more came by; the others' are destroyed.
    """
    exact = dice.exact(made.engine)
    came = Counter[str]()
    for (place, _role, channel), n in exact.answered.items():
        assert place == UNIT
        came[channel] += n
    found, sizes = Counter[tuple[str, str]](), Counter[str]()
    for (_, _, _, question), figures in exact.opened().items():
        found.update({(question, name): figures[name] for name in THREE if figures[name]})
    for (grouping, _, question), figures in exact.groups.items():
        sizes[grouping] += sum(figures.values()) if question == QUESTIONS[0] else 0
    told = sum(n for n in came.values() if n >= CROWD)
    assert set(sizes.values()) == ({told} if told else set())
    return came.total(), found


def breaches(told: Iterable[Told], found: Kept, runs: Collection[str] = ()) -> list[str]:
    """What a history breaks of "every thank-you is one stored answer, and no answer is stored twice"."""
    presses: dict[str, list[Told]] = {}
    for each in told:
        presses.setdefault(each.mark, []).append(each)
    known = {each.sheet for some in presses.values() for each in some}
    thanks = [each for some in presses.values() for each in some if each.status == THANKED]
    counted = {
        "thanked and lost": sum(_thanked(some) and not _stored(some, found) for some in presses.values()),
        "stored twice": sum(_stored(some, found) > 1 for some in presses.values()),
        "changed after the thank-you": sum(_changed(some, found) for some in presses.values()),
        "stored, and sent by nobody": sum(n for sheet, n in found.sheets.items() if sheet not in known),
        "thanked without a commit": max(0, len(thanks) - found.commits) if found.commits is not None else 0,
        "answered by a stranger": sum(each.run not in runs for each in thanks) if runs else 0,
    }
    return [f"{fault}: {number}" for fault, number in counted.items() if number]


def _thanked(presses: Sequence[Told]) -> bool:
    return any(each.status == THANKED for each in presses)


def _stored(presses: Sequence[Told], found: Kept) -> int:
    return sum(found.sheets[sheet] for sheet in {each.sheet for each in presses})


def _changed(presses: Sequence[Told], found: Kept) -> bool:
    """Whether something is stored that was sent only when its person had been thanked already."""
    first = min((each.heard for each in presses if each.status == THANKED), default=math.inf)
    before = {each.sheet for each in presses if each.pressed <= first}
    return any(found.sheets[each.sheet] and each.sheet not in before for each in presses)


def recoveries(told: Iterable[Told], kills: Iterable[tuple[float, str]]) -> list[float]:
    """Seconds from each kill to the first thank-you of the start that followed it."""
    first: dict[str, float] = {}
    for each in told:
        if each.status == THANKED:
            first[each.run] = min(each.heard, first.get(each.run, math.inf))
    return [first[run] - at for at, run in kills]


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1]
