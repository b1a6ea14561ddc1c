"""A round: its days, versions, thresholds and state, and the steps between states. For the seal and the pages.

The web asks for a step by setting "opening", "closing" or "publishing"; the worker takes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from survey.domain.disclosure.thresholds import MIN_ANSWERS
from survey.domain.places.place import is_key
from survey.domain.records.record_types import normalised

STATES = ("draft", "opening", "open", "closing", "closed", "publishing", "published")
OVER = ("closed", "publishing", "published")  # counted: no answer is taken or opened any longer
ASKING = ("opening", "open", "closing")  # units are being asked
CANCELLED = ("cancelling", "cancelled")  # a mistake: nothing is opened, nothing is counted
ENDED = (*OVER, "cancelled")  # the round's keys are erased
MAX_GRACE_DAYS = 60
MAX_NAME_LENGTH = 80


RoundFault = Literal[
    "bad_key",
    "bad_name",
    "closes_before_it_opens",
    "bad_grace_days",
    "low_threshold_patient",
    "low_threshold_provider",
    "no_version_patient",
    "no_version_provider",
    "no_such_state",
    "no_such_round",
    "not_draft",
    "not_opening",
    "not_open",
    "not_cancelling",
    "not_to_publish",
    "never_open",
    "no_such_step",
    "not_later",
    "closed_before",
    "another_open",
]


class RoundError(Exception):
    """A round that can't be saved, or a step it can't take: the codes why. Whoever shows it has the words.

    `other`: the round that is in the way.
    """

    def __init__(self, key: str, *faults: RoundFault, other: str = "") -> None:
        super().__init__(f"{key}: {', '.join(faults)} {other}".rstrip())
        self.key, self.faults, self.other = key, faults, other


@dataclass(frozen=True)
class Round:
    """One round; `closes` is its last day, and what comes within `grace_days` after it still counts.

    `protection`: how much noise its figures get, as `domain.disclosure.protection` keeps it; empty until it is opened.
    `tree`: which places its answers were counted at, and what each lay under, as it was when it was opened.
    """

    key: str
    name: str
    opens: date
    closes: date
    grace_days: int
    version_patient: str
    version_provider: str
    threshold_patient: int = MIN_ANSWERS["patient"]
    threshold_provider: int = MIN_ANSWERS["provider"]
    open_link: bool = False
    state: str = "draft"
    protection: str = ""
    tree: str = ""

    def needs_code(self, role: str) -> bool:
        """Return whether a role answers by code alone.

        Staff always do: a link is open to anyone, and a unit has few staff.
        """
        return role == "provider" or not self.open_link

    @property
    def accepts_until(self) -> date:
        """The last day an answer is taken, the days of grace included."""
        return self.closes + timedelta(days=self.grace_days)

    def accepts(self, today: date) -> bool:
        """Return whether an answer is taken today."""
        return self.state == "open" and self.opens <= today <= self.accepts_until

    def may_distribute(self, today: date) -> bool:
        """Return whether units may make slips and links: from its opening, before the first day too."""
        return self.state == "open" and not self.is_over(today)

    def is_over(self, today: date) -> bool:
        """Return whether the round may be closed: its last day and the days of grace have passed."""
        return today > self.accepts_until

    def version(self, role: str) -> str:
        """Return the key of a role's questionnaire version."""
        return self.version_patient if role == "patient" else self.version_provider

    def threshold(self, role: str) -> int:
        """Return the least number of answers of a role that are opened together; never below the built-in least."""
        own = self.threshold_patient if role == "patient" else self.threshold_provider
        return max(own, MIN_ANSWERS[role])

    def min_others(self) -> dict[str, int]:
        """Return how many others' answers each role's are opened together with, at least: what is promised."""
        return {role: self.threshold(role) - 1 for role in MIN_ANSWERS}


def next_state(state: str) -> str | None:
    """Return the state after this one; None after the last. A round never goes back and never leaps."""
    walk = CANCELLED if state in CANCELLED else STATES
    return walk[walk.index(state) + 1] if state != walk[-1] else None


def may_enter(state: str, to: str) -> bool:
    """Return whether a round in `state` may enter `to`: the next state, the same one, or from open to cancelled."""
    return to in (state, next_state(state)) or (state, to) == ("open", CANCELLED[0])


def may_change(state: str) -> bool:
    """Return whether days, thresholds and versions may still be changed: only before the round is being opened."""
    return state == "draft"


def concurrent_round(known: Iterable[Round], key: str, states: Iterable[str] = ASKING) -> Round | None:
    """Return another round in which units are being asked: an address on a slip leads to one sheet at a time."""
    return next((each for each in known if each.state in states and each.key != key), None)


def round_of_same_name(round_: Round, known: Iterable[Round]) -> Round | None:
    """Return the other round that a reader could not tell from this one; a cancelled one gives its name back."""
    name = normalised(round_.name)
    others = (each for each in known if each.key != round_.key and each.state not in CANCELLED)
    return next((each for each in others if normalised(each.name) == name), None)


def round_faults(round_: Round) -> list[RoundFault]:
    """Return the faults of a round by itself."""
    wrong: dict[RoundFault, bool] = {
        "bad_key": not is_key(round_.key),
        "bad_name": not round_.name or len(round_.name) > MAX_NAME_LENGTH,
        "closes_before_it_opens": round_.closes < round_.opens,
        "bad_grace_days": not 0 <= round_.grace_days <= MAX_GRACE_DAYS,
        "low_threshold_patient": round_.threshold_patient < MIN_ANSWERS["patient"],
        "low_threshold_provider": round_.threshold_provider < MIN_ANSWERS["provider"],
        "no_version_patient": not round_.version_patient,
        "no_version_provider": not round_.version_provider,
        "no_such_state": round_.state not in (*STATES, *CANCELLED),
    }
    return [fault for fault, there in wrong.items() if there]
