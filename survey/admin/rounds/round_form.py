"""The form of a round: its name and days, its questionnaire versions, its thresholds. For the coordinator's rounds."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, IntegerField, RadioField
from wtforms.validators import ValidationError

from survey.admin.forms import a_day
from survey.domain.disclosure.thresholds import MIN_ANSWERS
from survey.domain.places.place import is_key, is_readable, suggested_key
from survey.domain.questions.questionnaire import Version
from survey.domain.rounds.lifecycle import MAX_GRACE_DAYS, MAX_NAME_LENGTH, Round
from survey.domain.text.i18n import N_
from survey.web.staff.forms import Line, StaffForm, require, require_one_of

MAX_THRESHOLD = 1000
WHO = ("everyone", "codes")
COPIED = ("grace_days", "version_patient", "version_provider", "threshold_patient", "threshold_provider")
NO_NAME = N_("Skriv ett namn på högst 80 tecken, till exempel hösten 2026.")
NO_KEY = N_("Det korta namnet får bara ha a–z, 0–9 och enkla bindestreck, högst 40 tecken.")
NO_ORDER = N_("Sista dagen får inte komma före den första.")
NO_GRACE = N_("Respitdagarna ska vara mellan 0 och 60, med siffror.")
NO_THRESHOLD = {
    "patient": N_("Gränsen för invånare ska skrivas med siffror, och den kan bara höjas."),
    "provider": N_("Gränsen för medarbetare ska skrivas med siffror, och den kan bara höjas."),
}


class RoundForm(StaffForm):
    """The settings of a draft, which the coordinator decides."""

    name = Line()
    key = Line()
    opens = DateField()
    closes = DateField()
    grace_days = IntegerField()
    version_patient = RadioField(validate_choice=False)
    version_provider = RadioField(validate_choice=False)
    threshold_patient = IntegerField()
    threshold_provider = IntegerField()
    answering = RadioField(validate_choice=False)

    def __init__(
        self,
        versions: Mapping[str, Version],
        draft: Round | None = None,
        posted: Any = None,
        like: Round | None = None,
    ) -> None:
        """Fill the form; `like` is an earlier round whose settings a new one gets, but for its name and days."""
        self.versions: Sequence[Version] = [each for each in versions.values() if each.released]
        usual: dict[str, Any] = {"grace_days": 1, "answering": "codes", **_defaults(self.versions)}
        if like is not None:
            usual |= {name: getattr(like, name) for name in COPIED} | {"answering": _who(like)}
        if draft is not None:
            usual = {**draft.__dict__, "answering": _who(draft)}
        super().__init__(posted, **usual)
        self.draft = draft
        if draft is not None:
            del self.key

    def validate_name(self, field: Line) -> None:
        """Require a short name, of letters that can be read."""
        if not field.data or len(field.data) > MAX_NAME_LENGTH or not is_readable(field.data):
            raise ValidationError(NO_NAME)

    def validate_key(self, field: Line) -> None:
        """Require a key that can stand in addresses; make it from the name when it is left out."""
        field.data = field.data or suggested_key(self.name.data or "")
        if not field.data and not self.name.data:
            return  # the missing name is the fault that is shown
        if not is_key(field.data):
            raise ValidationError(NO_KEY)

    def validate_opens(self, field: DateField) -> None:
        """Require a date within our time."""
        a_day(field)

    def validate_closes(self, field: DateField) -> None:
        """Require a date within our time, not before the first day."""
        a_day(field)
        if self.opens.data and field.data < self.opens.data:
            raise ValidationError(NO_ORDER)

    def validate_grace_days(self, field: IntegerField) -> None:
        """Require as many grace days as a round may have."""
        _between(field, 0, MAX_GRACE_DAYS, NO_GRACE)

    def validate_version_patient(self, field: RadioField) -> None:
        """Require a released version."""
        require_one_of(field, [each.key for each in self.versions])

    def validate_version_provider(self, field: RadioField) -> None:
        """Require a released version."""
        require_one_of(field, [each.key for each in self.versions])

    def validate_threshold_patient(self, field: IntegerField) -> None:
        """Require a threshold that is not below the least."""
        _enough(field, "patient")

    def validate_threshold_provider(self, field: IntegerField) -> None:
        """Require a threshold that is not below the least."""
        _enough(field, "provider")

    def validate_answering(self, field: RadioField) -> None:
        """Require a choice: by code alone, or without one too."""
        require_one_of(field, WHO)

    def round(self) -> Round:
        """Return the draft that the form describes."""
        named = {name: field.data for name, field in self._fields.items() if name != "answering"}
        key = named.pop("key", None) or (self.draft.key if self.draft else "")
        return Round(key=key, open_link=self.answering.data == WHO[0], **named)


def _who(round_: Round) -> str:
    return WHO[0] if round_.open_link else WHO[1]


def _defaults(versions: Sequence[Version]) -> dict[str, Any]:
    newest = versions[-1].key if versions else ""
    return {f"version_{role}": newest for role in MIN_ANSWERS} | {
        f"threshold_{role}": n for role, n in MIN_ANSWERS.items()
    }


def _enough(field: IntegerField, role: str) -> None:
    _between(field, MIN_ANSWERS[role], MAX_THRESHOLD, NO_THRESHOLD[role])


def _between(field: IntegerField, low: int, high: int, otherwise: str) -> None:
    require(field, field.data is not None and low <= field.data <= high, otherwise)
