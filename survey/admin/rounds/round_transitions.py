"""The steps a coordinator may ask for: open, close before the time, publish. The worker takes them.

For admin's rounds. Each may be refused, with a sentence that says why; what is asked twice is asked once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.places.place_tree import PlaceTree
from survey.domain.questions.answer_scale import ROLES
from survey.domain.questions.questionnaire import Version
from survey.domain.rounds.lifecycle import STATES, Round, concurrent_round
from survey.domain.text.i18n import N_
from survey.store.core import places, rounds
from survey.store.published import previews

STATE_NAMES = {
    "draft": N_("Utkast"),
    "opening": N_("Öppnas strax"),
    "open": N_("Öppen"),
    "closing": N_("Stängs och räknas"),
    "closed": N_("Stängd"),
    "publishing": N_("Publiceras strax"),
    "published": N_("Publicerad"),
    "cancelling": N_("Avbryts"),
    "cancelled": N_("Avbruten"),
}


@dataclass(frozen=True)
class Transition:
    """One step: its name, the state it begins in, the state that asks the worker for it, and its audit event.

    `by_two`: another coordinator confirms it.
    """

    name: str
    before: str
    asked: str
    audit_event: str
    by_two: bool = False

    def is_taken(self, state: str) -> bool:
        """Return whether the step was asked for before this state."""
        return state in STATES and STATES.index(state) >= STATES.index(self.asked)


TRANSITIONS = {
    "open": Transition(N_("Öppna"), "draft", "opening", "round_opened"),
    "close": Transition(N_("Stäng i förtid"), "open", "closing", "round_closed", by_two=True),
    "publish": Transition(N_("Publicera"), "closed", "publishing", "round_published"),
}


def next_transition(state: str) -> str | None:
    """Return the step that may be asked for in this state."""
    return next((key for key, step in TRANSITIONS.items() if step.before == state), None)


def refusal(connection: Connection, round_: Round, step: str, versions: Mapping[str, Version], today: date) -> str:
    """Return a sentence on why the step can't be taken now; empty when it can."""
    if round_.state != TRANSITIONS[step].before:
        return str(_("Mätomgången är i läget ”%(state)s”, så det går inte.", state=_(STATE_NAMES[round_.state])))
    if step == "open":
        return str(_not_open(connection, round_, versions, today))
    return str(_not_published(connection, round_)) if step == "publish" else ""


def _not_open(connection: Connection, round_: Round, versions: Mapping[str, Version], today: date) -> object:
    other = concurrent_round(rounds.rounds(connection), round_.key)
    tree = PlaceTree(places.all_places(connection))
    if other is not None:
        return _("Mätomgången %(other)s är öppen. Två kan inte vara öppna samtidigt.", other=other.name)
    if round_.is_over(today):
        return _("Sista dagen har redan passerat. Ändra dagarna först.")
    if not all(round_.version(role) in versions and versions[round_.version(role)].released for role in ROLES):
        return _("En version av frågorna är inte släppt. Ändra version först.")
    if not any(place.level == "unit" and place.in_force(round_.opens, round_.accepts_until) for place in tree):
        return _("Det finns ingen enhet att fråga under de dagarna. Lägg in platserna först.")
    return ""


def _not_published(connection: Connection, round_: Round) -> object:
    counted = previews.get(connection, round_.key)
    if counted is None:
        return _("Hur mycket som kommer att visas räknas fortfarande. Ladda om sidan om en stund.")
    if previews.REFUSED in counted:
        return _("Något saknas i det som räknades, så svaren går inte att visa. Vänd dig till den som sköter systemet.")
    return ""
