"""Links for a forgotten password: valid for an hour and once, and stored nowhere.

It names the person and the minute it ends, signed with a key of ours together with the password and the mark of the
sessions that they had when it was made: whatever changes one of these ends it, and using it does.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import Enum
from struct import Struct
from struct import error as StructError

from sqlalchemy import Connection

from survey.domain.staff.roles import GUARDED
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts, identities, passkeys, second_factors
from survey.store.staff.accounts import Account
from survey.web.request import services
from survey.web.signin.passwords import hash_password
from survey.web.staff import audit_log
from survey.web.staff.server_sessions import minutes

GOOD_FOR = 60
_WHO = Struct(">QI")


class RecoveryMethod(Enum):
    """The ways that a forgotten password may lead: a link by mail, the region's sign-in, or a colleague."""

    LINK = "link"
    REGION = "region"
    COLLEAGUE = "colleague"


def recovery_method_of(connection: Connection, person: Account) -> RecoveryMethod:
    """Return the way for this person: a link where the mailbox is enough for one.

    It never is where more than a password was needed to sign in until now, and would not be afterwards; and never alone
    for an account that sees over others.
    """
    if second_factors.encrypted_secret(connection, person.id) or passkeys.of_account(connection, person.id):
        return RecoveryMethod.LINK
    issuer = services.settings().oidc_issuer
    if issuer and identities.is_bound(connection, issuer, person.id):
        return RecoveryMethod.REGION
    return RecoveryMethod.COLLEAGUE if person.role in GUARDED else RecoveryMethod.LINK


def create_link(person: Account, now: int | None = None) -> str:
    """Return a new link's secret; `now` in whole minutes since 1970."""
    named = _WHO.pack(person.id, (minutes() if now is None else now) + GOOD_FOR)
    return urlsafe_b64encode(named + _signed(named, person)).decode().rstrip("=")


def account_of_secret(secret: str) -> Account | None:
    """Return the person this secret's link is for, while it is valid."""
    with read_transaction(services.engine()) as connection:
        return _whose(connection, secret)


def redeem(secret: str, password: str) -> Account | None:
    """Set the password, end every session and return the person; None when the link has been used or has expired."""
    hashed = hash_password(password)
    with write_transaction(services.engine()) as connection:
        person = _whose(connection, secret)
        if person is None or not accounts.replace_password(connection, person, hashed):
            return None
        accounts.end_sessions(connection, person.id)
        audit_log.note_of_person(connection, person.email, "forgotten_password_changed")
    return person


def _whose(connection: Connection, secret: str) -> Account | None:
    try:
        content = urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
        number, ends = _WHO.unpack_from(content)
    except (ValueError, StructError):
        return None
    person = accounts.account_by_id(connection, number) if minutes() < ends and number < 2**31 else None
    if person is None or not person.active or recovery_method_of(connection, person) is not RecoveryMethod.LINK:
        return None
    named = content[: _WHO.size]
    return person if hmac.compare_digest(content[_WHO.size :], _signed(named, person)) else None


def _signed(named: bytes, person: Account) -> bytes:
    bound = b"\0".join((named, person.password.encode(), person.fs_uniquifier.encode()))
    return hmac.digest(services.settings().key("forgotten passwords"), bound, "sha256")
