"""A copy of the whole database in one file, made while answers come in: one state of it, with all that was committed.

A plain copy of SQLite's file lacks what still stands in its write-ahead log, and a copy of both may be torn. SQLite
writes a new file from one read transaction, PostgreSQL's own pg_dump reads one snapshot. Neither copies the log.
"""

import os
import shutil
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy import Engine

from survey.store.answers.batches import Batch
from survey.store.database.errors import DatabaseFault, translated
from survey.store.tables import batch, envelope

_END = "\\."


class CopyFailed(DatabaseFault):
    """A copy that could not be made, or can't be read; the text says why, for the operator."""


def copy(engine: Engine, target: Path) -> None:
    """Write the database into an existing empty file."""
    if engine.dialect.name == "sqlite":
        _copy_file(Path(str(engine.url.database)), target)
    else:
        _dump(engine, target)


def _copy_file(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", [str(target)])
        with closing(sqlite3.connect(target)) as connection:
            # As the survey wants it when it is put back.
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise translated(error) from None


def _dump(engine: Engine, target: Path) -> None:
    run_on_server(engine.url, "pg_dump", "--format=custom", f"--file={target}")


def run_on_server(url: sa.URL, program: str, *arguments: str) -> None:
    """Run one of the server's own programs on a database; raise CopyFailed with its last words."""
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    # Not on the command line, which every account here may read.
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    _run(program, "--no-password", f"--dbname={address}", *arguments, environ={**os.environ, **secret})


def _run(program: str, *arguments: str, environ: dict[str, str] | None = None) -> None:
    ended = subprocess.run([_found(program), *arguments], env=environ, capture_output=True, text=True, check=False)  # noqa: S603 (the operator's own)
    if ended.returncode:
        raise CopyFailed(f"{program}: {ended.stderr.strip().splitlines()[-1] if ended.stderr.strip() else 'failed'}")


def _found(program: str) -> str:
    if (path := shutil.which(program)) is None:
        raise CopyFailed(f"{program} is not installed here; it comes with PostgreSQL's client programs.")
    return path


def is_whole(connection: sa.Connection) -> bool:
    """Return whether a SQLite file passes an integrity check, page by page and row by row."""
    whole = list(connection.scalars(sa.text("PRAGMA integrity_check"))) == ["ok"]
    return whole and connection.execute(sa.text("PRAGMA foreign_key_check")).first() is None


def dumped(path: Path) -> tuple[list[Batch], dict[str, int]]:
    """Read all of a dump; return its batches and each one's number of envelopes, or raise CopyFailed."""
    command = [_found("pg_restore"), "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reading:  # noqa: S603 (the operator's own)
        assert reading.stdout and reading.stderr
        rows = _rows(reading.stdout, {batch.name, envelope.name})
        errors = reading.stderr.read()
    if reading.returncode:
        raise CopyFailed(f"pg_restore: {errors.strip().splitlines()[-1] if errors.strip() else 'failed'}")
    return [_batch(row) for row in rows[batch.name]], Counter(row["batch"] for row in rows[envelope.name])


def _rows(lines: IO[str], wanted: set[str]) -> dict[str, list[dict[str, str]]]:
    """Return the rows of the wanted tables from a plain dump: a header, tabs between, a mark at the end."""
    found: dict[str, list[dict[str, str]]] = {name: [] for name in wanted}
    into, names = None, list[str]()
    for line in lines:
        if into is not None:
            if line.rstrip("\n") == _END:
                into = None
            else:
                into.append(dict(zip(names, line.rstrip("\n").split("\t"), strict=True)))
        elif line.startswith("COPY "):
            table, _, rest = line.removeprefix("COPY ").partition(" (")
            names = [name.strip('" ') for name in rest.partition(")")[0].split(",")]
            into = found.get(table.rpartition(".")[2].strip('"'))
    return found


def _batch(row: dict[str, str]) -> Batch:
    kinds = {entry.name: entry.type for entry in fields(Batch)}
    made = {name: int(text) if kinds.get(name) is int else text for name, text in row.items() if name in kinds}
    return Batch(**{**made, "public_key": b""})  # type: ignore[arg-type]
