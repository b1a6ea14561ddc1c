"""The making of the parts' roles: each gets what it needs, and everybody loses what nobody needs. For `flask db roles`.

Safe to run again, and run again after each migration: a new table is the owner's alone until then.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.store.database.engine import DatabaseFault, write_transaction
from survey.store.roles.granted import PUBLIC, Grant, Home, excess_rights, grants, home, is_excess, roles_there
from survey.store.roles.rights import PARTS, Right

_MAY = sa.text("SELECT rolsuper OR pg_has_role(:owner, 'MEMBER') FROM pg_roles WHERE rolname = current_user")
_MAY_MAKE = sa.text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
# Reads where settings stand that may make the server tell: nothing of a respondent, and no statistics.
_SEES_SETTINGS = "pg_read_all_settings"


@dataclass(frozen=True)
class RolesMade:
    """The result of a run: roles made, rights given and taken by role, and what is still too much."""

    made: tuple[str, ...]
    given: Counter[str]
    taken: Counter[str]
    left: tuple[str, ...]


class RolesMissing(DatabaseFault):
    """Roles that are not there, and that this account may not make; the text is what the administrator runs."""


def make_roles(engine: Engine) -> RolesMade:
    """Give each part's role what it needs, in one transaction, and take from all what nobody needs.

    Raises RolesMissing where a role has to be made by somebody else first, and DatabaseFault where the tables are
    another's.
    """
    with write_transaction(engine) as connection:
        if connection.dialect.name == "sqlite":
            raise DatabaseFault("only PostgreSQL has roles")
        here = home(connection)
        if not connection.scalar(_MAY, {"owner": here.owner}):
            raise DatabaseFault(f"42501: the tables are {here.owner}'s")
        made = tuple(_make(connection, here))
        taken = [each for each in grants(connection, here) if is_excess(each, here) and each.right.kind != "future"]
        for each in taken:
            connection.exec_driver_sql(_revoke(connection, each))
        # Looked at anew: with a right to a table PostgreSQL takes those to its columns too.
        given = list(_lacking(grants(connection, here), here))
        for each in given:
            connection.exec_driver_sql(_grant(connection, each))
        left = tuple(excess_rights(connection))
    return RolesMade(made, Counter(each.who for each in given), Counter(each.who for each in taken), left)


def statements_to_make(connection: Connection, here: Home) -> list[str]:
    """Return what makes the roles that are not there."""
    there = roles_there(connection, here)
    names = [here.role_of(part) for part in PARTS]
    quoted = {name: _quote(connection, name) for name in names}
    worker = here.role_of("worker")
    return [
        f"CREATE ROLE {quoted[name]} LOGIN{f' IN ROLE {_SEES_SETTINGS}' if name == worker else ''};"
        for name in names
        if name not in there
    ]


def _make(connection: Connection, here: Home) -> Iterator[str]:
    statements = statements_to_make(connection, here)
    if statements and not connection.scalar(_MAY_MAKE):
        raise RolesMissing(" ".join(statements))
    for statement in statements:
        connection.exec_driver_sql(statement)
        yield statement.split()[2]


def _lacking(now: list[Grant], here: Home) -> Iterator[Grant]:
    given = {(each.who, each.right) for each in now}
    for role, rights in here.wanted.items():
        yield from (Grant(right, role, "") for right in sorted(rights) if (role, right) not in given)


def _grant(connection: Connection, grant: Grant) -> str:
    return f"GRANT {_word(connection, grant.right)} ON {_target(connection, grant)} TO {_whom(connection, grant)}"


def _revoke(connection: Connection, grant: Grant) -> str:
    what = f"{_word(connection, grant.right)} ON {_target(connection, grant)}"
    return f"REVOKE {what} FROM {_whom(connection, grant)} CASCADE"


def _word(connection: Connection, right: Right) -> str:
    return f"{right.word} ({_quote(connection, right.column)})" if right.column else right.word


def _target(connection: Connection, grant: Grant) -> str:
    kind = "TABLE" if grant.right.kind == "column" else grant.right.kind.upper()
    return f"{kind} {grant.target or _quote(connection, grant.right.name)}"


def _whom(connection: Connection, grant: Grant) -> str:
    return grant.who if grant.who == PUBLIC else _quote(connection, grant.who)


def _quote(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
