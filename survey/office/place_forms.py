"""The forms of one place: what it is called, when it ends, what it goes up in. For the office's places."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import ValidationError

from survey.domain.marking import N_
from survey.domain.place import Place

YEARS = (2000, 2100)
NO_DAY = N_("Välj en dag, som 2026-09-01.")
NO_PLACE = N_("Välj platsen som den ska uppgå i.")


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


class _PlaceForm(Form):  # type: ignore[misc]
    """Whose rules are those of the places themselves."""

    class Meta:
        """No messages of WTForms' own: the words are ours, in our catalogs."""

        locales = False


class NameForm(_PlaceForm):
    """What a place is called and who runs it."""

    name = StringField(filters=[_tidy])
    huvudman = StringField(filters=[_tidy])
    hsa_id = StringField(filters=[_tidy])

    def changed(self, place: Place) -> Place:
        """The place as the form says."""
        return replace(place, name=self.name.data, huvudman=self.huvudman.data, hsa_id=self.hsa_id.data)


class EndForm(_PlaceForm):
    """The last day of a place, and where it lives on, if it does."""

    last_day = DateField()
    into = SelectField(validate_choice=False)

    def __init__(self, others: Sequence[Place] | None, posted: Any = None) -> None:
        super().__init__(posted)
        self.others = others
        if others is None:
            del self.into

    def validate_last_day(self, field: DateField) -> None:
        """A day of our time."""
        field.errors = []
        if field.data is None or not YEARS[0] <= field.data.year <= YEARS[1]:
            raise ValidationError(NO_DAY)

    def validate_into(self, field: SelectField) -> None:
        """One of those that may take it in."""
        if field.data not in {place.key for place in self.others or ()}:
            raise ValidationError(NO_PLACE)

    def changed(self, place: Place) -> Place:
        """The place as the form says; one that only ends goes up in nothing."""
        into = self.into.data if self.others is not None else None
        return replace(place, valid_to=self.last_day.data, merged_into=into)
