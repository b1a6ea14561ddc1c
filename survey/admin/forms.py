"""A check that the coordinator's forms share: dates within our time."""

from wtforms import DateField

from survey.domain.text.i18n import N_
from survey.web.staff.forms import require

YEARS = (2000, 2100)
NO_DAY = N_("Välj en dag, som 2026-09-01.")


def a_day(field: DateField) -> None:
    """Require a date within our time."""
    require(field, field.data is not None and YEARS[0] <= field.data.year <= YEARS[1], NO_DAY)
