"""kill -9 of the worker while it closes a round and answers still come: the counts are those of the stored answers.

Killed at random moments of the closing, and again as soon as anything can be seen to have changed: the counts, the
envelopes, a key. The control's worker deletes the envelopes before their counts stand: killed between, it loses them.
"""

import fcntl
import math
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey.domain.questions.responses import Response
from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.intake import form_ids
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.store import tables
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from tests.attacks.crowd import CLOSED, Crowd, Stored, counts, faults, marks_in
from tests.attacks.full import Shown, sized
from tests.attacks.history import THANKED, counted, numbered
from tests.attacks.processes import Worker, serving_small, working
from tests.attacks.running import ROUND, SHEET, UNIT, Instance, Web, client, instance
from tests.denoised import Dice, dice_of

pytestmark = pytest.mark.xdist_group("web")
BEFORE = sized(60, 3000)
AHEAD = "25"
WITHIN = 120.0
SEED = 5
# Seconds after which it is killed, later and later; the last ones wait for a change.
CHANCE = random.Random(SEED)
DELAYS = [*sorted(CHANCE.uniform(0, sized(0.1, 1.0)) for _ in range(sized(1, 12))), *[math.inf] * sized(0, 5)]
Seen = tuple[str, int, int, int]


def seen(made: Instance) -> Seen:
    """What can be seen of a closing from outside: the round's state, envelopes, rows of counts, key files."""
    with read_transaction(made.engine) as connection:
        round_ = rounds.get_round(connection, ROUND)
        here = [connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in (tables.envelope, tables.tally)]
    assert round_ is not None
    keys = sum(len(list(folder.glob(f"{ROUND}/*"))) for folder in made.volumes.private_folders)
    return round_.state, here[0] or 0, here[1] or 0, keys


def is_over(made: Instance) -> bool:
    """Whether the round is closed and its keys are gone."""
    # Asked often, so the cheap question first.
    return not made.volumes.private_rounds() and seen(made)[0] == "closed"


def is_at_it(made: Instance) -> bool:
    """Whether a worker has the keys to itself and the round takes no more answers: it also has them as it notes."""
    descriptor = os.open(made.volumes.private, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return seen(made)[0] != "open"
    finally:
        os.close(descriptor)
    return False


def kill_once(made: Instance, worker: Worker, delay: float) -> str | None:
    """Start the worker, and kill it so long after it began, or at the first change; the state, or None: it was done."""
    worker.start()
    wait(worker, lambda: is_at_it(made) or is_over(made))
    before, begun = seen(made), time.monotonic()
    # From open to closing is no change yet: nothing is written.
    wait(worker, lambda: time.monotonic() > begun + delay or seen(made)[1:] != before[1:] or is_over(made))
    worker.kill()
    return None if is_over(made) else seen(made)[0]


def wait(worker: Worker, until: Callable[[], bool]) -> None:
    """Wait for it, as long as the worker lives."""
    end = time.monotonic() + WITHIN
    while not until():
        assert time.monotonic() < end and worker.runs, worker.said()
        time.sleep(0.002)


def kill_while_closing(made: Instance, worker: Worker, delays: Sequence[float]) -> Counter[str]:
    """Kill it again and again, then let it end its work; in which states of the round it was killed."""
    states = [kill_once(made, worker, delay) for delay in delays]
    worker.start()
    wait(worker, lambda: is_over(made))
    worker.kill()
    return Counter(state for state in states if state)


def fill(made: Instance, crowd: Crowd, number: int) -> None:
    """So many answers of the crowd's that are in already, by form id."""
    for _ in range(number):
        answers, form_id = (
            numbered(next(crowd.numbers)),
            form_ids.issue_form_id(made.settings.secret, UNIT, ROUND, "patient"),
        )
        sent = Submission(UNIT, ROUND, "patient", Response("patient", answers), form_id=form_id)
        assert accept(made.engine, made.volumes, sent) is Outcome.ACCEPTED
        crowd.sent[form_id] = answers
        crowd.hear(form_id, answers, time.monotonic(), THANKED)
        crowd.thanked.add(form_id)


def come_late(crowd: Crowd, form_id: str) -> None:
    """Send an answer to the closed round; it is refused, and must not be counted."""
    answers = numbered(next(crowd.numbers))
    crowd.sent[form_id] = answers
    with client(crowd.web) as person:
        status = person.post(SHEET, {**answers, "form_id": form_id, "code": ""}).status
    crowd.hear(form_id, answers, time.monotonic(), status)
    assert status == CLOSED


def miscounted(made: Instance, crowd: Crowd, dice: Dice) -> list[str]:
    """What the counts of the closed round lack or have too much of, against the marks that are stored."""
    total, found = counted(made, dice)
    here = Stored(*marks_in(made, crowd), total)
    wrong = faults(crowd, here)
    if found != (due := counts(crowd, here)):
        wrong.append(f"answers counted that are not stored: {(found - due).total()}, the other way: "
                     f"{(due - found).total()}")  # fmt: skip
    return wrong


@pytest.mark.parametrize("kind", sized(["sqlite"], ["sqlite", "postgresql"]))
def test_counts_are_those_of_the_stored_answers(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, shown: Shown
) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    with (
        instance(tmp_path / "instance", database) as made,
        serving_small(made) as web,
        # The worker's calendar is ahead: the round is over for it while the web still takes answers.
        working(made, "tests.attacks.served:app", DAYS_AHEAD=AHEAD) as worker,
    ):
        dice = dice_of(made.volumes, ROUND)
        crowd = Crowd(web, made.codes(200), size=sized(2, 8))
        fill(made, crowd, BEFORE)
        with client(web) as person:
            form_id = person.form_id()
        crowd.begin()
        try:
            crowd.until(BEFORE + 10)
            killed = kill_while_closing(made, worker, DELAYS)
        finally:
            crowd.end()
        come_late(crowd, form_id)
        wrong = miscounted(made, crowd, dice)
        shown("once", f"worker killed {killed.total()} times as it closed the round under {crowd.size} senders, {kind}",
              f"killed {', '.join(f'{n} times {state}' for state, n in killed.items())}; "
              f"{len(crowd.thanked)} thank-yous: {wrong or 'all counted, nothing else'}",
              n=len(crowd.sent), seed=SEED)  # fmt: skip
        assert wrong == [] and killed
        assert set(crowd.statuses) <= {THANKED, CLOSED, 503} and crowd.not_kept == []
        assert marks_in(made, crowd)[0] == crowd.thanked
        assert all(line.ok for line in reconcile(made.engine))


def test_control_a_worker_that_deletes_first_loses_them(tmp_path: Path, shown: Shown) -> None:
    with (
        instance(tmp_path / "instance") as made,
        working(made, "tests.attacks.planted:app", DAYS_AHEAD=AHEAD, PLANTED="deletes_first") as worker,
    ):
        dice = dice_of(made.volumes, ROUND)
        crowd = Crowd(Web(tmp_path, {}))
        fill(made, crowd, sized(30, 300))
        killed = kill_while_closing(made, worker, [math.inf])
        wrong = miscounted(made, crowd, dice)
    shown("once", f"a worker that deletes envelopes before their counts stand, killed {killed.total()} times",
          ", ".join(wrong), n=len(crowd.sent), control=True)  # fmt: skip
    assert wrong
