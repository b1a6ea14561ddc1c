"""One row for every table, made from the models: for tests that want none of them empty."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.store.tables import metadata, pack

DAY = date(2026, 9, 14)


def fill(connection: Connection) -> dict[str, dict[str, Any]]:
    """Put a row into each table, the referred ones first; returns them by table."""
    rows = {table.name: {column.name: _value(column) for column in table.c} for table in metadata.sorted_tables}
    for table in metadata.sorted_tables:
        # A pack is frozen last: nothing can be laid in it afterwards.
        later = {"sha256": None} if table.name == "pack" else {}
        connection.execute(sa.insert(table), rows[table.name] | later)
    connection.execute(sa.update(pack).values(sha256=rows["pack"]["sha256"]))
    return rows


def read(connection: Connection) -> dict[str, dict[str, Any]]:
    """The only row of each table."""
    return {table.name: dict(connection.execute(sa.select(table)).mappings().one()) for table in metadata.sorted_tables}


def _value(column: "sa.Column[Any]") -> Any:
    if (column.table.name == "place" and column.foreign_keys) or str(column) == "edition.period":
        return None
    kind = column.type
    if isinstance(kind, sa.LargeBinary):
        return b"b" * 16
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer):
        return 10
    if isinstance(kind, sa.Date):
        return DAY
    return "a"
