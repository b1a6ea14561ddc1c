"""The shared parts of the staff's forms: our own words, one way to say them, and the fields that take texts."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import ValidationError

from survey.domain.text.clean_text import clean_prose, one_line, printable
from survey.domain.text.i18n import N_

NO_CHOICE = N_("Välj ett av alternativen.")


def csrf_field() -> Markup:
    """Return the hidden field that shows that a form is ours; every form of the staff's has it."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


class StaffForm(Form):  # type: ignore[misc]
    """A form with our own messages."""

    class Meta:
        """The form without WTForms' own messages: the words are ours, in our catalogs."""

        locales = False


class Line(StringField):  # type: ignore[misc]
    """A name, an address or anything else on one line."""

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text without invisible characters."""
        self.data = one_line(valuelist[0] if valuelist else self.data or "")


class Sentence(StringField):  # type: ignore[misc]
    """Words on one line for others to read."""

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text without invisible characters, and without those that could not be shown."""
        self.data = printable(valuelist[0] if valuelist else self.data or "")


class Prose(TextAreaField):  # type: ignore[misc]
    """A text of some lines."""

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the text without invisible characters, and without white space around it."""
        self.data = clean_prose(valuelist[0] if valuelist else self.data or "")


def require(field: Field, right: bool, otherwise: str) -> None:
    """Raise ValidationError with the text `otherwise` unless `right`, and drop the field's own errors."""
    field.errors = []
    if not right:
        raise ValidationError(otherwise)


def require_one_of(field: Field, known: Collection[str], otherwise: str = NO_CHOICE) -> None:
    """Raise ValidationError unless the field's value is one of those that are offered."""
    require(field, field.data in known, otherwise)
