"""Changes of accounts that take two coordinators, by `web.staff.two_people`; each is checked anew when confirmed."""

from sqlalchemy import Connection

from survey.admin.accounts import wording
from survey.admin.accounts.account_forms import role_in_words
from survey.domain.staff.roles import GUARDED, may, reads_a_language
from survey.domain.text.i18n import N_
from survey.store.core import places
from survey.store.database.engine import read_transaction
from survey.store.staff import accounts, password_resets, proposals
from survey.store.staff.accounts import Account
from survey.web.request import services
from survey.web.request.addresses import staff_link
from survey.web.signin import password_resets as links
from survey.web.staff import two_people
from survey.web.staff.guards import signed_in
from survey.web.staff.two_people import About, ActionOutcome, ActionRefused, Note


def _in_words(connection: Connection, about: About) -> About:
    """Return the role and the place by their names, for a reader."""
    name = next((each.name for each in places.all_places(connection) if each.key == about["place"]), about["place"])
    return {**about, "role": role_in_words(about["role"], about.get("language", ""), short=True), "place": name}


def ask_invitation(email: str, role: str, place: str, language: str = "") -> None:
    """Ask for an invitation that another coordinator makes."""
    about = {"person": email, "role": role, "place": place, **wording.spoken(language)}
    two_people.propose("invite", about, lambda connection: wording.may_be_invited(connection, email, role, place))


@two_people.register_action(
    "invite",
    words=N_("Bjud in %(person)s som %(role)s, %(place)s"),
    subject="person",
    asked="invitation_asked",
    shown=_in_words,
)
def _invite(connection: Connection, about: About, note: Note) -> ActionOutcome:
    email, role, place = about["person"], about["role"], about["place"]
    wording.may_be_invited(connection, email, role, place)
    language = about.get("language", "")
    secret, _earlier = wording.put_invitation(connection, email, role, place, note, language=language)
    return ActionOutcome(link=staff_link("accept_invitation.show_form", secret), to=email, days=wording.GOOD_FOR.days)


def ask_role(person_id: int, role: str, place: str) -> None:
    """Ask for another role or place."""
    with read_transaction(services.engine()) as connection:
        person = wording.of_number(connection, person_id)

    def can(connection: Connection) -> None:
        wording.refuse_moved(connection, person, role, place, signed_in().id)
        _may_become(connection, person, role, place)

    two_people.propose("change_role", {"person": person.email, "role": role, "place": place}, can)


@two_people.register_action(
    "change_role",
    words=N_("Ändra %(person)s till %(role)s, %(place)s"),
    subject="person",
    asked="role_asked",
    shown=_in_words,
)
def _change_role(connection: Connection, about: About, note: Note) -> ActionOutcome:
    person, role, place = _person(connection, about), about["role"], about["place"]
    _may_become(connection, person, role, place)
    if not may(role, "admin") and accounts.coordinators_for_update(connection) == {person.id}:
        raise ActionRefused(wording.LAST)
    accounts.set_role(connection, person.id, role, place)
    password_resets.remove(connection, person.id)
    accounts.end_sessions(connection, person.id)
    proposals.remove_about(connection, person.email)
    note("role_changed", person=person.email, role=_from_to(person.role, role), place=_from_to(person.place, place))
    if role not in GUARDED or person.role in GUARDED:
        return ActionOutcome()
    # One coordinator alone could have let themselves into the account as it was.
    made = links.create_reset(connection, person)
    return ActionOutcome(link=staff_link("new_password.show_form", made), to=person.email, days=links.GOOD_FOR.days)


@two_people.register_action(
    "close_account", words=N_("Stäng kontot %(person)s"), subject="person", asked="account_closing_asked"
)
def _close(connection: Connection, about: About, note: Note) -> ActionOutcome:
    return _set_open(connection, about, False, note)


@two_people.register_action(
    "reopen_account", words=N_("Öppna kontot %(person)s igen"), subject="person", asked="account_reopening_asked"
)
def _reopen(connection: Connection, about: About, note: Note) -> ActionOutcome:
    return _set_open(connection, about, True, note)


def _set_open(connection: Connection, about: About, opened: bool, note: Note) -> ActionOutcome:
    person = _person(connection, about)
    if person.active == opened:
        raise ActionRefused(two_people.CHANGED)
    wording.opens_or_closes(connection, person, accounts.coordinators_for_update(connection), opened, note)
    return ActionOutcome()


@two_people.register_action("new_link", words=N_("Ge %(person)s en ny länk"), subject="person", asked="new_link_asked")
def _new_link(connection: Connection, about: About, note: Note) -> ActionOutcome:
    secret = wording.make_link(connection, _person(connection, about), note)
    return ActionOutcome(
        link=staff_link("new_password.show_form", secret), to=about["person"], days=links.GOOD_FOR.days
    )


def _may_become(connection: Connection, person: Account, role: str, place: str) -> None:
    wording.fitting(connection, role, place, services.today())
    if not person.active:
        raise ActionRefused(wording.CLOSED)
    if (role, place) == (person.role, person.place):
        raise ActionRefused(wording.SO_ALREADY)
    if reads_a_language(role):
        raise ActionRefused(wording.TRANSLATORS_ARE_INVITED)


def _person(connection: Connection, about: About) -> Account:
    found = accounts.account_by_email(connection, about["person"])
    if found is None:
        raise ActionRefused(wording.GONE)
    return found


def _from_to(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"
