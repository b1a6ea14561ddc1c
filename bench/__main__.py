"""`python -m bench`: every part, or the one that is named. `make bench` prints them all, in under ten minutes.

Codes, closing and publishing take minutes by themselves and are measured only when named.
"""

from collections.abc import Callable

import click

from bench import (
    answer,
    clients,
    closing,
    codes,
    coverage,
    databases,
    every_unit,
    followup,
    growth,
    kiosk,
    memory,
    publishing,
)

PARTS: dict[str, Callable[[], None]] = {
    "answer": answer.main,
    "units": every_unit.main,
    "growth": growth.main,
    "clients": clients.main,
    "databases": databases.main,
    "kiosk": kiosk.main,
    "followup": followup.main,
    "memory": memory.main,
    "coverage": coverage.main,
}
BY_NAME: dict[str, Callable[[], None]] = {
    "codes": codes.main,
    "closing": closing.main,
    "publishing": publishing.main,
}


@click.command()
@click.argument("part", required=False, type=click.Choice([*PARTS, *BY_NAME]))
def main(part: str | None) -> None:
    """Measure, and print each figure with its bound beside it."""
    for name in [part] if part else PARTS:
        (PARTS | BY_NAME)[name]()


if __name__ == "__main__":
    main()
