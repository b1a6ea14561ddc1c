"""The forms of one place: its name, its last day, the place it is merged into. For the coordinator's places."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import DateField, IntegerField, SelectField

from survey.admin.forms import a_day
from survey.domain.places.place import MAX_HEADCOUNT, Place
from survey.domain.text.i18n import N_
from survey.web.staff.forms import Line, StaffForm, require, require_one_of

NO_HEADCOUNT = N_("Skriv hur många som arbetar på enheten, som ett helt tal.")
NO_PLACE = N_("Välj platsen som den ska uppgå i.")


class NameForm(StaffForm):
    """The name of a place, and who runs it."""

    name = Line()
    huvudman = Line()
    hsa_id = Line()
    headcount = IntegerField()

    def validate_headcount(self, field: IntegerField) -> None:
        """Require a whole number, or nothing where the headcount is not known."""
        left_empty = not any(text.strip() for text in field.raw_data or ())
        require(field, left_empty or (field.data is not None and 1 <= field.data <= MAX_HEADCOUNT), NO_HEADCOUNT)

    def changed(self, place: Place) -> Place:
        """Return the place with the form's values."""
        written = {name: getattr(self, name).data for name in ("name", "huvudman", "hsa_id", "headcount")}
        return replace(place, **written)


class EndForm(StaffForm):
    """The last day of a place and the place it is merged into, if any; neither for a place that goes on after all."""

    last_day = DateField()
    into = SelectField(validate_choice=False)

    def __init__(self, how: str, others: Sequence[Place], posted: Any = None) -> None:
        super().__init__(posted)
        self.others = others
        if how == "resume":
            del self.last_day
        if how != "merge":
            del self.into

    def validate_last_day(self, field: DateField) -> None:
        """Require a date within our time."""
        a_day(field)

    def validate_into(self, field: SelectField) -> None:
        """Require one of the places that it may be merged into."""
        require_one_of(field, {place.key for place in self.others}, NO_PLACE)

    def changed(self, place: Place) -> Place:
        """Return the place with the form's values."""
        last_day, into = (field.data if field is not None else None for field in (self.last_day, self.into))
        return replace(place, valid_to=last_day, merged_into=into)
