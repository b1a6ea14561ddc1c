"""What the forms of the office share: our own words, days of our time, text as people meant it."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, Form
from wtforms.validators import ValidationError

from survey.domain.marking import N_
from survey.domain.text_files import visible

YEARS = (2000, 2100)
NO_DAY = N_("Välj en dag, som 2026-09-01.")


class OfficeForm(Form):  # type: ignore[misc]
    """A form in our own words."""

    class Meta:
        """No messages of WTForms' own: the words are ours, in our catalogs."""

        locales = False

    def __init__(self, posted: Any = None, **kept: Any) -> None:
        cleaned = (
            None if posted is None else MultiDict((name, visible(text)) for name, text in posted.items(multi=True))
        )
        super().__init__(cleaned, **kept)


def tidy(text: str | None) -> str:
    """Single spaces, none at the ends."""
    return " ".join((text or "").split())


def a_day(field: DateField) -> None:
    """A day of our time."""
    said(field, field.data is not None and YEARS[0] <= field.data.year <= YEARS[1], NO_DAY)


def said(field: Field, right: bool, otherwise: str) -> None:
    """In our words, in the place of those of the field's own."""
    field.errors = []
    if not right:
        raise ValidationError(otherwise)
