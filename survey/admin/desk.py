"""The first page of Kontoret: the current round, the next one, and what waits for this coordinator."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.rounds.lifecycle import Round
from survey.store.core import places, rounds
from survey.store.published import previews
from survey.store.staff import staff_invitations
from survey.web.i18n.languages_in_round import changed_languages
from survey.web.pages.public_pages import day, number
from survey.web.staff import two_people

# A unit's own work before the first day takes about so long: slips, lists, letters.
_SOON = timedelta(days=14)
_GOES_ON = ("open", "closing", "opening", "publishing", "closed")


class WaitingItem(NamedTuple):
    """One thing that waits: a sentence, and the address where it is done."""

    text: str
    address: str


@dataclass(frozen=True)
class AdminOverview:
    """The current round, the next one, and all that waits."""

    now: Round | None
    following: Round | None
    waits: list[WaitingItem]


def admin_overview(connection: Connection, me: int, today: date) -> AdminOverview:
    """Return what the first page shows the coordinator with this number."""
    every = rounds.rounds(connection)
    under_way = [each for state in _GOES_ON for each in every if each.state == state]
    drafts = [each for each in every if each.state == "draft"]
    waits = [*_of_places(connection), *_of_rounds(connection, every, today), *_of_languages(connection)]
    waits += _of_accounts(connection, me, today)
    return AdminOverview(next(iter(under_way), None), next(iter(drafts), None), waits)


def _of_places(connection: Connection) -> Iterator[WaitingItem]:
    if not any(each.level == "unit" for each in places.all_places(connection)):
        yield WaitingItem(
            _("Det finns inga enheter än. Läs in platserna från en fil."), url_for("admin.places.show_import_form")
        )


def _of_rounds(connection: Connection, every: list[Round], today: date) -> Iterator[WaitingItem]:
    for round_ in every:
        page = url_for("admin.rounds.show_round", key=round_.key)
        if round_.state == "draft" and round_.opens - today <= _SOON:
            text = _("%(round)s ska börja %(day)s och är inte öppnad.", round=round_.name, day=day(round_.opens))
            yield WaitingItem(text, page)
        counted = previews.get(connection, round_.key) if round_.state == "closed" else None
        if counted and previews.REFUSED in counted:
            yield WaitingItem(_("%(round)s är räknad, men kan inte publiceras som den är.", round=round_.name), page)
        elif counted:
            yield WaitingItem(_("%(round)s är räknad och väntar på att publiceras.", round=round_.name), page)
    if not any(each.state in ("draft", *_GOES_ON) for each in every):
        yield WaitingItem(_("Ingen mätomgång är planerad. Planera en ny."), url_for("admin.rounds.show_new_form"))


def _of_languages(connection: Connection) -> Iterator[WaitingItem]:
    changed, page = changed_languages(connection), url_for("admin.languages.list_languages")
    if changed.gone:
        text = _(
            "Språk som gick att välja när mätomgången öppnades och inte gör det nu, "
            "därför att texter har ändrats: %(n)s.",
            n=number(len(changed.gone)),
        )
        yield WaitingItem(text, page)
    if changed.in_part:
        text = _(
            "Språk där nya eller ändrade texter står på svenska tills mätomgången är över: %(n)s.",
            n=number(len(changed.in_part)),
        )
        yield WaitingItem(text, page)


def _of_accounts(connection: Connection, me: int, today: date) -> Iterator[WaitingItem]:
    for each in two_people.waiting(connection, me):
        if not each.mine:
            yield WaitingItem(
                _("Väntar på en samordnare till: %(what)s", what=each.words), url_for("admin.proposals.list_proposals")
            )
    old = sum(each.expires_on < today for each in staff_invitations.waiting(connection))
    if old:
        yield WaitingItem(
            _("Inbjudningar som har blivit för gamla: %(n)s.", n=number(old)), url_for("admin.accounts.list_accounts")
        )
