"""Rights on PostgreSQL of every role besides the owner, also all together (PUBLIC).

For the deep check; changes nothing. The resident part's account reads what its pages show and calls its functions;
whatever else anybody may do is a fault, granted on a table, a column, a function, in advance, or through another role.
"""

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.answers.submissions import CALLABLE, READABLE

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
_GRANTS = sa.text("""
WITH granted (kind, name, part, owner, acl) AS (
    SELECT 'table', relname::text, '', relowner, relacl
      FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT 'column', relname, attname::text, relowner, attacl
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = current_schema()::regnamespace
    UNION ALL SELECT 'function', proname, '', proowner, coalesce(proacl, acldefault('f', proowner))
      FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prorettype <> 'trigger'::regtype
    UNION ALL SELECT 'schema', nspname, '', nspowner, coalesce(nspacl, acldefault('n', nspowner))
      FROM pg_namespace WHERE pg_namespace.oid = current_schema()::regnamespace
    UNION ALL SELECT 'database', datname, '', datdba, coalesce(datacl, acldefault('d', datdba))
      FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT 'future', 'whatever is made', '', defaclrole, defaclacl FROM pg_default_acl
)
SELECT DISTINCT kind, name, part, privilege_type,
       CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END
FROM granted, aclexplode(acl)
WHERE grantee <> owner AND grantee <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
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
  AND (target.rolname = ANY(:files) OR member.rolname <> current_user AND (
    target.rolname = ANY(:everything) OR target.rolname = current_user
    OR target.oid IN (SELECT relowner FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
    OR target.oid IN (
      SELECT grantee FROM pg_proc, aclexplode(proacl)
      WHERE pronamespace = current_schema()::regnamespace AND grantee <> 0)))
ORDER BY 1, 2
""")
_ALL_MAY = {("schema", "USAGE")}
_NAMED_MAY = {
    *_ALL_MAY,
    ("database", "CONNECT"),
    *(("function", name, "EXECUTE") for name in CALLABLE),
    *(("table", name, "SELECT") for name, columns in READABLE.items() if not columns),
}


def excess_rights(connection: Connection) -> list[str]:
    """Return the rights that other roles have and need not have.

    SQLite has no roles, and is guarded by the rights of its files.
    """
    if connection.dialect.name == "sqlite":
        return []
    rows = connection.execute(_GRANTS).all()
    faults = sorted(_describe_right(*row) for row in rows if not _allowed(*row))
    for name, *tellings in connection.execute(_ROLES):
        whats = ("is a superuser", "has BYPASSRLS", "may stream the whole server", "may take any role (CREATEROLE)")
        faults += [f"{name} {what}" for what, has in zip(whats, tellings, strict=True) if has]
    named = {"files": list(_FILES), "everything": list(_EVERYTHING)}
    return faults + [f"{member} is a member of {role}" for member, role in connection.execute(_MEMBERS, named)]


def _allowed(kind: str, name: str, part: str, right: str, who: str) -> bool:
    may = _ALL_MAY if who == PUBLIC else _NAMED_MAY
    if {(kind, right), (kind, name, right)} & may:
        return True
    columns = READABLE.get(name)
    readable = columns is not None and (not columns or part in columns.strip("()").split(", "))
    return kind == "column" and who != PUBLIC and right == "SELECT" and readable


def _describe_right(kind: str, name: str, part: str, right: str, who: str) -> str:
    what = {"column": f"{name}.{part}", "function": f"{name}()", "table": name}.get(kind, f"the {kind} {name}")
    return f"{right} on {what} for {who}"
