"""The deep check: whether the promises hold in this installation. Reads only, links nothing. For `flask check --deep`.

For the data protection officer. What only an attack can show is in `make attack`; this is what can be seen from
outside on a database with real answers: run it as the worker's account, which may read the keys.
"""

import base64
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine

from survey.config import Settings
from survey.domain.questions.responses import SIZE, UnreadableResponse, unpack
from survey.domain.rounds.lifecycle import ENDED, Round
from survey.machine.mounts import REAL
from survey.sealing.checks import file_permissions, platform_check, reconciliation
from survey.sealing.checks.finding import Finding
from survey.sealing.checks.seal_check import check_seal
from survey.sealing.intake.envelope import LENGTH
from survey.sealing.keys.key_storage import volumes_of
from survey.sealing.keys.key_volumes import KEY_SIZE, KeyVolumes
from survey.sealing.keys.registry import MADE
from survey.sealing.keys.registry import OVER as OVER_FOR_EVER
from survey.sealing.keys.transport_key import TRANSPORT
from survey.sealing.rounds.retention import is_due
from survey.store.answers import batches, envelopes
from survey.store.core import health, rounds
from survey.store.database.engine import read_transaction
from survey.store.maintenance import database_checks, schema_check
from survey.store.maintenance.data_folder import data_folder

_PIECE = 1 << 24


def inspect(
    engine: Engine, settings: Settings, today: date, folders: Iterable[Path] = (), root: Path = REAL
) -> Iterator[Finding]:
    """Run every check, one after the other.

    `folders`: backups and logs to be searched for keys too; `root`: where this machine's mounts and disks are listed.
    """
    lines = reconciliation.balances(engine)
    wrong = sum(not line.ok for line in lines)
    yield Finding("answers", not wrong, f"batches: {len(lines)}, that do not add up: {wrong}")
    with read_transaction(engine) as connection:
        for check in database_checks.PROMISES:
            faults = check.see(connection)
            yield Finding(check.name, not faults, check.detail(connection, faults))
        faults = _envelopes(connection)
        yield Finding("envelopes", not faults, ", ".join(faults) or "as promised")
        known = {round_.key: round_ for round_ in rounds.rounds(connection)}
        yield check_seal(connection, volumes_of(settings), known.values())
    yield from platform_check.check_platform(engine, settings, root)
    yield file_permissions.check_file_permissions(engine, settings)
    volumes = volumes_of(settings)
    yield _keys(volumes, known)
    yield _peppers(volumes, known, today)
    yield _copies(volumes, [*_own_folders(engine, settings), *folders])


def _envelopes(connection: Connection) -> list[str]:
    """Return the faults of waiting envelopes: another length, in a closed batch, or readable without a key."""
    faults = [f"an envelope of {n} bytes" for n in sorted(schema_check.envelope_lengths(connection) - {LENGTH})]
    over = {batch.id for batch in batches.batches(connection) if batch.state != "open"}
    for batch_id in envelopes.waiting(connection):
        if batch_id in over:
            faults.append("an envelope in a closed batch")
        faults += [
            "an answer that is not sealed"
            for each in envelopes.envelopes(connection, batch_id)
            if _is_plain(each.sealed)
        ]
    return list(dict.fromkeys(faults))


def _is_plain(envelope: bytes) -> bool:
    for start in range(len(envelope) - SIZE + 1):
        try:
            unpack(envelope[start : start + SIZE])
        except UnreadableResponse:
            continue
        return True
    return False


def _keys(volumes: KeyVolumes, known: Mapping[str, Round]) -> Finding:
    left = sorted(key for key in volumes.private_rounds() if key not in known or known[key].state in ENDED)
    return Finding("private keys", not left, f"of rounds that are over, or unknown here: {', '.join(left) or 'none'}")


def _peppers(volumes: KeyVolumes, known: Mapping[str, Round], today: date) -> Finding:
    found = {path.name for folder in volumes.pepper_folders if folder.is_dir() for path in folder.iterdir()}
    transport = {name.removesuffix(TRANSPORT) for name in found if name.endswith(TRANSPORT)}
    kept = {name for name in found - {health.HEARTBEAT} if not name.endswith((OVER_FOR_EVER, TRANSPORT))}
    here = {name.removesuffix(MADE) for name in kept}
    left = {key for key in here if key not in known or is_due(known[key], today)}
    left |= {f"{key} (transport)" for key in transport if key not in known or known[key].state in ENDED}
    return Finding("peppers", not left, f"kept too long, or unknown here: {', '.join(sorted(left)) or 'none'}")


def _own_folders(engine: Engine, settings: Settings) -> list[Path]:
    data = data_folder(engine).path
    return [settings.instance, *([data] if data is not None and data != settings.instance else [])]


def _copies(volumes: KeyVolumes, folders: Iterable[Path]) -> Finding:
    """Check that no key stands in a file outside the key folders, raw or written out."""
    homes = [*volumes.private_folders, *volumes.pepper_folders]
    needles = [form for key in _raw_keys(homes) for form in _forms(key)]
    searched, holding, unread = 0, [], 0
    for path in _files(folders, homes):
        try:
            holding += [path.name] if _holds(path, needles) else []
            searched += 1
        except FileNotFoundError:
            continue  # a running database makes and removes files all the time
        except OSError:
            unread += 1
    detail = f"files searched: {searched}, that could not be read: {unread}, with a key: {', '.join(holding) or 'none'}"
    return Finding("copies of keys", not holding and not unread, detail)


def _files(folders: Iterable[Path], homes: Iterable[Path]) -> list[Path]:
    """Return every file of these folders that does not lie in a key folder."""
    # os.walk, because it lets a folder vanish under it.
    found = {Path(at) / name for folder in folders for at, _, names in os.walk(folder) for name in names}
    return sorted(path for path in found if path.is_file() and not any(home in path.parents for home in homes))


def _raw_keys(homes: Iterable[Path]) -> set[bytes]:
    files = (path for home in homes if home.is_dir() for path in home.rglob("*") if path.is_file())
    return {raw for path in files if len(raw := path.read_bytes()) == KEY_SIZE}


def _forms(key: bytes) -> list[bytes]:
    written = base64.b64encode(key).rstrip(b"=")
    return [key, key.hex().encode(), key.hex().upper().encode(), written, base64.urlsafe_b64encode(key).rstrip(b"=")]


def _holds(path: Path, needles: list[bytes]) -> bool:
    longest = max(map(len, needles), default=0)
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_PIECE):
            if any(needle in before + piece for needle in needles):
                return True
            before = piece[-longest:]
    return False
