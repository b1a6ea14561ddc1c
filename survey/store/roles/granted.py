"""Rights that PostgreSQL's roles have been given, those that are too much, and those that a part lacks.

For the deep check, `flask db doctor` and `flask db roles`; changes nothing. A right that nobody of ours needs is a
fault, whether on a table, a column, a function, in advance, or through another role.
"""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.roles.rights import PARTS, Right, rights_of

PUBLIC = "PUBLIC"
# Built-in roles that read, write or follow everything whatever the grants say.
_EVERYTHING: tuple[str, ...] = (
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_monitor",
    "pg_read_all_stats",
    "pg_stat_scan_tables",
)
_EVERYTHING += ("pg_maintain", "pg_signal_backend")
_FILES = ("pg_read_server_files", "pg_write_server_files", "pg_execute_server_program")
_HERE = sa.text("""
SELECT current_schema()::text, current_database()::text, coalesce(
    (SELECT pg_get_userbyid(relowner) FROM pg_class
     WHERE relname = 'envelope' AND relnamespace = current_schema()::regnamespace), current_user)::text
""")
_GRANTS = sa.text("""
WITH granted (kind, name, part, target, owner, acl) AS (
    SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, relname::text, '', oid::regclass::text,
           relowner, relacl
      FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT 'column', relname, attname::text, attrelid::regclass::text, relowner, attacl
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT 'function', proname, '', oid::regprocedure::text, proowner,
           coalesce(proacl, acldefault('f', proowner))
      FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prorettype <> 'trigger'::regtype
    UNION ALL SELECT 'schema', nspname, '', quote_ident(nspname), nspowner, coalesce(nspacl, acldefault('n', nspowner))
      FROM pg_namespace WHERE pg_namespace.oid = current_schema()::regnamespace
    UNION ALL SELECT 'database', datname, '', quote_ident(datname), datdba, coalesce(datacl, acldefault('d', datdba))
      FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT 'future', 'whatever is made', '', '', defaclrole, defaclacl FROM pg_default_acl
)
SELECT DISTINCT kind, name, part, privilege_type,
       CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, target
FROM granted, aclexplode(acl)
WHERE grantee <> owner AND grantee <> (SELECT oid FROM pg_roles WHERE rolname = :owner)
""")
_ROLES = sa.text("""
SELECT rolname, rolsuper, rolbypassrls, rolreplication AND NOT EXISTS (SELECT FROM pg_stat_replication),
       rolcreaterole AND current_setting('server_version_num')::int < 160000
FROM pg_roles WHERE (oid <> 10 OR rolname = current_user) AND rolname NOT LIKE 'pg\\_%' ORDER BY 1
""")
_MEMBERS = sa.text("""
SELECT member.rolname, target.rolname FROM pg_roles member, pg_roles target
WHERE member.oid <> target.oid AND NOT member.rolsuper AND member.rolname NOT LIKE 'pg\\_%'
  AND pg_has_role(member.oid, target.oid, 'MEMBER')
  AND (target.rolname = ANY(:files) OR member.rolname <> :owner AND (
    target.rolname = ANY(:everything) OR target.rolname = :owner OR target.rolname = ANY(:parts)
    OR target.oid IN (SELECT relowner FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
    OR target.oid IN (
      SELECT grantee FROM pg_proc, aclexplode(proacl)
      WHERE pronamespace = current_schema()::regnamespace AND grantee <> 0)))
ORDER BY 1, 2
""")
_THERE = sa.text("SELECT rolname::text FROM pg_roles WHERE rolname = ANY(:names)")


class Home(NamedTuple):
    """Where the tables are, and whose they are."""

    schema: str
    database: str
    owner: str

    def role_of(self, part: str) -> str:
        """Return the name of a part's role."""
        return f"{self.owner}_{part}"

    @property
    def wanted(self) -> dict[str, frozenset[Right]]:
        """Return the rights of each part's role, by its name."""
        return {self.role_of(part): rights_of(part, self.schema, self.database) for part in PARTS}


class Grant(NamedTuple):
    """A right that somebody has been given; `target` names what it is to, in SQL."""

    right: Right
    who: str
    target: str


def home(connection: Connection) -> Home:
    """Return where the tables are, and whose."""
    return Home(*connection.execute(_HERE).one())


def grants(connection: Connection, here: Home) -> list[Grant]:
    """Return every right that anybody but the owner has been given."""
    rows = connection.execute(_GRANTS, {"owner": here.owner})
    return sorted(Grant(Right(kind, name, part, word), who, target) for kind, name, part, word, who, target in rows)


def roles_there(connection: Connection, here: Home) -> set[str]:
    """Return those of the parts' roles that exist."""
    return set(connection.scalars(_THERE, {"names": [here.role_of(part) for part in PARTS]}))


def is_excess(grant: Grant, here: Home) -> bool:
    """Return whether nobody needs a right that somebody has."""
    if grant.who == PUBLIC:
        return grant.right.word != "USAGE" or grant.right.kind != "schema"
    return grant.right not in here.wanted.get(grant.who, ())


def excess_rights(connection: Connection) -> list[str]:
    """Return the rights that roles have and need not have.

    SQLite has no roles, and is guarded by the rights of its files.
    """
    if connection.dialect.name == "sqlite":
        return []
    here = home(connection)
    faults = sorted(describe(each.right, each.who) for each in grants(connection, here) if is_excess(each, here))
    for name, *tellings in connection.execute(_ROLES):
        whats = ("is a superuser", "has BYPASSRLS", "may stream the whole server", "may take any role (CREATEROLE)")
        faults += [f"{name} {what}" for what, has in zip(whats, tellings, strict=True) if has]
    named = {"files": list(_FILES), "everything": list(_EVERYTHING), "owner": here.owner, "parts": list(here.wanted)}
    return faults + [f"{member} is a member of {role}" for member, role in connection.execute(_MEMBERS, named)]


def missing_rights(connection: Connection) -> list[str]:
    """Return what the parts' roles lack, first of all that they are there; none on SQLite."""
    if connection.dialect.name == "sqlite":
        return []
    here = home(connection)
    there = roles_there(connection, here)
    faults = [f"there is no role {role}" for role in here.wanted if role not in there]
    given = {(each.who, each.right) for each in grants(connection, here)}
    lacking = ((role, right) for role in here.wanted if role in there for right in here.wanted[role])
    return faults + sorted(f"no {describe(right, role)}" for role, right in lacking if (role, right) not in given)


def describe(right: Right, who: str) -> str:
    """Return a right in words, and whose it is."""
    name = right.name
    named = {"column": f"{name}.{right.column}", "function": f"{name}()", "table": name, "sequence": name}
    return f"{right.word} on {named.get(right.kind, f'the {right.kind} {name}')} for {who}"
