"""A PostgreSQL database as docs/operating.md has it: an owner, and a role for each part that signs in as itself.

And a way to run any test of the product with each part under its own role, in one process: `ROLES=1 pytest …`.
"""

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import has_request_context, request
from sqlalchemy import Connection

from survey.store.database import postgres
from survey.store.database.engine import make_engine
from survey.store.maintenance.migrate import upgrade
from survey.store.roles.make_roles import make_roles
from tests.postgres import Cluster

OF_STAFF = ("/staff", "/healthz", "/workerz")


@dataclass(frozen=True)
class Parts:
    """One database, its owner, and the addresses by which the parts sign in."""

    cluster: Cluster
    database: str
    owner: str

    def role(self, part: str) -> str:
        """The name of a part's role."""
        return f"{self.owner}_{part}"

    def url(self, part: str = "") -> str:
        """The address of a part, or the owner's."""
        return self.cluster.url(self.database, self.role(part) if part else self.owner)


@contextmanager
def owned_database(cluster: Cluster, *, migrated: bool = True) -> Iterator[Parts]:
    """Make a database with an owner that is nobody special, and the parts' roles; all is gone afterwards."""
    parts = Parts(cluster, f"owned_{secrets.token_hex(4)}", f"owner_{secrets.token_hex(4)}")
    cluster.execute(f"CREATE ROLE {parts.owner} LOGIN IN ROLE pg_read_all_settings")
    cluster.execute(f"CREATE DATABASE {parts.database} OWNER {parts.owner}")
    if migrated:
        upgrade(parts.url())
        administrator = make_engine(cluster.url(parts.database))
        make_roles(administrator)
        administrator.dispose()
    try:
        yield parts
    finally:
        cluster.execute(f"DROP DATABASE {parts.database} WITH (FORCE)")
        for part in ("_resident", "_staff", "_worker", ""):
            cluster.execute(f"DROP ROLE IF EXISTS {parts.owner}{part}")


def part_at_work() -> str:
    """Which part asks the database just now: by the page that is asked for, or by the worker's own code."""
    if has_request_context():
        return "staff" if request.path.startswith(OF_STAFF) else "resident"
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]
        path = frame.f_code.co_filename
        if path.endswith("/worker/sending/staff_mail.py"):  # runs in the staff's web
            return "staff"
        if "/survey/worker/" in path:
            return "worker"
    return ""


def each_under_its_role(patch: pytest.MonkeyPatch, part: Callable[[], str] = part_at_work) -> None:
    """Let each transaction of a part go under the part's role; a test's own goes as whoever it signed in as."""
    plain = postgres.begin

    def begin(connection: Connection) -> None:
        plain(connection)
        if now := part():
            owner = connection.execute(
                sa.text("SELECT tableowner FROM pg_tables WHERE tablename = 'envelope'")
            ).scalar()
            connection.exec_driver_sql(f'SET LOCAL ROLE "{owner}_{now}"')

    patch.setattr(postgres, "begin", begin)
