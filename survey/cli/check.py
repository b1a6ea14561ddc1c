"""`flask check`: does every accepted answer stand somewhere? Links nothing to anybody."""

import sys

import click

from survey.sealing import selfcheck
from survey.web import house

COLUMNS = ("place", "round", "role", "channel", "accepted", "waiting", "counted", "moved", "destroyed")


@click.command()
def command() -> None:
    """Print accepted, waiting, counted, moved, destroyed per batch; exit status 1 when a line does not add up."""
    lines = selfcheck.check(house.engine())
    rows = [[str(getattr(line, name)) for name in COLUMNS] for line in lines]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    for row, well in [(COLUMNS, True), *((row, line.ok) for row, line in zip(rows, lines, strict=True))]:
        text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(text.rstrip() if well else f"{text}  MISMATCH")
    click.echo(f"accepted {sum(line.accepted for line in lines if not line.background)}")
    sys.exit(0 if all(line.ok for line in lines) else 1)
