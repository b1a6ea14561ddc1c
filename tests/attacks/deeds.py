"""What happens in the life of an installation, each with what must come of it. For the model test."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy

import pytest

from survey.domain.rounds import access_codes
from survey.sealing.intake.issue_codes import make_codes
from survey.sealing.intake.submit import Outcome, Submission
from survey.sealing.keys.key_volumes import KeysMissing
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.key_cleanup import HEALTH, sweep
from survey.sealing.rounds.open_round import open_round
from survey.store.answers import submissions
from survey.store.core import health, rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.life import ROLES, Book, Life
from tests.attacks.tools import at_once, fresh_engine, in_child, killed_at
from tests.denoised import dice_of
from tests.factories import UNITS, make_round
from tests.sealed import a_response


def changed(submission: Submission, **parts: object) -> Submission:
    """The same but for some parts."""
    return Submission(**{**vars(submission), **parts})  # type: ignore[arg-type]


def issue(life: Life) -> None:
    """A unit makes codes."""
    unit, role = life.chance.choice(UNITS), life.chance.choice(ROLES)
    for code in make_codes(life.engine, life.volumes, unit, life.book.round, role, life.chance.randint(1, 6)):
        life.book.unspent[code] = life.submission(unit, role, "invited", code)


def answer(life: Life) -> None:
    """Somebody answers, and is thanked."""
    submission = life.someone()
    assert life.send(submission) is Outcome.ACCEPTED, "an answer was not taken"
    life.book.keep(submission)


def again(life: Life) -> None:
    """Somebody sends again, other answers perhaps: thanked, and the first ones stand."""
    if life.book.kept:
        first = life.chance.choice(list(life.book.kept.values()))
        other = changed(first, response=a_response(first.role, life.chance))
        assert life.send(other) is Outcome.REPEATED, "a second try was not known again"


def mistype(life: Life) -> None:
    """A code that nobody made, or another unit's, or the other role's."""
    wrong = life.submission(life.chance.choice(UNITS), "patient", "invited", access_codes.make_code())
    if life.book.unspent and life.chance.random() < 0.5:
        good = life.chance.choice(list(life.book.unspent.values()))
        role = ROLES[good.role == ROLES[0]]
        elsewhere = changed(good, unit=UNITS[good.unit == UNITS[0]])
        wrong = life.chance.choice([elsewhere, changed(good, role=role, response=a_response(role, life.chance))])
    assert life.send(wrong) is Outcome.UNKNOWN_CODE, "a wrong code was taken"


def twice(life: Life) -> None:
    """Two taps at the same time: both are thanked, one counts."""
    submission, outcomes = life.someone(), Counter[Outcome]()
    at_once([lambda: outcomes.update([life.send(submission)])] * 2)
    assert outcomes == {Outcome.ACCEPTED: 1, Outcome.REPEATED: 1}, "two taps did not count once"
    life.book.keep(submission)


def too_late(life: Life) -> None:
    """Answers to rounds that are over, with codes that were never spent and others."""
    for submission in life.chance.sample(life.late, min(2, len(life.late))):
        assert life.send(submission) is Outcome.CLOSED, "an answer got into a closed round"


def crash(life: Life) -> None:
    """The web is killed in the midst of an answer: before its commit, or after it and before the thank-you."""
    submission, committed = life.someone(), life.chance.random() < 0.5
    take_in = submissions.accept

    def dying(connection: object, arrival: object) -> str:
        take_in(connection, arrival)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    def work() -> None:
        if not committed:
            submissions.accept = dying  # type: ignore[assignment]
        with fresh_engine(life.database.url) as engine:
            life.send(submission, engine)
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(work) == signal.SIGKILL
    if committed:
        life.book.keep(submission)
    life.look()


def look(life: Life) -> None:
    """Everything that must be true is looked at."""
    life.look()


def back_up(life: Life) -> None:
    """The database is backed up, without the key volumes."""
    life.remember(life.copied())


def restore(life: Life) -> None:
    """A backup of the open round is put back: what came since is lost, and can be sent again."""
    fitting = [name for name, book in life.backups.items() if book.round == life.book.round]
    if fitting:
        name = life.chance.choice(fitting)
        life.put_back(name)
        life.book = deepcopy(life.backups[name])
        life.look()


def restore_wrongly(life: Life) -> None:
    """A backup from before a closing over one from after: nothing can be opened, and the health page says so."""
    wrong = [name for name, book in life.backups.items() if book.round in life.closed]
    if not wrong:
        return
    name, now, keys = life.chance.choice(wrong), life.copied(), life.volumes.private_names(life.book.round)
    old = life.backups[name].round
    life.put_back(name)
    assert sweep(life.engine, life.volumes).missing > 0 and not is_well(life), "nobody is told that keys are gone"
    with pytest.raises(KeysMissing):
        close_round(life.engine, life.volumes, old)
    assert not life.written(old), "a round was counted twice"
    life.put_back(now)
    life.database.drop(now)
    sweep(life.engine, life.volumes)
    assert is_well(life) and life.volumes.private_names(life.book.round) == keys, "keys of the open round went"
    life.look()


def is_well(life: Life) -> bool:
    """Whether the health page says that the keys are there."""
    with read_transaction(life.engine) as connection:
        return all(line.ok for line in health.lines(connection) if line.name == HEALTH)


def close(life: Life) -> None:
    """The round is closed, killed on its way perhaps; then the next one is opened, killed on its way perhaps."""
    book, dice = life.book, dice_of(life.volumes, life.book.round)
    if life.chance.random() < 0.5:
        killed(life, lambda engine, step: close_round(engine, life.volumes, book.round, checkpoint=step))
        assert life.send(life.someone()) is Outcome.CLOSED, "an answer got into a round that is closing"
    close_round(life.engine, life.volumes, book.round)
    assert life.exact(dice) == (book.counts(), book.backgrounds()), "not counted once each"
    life.closed[book.round] = life.written(book.round)
    life.counted += sum(n for named, n in book.counts().items() if len(named) == 2)
    kept = list(book.kept.values())
    life.late = [life.someone(), *book.unspent.values(), *life.chance.sample(kept, min(5, len(kept)))]
    life.book = Book("")
    life.look()
    too_late(life)
    begin(life)


def begin(life: Life) -> None:
    """A round is opened."""
    life.book = Book(life.name("round-"))
    with write_transaction(life.engine) as connection:
        rounds.add_round(connection, make_round(life.book.round))
    if life.chance.random() < 0.3:
        killed(life, lambda engine, step: open_round(engine, life.settings, life.book.round, step))
    open_round(life.engine, life.settings, life.book.round)
    life.look()


def killed(life: Life, work: Callable[..., object]) -> None:
    """Begin a work of the worker's in a process that is killed at one of its steps, or just after the last."""
    step = killed_at(life.chance.randrange(70))

    def begun() -> None:
        with fresh_engine(life.database.url) as engine:
            work(engine, step)

    assert in_child(begun) in (0, signal.SIGKILL)


DEEDS: Mapping[Callable[[Life], None], int] = {
    answer: 40, again: 14, issue: 8, mistype: 7, look: 6, twice: 5, too_late: 5, crash: 4, back_up: 3, restore: 2,
    restore_wrongly: 1,
}  # fmt: skip


def live(life: Life, steps: int, length: int) -> Counter[str]:
    """So many steps, each by chance; a round is closed after about `length` of them. How often what was done."""
    done: Counter[str] = Counter()
    begin(life)
    for _ in range(steps):
        over = life.chance.random() < 1 / length
        deed = close if over else life.chance.choices(list(DEEDS), list(DEEDS.values()))[0]
        deed(life)
        done[deed.__name__] += 1
    close(life)
    return done
