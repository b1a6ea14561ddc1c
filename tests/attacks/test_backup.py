"""Everything at rest, raw: database, logs, temporary files, files deleted but open, backups. No answer, no key.

Marked answers are sent through the running web; the look is repeated at every step of closing, while they are opened
in memory; then a backup is made in each usual way. After closing the key volumes are looked through as well. The
control plants an answer and a key at each place: the same look finds them all.
"""

import base64
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.config import read_settings
from survey.domain.questions.responses import Response, pack
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.open_round import open_round
from survey.store import tables
from survey.store.answers import envelopes as inbox
from survey.store.answers.batches import batches
from survey.store.core import places, rounds
from survey.store.database.engine import make_engine, read_transaction, write_transaction
from survey.store.maintenance.migrate import upgrade
from tests.answering import PLACES
from tests.attacks.full import FULL, Shown, sized
from tests.attacks.rest import Look, marked
from tests.attacks.running import ROUND, SHEET, Instance, Web, client, serving
from tests.attacks.tools import bytes_below, forms_of, hits
from tests.factories import make_round
from tests.postgres import Cluster
from tests.sealed import SECRET, make_sealed, responses

pytestmark = pytest.mark.xdist_group("web")
MARKED, ENVELOPES, SEED = sized(60, 1000), sized(30, 300), 11
ALL_STEPS = {"stopped", "counted", "counts", "deleted", "closing", "written", "emptied", "key erased", "erased"}
STEPS = sized({"counted", "deleted"}, ALL_STEPS)
SPILLS = ("TMPDIR", "SQLITE_TMPDIR")


@dataclass
class Rest:
    """A running survey, and all the places where something of it may lie."""

    made: Instance
    passing: Path
    backups: Path
    cluster: Cluster | None
    web: Web | None = None

    @property
    def volumes(self) -> tuple[Path, Path]:
        """The two key volumes."""
        return self.made.volumes.private.parent, self.made.volumes.pepper.parent

    def places(self) -> list[Path]:
        """Everything but the key volumes."""
        found = [self.made.folder, self.passing, self.backups]
        found += [self.web.log] if self.web else []
        return found + ([self.cluster.data, self.cluster.folder / "log"] if self.cluster else [])

    def processes(self) -> list[int]:
        """The web's, the database's, and this one, which closes."""
        found = [each.pid for each in self.web.family()] if self.web else []
        if self.cluster:
            postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
            found += [postmaster, *(each.pid for each in psutil.Process(postmaster).children())]
        return [*found, os.getpid()]

    def private_files(self) -> list[Path]:
        """What lies in the folders of the private keys."""
        return [path for folder in self.made.volumes.private_folders for path in folder.rglob("*") if path.is_file()]

    def keep_in_inbox(self, content: bytes) -> None:
        """Where an envelope belongs, what is none."""
        with write_transaction(self.made.engine) as connection:
            row = {"id": b"p" * 16, "batch": batches(connection)[0].id, "sealed": content}
            connection.execute(sa.insert(tables.envelope), [row])

    def look(self, look: Look) -> None:
        """Look everywhere."""
        look.at(*self.places())
        look.at_deleted(self.processes())

    def back_up(self, name: str) -> None:
        """In each usual way: what the database offers, and a copy of the instance folder."""
        target = self.backups / name
        if self.cluster:
            url, programs = self.made.settings.database_url, self.cluster.install / "bin"
            subprocess.run([programs / "pg_dump", url, "-f", f"{target}.sql"], check=True)
            if FULL:  # the whole server once more
                command = [programs / "pg_basebackup", "-D", f"{target}.base", "-c", "fast", "--no-sync", "-d", url]
                subprocess.run(command, check=True, capture_output=True)
        else:
            file = self.made.folder / "survey.sqlite"
            with closing(sqlite3.connect(file)) as live, closing(sqlite3.connect(f"{target}.sqlite")) as copy:
                live.backup(copy)
        shutil.copytree(self.made.folder, f"{target}.folder")


@contextmanager
def survey(folder: Path, cluster: Cluster | None) -> Iterator[Rest]:
    """An instance with its keys on two volumes of their own, and a round that is open."""
    home, passing, backups = (folder / name for name in ("instance", "passing", "backups"))
    for each in (home, passing, backups):
        each.mkdir()
    if cluster:
        cluster.execute("CREATE DATABASE survey")
    config = {"secret": SECRET, "database": cluster.url("survey") if cluster else ""}
    config |= {"private_keys": f"{folder}/volume-a/private", "pepper_keys": f"{folder}/volume-b/pepper"}
    lines = [
        "demo = true",
        "open_answers_per_hour = 10000000",
        "open_answers_per_day_and_head = 10000000",
        *(f"{name} = {json.dumps(value)}" for name, value in config.items()),
    ]
    (home / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    settings = read_settings(home)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    today, week = date.today(), timedelta(7)
    with write_transaction(engine) as connection:
        places.save_places(connection, PLACES)
        rounds.add_round(connection, make_round(ROUND, opens=today - week, closes=today + week))
    open_round(engine, settings, ROUND)
    yield Rest(Instance(home, engine, settings), passing, backups, cluster)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def rest(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rest]:
    """A survey on each kind of database; PostgreSQL has a server to itself, for all that it ever wrote is looked at."""
    with ExitStack() as stack:
        cluster = None
        if request.param == "postgresql":
            cluster = Cluster(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sju-postgres-"))))
            stack.callback(cluster.stop)
        # What this process spills while it closes shall be found too.
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "passing"))
        for name in SPILLS:
            monkeypatch.setenv(name, str(tmp_path / "passing"))
        yield stack.enter_context(survey(tmp_path, cluster))


