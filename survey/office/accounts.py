"""What a coordinator may do with accounts, each deed in one transaction with its line in the log. For the views.

Two coordinators stand behind every change of role, and behind every coordinator after the second: one asks, another
confirms. There is always a coordinator who can sign in.
"""

from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection

from survey.domain.accounts import belongs
from survey.domain.alphabet import in_order
from survey.domain.marking import N_
from survey.domain.places import Place
from survey.store import invites, new_links, people, places, role_changes
from survey.store.engine import writing
from survey.store.invites import Invite
from survey.store.people import Person
from survey.store.role_changes import RoleChange
from survey.web import audit, edit_conflicts, house
from survey.web.passwords import hash_password

GOOD_FOR = timedelta(days=7)
COORDINATOR = "coordinator"


class Refused(Exception):
    """The deed can't be done as things stand; the text says why, to be turned into the reader's language."""


class Moved(Exception):
    """Somebody else has changed it since the form was filled."""


GONE = N_("Kontot finns inte längre.")
CHANGED = N_("Det har ändrats sedan du öppnade sidan. Inget har gjorts nu. Se efter hur det står och försök igen.")
HERE = N_("Det finns redan ett konto med den adressen.")
TWO_BEHIND = N_(
    "En samordnare till behöver två samordnare bakom sig. Bjud in personen med en annan roll och byt roll sedan."
)
LAST = N_("Det måste finnas minst en samordnare som kan logga in. Bjud in en till först.")
SAME = N_("En annan samordnare än den som bad om ändringen behöver bekräfta den.")
SO_ALREADY = N_("Kontot har redan den rollen och platsen.")
CLOSED = N_("Kontot är stängt. Öppna det först.")
NOT_HERE = N_("Rollen hör inte ihop med platsen. Enhetens roll behöver en enhet, de andra en kommun eller regionen.")


def invite(email: str, role: str, place: str) -> tuple[str, bool]:
    """Keep an invitation; the link's secret, shown once and never again, and whether an earlier one ends with it."""
    secret, today = token_urlsafe(32), house.today()
    with writing(house.engine()) as connection:
        _fitting(connection, role, place, today)
        if people.person_by_email(connection, email):
            raise Refused(HERE)
        if role == COORDINATOR and len(people.coordinators_alone(connection)) > 1:
            raise Refused(TWO_BEHIND)
        earlier = any(each.email == email for each in invites.waiting(connection))
        invites.put(connection, _hash(secret), Invite(email, role, place, today + GOOD_FOR), today)
        audit.deed("person_invited", person=email, role=role, place=place)(connection)
    return secret, earlier


def withdraw(email: str) -> None:
    """Take an invitation back; its link leads nowhere then."""
    with writing(house.engine()) as connection:
        if not invites.withdraw(connection, email):
            raise Refused(CHANGED)
        audit.deed("invitation_withdrawn", person=email)(connection)


def invited(connection: Connection, secret: str) -> Invite | None:
    """The invitation that this link's secret belongs to, while it is good."""
    return invites.find(connection, _hash(secret), house.today())


def take(secret: str, password: str) -> bool:
    """Make the account; False when the link has been used, taken back or become too old."""
    hashed = hash_password(password)
    with writing(house.engine()) as connection:
        found = invites.take(connection, _hash(secret), house.today())
        if found is None:
            return False
        if people.person_by_email(connection, found.email):
            raise Refused(HERE)
        people.add_person(connection, found.email, hashed, found.role, found.place)
        audit.by_person(connection, found.email, "invitation_taken", role=found.role, place=found.place)
    return True


def role_of(connection: Connection, person: Person) -> tuple[str, str, RoleChange | None]:
    """Return a person's role and place, and the change of them that waits: what the form of a change shows."""
    return person.role, person.place, role_changes.waiting(connection).get(person.id)


def ask_role(person_id: int, role: str, place: str, asked_by: int) -> None:
    """Ask for another role or place; nothing changes until another coordinator confirms it."""
    with writing(house.engine()) as connection:
        people.coordinators_alone(connection)
        person = _person(connection, person_id)
        waits = role_of(connection, person)
        if waits[2] != RoleChange(person_id, role, place, asked_by) and not edit_conflicts.is_unchanged(*waits):
            raise Moved
        _fitting(connection, role, place, house.today())
        if not person.active:
            raise Refused(CLOSED)
        if (role, place) == (person.role, person.place):
            raise Refused(SO_ALREADY)
        role_changes.ask(connection, RoleChange(person_id, role, place, asked_by))
        audit.deed("role_asked", person=person.email, role=role, place=place)(connection)


def confirm_role(person_id: int, role: str, place: str, by: int) -> None:
    """Make the change that another coordinator asked for, when it is still the one that was read."""
    with writing(house.engine()) as connection:
        coordinators = people.coordinators_alone(connection)
        person, change = _person(connection, person_id), role_changes.waiting(connection).get(person_id)
        if change is None or (change.role, change.place) != (role, place) or change.asked_by not in coordinators:
            raise Refused(CHANGED)
        if change.asked_by == by or by not in coordinators:
            raise Refused(SAME)
        _fitting(connection, role, place, house.today())
        if role != COORDINATOR and coordinators == {person_id}:
            raise Refused(LAST)
        people.set_role(connection, person_id, role, place)
        new_links.remove(connection, person_id)
        people.end_sessions(connection, person_id)
        role_changes.remove(connection, person_id)
        audit.deed("role_changed", person=person.email, role=role, place=place)(connection)


def refuse_role(person_id: int) -> None:
    """Forget a change that waits; any coordinator may."""
    with writing(house.engine()) as connection:
        person = _person(connection, person_id)
        if not role_changes.remove(connection, person_id):
            raise Refused(CHANGED)
        audit.deed("role_refused", person=person.email)(connection)


def set_open(person_id: int, opened: bool) -> None:
    """Close an account, which ends its sessions at once, or open it again; nothing when it is so already."""
    with writing(house.engine()) as connection:
        coordinators, person = people.coordinators_alone(connection), _person(connection, person_id)
        if person.active == opened:
            return
        if not opened and coordinators == {person_id}:
            raise Refused(LAST)
        people.set_active(connection, person_id, opened)
        people.end_sessions(connection, person_id)
        role_changes.remove(connection, person_id)
        audit.deed("account_reopened" if opened else "account_closed", person=person.email)(connection)


def places_for_accounts(connection: Connection, today: date) -> list[Place]:
    """The places that an account can belong to: those in force, the region first, then by name."""
    order = ("region", "municipality", "unit")
    found = [each for each in places.all_places(connection) if each.in_force(today)]
    return sorted(found, key=lambda each: (order.index(each.level), in_order(each.name), each.key))


def _fitting(connection: Connection, role: str, place: str, today: date) -> None:
    found = next((each for each in places_for_accounts(connection, today) if each.key == place), None)
    if found is None or not belongs(role, found):
        raise Refused(NOT_HERE)


def _person(connection: Connection, person_id: int) -> Person:
    found = people.person_by_id(connection, person_id)
    if found is None:
        raise Refused(GONE)
    return found


def _hash(secret: str) -> bytes:
    # A secret of 256 random bits needs no slow hash.
    return sha256(secret.encode(errors="replace")).digest()
