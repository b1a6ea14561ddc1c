"""The forms of one place: what it is called, when it ends, what it goes up in. For the office's places."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import DateField, IntegerField, SelectField

from survey.admin.forms import a_day
from survey.domain.places.place import LARGEST_UNIT, Place
from survey.domain.text.i18n import N_
from survey.web.staff.forms import Line, OurForm, one_of, said

NO_HEADCOUNT = N_("Skriv hur många som arbetar på enheten, som ett helt tal.")
NO_PLACE = N_("Välj platsen som den ska uppgå i.")


class NameForm(OurForm):
    """What a place is called and who runs it."""

    name = Line()
    huvudman = Line()
    hsa_id = Line()
    headcount = IntegerField()

    def validate_headcount(self, field: IntegerField) -> None:
        """A whole number, or nothing where nobody has said."""
        left_empty = not any(text.strip() for text in field.raw_data or ())
        said(field, left_empty or (field.data is not None and 1 <= field.data <= LARGEST_UNIT), NO_HEADCOUNT)

    def changed(self, place: Place) -> Place:
        """The place as the form says."""
        written = {name: getattr(self, name).data for name in ("name", "huvudman", "hsa_id", "headcount")}
        return replace(place, **written)


class EndForm(OurForm):
    """The last day of a place, and where it lives on, if it does; neither for a place that goes on after all."""

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
        """A day of our time."""
        a_day(field)

    def validate_into(self, field: SelectField) -> None:
        """One of those that may take it in."""
        one_of(field, {place.key for place in self.others}, NO_PLACE)

    def changed(self, place: Place) -> Place:
        """The place as the form says."""
        last_day, into = (field.data if field is not None else None for field in (self.last_day, self.into))
        return replace(place, valid_to=last_day, merged_into=into)
