"""Actions that take two coordinators: one asks, another confirms, and only then is it done. For all admin pages.

How to use it. Say once, in a module of admin that `survey.admin.views` loads, what the deed is:

    @two_people.register_action(
        "close_early", subject="round", asked="round_closing_asked", words=N_("Stänga %(round)s i förtid")
    )
    def _close(connection: Connection, about: dict[str, str], note: Note) -> ActionOutcome:
        ...check anew that it can be done, else raise ActionRefused(sentence); do it...
        note("round_closed", round=about["round"])           # its line in the log; who asked is added to it
        return ActionOutcome(at="endpoint.of.the.page", named={"key": about["round"]})

and let the view call `two_people.propose("close_early", {"round": key})` under `requires("admin")` and
`requires_recent_sign_in()`.
`about` is all that the deed needs, as text; `subject` names the part of it that only one may wait about. `words` are
filled from `about` (or from what `shown` makes of it). The rest is here: /staff/admin/waiting/ shows what waits to
every coordinator, another than who asked confirms or refuses it there, it ends after a week. Where there is one
coordinator alone, who keeps the server is the second person: `flask accounts waiting`, `flask accounts confirm KEY`.
`asked` and the deed that `note` writes must be in `survey.domain.staff.audit_events`, with "asked_by" among what
the latter tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.text.i18n import N_
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.staff import accounts, proposals
from survey.store.staff.proposals import Proposal
from survey.web.request import services
from survey.web.staff import audit_log
from survey.web.staff.guards import signed_in

About = dict[str, str]  # of an action: its values by name, as its proposal stores them
GOOD_FOR = timedelta(days=7)
CHANGED = N_("Det har ändrats sedan du öppnade sidan. Inget har gjorts nu. Se efter hur det står och försök igen.")
ANOTHER = N_("En annan samordnare än den som bad om det behöver bekräfta det.")
WAITS = N_("En annan samordnare har redan bett om det. Bekräfta det i stället under ”Väntar på en samordnare till”.")
NOT_COORDINATOR = N_("Bara en samordnare som kan logga in kan be om det.")


class ActionRefused(Exception):
    """A refusal of an action as things stand; the text says why, to be turned into the reader's language."""


class ActionOutcome(NamedTuple):
    """The outcome: where to go next, or a link shown once to the one who confirmed: for whom, and valid how long.

    The page to go to by its endpoint and what its address holds: the command line has no request to build one in.
    """

    at: str = ""
    named: Mapping[str, Any] = MappingProxyType({})
    link: str = ""
    to: str = ""
    days: int = 0


class Note(Protocol):
    """A function that writes the action's line in the audit log."""

    def __call__(self, what: str, **about: str | int) -> None:
        """Note this event, with what may be said of it."""


Action = Callable[[Connection, About, Note], ActionOutcome]


@dataclass(frozen=True)
class ActionKind:
    """One kind of action that takes two."""

    words: str
    subject: str
    asked: str
    do: Action
    shown: Callable[[Connection, About], About]


KINDS: dict[str, ActionKind] = {}


def _as_it_is(_connection: Connection, about: About) -> About:
    return about


def register_action(
    what: str,
    *,
    words: str,
    subject: str,
    asked: str,
    shown: Callable[[Connection, About], About] = _as_it_is,
) -> Callable[[Action], Action]:
    """Register a kind of action: its words, its subject, the audit event of asking for it, and how it is done."""

    def known(do: Action) -> Action:
        KINDS[what] = ActionKind(words, subject, asked, do, shown)
        return do

    return known


def propose(what: str, about: About, can: Callable[[Connection], None] | None = None) -> None:
    """Ask for an action; nothing is done until another coordinator confirms it. `can` raises where it can't be done."""
    me, today, of_kind = signed_in().id, services.today(), KINDS[what]
    subject = about[of_kind.subject]
    with write_transaction(services.engine()) as connection:
        if me not in accounts.coordinators_for_update(connection):
            raise ActionRefused(NOT_COORDINATOR)
        if can:
            can(connection)
        for each in proposals.waiting(connection, today):
            if (each.action, each.details) == (what, about) and each.asked_by != me:
                raise ActionRefused(WAITS)
        proposals.add(connection, what, subject, about, me, today=today, until=today + GOOD_FOR)
        audit_log.event_note(of_kind.asked, **about)(connection)


def confirm(key: str) -> ActionOutcome:
    """Confirm what another coordinator asked for, and do it; raise ActionRefused when it can't be done."""
    return _confirm(key, signed_in().id)


def confirm_on_command_line(key: str) -> ActionOutcome:
    """Confirm it on the command line, as the keeper of the server, where there is no second coordinator."""
    return _confirm(key, None)


def refuse(key: str) -> None:
    """Forget what waits; any coordinator may, also the one who asked."""
    with write_transaction(services.engine()) as connection:
        found = proposals.find(connection, key, services.today())
        if found is None or not proposals.remove(connection, key):
            raise ActionRefused(CHANGED)
        audit_log.event_note("proposal_refused", **found.details)(connection)


class Waiting(NamedTuple):
    """One request that waits, as a reader meets it."""

    key: str
    words: str
    asked_by: str
    mine: bool
    proposal: Proposal


def waiting(connection: Connection, me: int | None = None) -> list[Waiting]:
    """Return all that waits, in words, with who asked; `me` is the reader's number."""
    emails = {each.id: each.email for each in accounts.accounts(connection)}
    found = []
    for each in proposals.waiting(connection, services.today()):
        of_kind = KINDS[each.action]
        words = str(_(of_kind.words, **of_kind.shown(connection, each.details)))
        found.append(Waiting(each.key, words, emails[each.asked_by], each.asked_by == me, each))
    return found


def is_only_coordinator() -> bool:
    """Return whether there is one coordinator alone, for whom nobody here can be the second."""
    with read_transaction(services.engine()) as connection:
        return len(accounts.coordinators(connection)) < 2


def _confirm(key: str, by: int | None) -> ActionOutcome:
    try:
        with write_transaction(services.engine()) as connection:
            coordinators = accounts.coordinators_for_update(connection)
            found = proposals.find(connection, key, services.today())
            if found is None or found.asked_by not in coordinators:
                raise ActionRefused(CHANGED)
            if by is not None and (by == found.asked_by or by not in coordinators):
                raise ActionRefused(ANOTHER)
            proposals.remove(connection, key)
            asker = accounts.account_by_id(connection, found.asked_by)
            assert asker is not None
            return KINDS[found.action].do(connection, found.details, _noting(connection, by, asker.email))
    except DatabaseConflict:
        # Somebody else did the same at that moment, and theirs is the one that counts.
        raise ActionRefused(CHANGED) from None


def _noting(connection: Connection, by: int | None, asked_by: str) -> Note:
    def note(what: str, **about: str | int) -> None:
        details: dict[str, Any] = {**about, "asked_by": asked_by}
        if by is None:
            audit_log.note_of_command_line(connection, what, **details)
        else:
            audit_log.event_note(what, **details)(connection)

    return note
