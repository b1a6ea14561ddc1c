"""`python -m bench`: every part, or the one that is named. `make bench` prints them all, in about ten minutes."""

from collections.abc import Callable

import click

from bench import answer, clients, codes, coverage, databases, every_unit, followup, growth, kiosk, memory

PARTS: dict[str, Callable[[], None]] = {
    "answer": answer.main,
    "units": every_unit.main,
    "growth": growth.main,
    "clients": clients.main,
    "databases": databases.main,
    "codes": codes.main,
    "kiosk": kiosk.main,
    "followup": followup.main,
    "memory": memory.main,
    "coverage": coverage.main,
}


@click.command()
@click.argument("part", required=False, type=click.Choice(list(PARTS)))
def main(part: str | None) -> None:
    """Measure, and print each figure with its bound beside it."""
    for name in [part] if part else PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()
