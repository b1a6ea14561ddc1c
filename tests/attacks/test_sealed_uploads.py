"""What a tablet has kept is cut off on its way, in each part of the request and between them, and comes again whole.

By a line that ends, one that breaks, and one that says nothing more. A part of an answer is never stored, a whole one
once, whether or not the tablet heard of it. The control is a server that knows no second try again.
"""

import secrets
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from survey.sealing.intake import envelope, kiosk_tokens
from survey.sealing.intake.transport import CONTENT_SIZE, LENGTH, context
from survey.sealing.keys.transport_key import transport_key
from survey.store import tables
from survey.store.channels import kiosks
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.full import Shown, sized
from tests.attacks.running import ANSWERS, ROUND, UNIT, Client, Instance, Web, instance, serving

pytestmark = pytest.mark.xdist_group("web")
TOKEN, PATIENCE = "tablet" * 6, 1.0
PATH = f"/kiosk/{UNIT}/{TOKEN}/sealed/{ROUND}"
HEAD = (
    f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
    f"Content-Length: {LENGTH}\r\n\r\n"
).encode()
# How much of the request comes through: within and between its parts, from the first byte to the last but one.
CUTS = {
    "in the first line": 9,
    "between two headers": HEAD.index(b"\r\n") + 2,
    "in a header": HEAD.index(b"Content-Type") + 5,
    "before the empty line": len(HEAD) - 2,
    "before the body": len(HEAD),
    "in the mark": len(HEAD) + 7,
    "after the mark": len(HEAD) + 16,
    "in the encapsulated key": len(HEAD) + 33,
    "in the sealed answer": len(HEAD) + 16 + (LENGTH - 16) // 2,
    "before the last byte": len(HEAD) + LENGTH - 1,
}
WAYS = ("ends", "breaks", "falls silent")


@dataclass(frozen=True)
class Ward:
    """A web as it is served, and what a tablet of the unit sends it."""

    made: Instance
    web: Web

    def kept(self) -> bytes:
        """An answer as it lies on the tablet."""
        mark = secrets.token_bytes(16)
        content = f"{urlencode(ANSWERS)}&pad=".ljust(CONTENT_SIZE, "x").encode()
        key = transport_key(self.made.volumes, ROUND).public_key()
        return mark + envelope.seal(content, key, context(UNIT, ROUND, mark))

    def stored(self) -> tuple[int, int]:
        """How many answers are here, and how many came again."""
        own = tables.batch.c.collection_mode == "open"
        sums = sa.select(sa.func.sum(tables.batch.c.accepted), sa.func.sum(tables.batch.c.duplicates)).where(own)
        with read_transaction(self.made.engine) as connection:
            accepted, again = connection.execute(sums).one()
        return int(accepted or 0), int(again or 0)

    def cuts(self, body: bytes, size: int, way: str) -> None:
        """Send the first part of a request, and go."""
        with closing(socket.create_connection(("127.0.0.1", self.web.port))) as line:
            line.sendall((HEAD + body)[:size])
            if way == "breaks":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif way == "ends":
                line.shutdown(socket.SHUT_WR)
                line.settimeout(PATIENCE * 3)
                with suppress(OSError):
                    line.recv(4096)
            else:
                time.sleep(PATIENCE * 1.5)

    def sends(self, body: bytes) -> bytes:
        """Send it whole; what the server says."""
        with closing(Client(self.web.port)) as client:
            return client.ask("POST", PATH, body).body


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A unit with a paired tablet."""
    with instance(tmp_path_factory.mktemp("sealed") / "instance") as made:
        pair(made)
        with serving(made, "tests.attacks.served:app", BODY_PATIENCE=str(PATIENCE)) as web:
            yield Ward(made, web)


def pair(made: Instance) -> None:
    """Pair the tablet."""
    code = secrets.token_bytes(32)
    with write_transaction(made.engine) as connection:
        kiosks.add(connection, secrets.token_hex(8), UNIT, "Väntrummet", pairing=code, until="9999")
        token = kiosk_tokens.hash_token(made.settings.resident_key("devices").hex(), TOKEN)
        assert kiosks.pair(connection, code, token, "2026") == UNIT


@pytest.mark.parametrize("way", WAYS)
def test_a_part_of_an_answer_is_never_stored_and_the_whole_is_once(way: str, ward: Ward, shown: Shown) -> None:
    before, tries = ward.stored(), sized(1, 10)
    for size in list(CUTS.values()) * tries:
        body, (accepted, again) = ward.kept(), ward.stored()
        ward.cuts(body, size, way)
        assert ward.stored() == (accepted, again)
        assert b'"kept"' in ward.sends(body)
        assert ward.stored() == (accepted + 1, again)
    sent = len(CUTS) * tries
    shown("kiosk", f"an upload whose line {way}, in {len(CUTS)} places",
          f"{sent} sent anew, {ward.stored()[0] - before[0]} stored", n=sent)  # fmt: skip
    assert ward.stored() == (before[0] + sent, before[1])


def stored_without_a_word(here: Ward) -> tuple[int, int]:
    """What one answer has added that came whole, whose line broke before the reply, and that came again."""
    (accepted, again), body = here.stored(), here.kept()
    with closing(socket.create_connection(("127.0.0.1", here.web.port))) as line:
        line.sendall(HEAD + body)
        until = time.monotonic() + 20
        while here.stored()[0] == accepted and time.monotonic() < until:
            time.sleep(0.02)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert b'"kept"' in here.sends(body)
    after = here.stored()
    return after[0] - accepted, after[1] - again


def test_whose_word_was_lost_is_stored_once(ward: Ward, shown: Shown) -> None:
    tries = sized(3, 50)
    found = [stored_without_a_word(ward) for _ in range(tries)]
    shown(
        "kiosk", "an upload that came through, its reply lost", f"{found.count((1, 1))} of {tries} stored once", n=tries
    )
    assert found == [(1, 1)] * tries


def test_control_who_knows_no_second_try_stores_it_twice(tmp_path: Path, shown: Shown) -> None:
    with instance(tmp_path / "instance") as made:
        pair(made)
        with serving(made, "tests.attacks.planted:app", PLANTED="forgets_marks") as web:
            found = stored_without_a_word(Ward(made, web))
    shown("kiosk", "the same, at a server that knows no second try", f"stored {found[0]} times", n=1, control=True)
    assert found == (2, 0)
