"""The accounts as Flask-Security wants to see it: users with a list of roles. For the sign-in alone.

A person has one role and one place; queries are those of `survey.store.staff.accounts`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore
from sqlalchemy import Connection, Engine

from survey.domain.staff.roles import ROLES, Permission, may
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts


@dataclass(frozen=True, eq=False)
class Role(RoleMixin):
    """A person's role: one of `survey.domain.staff.roles`."""

    name: str


class User(UserMixin):
    """A person who can sign in."""

    fs_uniquifier: str = ""

    def __init__(self, person: accounts.Account) -> None:
        self.id = person.id
        self.email = person.email
        self.password = person.password
        self.active = person.active
        self.fs_uniquifier = person.fs_uniquifier
        self.role = person.role
        self.place = person.place
        self.language = person.language
        self.roles = [Role(person.role)]

    def may(self, what: Permission) -> bool:
        """Return whether the person's role may do that."""
        return may(self.role, what)


class AccountDatastore(UserDatastore):
    """The accounts as a datastore; changes only a password's hash and the mark that its sessions carry."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(User, Role)
        self._engine = engine

    def find_user(self, case_insensitive: bool = False, **by: Any) -> User | None:
        """Return the account with this address, this mark of a session, or this number."""
        name, value = next(iter(by.items()))
        ways: dict[str, Callable[[Connection, Any], accounts.Account | None]] = {
            "email": accounts.account_by_email,
            "fs_uniquifier": accounts.account_by_uniquifier,
            "id": accounts.account_by_id,
        }
        with read_transaction(self._engine) as connection:
            person = ways[name](connection, value)
        return User(person) if person else None

    def find_role(self, role: str) -> Role | None:
        """Return the role with this name."""
        return Role(role) if role in ROLES else None

    def renew_uniquifier(self, account: User) -> None:
        """Give the account a new mark: no cookie made before now is valid any longer."""
        account.fs_uniquifier = uuid4().hex
        self.put(account)

    def put(self, account: User) -> User:
        """Store a changed hash or mark."""
        with write_transaction(self._engine) as connection:
            accounts.change_sign_in(connection, account.id, account.password or "", account.fs_uniquifier)
        return account

    def commit(self) -> None:
        """Do nothing: `put` has committed."""
