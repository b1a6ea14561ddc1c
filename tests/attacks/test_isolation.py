"""Who can write to the database leaves one answer alone in a crowd that they know, and reads it by subtraction.

By taking the others' envelopes away, or spoiling them, and putting in as many of their own, or copies of the one. Noise
alone would not stop it: twelve copies of an answer stand out of it. The control is a house that neither notes what it
has seen nor asks for the mark of an envelope.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from survey.domain.questions.responses import SIZE, Response, pack
from survey.sealing.checks.watch import watch
from survey.sealing.intake import envelope
from survey.sealing.intake.submit import Outcome
from survey.sealing.rounds import noising, noted
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.noted import SealBroken
from survey.store import tables
from survey.store.answers import batches, envelopes
from survey.store.answers.envelopes import Envelope
from survey.store.database.engine import read_transaction, write_transaction
from tests.attacks.full import Shown
from tests.attacks.writing import UNIT, batch_of, is_red, take_away
from tests.denoised import THREE, threes_of
from tests.sealed import ROUND, Sealed, make_sealed, responses

SEED = 7
BATCH = tables.batch.c


@pytest.fixture
def sealed(engine: Engine, tmp_path: Path) -> Sealed:
    return make_sealed(engine, tmp_path)


def fakes(sealed: Sealed, connection: Connection, own: batches.Batch, many: int) -> list[Response]:
    """As many envelopes as are missing, sealed to the batch's key as anybody can, with answers that one knows."""
    known = responses(many, seed="fakes")
    key = envelope.public_key(own.public_key)
    made = [
        Envelope(secrets.token_bytes(16), own.id, envelope.seal(pack(each) + bytes(envelope.MAC_SIZE), key, own.id))
        for each in known
    ]
    envelopes.add_envelopes(connection, made)
    connection.execute(sa.update(tables.batch).where(BATCH.id == own.id).values(accepted=many + 1))
    return known


def copies(sealed: Sealed, connection: Connection, own: batches.Batch, many: int) -> list[Response]:
    """The victim's own envelope again and again: the counts are then a multiple of what it says."""
    (victim,) = envelopes.envelopes(connection, own.id)
    envelopes.add_envelopes(connection, [victim._replace(id=secrets.token_bytes(16)) for _ in range(many)])
    connection.execute(sa.update(tables.batch).where(BATCH.id == own.id).values(accepted=many + 1))
    return []


def isolate(sealed: Sealed, fill: Callable[..., list[Response]], how: Callable[[Connection, bytes], None]) -> int:
    """Leave one envelope of a batch of twelve, make up a crowd, and close: how many of seven answers are known then."""
    victim = responses(1, seed="victim")[0]
    sealed.fill({UNIT: 11})
    with read_transaction(sealed.engine) as connection:
        before = {each.id for each in envelopes.envelopes(connection, batch_of(connection).id)}
    assert sealed.send(UNIT, victim) is Outcome.ACCEPTED
    for _ in range(2):
        watch(sealed.engine, sealed.volumes)
    with write_transaction(sealed.engine) as connection:
        own = batch_of(connection)
        for id_ in before:
            how(connection, id_)
        known = fill(sealed, connection, own, 11)
    with suppress(SealBroken):
        close_round(sealed.engine, sealed.volumes, ROUND)
    return sum(threes_of(victim.answers)[told] for told in told_of(sealed, known))


def told_of(sealed: Sealed, known: list[Response]) -> Iterator[tuple[str, str]]:
    """What the figures say of the one answer that is not known, as far as they can: what is left most of."""
    if (UNIT, "patient", "open") not in sealed.totals():
        return
    for row in (each for each in sealed.counted()[0] if (each["place"], each["role"]) == (UNIT, "patient")):
        left = Counter({name: row[name] for name in THREE})
        said = Counter(pair for each in known for pair in threes_of(each.answers))
        left.subtract({name: said[row["question"], name] for name in THREE})
        yield row["question"], max(left, key=left.__getitem__)


def spoil(connection: Connection, id_: bytes) -> None:
    """Leave the row, with its id, and put nonsense into it."""
    nonsense = secrets.token_bytes(envelope.LENGTH)
    connection.execute(sa.update(tables.envelope).where(tables.envelope.c.id == id_).values(sealed=nonsense))


FILLS, HOWS = {"fakes": fakes, "copies": copies}, {"deleted": take_away, "spoilt": spoil}


@pytest.mark.parametrize(("fill", "how"), [("fakes", "deleted"), ("copies", "deleted"), ("fakes", "spoilt")])
def test_one_answer_cannot_be_left_alone_in_a_crowd(sealed: Sealed, fill: str, how: str, shown: Shown) -> None:
    known = isolate(sealed, FILLS[fill], HOWS[how])
    said = is_red(sealed)
    shown("isolation", f"others {how}, {fill} put in; {sealed.engine.dialect.name}", f"{known} of 7 answers known",
          seed=SEED)  # fmt: skip
    assert known == 0 and not sealed.totals()
    assert "vanished or are not as they were: 11" in said
    with pytest.raises(SealBroken, match="not as they were: 11"):
        sealed.close()


@pytest.mark.parametrize("fill", FILLS)
def test_what_was_never_noted_makes_no_crowd_either(sealed: Sealed, fill: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noted, "_keep", lambda *of: None)  # the attack came between two turns
    assert isolate(sealed, FILLS[fill], take_away) == 0
    assert not sealed.totals()


@pytest.mark.parametrize("fill", FILLS)
def test_control_without_note_and_mark_one_answer_is_known(
    sealed: Sealed, fill: str, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    monkeypatch.setattr(noted, "_keep", lambda *of: None)
    monkeypatch.setattr(
        envelope, "open_response", lambda sealed, key, batch, *_: envelope.open_(sealed, key, batch)[:SIZE]
    )
    if fill == "fakes":
        # Copies of one answer stand out of any noise; one answer among known ones does not, unless there is none.
        monkeypatch.setattr(noising, "draw_three", lambda bits, epsilon: (0, 0, 0))
    known = isolate(sealed, FILLS[fill], take_away)
    shown("isolation", f"neither noted nor marked, {fill}; {sealed.engine.dialect.name}",
          f"{known} of 7 answers known", seed=SEED, control=True)  # fmt: skip
    assert known >= 6
