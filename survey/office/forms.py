"""What the forms of the office share: days of our time, text as people meant it."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import DateField

from survey.domain.marking import N_
from survey.domain.text_files import visible
from survey.web.forms import OurForm, said

YEARS = (2000, 2100)
NO_DAY = N_("Välj en dag, som 2026-09-01.")


class OfficeForm(OurForm):
    """Without what can neither be kept nor be shown again."""

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
