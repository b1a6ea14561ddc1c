"""Forms of a meeting pack: its content, its texts, its decisions, and their status."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, SelectField, SelectMultipleField

from survey.domain.questions.questionnaire import QUESTIONS, short_name
from survey.domain.records import action_plan
from survey.domain.text.clean_text import clean_prose
from survey.domain.text.i18n import N_
from survey.web.request import services
from survey.web.staff.forms import Prose, Sentence, StaffForm, require, require_one_of

MAX_PLACES = 12
MAX_TITLE, MAX_LINE, MAX_TEXT = 120, 500, 5_000
# The plan's own words, so that a decision reads the same wherever it was written.
STATUSES = {
    own: action_plan.STATUSES[same]
    for own, same in {"open": "planned", "going_on": "ongoing", "done": "done", "dropped": "dropped"}.items()
}
NO_TITLE = N_("Skriv en rubrik på högst 120 tecken, till exempel Fredagsgruppen 13 november.")
NO_ROUND = N_("Välj en publicerad mätomgång.")
NO_PLACE = N_("Välj minst en plats, och högst tolv.")
PLACES_NOT_IN_ROUND = N_("Fanns inte i den mätomgången: %(names)s. Välj en annan omgång eller andra platser.")
NO_QUESTION = N_("Välj minst en fråga.")
TOO_LONG = N_("Texten är för lång. Skriv högst 5 000 tecken.")
NO_DECISION = N_("Skriv vad ni beslutade, på högst 500 tecken.")
NO_WHO = N_("Skriv vem som gör det, på högst 500 tecken.")
NO_QUESTION_CHOSEN = N_("Ingen fråga")
QUESTION_CHOICES = [("", NO_QUESTION_CHOSEN), *((key, short_name(key)) for key in QUESTIONS)]
PAST_DAY = N_("Dagen har redan varit. Välj en dag som kommer, eller lämna tomt.")
NO_DAY = N_("Välj en dag, som 2026-09-01, eller lämna tomt.")


class ContentForm(StaffForm):
    """The choice of round, places and questions."""

    title = Sentence()
    edition = SelectField(coerce=str, validate_choice=False)
    places = SelectMultipleField(validate_choice=False)
    units = SelectMultipleField(validate_choice=False)
    questions = SelectMultipleField(validate_choice=False)

    def __init__(self, known: Mapping[str, Sequence[Mapping[str, Any]]], posted: Any = None, **more: Any) -> None:
        """Offer the places that the person may read, `known`, by edition number, in the order of a pack."""
        super().__init__(posted, **more)
        self.known = known
        self.missing = ""
        self.chosen: tuple[str, ...] = ()

    def validate_title(self, field: Sentence) -> None:
        """Require a short title, on one line."""
        require(field, bool(field.data) and len(field.data) <= MAX_TITLE, NO_TITLE)

    def validate_edition(self, field: SelectField) -> None:
        """Require a published edition."""
        require_one_of(field, self.known, NO_ROUND)

    def validate_questions(self, field: SelectMultipleField) -> None:
        """Require at least one question; put them in their own order."""
        field.data = [question for question in QUESTIONS if question in (field.data or ())]
        require(field, bool(field.data), NO_QUESTION)

    def validate_units(self, field: SelectMultipleField) -> None:
        """Require places of the round: with the units at least one, at most twelve."""
        asked = {*(self.places.data or ()), *(field.data or ())} - {""}
        there = [place["key"] for place in self.known.get(self.edition.data or "", ())]
        names = {place["key"]: place["name"] for each in self.known.values() for place in each}
        self.missing = ", ".join(sorted(names.get(key, key)[:80] for key in asked.difference(there) if there))
        require(field, not self.missing, PLACES_NOT_IN_ROUND)
        self.chosen = tuple(key for key in there if key in asked)
        require(field, 0 < len(self.chosen) <= MAX_PLACES, NO_PLACE)


class TextsForm(StaffForm):
    """The introduction and a comment on each question."""

    introduction = Prose()

    def __init__(self, questions: Sequence[str], posted: Any = None, **more: Any) -> None:
        super().__init__(posted, **more)
        written = posted or {}
        self.comments = {question: clean_prose(written.get(f"comment_{question}", "")) for question in questions}

    def validate_introduction(self, field: Prose) -> None:
        """Require that no text is longer than a page or two."""
        longest = max(map(len, (field.data or "", *self.comments.values())))
        require(field, longest <= MAX_TEXT, TOO_LONG)


class DecisionForm(StaffForm):
    """A decision: what, by whom, by when, about which question."""

    text = Sentence()
    who = Sentence()
    due_on = DateField()
    question = SelectField(choices=QUESTION_CHOICES, validate_choice=False)

    def validate_text(self, field: Sentence) -> None:
        """Require some text, on one line."""
        require(field, 0 < len(field.data) <= MAX_LINE, NO_DECISION)

    def validate_who(self, field: Sentence) -> None:
        """Require somebody."""
        require(field, 0 < len(field.data) <= MAX_LINE, NO_WHO)

    def validate_due_on(self, field: DateField) -> None:
        """Require a day to come, of our time; or none."""
        typed = bool(field.raw_data and field.raw_data[0].strip())
        require(field, not typed or (field.data is not None and field.data.year <= 2100), NO_DAY)
        require(field, not typed or (field.data is not None and field.data >= services.today()), PAST_DAY)

    def validate_question(self, field: SelectField) -> None:
        """Require one of the seven, or none."""
        field.data = field.data or None
        if field.data:
            require_one_of(field, QUESTIONS)


class OutcomeForm(StaffForm):
    """The status of a decision, with a note."""

    status = SelectField(validate_choice=False)
    outcome = Sentence()

    def validate_status(self, field: SelectField) -> None:
        """Require one of the offered statuses."""
        require_one_of(field, STATUSES)

    def validate_outcome(self, field: Sentence) -> None:
        """Require a short note."""
        require(field, len(field.data) <= MAX_LINE, TOO_LONG)
