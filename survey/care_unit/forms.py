"""The form of a channel: role, number of codes, languages, paper. For the unit's views."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from survey.channels.channel import Channel
from survey.domain.text.i18n import N_
from survey.web.i18n.language import Language
from survey.web.staff.forms import StaffForm, require, require_one_of

DEFAULT_COUNT = 50
NO_LANGUAGE = N_("Välj minst ett språk.")
NO_NUMBER = N_("Skriv ett antal med siffror, från 1 till %(most)s.")


class LinksForm(StaffForm):
    """The choices that a channel needs; no number is asked where one link serves all."""

    role = RadioField(validate_choice=False)
    count = IntegerField(default=DEFAULT_COUNT)
    languages = SelectMultipleField(validate_choice=False)
    paper = RadioField(validate_choice=False)

    def __init__(self, channel: Channel, roles: Sequence[str], spoken: Sequence[Language], posted: Any = None) -> None:
        super().__init__(posted, role=roles[0], languages=[spoken[0].tag], paper=next(iter(channel.papers), ""))
        self.channel, self.roles, self.spoken = channel, roles, spoken

    @property
    def max_count(self) -> int:
        """Return the most codes or sheets at a time; 0 where one link serves all."""
        return self.channel.max_count or self.channel.max_sheets

    def validate_role(self, field: RadioField) -> None:
        """Require one of the roles that this channel is for."""
        if len(self.roles) == 1 and not field.data:
            field.data = self.roles[0]
        require_one_of(field, self.roles)

    def validate_paper(self, field: RadioField) -> None:
        """Require one of the channel's papers, where it has any."""
        if self.channel.papers:
            field.data = field.data or self.channel.papers[0]
            require_one_of(field, self.channel.papers)

    def validate_languages(self, field: SelectMultipleField) -> None:
        """Require one language at least, and only those that are offered."""
        known = {each.tag for each in self.spoken}
        field.data = [tag for tag in dict.fromkeys(field.data or ()) if tag in known]
        if not field.data:
            raise ValidationError(NO_LANGUAGE)

    def validate_count(self, field: IntegerField) -> None:
        """Require a number between one and what the channel makes at a time."""
        if most := self.max_count:
            require(field, field.data is not None and 1 <= field.data <= most, NO_NUMBER)