def send(rest: Rest, answers: list[Mapping[str, str]]) -> None:
    """Through the web, every second one with a code, with background."""
    codes = rest.made.codes(len(answers))
    told = {"gender": "woman", "age": "65-79", "language_used": "sv", "help": "alone"}
    assert rest.web is not None
    with client(rest.web) as person:
        for number, each in enumerate(answers):
            mark = {"code": codes[number]} if number % 2 else {"form_id": person.form_id()}
            assert person.post(SHEET, {**each, **told, **mark}).status == 303


def test_no_answer_and_no_key_is_at_rest_anywhere(rest: Rest, shown: Shown) -> None:
    made, answers = rest.made, marked(MARKED, SEED)
    private = [made.volumes.private_key(ROUND, name) for name in sorted(made.volumes.private_names(ROUND))]
    look = Look(answers, [*private, made.volumes.pepper_of(ROUND)])
    steps: list[str] = []

    def at_step(name: str) -> None:
        if name not in steps and name in STEPS:
            rest.look(look)
        steps.append(name)

    with serving(made) as rest.web:
        send(rest, answers)
        rest.look(look)
        rest.back_up("open")
        close_round(made.engine, made.volumes, ROUND, checkpoint=at_step)
        rest.back_up("closed")
        rest.look(look)
        left, files = Look([], private), rest.private_files()
        left.at(*rest.volumes)
        kind = made.engine.dialect.name
        shown("rest", f"a raw look, at {len(STEPS)} steps of closing too; {kind}", str(look), n=MARKED, seed=SEED)
        shown("rest", f"both key volumes after closing; {kind}", f"{len(files)} files, {len(left.found_keys)} keys",
              n=len(private))  # fmt: skip
        planted, found = plant_and_look(rest, answers, private)
    shown("rest", f"answers and keys planted at each place; {kind}", f"{found} of {planted} found", n=planted,
          control=True)  # fmt: skip
    assert set(steps) >= STEPS
    assert (look.found_answers, look.found_keys) == (set(), set())
    assert (files, left.found_keys) == ([], set())
    assert found == planted


def plant_and_look(rest: Rest, answers: list[Mapping[str, str]], keys: list[bytes]) -> tuple[int, int]:
    """An answer and a key at each place, each in another dress: how many were planted, and how many are found."""
    assert rest.web is not None
    with tempfile.TemporaryFile(dir=rest.passing, buffering=0) as deleted, rest.web.log.open("ab", 0) as log:
        places_ = (rest.keep_in_inbox, log.write, (rest.passing / "spilled").write_bytes, deleted.write,
                   (rest.backups / "old").write_bytes, (rest.volumes[1] / "forgotten").write_bytes)  # fmt: skip
        for number, put in enumerate(places_):
            put(dresses(answers[number])[number] + b"\n" + forms_of(keys[number])[number % 5])
        look = Look(answers, keys)
        rest.look(look)
        look.at(*rest.volumes)
    return 2 * len(places_), len(look.found_answers) + len(look.found_keys)


def dresses(answers: Mapping[str, str]) -> list[bytes]:
    """The ways in which seven answers may be written down."""
    packed = pack(Response("patient", answers))
    words = [urlencode(answers), json.dumps(answers), ",".join(answers.values())]
    return [packed, *(each.encode() for each in words), packed.hex().encode(), base64.b64encode(packed)]


def test_after_closing_no_envelope_is_left_in_the_files(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path, shown: Shown
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    for response in responses(ENVELOPES, seed="backup"):
        sealed.send("vast-ett", response)
    with read_transaction(sealed.engine) as connection:
        envelopes = [e.sealed for b in batches(connection) for e in inbox.envelopes(connection, b.id)]
    there = hits(envelopes, bytes_below(*tmp_path.glob("survey.sqlite*")))
    sealed.close()
    left = hits(envelopes, bytes_below(*tmp_path.glob("survey.sqlite*")))
    shown("rest", "envelopes in the files before closing; sqlite", f"{there} found", n=len(envelopes), control=True)
    shown("rest", "envelopes in the files after closing; sqlite", f"{left} found", n=len(envelopes))
    assert (there, left) == (2 * ENVELOPES, 0)
