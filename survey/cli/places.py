"""`flask places`: the tree of places, from a CSV file."""

from pathlib import Path

import click
from flask.cli import AppGroup

from survey.cli.errors import in_english
from survey.domain.place_changes import changes_of, combined_faults
from survey.domain.places.place_tree import read_csv
from survey.domain.text.text_encodings import UndecodableFile, decode_text
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.request import services
from survey.web.staff import audit_log

command = AppGroup("places", help="Keep the tree of region, municipalities and units.")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what is wrong or would be kept.")
def import_command(file: Path, dry_run: bool) -> None:
    """Add or update places from FILE, a CSV with nyckel, namn, nivå, hör_till, huvudman, hsa_id; safe to run again."""
    try:
        text = decode_text(file.read_bytes())
    except UndecodableFile as refused:
        raise click.ClickException(f"{file.name}: {in_english([refused.fault])[0]}") from None
    with read_transaction(services.engine()) as connection:
        known, every = places.all_places(connection), rounds.rounds(connection)
    found, faults = read_csv(text, known)
    if wrong := faults or combined_faults(changes_of(found, known), known, every):
        raise click.ClickException("Nothing was kept.\n" + "\n".join(in_english(wrong)))
    if not dry_run:
        with write_transaction(services.engine()) as connection:
            changes = changes_of(found, places.places_for_update(connection))
            places.save_places(connection, [each.place for each in changes])
            audit_log.note_of_command_line(connection, "places_imported", count=len(changes))
            for each in changes:
                audit_log.note_of_command_line(
                    connection, "place_changed", place=each.place.key, change="file", from_to=each.summary
                )
    click.echo(f"Places in the file: {len(found)}. {'Nothing was kept: dry run.' if dry_run else 'All are kept.'}")
