"""Staff accounts. For the sign-in and the command line; nobody who answers is here."""

from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.staff.roles import ROLES, with_permission
from survey.store.staff import staff_sessions
from survey.store.tables import account


@dataclass(frozen=True)
class Account:
    """An account: one person, one role, one place; its sessions carry its `fs_uniquifier`.

    A translator's `language` is the tag of what they read; for every other role it is empty.
    """

    id: int
    email: str
    password: str
    active: bool
    fs_uniquifier: str
    role: str
    place: str
    language: str = ""


_BY_EMAIL = sa.select(account).where(account.c.email == sa.bindparam("wanted"))
_BY_UNIQUIFIER = sa.select(account).where(account.c.fs_uniquifier == sa.bindparam("wanted"))
_BY_ID = sa.select(account).where(account.c.id == sa.bindparam("wanted"))
_ALL = sa.select(account).order_by(account.c.email)
_ADD = sa.insert(account)
_CHANGE = (
    sa.update(account)
    .where(account.c.id == sa.bindparam("wanted"))
    .values(password=sa.bindparam("hash"), fs_uniquifier=sa.bindparam("uniquifier"))
)
_REPLACE = (
    sa.update(account)
    .where(account.c.id == sa.bindparam("wanted"), account.c.password == sa.bindparam("before"), account.c.active)
    .values(password=sa.bindparam("hash"))
)
_RENEWABLE = ("password", "active", "fs_uniquifier", "role", "place", "language")
_RENEW = (
    sa.update(account)
    .where(account.c.email == sa.bindparam("wanted"))
    .values({name: sa.bindparam(f"new_{name}") for name in _RENEWABLE})
)
_ACTIVE = sa.update(account).where(account.c.id == sa.bindparam("wanted")).values(active=sa.bindparam("may_sign_in"))
_PLACED = (
    sa.update(account)
    .where(account.c.id == sa.bindparam("wanted"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("role", "place", "language")})
)
_RENEWED = (
    sa.update(account).where(account.c.id == sa.bindparam("wanted")).values(fs_uniquifier=sa.bindparam("uniquifier"))
)
# Whoever changes one of them holds them all: two coordinators can't close each other at once.
_COORDINATORS = (
    sa.select(account.c.id).where(account.c.role.in_(with_permission("admin")), account.c.active).order_by(account.c.id)
)
_ALONE = _COORDINATORS.with_for_update()


def add_account(
    connection: Connection, email: str, password_hash: str, role: str, place: str, *, language: str = ""
) -> None:
    """Add an account; the address is stored in small letters. Raise DatabaseConflict when it is here already."""
    connection.execute(_ADD, _row(email, password_hash, role, place, language))


def set_account(
    connection: Connection, email: str, password_hash: str, role: str, place: str, *, language: str = ""
) -> None:
    """Add an account, or give it another password, role and place; that ends its old sessions."""
    row = _row(email, password_hash, role, place, language)
    wanted = row.pop("email")
    staff_sessions.end_all_at(connection, str(wanted))
    renewed = {f"new_{name}": value for name, value in row.items()}
    if connection.execute(_RENEW, {"wanted": wanted, **renewed}).rowcount == 0:
        connection.execute(_ADD, {"email": wanted, **row})


def _row(email: str, password_hash: str, role: str, place: str, language: str) -> dict[str, object]:
    if role not in ROLES:
        raise ValueError(f"There is no role {role}.")
    if ROLES[role].reads_a_language != bool(language):
        raise ValueError(f"A language is for translators alone, and each has one; this is {role} {language!r}.")
    return {
        "email": email.strip().casefold(),
        "password": password_hash,
        "active": True,
        "fs_uniquifier": uuid4().hex,
        "role": role,
        "place": place,
        "language": language,
    }


def account_by_email(connection: Connection, email: str) -> Account | None:
    """Return the person with that address, in whichever case it is written, or None."""
    return _one(connection, _BY_EMAIL, email.strip().casefold())


def account_by_uniquifier(connection: Connection, uniquifier: str) -> Account | None:
    """Return the person whose sessions carry that uniquifier, or None."""
    return _one(connection, _BY_UNIQUIFIER, uniquifier)


def account_by_id(connection: Connection, account_id: int) -> Account | None:
    """Return the person with this number, or None."""
    row = connection.execute(_BY_ID, {"wanted": account_id}).one_or_none()
    return Account(**row._mapping) if row is not None else None


def accounts(connection: Connection) -> list[Account]:
    """Return everybody who has an account, by address."""
    return [Account(**row._mapping) for row in connection.execute(_ALL)]


def change_sign_in(connection: Connection, account_id: int, password_hash: str, uniquifier: str) -> None:
    """Store a new password hash and uniquifier; a new one ends the old sessions."""
    connection.execute(_CHANGE, {"wanted": account_id, "hash": password_hash, "uniquifier": uniquifier})


def replace_password(connection: Connection, person: Account, password_hash: str) -> bool:
    """Replace the password hash that was read; return False when it is another already."""
    values = {"wanted": person.id, "before": person.password, "hash": password_hash}
    return connection.execute(_REPLACE, values).rowcount == 1


def set_active(connection: Connection, account_id: int, active: bool) -> None:
    """Open or close an account; closing it ends its sessions."""
    if not active:
        staff_sessions.end_all(connection, account_id)
    connection.execute(_ACTIVE, {"wanted": account_id, "may_sign_in": active})


def set_role(connection: Connection, account_id: int, role: str, place: str) -> None:
    """Give somebody another role or place; who was a translator reads no language any longer."""
    if ROLES[role].reads_a_language:
        raise ValueError("A translator is invited, with a language.")
    connection.execute(_PLACED, {"wanted": account_id, "new_role": role, "new_place": place, "new_language": ""})


def end_sessions(connection: Connection, account_id: int) -> None:
    """Sign somebody out everywhere: no cookie made before now is good any longer."""
    staff_sessions.end_all(connection, account_id)
    connection.execute(_RENEWED, {"wanted": account_id, "uniquifier": uuid4().hex})


def coordinators_for_update(connection: Connection) -> set[int]:
    """Return the coordinators who can sign in, locked until the transaction ends."""
    return set(connection.scalars(_ALONE))


def coordinators(connection: Connection) -> set[int]:
    """Return the coordinators who can sign in, as it stands now."""
    return set(connection.scalars(_COORDINATORS))


def _one(connection: Connection, statement: sa.Select[tuple[object, ...]], wanted: str) -> Account | None:
    # A NUL stands in no address, and PostgreSQL takes none.
    row = None if "\0" in wanted else connection.execute(statement, {"wanted": wanted}).one_or_none()
    return Account(**row._mapping) if row is not None else None
