"""Notes of the envelopes seen waiting: one that vanishes, or is not the same any longer, stops the opening.

Who can write to the database could else take the others' envelopes away, put in ones of their own, and let a single
answer be opened among answers that they know. Noted on the private volume, the worker's alone: one file a round, of
random ids and fingerprints of what is sealed, sorted. It tells no order, no unit and no time, and is erased at closing.
A second file says of what a closing has begun to count: begun again it gives the same noise, so that with one envelope
more or less its figures would differ from those written before by just that person's answers.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path

from sqlalchemy import Connection

from survey.sealing.keys.durable import PARTIAL_SUFFIX, erase, make_folder, sync_folder, write
from survey.sealing.keys.key_volumes import KEY_SIZE, NOTED, RNG_SEED, KeyVolumes, safe_name
from survey.sealing.keys.registry import Registry, registry_of
from survey.store.answers import batches, envelopes

_ID = 16
_RECORD = _ID + 16
_BEGUN = f".begun{NOTED}"  # suffix of the file with the envelopes that a closing has begun to count

_PIECE = _RECORD * 512

Records = Iterable[bytes]  # an id and a fingerprint each, in order; read one by one, for they may be millions


class SealBroken(Exception):
    """A change to what waits to be opened: nothing is opened. The text says which, in figures alone."""


def note_envelopes(connection: Connection, volumes: KeyVolumes, round_key: str) -> None:
    """Note the new envelopes; raise SealBroken when an earlier one is not as it was."""
    refuse_changed_batches(connection, round_key, registry_of(volumes, round_key))
    vanished, new = _compared(_known(volumes, round_key), _here(connection, round_key))
    _refuse(vanished)
    if new:
        _keep(volumes, round_key, _here(connection, round_key))


def refuse_changed_batches(connection: Connection, round_key: str, registry: Registry) -> None:
    """Raise SealBroken when the database's batches are not those that were made."""
    if faults := registry.faults(batches.batches(connection, round_key)):
        raise SealBroken("; ".join(faults))


def refuse_vanished(connection: Connection, volumes: KeyVolumes, round_key: str) -> None:
    """Raise SealBroken when an envelope that was seen is not there as it was."""
    _refuse(_compared(_known(volumes, round_key), _here(connection, round_key))[0])


def fix_counted(connection: Connection, volumes: KeyVolumes, round_key: str) -> None:
    """Note the envelopes a closing begins to count; raise SealBroken when one has begun with any others."""
    these = _digest(_here(connection, round_key))
    files = _files(volumes, round_key, _BEGUN)
    begun = {path.read_bytes() for path in files if path.is_file()}
    if begun - {these}:
        raise SealBroken("what waits is not what a closing had begun to count")
    # On each volume, also where a kill has left it on one of them alone.
    for path in files:
        if not path.is_file():
            _put(path, [these])


def renew_notes(connection: Connection, volumes: KeyVolumes, round_key: str) -> int:
    """Note the envelopes that wait now instead, after a known loss; return the number that had vanished."""
    vanished, _new = _compared(_known(volumes, round_key), _here(connection, round_key))
    _keep(volumes, round_key, _here(connection, round_key))
    if begun := [path for path in _files(volumes, round_key, _BEGUN) if path.is_file()]:
        # Other answers are counted than a closing had begun with: never with the same noise.
        volumes.erase_private(round_key, {RNG_SEED})
        volumes.make_private(round_key, {RNG_SEED: secrets.token_bytes(KEY_SIZE)})
        erase(begun)
    return vanished


def forget_noted(volumes: KeyVolumes, round_key: str) -> int:
    """Erase a round's notes; return the number of files. Safe to run again."""
    ends = (NOTED, _BEGUN, f"{NOTED}{PARTIAL_SUFFIX}", f"{_BEGUN}{PARTIAL_SUFFIX}")
    gone = [path for end in ends for path in _files(volumes, round_key, end) if path.is_file()]
    erase(gone)
    return len(gone)


def _refuse(vanished: int) -> None:
    if vanished:
        raise SealBroken(f"envelopes that have vanished or are not as they were: {vanished}")


def _compared(known: Records, here: Records) -> tuple[int, int]:
    """Return how many records are known and not here, and how many are here and not known."""
    noted = iter(known)
    due, vanished, new = next(noted, None), 0, 0
    for record in here:
        while due is not None and due < record:
            vanished, due = vanished + 1, next(noted, None)
        if due == record:
            due = next(noted, None)
        else:
            new += 1
    return vanished + (due is not None) + sum(1 for _ in noted), new


def _digest(records: Records) -> bytes:
    digest = hashlib.sha256()
    for record in records:
        digest.update(record)
    return digest.digest()


def _here(connection: Connection, round_key: str) -> Records:
    return (each.id + _print(each) for each in envelopes.of_round(connection, round_key))


def _print(each: envelopes.Envelope) -> bytes:
    return hashlib.sha256(each.batch.encode() + each.id + each.sealed).digest()[: _RECORD - _ID]


def _files(volumes: KeyVolumes, round_key: str, end: str = NOTED) -> list[Path]:
    return [folder / f"{safe_name(round_key)}{end}" for folder in volumes.private_folders]


def _known(volumes: KeyVolumes, round_key: str) -> Records:
    """Yield the notes of both volumes: one that a power cut kept from one of them is on the other."""
    before = b""
    for record in merge(*(_records(path) for path in _files(volumes, round_key) if path.is_file())):
        if record != before:
            yield record
        before = record


def _records(path: Path) -> Iterator[bytes]:
    for piece in _pieces(path):
        yield from (piece[at : at + _RECORD] for at in range(0, len(piece) - _RECORD + 1, _RECORD))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _keep(volumes: KeyVolumes, round_key: str, seen: Records) -> None:
    """Write the notes to one volume, and then what stands there to the other."""
    content: Iterable[bytes] = seen
    for path in _files(volumes, round_key):
        _put(path, content)
        content = _pieces(path)


def _put(path: Path, content: Iterable[bytes]) -> None:
    make_folder(path.parent, 0o700)
    write(path, content, 0o600)
    sync_folder(path.parent)
