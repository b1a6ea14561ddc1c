"""A closing that is stopped before its keys go, begun again by who can write to the database: with one envelope less.

The noise of both is the same, as it must be after a kill; so the two differ by just what the one answered, and no noise
hides it. The control is a closing that does not keep what it has begun to count.
"""

from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.disclosure.noised import Noised
from survey.domain.questions.answer_scale import QUESTIONS
from survey.sealing.intake.submit import Outcome
from survey.sealing.rounds import close_round
from survey.sealing.rounds.noted import SealBroken
from survey.store import tables
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.full import Shown
from tests.attacks.writing import UNIT
from tests.denoised import threes_of, written_in
from tests.sealed import Sealed, make_sealed, responses

WRITTEN = (tables.answer_count, tables.tally, tables.matched_tally, tables.background_tally)
(VICTIM,) = responses(1, seed="victim")


class Stopped(Exception):
    pass


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    return make_sealed(engine, tmp_path)


def envelopes(sealed: Sealed) -> list[dict[str, object]]:
    """What waits, as who can read the database copies it."""
    with read_transaction(sealed.engine) as connection:
        return [dict(row) for row in connection.execute(sa.select(tables.envelope)).mappings()]


def stop(step: str) -> None:
    """The worker is stopped when the figures stand and the keys are there still: a lock held on the log is enough."""
    if step == "written":
        raise Stopped


def begun_again(sealed: Sealed, less: bool) -> tuple[Noised, Noised]:
    """What the closing wrote, and what it wrote when it was begun again, with the victim's envelopes or without."""
    sealed.fill({UNIT: 11, "ost-ett": 12})
    others = envelopes(sealed)
    assert sealed.send(UNIT, VICTIM) is Outcome.ACCEPTED
    everybody = envelopes(sealed)
    with pytest.raises(Stopped):
        sealed.close(stop)
    first = written_in(sealed.engine)
    with write_transaction(sealed.engine) as connection:
        for table in WRITTEN:
            connection.execute(sa.delete(table))
        connection.execute(sa.insert(tables.envelope), others if less else everybody)
        connection.execute(sa.update(tables.batch).values(counted=0, pooled=0, destroyed=0, state="open"))
        connection.execute(sa.update(tables.round_).values(state="closing"))
    with suppress(SealBroken):
        sealed.close()
    return first, written_in(sealed.engine)


def told(first: Noised, second: Noised) -> int:
    """How many of seven answers the difference of the two says."""
    said, found = threes_of(VICTIM.answers), 0
    for question in QUESTIONS:
        key = (UNIT, "all", "patient", question)
        if key in second.figures:
            one, other = first.figures[key], second.figures[key]
            left = {name: getattr(one, name) - getattr(other, name) for name in ("yes", "not_yes", "non_substantive")}
            found += left == {name: said[question, name] for name in left}
    return found


def test_it_counts_just_what_it_had_begun_to_count(sealed: Sealed, shown: Shown) -> None:
    first, second = begun_again(sealed, less=True)
    known = told(first, second)
    shown("writer", f"a closing stopped, and begun again with one envelope less; {sealed.engine.dialect.name}",
          f"{known} of 7 answers known", n=7)  # fmt: skip
    assert known == 0 and not second.figures


def test_of_the_same_envelopes_it_writes_the_same(sealed: Sealed) -> None:
    first, second = begun_again(sealed, less=False)
    assert first.figures == second.figures and first.background == second.background


def test_control_where_nothing_is_kept_of_what_it_had_begun_all_seven_are_known(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    monkeypatch.setattr(close_round, "fix_counted", lambda *of: None)
    known = told(*begun_again(sealed, less=True))
    shown("writer", f"the same, and nothing kept of what it had begun; {sealed.engine.dialect.name}",
          f"{known} of 7 answers known", n=7, control=True)  # fmt: skip
    assert known == 7
