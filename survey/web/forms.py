"""What the forms of the staff's pages share: our own words, and one way to say them."""

from collections.abc import Collection

from wtforms import Field, Form
from wtforms.validators import ValidationError

from survey.domain.marking import N_

NO_CHOICE = N_("Välj ett av alternativen.")


class OurForm(Form):  # type: ignore[misc]
    """A form in our own words."""

    class Meta:
        """No messages of WTForms' own: the words are ours, in our catalogs."""

        locales = False


def said(field: Field, right: bool, otherwise: str) -> None:
    """In our words, in the place of those of the field's own."""
    field.errors = []
    if not right:
        raise ValidationError(otherwise)


def one_of(field: Field, known: Collection[str], otherwise: str = NO_CHOICE) -> None:
    """One of those that are offered."""
    said(field, field.data in known, otherwise)
