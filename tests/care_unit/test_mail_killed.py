"""The worker is killed with -9 in the midst of two hundred e-mails and started again: none is lost, and nothing stays.

The one message in flight may come twice, then as the same message. A real worker, a real SMTP server.
"""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from survey.app import create_app
from survey.domain.rounds.access_codes import normalise
from survey.store.channels import outbox
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts
from tests.answering import UNIT
from tests.attacks.processes import working
from tests.attacks.running import ROUND, Instance, instance
from tests.care_unit.post_office import PostOffice, post_office
from tests.followup.staffed import HASH, StaffBrowser

MANY, KILLED_AT = 200, 100
LIST = [f"mottagare{n}@hemma.example" for n in range(MANY)]


def prepared(made: Instance, office: PostOffice) -> StaffBrowser:
    """The instance can send, and its unit lead is signed in."""
    with (made.folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'mail_host = "127.0.0.1"\nmail_port = {office.port}\nmail_security = "none"\n')
        config.write('mail_sender = "svara@region.example"\nmail_per_minute = 60000\nsession_cookie_secure = false\n')
    with write_transaction(made.engine) as connection:
        accounts.add_account(connection, "frida@froso.example", HASH, "unit", UNIT)
    browser = StaffBrowser(create_app("all", made.folder))
    browser.sign_in("frida@froso.example")
    return browser


def waiting(made: Instance) -> int:
    """How many messages wait."""
    with read_transaction(made.engine) as connection:
        return sum(outbox.count_of_unit(connection, UNIT, ROUND).values())


def test_killed_at_the_hundredth_none_is_lost_and_one_may_come_twice(tmp_path: Path) -> None:
    with post_office() as office, instance(tmp_path / "instance") as made, working(made) as worker:
        browser = prepared(made, office)
        fields = {"role": "patient", "kind": "invitation", "language": "sv", "list": "\n".join(LIST), "sure": "yes"}
        browser.post(f"/staff/unit/{UNIT}/links/mail", fields)

        def killing(number: int) -> str:
            if number == KILLED_AT:
                worker.kill()  # the message is taken; the worker never hears of it
            return "250 OK"

        office.answer = killing
        worker.start()
        until(lambda: not worker.runs)
        assert waiting(made) == MANY - KILLED_AT + 1
        with write_transaction(made.engine) as connection:
            # A quarter of an hour passes: the claim of the one that was killed runs out.
            connection.execute(outbox.sa.text("UPDATE outbox_message SET claimed_until = 0"))
        worker.start()
        until(lambda: waiting(made) == 0)
        worker.kill()
        came = Counter(mail["To"] for mail in office.taken)
        assert set(came) == set(LIST) and sum(came.values()) <= MANY + 1
        assert len({mail["Message-ID"] for mail in office.taken}) == MANY
        codes = {normalise(line) for mail in office.taken for line in mail.get_content().splitlines() if "#" in line}
        assert len(codes) == MANY
        stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"hemma.example" not in stored and b"mottagare" not in stored
        assert not any(code and code.encode() in stored for code in codes)


def until(done: Callable[[], bool], within: float = 90.0) -> None:
    """Wait until it is so."""
    end = time.monotonic() + within
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)
