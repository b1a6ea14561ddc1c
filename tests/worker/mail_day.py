"""A mail day: two thousand addresses through the worst server that is still in order, and a worker that is killed.

`python -m tests.worker.mail_day` runs it in earnest, minutes of it: a real SMTP server that greylists each address
for five minutes, closes the line after twenty messages, refuses one in a hundred for good and is down for an hour; a
real SMS gateway beside it; a worker in a process of its own, killed with -9 ten times. Its clock runs fast, so that
hours fit. `test_mail_day.py` runs a small one with a clock that is moved by hand.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from survey.store.channels import issued_codes, outbox
from survey.store.database.engine import make_engine, read_transaction
from survey.store.maintenance.migrate import upgrade
from survey.worker.sending import sender_threads
from survey.worker.sending.transports import transports
from survey.worker.sending.turns import Sender
from tests.care_unit.post_office import Exchange, PostOffice, exchange, free_port, post_office
from tests.sealed import ROUND, Sealed, make_sealed
from tests.worker.desk import TODAY, UNIT, Desk, by_mail, by_sms

ROOT = Path(__file__).resolve().parents[2]
GREY, CLOSES_AFTER, GONE_ONE_IN = 300, 20, 100
Clock = Callable[[], float]


@dataclass
class Grey:
    """What the server answers to an address: one in a hundred is not there, any other is told to come back."""

    clock: Clock
    first: dict[str, float] = field(default_factory=dict)

    def __call__(self, address: str) -> str:
        """Asked for each recipient."""
        number = int(address.partition("@")[0].removeprefix("person"))
        if number % GONE_ONE_IN == 7:
            return "550 5.1.1 no such mailbox"
        now = self.clock()
        return "250 OK" if now - self.first.setdefault(address, now) >= GREY else "450 4.2.0 greylisted"


@contextmanager
def grey_office(port: int, clock: Clock, before: PostOffice | None = None) -> Iterator[PostOffice]:
    """The mail server, up; it goes on with what the one before it had."""
    with post_office(port) as office:
        office.closes_after = CLOSES_AFTER
        office.answer_to = before.answer_to if before else Grey(clock)
        office.taken = before.taken if before else []
        yield office


def people(many: int) -> list[str]:
    """So many addresses."""
    return [f"person{n}@mottagare.example" for n in range(many)]


def numbers(many: int) -> list[str]:
    """So many numbers."""
    return [f"+4670174{n:04}" for n in range(many)]


@dataclass(frozen=True)
class Day:
    """What a day came to."""

    addresses: int
    gone: int
    delivered: int
    twice: int
    lost: int
    waiting: int
    given_up: int
    kills: int
    same_message: bool
    numbers: int
    texts: int

    def is_right(self) -> bool:
        """Whether each got it once, at most those in flight at a kill twice, and nobody was forgotten."""
        mail = self.lost == self.waiting == 0 and self.given_up == self.gone and self.twice <= self.kills
        return mail and self.same_message and self.texts == self.numbers


def told(sealed: Sealed, office: PostOffice, gateway: Exchange, many: int, texts: int, kills: int) -> Day:
    """Count what came."""
    wanted = [to for n, to in enumerate(people(many)) if n % GONE_ONE_IN != 7]
    came = Counter(str(mail["To"]) for mail in office.taken)
    assert set(came) <= set(wanted)
    with read_transaction(sealed.engine) as connection:
        left = sum(outbox.count_of_unit(connection, UNIT, ROUND).values())
        given_up = issued_codes.of_unit(connection, UNIT, ROUND)["patient", "mail"].refused
    return Day(
        addresses=many,
        gone=many - len(wanted),
        delivered=len(came),
        twice=sum(n - 1 for n in came.values()),
        lost=len(set(wanted) - set(came)),
        waiting=left,
        given_up=given_up,
        kills=kills,
        same_message=len({mail["Message-ID"] for mail in office.taken}) == len(came),
        numbers=texts,
        texts=len({said["to"] for said in gateway.taken}),
    )


# ---- in earnest ----


def work(instance: Path, began: float, speed: float) -> None:
    """The worker's process: each way in its thread, by a clock that runs fast."""
    from survey.config import read_settings
    from survey.sealing.keys.key_storage import volumes_of

    settings = read_settings(instance)
    engine, volumes = make_engine(settings.database_url), volumes_of(settings)
    sender_threads.TURN_SECONDS = 5 / speed
    senders = [Sender(engine, volumes, transport, lambda: fast(began, speed)) for transport in transports(settings)]
    for thread in sender_threads.start_threads(senders, lambda: TODAY, threading.Event()):
        thread.join()


