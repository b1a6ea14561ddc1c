"""`flask edition`: published editions as files, for `python -m analysis`. What is in them is published already."""

from pathlib import Path

import click

from survey.store.database.engine import read_transaction
from survey.store.published import editions
from survey.web.request import services


@click.command("edition")
@click.argument("numbers", nargs=-1, type=click.IntRange(1))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder.")
def command(numbers: tuple[int, ...], out: Path) -> None:
    """Write editions NUMBERS as edition-N.json; without a number, the newest of each round."""
    with read_transaction(services.engine()) as connection:
        found = {number: editions.get(connection, number) for number in numbers}
        found = found or {each.number: each for each in editions.latest_by_round(connection)}
    if missing := [str(number) for number, each in found.items() if each is None]:
        raise click.ClickException(f"There is no edition {', '.join(missing)}.")
    if not found:
        raise click.ClickException("No round has been published yet.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for number, each in found.items():
            path = out / f"edition-{number}.json"
            path.write_bytes((each.body if each else "").encode())
            click.echo(path)
    except OSError as fault:
        raise click.ClickException(f"Can't write to {out}: {fault.strerror}.") from fault
