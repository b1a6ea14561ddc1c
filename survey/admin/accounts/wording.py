"""The coordinator's actions on accounts, each in one transaction with its line in the audit log. For the views.

Two coordinators stand behind whatever makes, changes, closes or opens an account that sees over others: a
coordinator's, the auditor's. They stand behind every change of role too. `guarded` holds what takes two.
"""

from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection

from survey.domain.places.place_tree import Place
from survey.domain.staff.roles import GUARDED, ROLES, belongs
from survey.domain.text.collation import collation_key
from survey.domain.text.i18n import N_
from survey.store.core import places
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts, proposals, staff_invitations
from survey.store.staff.accounts import Account
from survey.store.staff.proposals import Proposal
from survey.store.staff.staff_invitations import StaffInvitation
from survey.web.request import services
from survey.web.signin import password_resets as links
from survey.web.signin.passwords import hash_password
from survey.web.staff import audit_log, edit_conflicts
from survey.web.staff.two_people import CHANGED, ActionRefused, Note

GOOD_FOR = timedelta(days=7)

GONE = N_("Kontot finns inte längre.")
HERE = N_("Det finns redan ett konto med den adressen.")
LAST = N_("Det måste finnas minst en samordnare som kan logga in. Bjud in en till först.")
SO_ALREADY = N_("Kontot har redan den rollen och platsen.")
CLOSED = N_("Kontot är stängt. Öppna det först.")
NOT_IN_UNIT = N_("Rollen hör inte ihop med platsen. Den behöver en kommun eller regionen.")
NEEDS_UNIT = N_("Rollen hör inte ihop med platsen. Den behöver en enhet.")
NEEDS_REGION = N_("Rollen hör inte ihop med platsen. Den behöver regionen.")
NEEDED_PLACE: dict[tuple[str, ...], str] = {("unit",): NEEDS_UNIT, ("region",): NEEDS_REGION}
TRANSLATORS_ARE_INVITED = N_("En översättare bjuds in, för sitt språk. Stäng kontot och bjud in adressen på nytt.")


def invite(email: str, role: str, place: str, language: str = "") -> tuple[str, bool]:
    """Store an invitation; return the link's secret, shown once only, and whether an earlier one ends with it."""
    with write_transaction(services.engine()) as connection:
        may_be_invited(connection, email, role, place)
        return put_invitation(connection, email, role, place, audit_log.event_noter(connection), language=language)


def may_be_invited(connection: Connection, email: str, role: str, place: str) -> None:
    """Raise ActionRefused where such an account can't be made."""
    fitting(connection, role, place, services.today())
    if accounts.account_by_email(connection, email):
        raise ActionRefused(HERE)


def put_invitation(
    connection: Connection, email: str, role: str, place: str, note: Note, *, language: str = ""
) -> tuple[str, bool]:
    """Store an invitation in this transaction; return the link's secret, and whether an earlier one ends with it."""
    secret, today = token_urlsafe(32), services.today()
    earlier = any(each.email == email for each in staff_invitations.waiting(connection))
    made = StaffInvitation(email, role, place, today + GOOD_FOR, language)
    staff_invitations.save(connection, _hash(secret), made, today)
    note("person_invited", person=email, role=role, place=place, **spoken(language))
    return secret, earlier


def withdraw(email: str) -> None:
    """Withdraw an invitation; its link leads nowhere then."""
    with write_transaction(services.engine()) as connection:
        if not staff_invitations.withdraw(connection, email):
            raise ActionRefused(CHANGED)
        audit_log.event_note("invitation_withdrawn", person=email)(connection)


def invited(connection: Connection, secret: str) -> StaffInvitation | None:
    """Return the invitation that this link's secret belongs to, while it is valid."""
    return staff_invitations.find(connection, _hash(secret), services.today())


