"""The export: our public editions as files with a signature beside each, for any web server, disk or mail.

For the command line. The editions are the published bytes, not a byte more.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from survey.publication.federation.listing import FILE, ListedEdition, Listing, edition_file, signature_file
from survey.publication.federation.signing_key import public_half
from survey.sealing.keys.durable import sync_folder, write
from survey.store.published import editions, gathered
from survey.store.published.editions import EditionHead

_MODE = 0o644  # public, as the figures are


class NothingToExport(Exception):
    """No edition has been published yet."""


def exported(connection: Connection, key: Ed25519PrivateKey) -> dict[str, bytes]:
    """Return the files by name, the listing last: what it names is there when it is."""
    heads = editions.hashed_heads(connection)
    if not heads:
        raise NothingToExport
    withdrawn = gathered.withdrawn(connection)
    gone = _with_earlier(withdrawn, heads)
    newest = {head.round: head for head in heads}.values()
    there = [head for head in sorted(newest, key=lambda head: head.number) if head.number not in gone]
    files = {edition_file(each.number): _body(connection, each.number) for each in there}
    name = _region_name(connection, heads[-1].number)
    listed = tuple(ListedEdition(each.number, each.round, each.sha256) for each in there)
    listing = Listing(public_half(key), name, heads[-1].number + len(withdrawn), listed, gone)
    return files | {FILE: listing.raw()}


def _with_earlier(withdrawn: Sequence[int], heads: Sequence[EditionHead]) -> tuple[int, ...]:
    """Return withdrawn editions with those that they had replaced: no older one of the round takes their place."""
    rounds = {head.number: head.round for head in heads}
    return tuple(n for n in sorted(rounds) if any(n <= late and rounds[n] == rounds[late] for late in withdrawn))


def _body(connection: Connection, number: int) -> bytes:
    found = editions.get(connection, number)
    return found.body.encode() if found else b""


def _region_name(connection: Connection, number: int) -> str:
    found = editions.get(connection, number)
    places = found.content["places"] if found else []
    return next(str(place["name"]) for place in places if place["parent"] is None)


def write_files(folder: Path, files: Mapping[str, bytes], key: Ed25519PrivateKey) -> None:
    """Write each file with its signature, and remove the files of editions that are listed no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw in files.items():
        write(folder / name, raw, _MODE)
        write(folder / signature_file(name), key.sign(raw), _MODE)
    for signature in folder.glob(signature_file(edition_file("*"))):
        if signature.stem not in files:
            signature.with_suffix("").unlink(missing_ok=True)
            signature.unlink()
    sync_folder(folder)