def fast(began: float, speed: float) -> float:
    """The time of the day that is played."""
    return began + (time.time() - began) * speed


@dataclass
class Played:
    """The worker, which is killed now and then."""

    instance: Path
    began: float
    speed: float
    process: "subprocess.Popen[bytes] | None" = None
    kills: int = 0

    def start(self) -> None:
        """Start it."""
        what = ["--worker", str(self.instance), str(self.began), str(self.speed)]
        command = [sys.executable, "-m", "tests.worker.mail_day", *what]
        self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        self.kills += 1

    def end(self) -> None:
        """The day is over."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)


def play(many: int, texts: int, kills: int, speed: float, most: float, chance: random.Random) -> tuple[Day, float, str]:
    """A day in earnest; what it came to, how many of its hours it took, and a line about the SMS."""
    began, port = time.time(), free_port()
    with tempfile.TemporaryDirectory() as folder, exchange() as gateway:
        instance = Path(folder)
        upgrade(f"sqlite:///{instance / 'survey.sqlite'}")
        sealed = make_sealed(make_engine(f"sqlite:///{instance / 'survey.sqlite'}"), instance)
        _settings(instance, port, gateway.port)
        letters, messages = by_mail(sealed, port), by_sms(sealed, gateway.port)
        letters.put(people(many))
        worker = Played(instance, began, speed)
        hours = lambda: (time.time() - began) * speed / 3600  # noqa: E731
        try:
            worker.start()
            with grey_office(port, lambda: fast(began, speed)) as office:
                _kill_some(worker, chance, kills // 2, until=lambda: len(office.taken) > many // 4)
            down = hours()
            messages.put(numbers(texts))  # handed in while the mail server is down
            said = _while_down(worker, chance, kills - kills // 2, down, hours, messages)
            with grey_office(port, lambda: fast(began, speed), office) as office:
                while (letters.waiting() or messages.waiting()) and hours() < most:
                    time.sleep(0.2)
        finally:
            worker.end()
        return told(sealed, office, gateway, many, texts, worker.kills), hours(), said


def _kill_some(worker: Played, chance: random.Random, kills: int, until: Callable[[], bool]) -> None:
    while not until():
        time.sleep(0.5 + chance.random())
        if worker.kills < kills:
            worker.kill()
            worker.start()


def _while_down(
    worker: Played, chance: random.Random, kills: int, down: float, hours: Callable[[], float], messages: Desk
) -> str:
    told_ = ""
    already = worker.kills
    while hours() < down + 1:
        if not told_ and not messages.waiting():
            told_ = (
                f"SMS handed in while the mail server was down had all left after {(hours() - down) * 60:.0f} minutes"
            )
        if worker.kills < already + kills:
            worker.kill()
            worker.start()
        time.sleep(1 + chance.random())
    return told_ or "SMS had not left while the mail server was down"


def _settings(instance: Path, port: int, gateway: int) -> None:
    lines = [
        *(f'secret = "{"s" * 40}"', "demo = true", "session_cookie_secure = false"),
        *('mail_host = "127.0.0.1"', f"mail_port = {port}", 'mail_security = "none"'),
        *('mail_sender = "svara@region.example"', f'sms_url = "http://127.0.0.1:{gateway}/send"'),
        *('sms_fields = ["to={to}", "text={text}", "id={id}"]', "sms_per_minute = 600", "mail_per_minute = 600"),
    ]
    (instance / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Play a day, or be its worker."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--worker", nargs=3, metavar=("INSTANCE", "BEGAN", "SPEED"))
    asked.add_argument("--addresses", type=int, default=2000)
    asked.add_argument("--texts", type=int, default=300)
    asked.add_argument("--kills", type=int, default=10)
    asked.add_argument("--speed", type=float, default=40.0, help="how much faster than ours its clock runs")
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    if chosen.worker:
        work(Path(chosen.worker[0]), float(chosen.worker[1]), float(chosen.worker[2]))
        return
    chance = random.Random(chosen.seed)
    day, hours, said = play(chosen.addresses, chosen.texts, chosen.kills, chosen.speed, 24.0, chance)
    for name, value in vars(day).items():
        print(f"{name}: {value}")
    print(f"{said}\nhours of the day: {hours:.1f}\n{'right' if day.is_right() else 'WRONG'}")
    sys.exit(not day.is_right())


if __name__ == "__main__":
    main()