def accept_invitation(secret: str, password: str) -> bool:
    """Make the account; return False when the link has been used, withdrawn or has expired."""
    hashed = hash_password(password)
    with write_transaction(services.engine()) as connection:
        found = staff_invitations.redeem(connection, _hash(secret), services.today())
        if found is None:
            return False
        if accounts.account_by_email(connection, found.email):
            raise ActionRefused(HERE)
        accounts.add_account(connection, found.email, hashed, found.role, found.place, language=found.language)
        more = spoken(found.language)
        audit_log.note_of_person(
            connection, found.email, "invitation_taken", role=found.role, place=found.place, **more
        )
    return True


def role_of(connection: Connection, person: Account) -> tuple[str, str, Proposal | None]:
    """Return a person's role and place, and the change of them that waits: what the form of a change shows."""
    waiting = proposals.waiting(connection, services.today())
    asked = next((each for each in waiting if (each.action, each.subject) == ("change_role", person.email)), None)
    return person.role, person.place, asked


def refuse_moved(connection: Connection, person: Account, role: str, place: str, me: int) -> None:
    """Raise EditConflict when the form was filled from something else than what stands, and asks for another thing."""
    waits = role_of(connection, person)
    same = waits[2] and (waits[2].details["role"], waits[2].details["place"], waits[2].asked_by) == (role, place, me)
    if not same and not edit_conflicts.is_unchanged(*waits):
        raise edit_conflicts.EditConflict


def set_open(person_id: int, opened: bool) -> None:
    """Close an account, which ends its sessions at once, or open it again; do nothing when it is so already."""
    with write_transaction(services.engine()) as connection:
        coordinators, person = accounts.coordinators_for_update(connection), of_number(connection, person_id)
        opens_or_closes(connection, person, coordinators, opened, audit_log.event_noter(connection))


def opens_or_closes(connection: Connection, person: Account, coordinators: set[int], opened: bool, note: Note) -> None:
    """Close or open an account in this transaction; raise ActionRefused rather than leave no coordinator to sign in."""
    if person.active == opened:
        return
    if not opened and coordinators == {person.id}:
        raise ActionRefused(LAST)
    accounts.set_active(connection, person.id, opened)
    accounts.end_sessions(connection, person.id)
    proposals.remove_about(connection, person.email)
    note("account_reopened" if opened else "account_closed", person=person.email)


def new_link(person_id: int) -> str:
    """Make a new link for a person who can't sign in; return its secret, shown once and never again."""
    with write_transaction(services.engine()) as connection:
        accounts.coordinators_for_update(connection)
        person = of_number(connection, person_id)
        return make_link(connection, person, audit_log.event_noter(connection))


def make_link(connection: Connection, person: Account, note: Note) -> str:
    """Make a new link in this transaction; return its secret."""
    if not person.active:
        raise ActionRefused(CLOSED)
    secret = links.create_reset(connection, person)
    note("new_link_made", person=person.email)
    return secret


def takes_two(person: Account, me: int) -> bool:
    """Return whether closing, opening or a new link takes two coordinators for this account; never for one's own."""
    return person.role in GUARDED and person.id != me


def places_for_accounts(connection: Connection, today: date) -> list[Place]:
    """Return the places that an account can belong to: those in force, the region first, then by name."""
    order = ("region", "municipality", "unit")
    found = [each for each in places.all_places(connection) if each.in_force(today)]
    return sorted(found, key=lambda each: (order.index(each.level), collation_key(each.name), each.key))


def fitting(connection: Connection, role: str, place: str, today: date) -> None:
    """Raise ActionRefused where the role can't belong to the place."""
    found = next((each for each in places_for_accounts(connection, today) if each.key == place), None)
    if found is None or not belongs(role, found):
        raise ActionRefused(NEEDED_PLACE.get(ROLES[role].levels, NOT_IN_UNIT))


def spoken(language: str) -> dict[str, str]:
    """Return the language as the log notes it: nothing where the role has none."""
    return {"language": language} if language else {}


def of_number(connection: Connection, person_id: int) -> Account:
    """Return the account with this number; raise ActionRefused when there is none."""
    found = accounts.account_by_id(connection, person_id)
    if found is None:
        raise ActionRefused(GONE)
    return found


def _hash(secret: str) -> bytes:
    # A secret of 256 random bits needs no slow hash.
    return sha256(secret.encode(errors="replace")).digest()
