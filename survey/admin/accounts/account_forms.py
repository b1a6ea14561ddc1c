"""The forms of accounts: invitation, change of role, first password. For the views of accounts."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import PasswordField, RadioField, SelectField
from wtforms.validators import ValidationError

from survey.channels.mail import parse_address
from survey.domain.places.place_tree import Place
from survey.domain.staff.roles import ROLES, reads_a_language
from survey.domain.text.i18n import N_
from survey.web.i18n.language import Language, languages
from survey.web.i18n.language_files import SOURCE
from survey.web.signin.passwords import password_faults
from survey.web.staff.forms import Line, StaffForm, require_one_of

ROLE_NAMES = {key: role.name for key, role in ROLES.items()}
NO_ADDRESS = N_("Skriv en hel e-postadress.")
NO_ROLE = N_("Välj vad personen ska göra.")
NO_PLACE = N_("Välj platsen som kontot hör till.")
NOT_ALIKE = N_("Lösenorden är inte likadana. Skriv samma två gånger.")
NO_LANGUAGE = N_("Välj språket som personen ska läsa.")
MAX_ADDRESS_LENGTH = 254


def normalise_address(text: str) -> str:
    """Return an address in small letters, as accounts store it; raise ValueError when it is none, or too long."""
    found = parse_address(text).casefold()
    if len(found) > MAX_ADDRESS_LENGTH:
        raise ValueError("too long")
    return found


def role_in_words(role: str, language: str = "", *, short: bool = False) -> str:
    """Return a role as a reader meets it, with the language that it reads; `short` is what it is called alone."""
    name = str(_(ROLE_NAMES[role]))
    called = name.partition(":")[0] if short else name
    spoken = languages().get(language)
    return f"{called} ({spoken.name if spoken else language})" if language else called


class AddressForm(StaffForm):
    """The address of an account."""

    email = Line()

    def validate_email(self, field: Line) -> None:
        """Require an address, and put it in small letters as accounts store it."""
        try:
            field.data = normalise_address(field.data or "")
        except ValueError:
            raise ValidationError(NO_ADDRESS) from None


class RoleForm(StaffForm):
    """A role, and the place that it is for."""

    role = RadioField(validate_choice=False)
    place = SelectField(validate_choice=False)

    def __init__(self, places: Sequence[Place], posted: Any = None, **kwargs: str) -> None:
        super().__init__(posted, **kwargs)
        self.places = places

    def validate_role(self, field: RadioField) -> None:
        """Require one of the roles there are."""
        require_one_of(field, ROLES, NO_ROLE)

    def validate_place(self, field: SelectField) -> None:
        """Require a place that exists."""
        require_one_of(field, {each.key for each in self.places}, NO_PLACE)


class InviteForm(AddressForm, RoleForm):
    """An invitation: an address, a role and a place; for a translator a language too."""

    language = SelectField(validate_choice=False)

    def validate_language(self, field: SelectField) -> None:
        """Require a language of a translator, and let nobody else have one."""
        if not reads_a_language(self.role.data or ""):
            field.data = ""
        else:
            require_one_of(field, {each.tag for each in readable_languages()}, NO_LANGUAGE)


def readable_languages() -> list[Language]:
    """Return the languages that a translator may read: all but the source."""
    return [each for each in languages().values() if each.tag != SOURCE]


class PasswordForm(StaffForm):
    """A first password, written twice: nobody can look it up afterwards."""

    password = PasswordField()
    again = PasswordField()

    def __init__(self, email: str, posted: Any = None) -> None:
        super().__init__(posted)
        self.email = email

    def validate_password(self, field: PasswordField) -> None:
        """Require a password that is long enough and hard to guess."""
        if faults := password_faults(field.data or "", self.email):
            raise ValidationError(faults[0])

    def validate_again(self, field: PasswordField) -> None:
        """Require the same password as above."""
        if field.data != self.password.data:
            raise ValidationError(NOT_ALIKE)
