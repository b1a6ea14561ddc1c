"""The form of a channel: for whom, how many, in which languages, on which paper. For the unit views."""

from collections.abc import Sequence
from typing import Any

from wtforms import Form, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from survey.channels.channel import Channel
from survey.domain.marking import N_
from survey.web.language import Language

USUAL = 50
NO_LANGUAGE = N_("Välj minst ett språk.")
NO_NUMBER = N_("Skriv hur många du behöver, med siffror.")
NO_CHOICE = N_("Välj ett av alternativen.")


class LinksForm(Form):  # type: ignore[misc]
    """What a channel needs to know; a channel without codes is not asked how many."""

    class Meta:
        """No messages of WTForms' own: the words are ours, in our catalogs."""

        locales = False

    role = RadioField(validate_choice=False)
    count = IntegerField(default=USUAL)
    languages = SelectMultipleField(validate_choice=False)
    paper = RadioField(validate_choice=False)

    def __init__(self, channel: Channel, roles: Sequence[str], spoken: Sequence[Language], posted: Any = None) -> None:
        super().__init__(posted, role=roles[0], languages=[spoken[0].tag], paper=next(iter(channel.papers), ""))
        self.channel, self.roles, self.spoken = channel, roles, spoken

    def validate_role(self, field: RadioField) -> None:
        """One of those that this channel is for."""
        _one_of(field, self.roles)

    def validate_paper(self, field: RadioField) -> None:
        """One of the channel's, where it has any."""
        if self.channel.papers:
            _one_of(field, self.channel.papers)

    def validate_languages(self, field: SelectMultipleField) -> None:
        """One at least, and only those that are offered."""
        known = {each.tag for each in self.spoken}
        field.data = [tag for tag in dict.fromkeys(field.data or ()) if tag in known]
        if not field.data:
            raise ValidationError(NO_LANGUAGE)

    def validate_count(self, field: IntegerField) -> None:
        """Between one and what the channel makes at a time."""
        if not self.channel.coded:
            return
        field.errors = []
        if field.data is None or not 1 <= field.data <= self.channel.most:
            raise ValidationError(NO_NUMBER)


def _one_of(field: RadioField, known: Sequence[str]) -> None:
    if len(known) == 1 and not field.data:
        field.data = known[0]
    if field.data not in known:
        raise ValidationError(NO_CHOICE)
