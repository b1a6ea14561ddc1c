"""What an attacker, an accident or a crowd can do, for all attacks: copy, scan, kill, send at once."""

import base64
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from survey.store import tables
from survey.store.database.engine import make_engine, read_transaction

Row = tuple[Any, ...]
Copy = dict[str, list[Row]]


def every_row(engine: Engine) -> Copy:
    """A copy of every row of every table; on PostgreSQL with the hidden columns too."""
    hidden = ", xmin::text::bigint, ctid::text" if engine.dialect.name == "postgresql" else ", rowid"
    quote = engine.dialect.identifier_preparer.quote
    with read_transaction(engine) as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    sa.text(f"SELECT {columns(quote, table)}{hidden} FROM {quote(table.name)}")
                )
            ]
            for table in tables.metadata.sorted_tables
        }


def columns(quote: Callable[[str], str], table: sa.Table) -> str:
    """The columns of a table, quoted where the database wants it."""
    return ", ".join(quote(column.name) for column in table.columns)


def bytes_below(*places: Path) -> bytes:
    """All bytes of files and folders."""
    found: list[bytes] = []
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                found.append(path.read_bytes())
    return b"\n".join(found)


def forms_of(secret: bytes) -> list[bytes]:
    """The ways in which a secret may be written down."""
    hexed = secret.hex().encode()
    return [
        secret,
        hexed,
        hexed.upper(),
        base64.b64encode(secret),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
    ]


def hits(secrets: Iterable[bytes], where: bytes) -> int:
    """How many of the secrets stand there, in any form."""
    return sum(any(form in where for form in forms_of(secret)) for secret in secrets)


def in_child(work: Callable[[], None]) -> int:
    """Do the work in a child process: 0, or the signal that ended it, or 1 after an exception."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def killed_at(number: int) -> Callable[[str], None]:
    """A step callback that ends its own process, as kill -9 does, at the step of that number."""
    steps = iter(range(number + 1))

    def step(name: str) -> None:
        if next(steps) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def at_once(works: Iterable[Callable[[], None]]) -> None:
    """Do all works at the same time, each in a thread of its own; the first exception is raised."""
    wanted = list(works)
    gate = threading.Barrier(len(wanted))
    failed: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            gate.wait()
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


@contextmanager
def fresh_engine(url: str, patience: float = 30.0) -> Iterator[Engine]:
    """An engine of one's own, closed afterwards."""
    engine = make_engine(url, patience)
    try:
        yield engine
    finally:
        engine.dispose()
