"""The sheet: the questions that one unit asks one role in one round. For the answer views, which `render` draws it for.

Also what they remember in one process.
"""

from dataclasses import dataclass

from flask import current_app

from survey.answer.open_rounds import OpenRoundCache
from survey.answer.rate_limit import RateLimit
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import ROLE_PREFIX
from survey.domain.questions.questionnaire import Version
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake import form_ids
from survey.web.pages.page_cache import PageCache
from survey.web.request import services


@dataclass(frozen=True)
class Sheet:
    """The questions that one unit asks one role in one round; `kiosk` is the token of its device, if any."""

    place: Place
    round: Round
    role: str
    kiosk: str = ""

    @property
    def address(self) -> str:
        """Return the short address, without a language."""
        return address_of(self.place, self.role, self.kiosk)

    @property
    def needs_code(self) -> bool:
        """Return whether this sheet is answered by code alone."""
        return self.round.needs_code(self.role)

    @property
    def version(self) -> Version:
        """Return the version that is asked."""
        return services.versions()[self.round.version(self.role)]

    def new_form_id(self) -> str:
        """Return a new form id for the next page."""
        return form_ids.issue_form_id(services.form_id_key(), self.place.key, self.round.key, self.role)

    def knows(self, form_id: str) -> bool:
        """Return whether a form id is one of ours for this very sheet."""
        return form_ids.is_valid(services.form_id_key(), form_id, self.place.key, self.round.key, self.role)


def address_of(place: Place, role: str, kiosk: str = "") -> str:
    """Return a unit's short address for a role, or that of one of its kiosks, by its token."""
    return f"/kiosk/{place.key}/{kiosk}" if kiosk else f"/{ROLE_PREFIX[role]}/{place.key}"


@dataclass(frozen=True)
class Notice:
    """A notice on top of a sheet that came back: `target` is the field to mend, `at` its step."""

    status: int
    lines: tuple[str, ...]
    at: str
    target: str = ""
    link: str = ""


@dataclass
class AnswerState:
    """The memory of the answer pages in one process: the drawn pages, the open rounds, and what has been taken."""

    pages: PageCache
    open_rounds: OpenRoundCache
    rate_limit: RateLimit


def answer_state() -> AnswerState:
    """Return the current app's memory of the answer pages."""
    found: AnswerState = current_app.extensions["answer"]
    return found
