"""PostgreSQL's roles, databases and log settings as `flask init` makes them, by the server's own `psql`.

A superuser makes them: the one whose address was handed in, or on this machine the account `postgres`, as root may.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from psycopg.sql import SQL, Composed, Identifier, Literal

from survey.cli.install.accounts import OWNER
from survey.cli.install.peer_map import ensure_peer_map
from survey.cli.install.report import Report
from survey.cli.install.settings_files import role_of
from survey.store.maintenance.restoring import drill_database

ADMINISTRATOR = "postgres"
# What stands otherwise on a server as it comes; docs/operating.md says why.
_QUIET = {
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Piece:
    """Something the server has or lacks: its name, the condition under which it is missing, how it is made."""

    name: str
    missing: Composed
    statements: tuple[Composed, ...]


class NoAdministrator(Exception):
    """The server can't be asked as its superuser; the text says why."""


@dataclass(frozen=True)
class Administrator:
    """The server as its superuser sees it: by an address, as an account of this machine where one is named."""

    address: str
    account: str | None = None
    password: str = ""

    def ask(self, script: str) -> list[str]:
        """Run statements, one after the other; return the lines of what they found, or raise NoAdministrator."""
        if (psql := shutil.which("psql")) is None:
            raise NoAdministrator("psql is not installed here; it comes with PostgreSQL's client programs")
        command = [psql, "--no-psqlrc", "--no-password", "--quiet", "--tuples-only", "--no-align"]
        who: dict[str, Any] = {"user": self.account, "group": self.account, "extra_groups": []} if self.account else {}
        environ = {name: value for name, value in os.environ.items() if name != "HOME"}
        # No password on the command line, which every account here may read.
        environ |= {"PGPASSWORD": self.password} if self.password else {}
        ended = subprocess.run(  # noqa: S603 (the server's own)
            [*command, "--set", "ON_ERROR_STOP=1", "--dbname", self.address], input=script, env=environ,
            capture_output=True, text=True, check=False, cwd="/", **who,
        )  # fmt: skip
        if ended.returncode:
            raise NoAdministrator(" ".join(ended.stderr.split()) or "psql failed")
        return [line for line in ended.stdout.splitlines() if line]


def ensure_roles(inner: str, resident: str, administrator: str | None, report: Report) -> None:
    """Make the roles of both addresses, the database and the one for drills, where they are missing."""
    worker, web = sa.make_url(inner), sa.make_url(resident)
    if worker.get_backend_name() != "postgresql":
        return
    try:
        asked = _administrator(worker, administrator)
        pieces = _pieces(worker, web)
        missing = _make_missing(asked, pieces)
        for piece in pieces:
            (report.made if piece.name in missing else report.there)("database", piece.name)
        if asked.account and not worker.password:
            ensure_peer_map(asked.ask, worker, report)
    except NoAdministrator as fault:
        report.fault(
            "database", f"{fault}. Hand in a superuser's address: --administrator postgresql://postgres@host/postgres"
        )


def _administrator(worker: sa.URL, given: str | None) -> Administrator:
    if given:
        url = sa.make_url(given)
        address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        return Administrator(address, password=str(url.password or ""))
    if os.geteuid() != 0 or not (not worker.host or worker.host.startswith("/")):
        raise NoAdministrator("The server's superuser is nobody that this account may be")
    port = f" port={worker.port}" if worker.port else ""
    host = f" host={worker.host}" if worker.host else ""
    return Administrator(f"dbname=postgres{port}{host}", ADMINISTRATOR)


def _make_missing(asked: Administrator, pieces: Sequence[Piece]) -> set[str]:
    """Make what the server lacks; return the names."""
    look = [SQL("SELECT {} WHERE {};").format(Literal(each.name), each.missing).as_string() for each in pieces]
    missing = set(asked.ask("\n".join(look)))
    statements = [made.as_string() for each in pieces if each.name in missing for made in each.statements]
    if statements:
        asked.ask(";\n".join([*statements, "SELECT pg_reload_conf();"]))
    return missing


def _pieces(worker: sa.URL, web: sa.URL) -> list[Piece]:
    database, owner = str(worker.database), worker.username or OWNER
    sees_settings = SQL(" IN ROLE pg_read_all_settings")
    return [
        _role(owner, worker.password, sees_settings),
        _role(role_of("resident", worker), web.password, SQL("")),
        _role(role_of("staff", worker), None, SQL("")),
        _role(role_of("worker", worker), None, sees_settings),
        _database(database, owner),
        # Where a drill restores to: empty between drills, and closed to all others.
        _database(drill_database(database), owner),
        *(_setting(name, value) for name, value in _QUIET.items()),
    ]


def _role(name: str, password: Any, rest: SQL) -> Piece:
    having = SQL(" PASSWORD {}").format(Literal(str(password))) if password else SQL("")
    missing = SQL("NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {})").format(Literal(name))
    made = SQL("CREATE ROLE {} LOGIN{}{}").format(Identifier(name), having, rest)
    return Piece(f"role {name}", missing, (made,))


def _database(name: str, owner: str) -> Piece:
    missing = SQL("NOT EXISTS (SELECT FROM pg_database WHERE datname = {})").format(Literal(name))
    made = SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
    closed = SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(Identifier(name))
    return Piece(f"database {name}", missing, (made.format(Identifier(name), Identifier(owner)), closed))


def _setting(name: str, value: str) -> Piece:
    missing = SQL("current_setting({}) <> {}").format(Literal(name), Literal(value))
    made = SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), Literal(value))
    return Piece(f"{name} = {value}", missing, (made,))
