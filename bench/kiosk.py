"""What an answer costs that a kiosk has kept and sends later, beside one that is sent at once, both through one app."""

import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from bench.instance import ROUND, house_of, open_instance
from bench.load import ANSWERS, Refused
from bench.sheet import Row, row, show, tenth
from bench.walking import UNIT, Spent, ask, posted
from survey.domain.clock import utc_text
from survey.sealing.intake import envelope, kiosk_tokens
from survey.sealing.intake.transport import CONTENT_SIZE, LENGTH, context
from survey.sealing.keys.transport_key import transport_key
from survey.store.channels import kiosks
from survey.store.database.engine import write_transaction
from survey.web.request import services

ANSWERED = 1_000


def pair(app: Flask) -> str:
    """Pair a kiosk with the unit; its address."""
    token, code = kiosk_tokens.make_token(), b"p" * 32
    with app.app_context():
        hashed = kiosk_tokens.hash_token(services.kiosk_key(), token)
    now = utc_text(house_of(app).now())
    with write_transaction(house_of(app).engine) as connection:
        kiosks.add(connection, "d" * 32, UNIT, "Väntrummet", pairing=code, until="9999-12-31 00:00")
        kiosks.pair(connection, code, hashed, now)
    return f"/kiosk/{UNIT}/{token}"


def sealed(app: Flask) -> bytes:
    """An answer as the device has sealed it."""
    mark = secrets.token_bytes(16)
    key = transport_key(house_of(app).volumes, ROUND).public_key()
    content = f"{urlencode(ANSWERS)}&pad=".ljust(CONTENT_SIZE, "x").encode()
    return mark + envelope.seal(content, key, context(UNIT, ROUND, mark))


def measured(app: Flask, answers: int) -> list[Row]:
    """Answer so many times in each way, in turns."""
    start = pair(app)
    direct: list[Spent] = []
    later: list[Spent] = []
    size = 0
    for _ in range(answers):
        body = posted(ask(app, "GET", f"{start}/sv").body)
        taken, kept = ask(app, "POST", f"{start}/sv", body), ask(app, "POST", f"{start}/sealed/{ROUND}", sealed(app))
        if (taken.status, kept.status) != (303, 200):
            raise Refused(f"POST: {taken.status}, {kept.status}")
        direct.append(taken.spent)
        later.append(kept.spent)
        size = len(kept.body)
    ratio = tenth(each.cpu for each in later) / tenth(each.cpu for each in direct)
    return [
        row("CPU of an answer that has waited ÷ one sent at once", ratio, 2, at_most=1.5),
        row("bytes of it on the tablet and on the wire", LENGTH, 0),
        row("  bytes of the reply", size, 0),
    ]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        app = open_instance(Path(folder) / "instance")
        show("A kiosk without a line", measured(app, ANSWERED))
