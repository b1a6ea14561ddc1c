"""One code or form id, one answer; what is kept is sealed; nothing enters a round that is being opened."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.questions.responses import Background, Response
from survey.domain.rounds.access_codes import grouped, make_code, normalise
from survey.sealing.intake import envelope
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.keys.key_volumes import KeysMissing
from survey.sealing.keys.registry import KeysChanged, RegisteredBatch, register, registry_of
from survey.store import tables
from survey.store.answers import batches
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.sealed import ROUND, Sealed, a_response, make_sealed, responses

UNIT, OTHER_UNIT = "vast-ett", "vast-tva"


def kept(sealed: Sealed) -> Counter[tuple[str, str, str]]:
    """How many envelopes wait, by place, role and channel; the counters must say the same."""
    with read_transaction(sealed.engine) as connection:
        found = batches.batches(connection)
        rows = connection.execute(sa.select(tables.envelope)).all()
    names = {batch.id: (batch.place, batch.role, batch.collection_mode) for batch in found}
    waiting = Counter(names[row.batch] for row in rows)
    assert waiting == Counter({names[batch.id]: batch.accepted for batch in found if batch.accepted})
    assert {len(row.sealed) for row in rows} <= {envelope.LENGTH}
    return waiting


def repeats(sealed: Sealed) -> int:
    with read_transaction(sealed.engine) as connection:
        return sum(batch.duplicates for batch in batches.batches(connection))


def test_a_residents_answer_is_two_envelopes_and_a_providers_one(sealed: Sealed) -> None:
    (code,) = sealed.codes(UNIT)
    (slip,) = sealed.codes(UNIT, role="provider")
    assert sealed.send(UNIT, a_response(), code) is Outcome.ACCEPTED
    assert sealed.send(UNIT, Response("patient", {})) is Outcome.ACCEPTED
    assert sealed.send(UNIT, a_response(), channel="paper") is Outcome.ACCEPTED
    assert sealed.send(UNIT, a_response("provider"), slip) is Outcome.ACCEPTED
    assert kept(sealed) == {
        (UNIT, "patient", "invited"): 1,
        (UNIT, "patient", "open"): 1,
        (UNIT, "patient", "paper"): 1,
        (UNIT, "provider", "invited"): 1,
        ("regionen", "patient", "bg-invited"): 1,
        ("regionen", "patient", "bg-open"): 1,
        ("regionen", "patient", "bg-paper"): 1,
    }


def test_a_second_try_changes_nothing_and_is_counted(sealed: Sealed) -> None:
    (code,) = sealed.codes(UNIT)
    assert sealed.send(UNIT, a_response(), code) is Outcome.ACCEPTED
    once = kept(sealed)
    assert sealed.send(UNIT, Response("patient", {}), normalise(f"#{grouped(code).lower()}")) is Outcome.REPEATED
    same = sealed.submission(UNIT, a_response())
    assert accept(sealed.engine, sealed.volumes, same) is Outcome.ACCEPTED
    assert accept(sealed.engine, sealed.volumes, same) is Outcome.REPEATED
    assert kept(sealed) - once == {(UNIT, "patient", "open"): 1, ("regionen", "patient", "bg-open"): 1}
    assert repeats(sealed) == 2


def test_a_code_is_good_only_where_it_was_made_for(sealed: Sealed) -> None:
    (code,) = sealed.codes(UNIT)
    attempts = [
        (OTHER_UNIT, a_response(), code),
        (UNIT, a_response("provider"), code),
        (UNIT, a_response(), make_code()),
        (UNIT, a_response(), "not a code"),
        (UNIT, a_response(), code[:-1] + ("0" if code[-1] != "0" else "1")),
    ]
    assert {sealed.send(*attempt) for attempt in attempts} == {Outcome.UNKNOWN_CODE}
    assert not kept(sealed) and not repeats(sealed)
    assert sealed.send(UNIT, a_response(), code) is Outcome.ACCEPTED


def test_a_code_decides_the_channel_and_a_form_id_never_makes_one_invited(sealed: Sealed) -> None:
    (code,) = sealed.codes(UNIT)
    assert sealed.send(UNIT, a_response(), code, channel="paper") is Outcome.ACCEPTED
    assert (UNIT, "patient", "invited") in kept(sealed)
    with pytest.raises(ValueError, match="belong together"):
        sealed.send(UNIT, a_response(), channel="invited")


def test_a_submission_has_a_mark_of_its_own() -> None:
    with pytest.raises(ValueError, match="a code or a form id"):
        Submission(UNIT, ROUND, "patient", a_response())


@pytest.mark.parametrize("state", ["closing", "closed"])
def test_nothing_enters_once_the_round_stops_although_the_batch_is_remembered(sealed: Sealed, state: str) -> None:
    (code,) = sealed.codes(UNIT)
    assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED
    before = kept(sealed)
    with write_transaction(sealed.engine) as connection:
        for step in ("closing", "closed")[: 1 + (state == "closed")]:
            rounds.set_state(connection, ROUND, step)
    assert sealed.send(UNIT, a_response(), code) is Outcome.CLOSED
    assert sealed.send(UNIT, a_response()) is Outcome.CLOSED
    assert kept(sealed) == before and not repeats(sealed)


def test_a_unit_or_round_that_is_not_asked_is_closed(sealed: Sealed) -> None:
    assert sealed.send("ingenstans", a_response()) is Outcome.CLOSED
    elsewhere = replace(sealed.submission(UNIT, a_response()), round="var-2020")
    assert accept(sealed.engine, sealed.volumes, elsewhere) is Outcome.CLOSED


def test_a_remembered_batch_that_was_replaced_is_looked_up_again(sealed: Sealed) -> None:
    assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED
    made = registry_of(sealed.volumes, ROUND)
    turned = tuple(replace(each, id=each.id[::-1]) for each in made.batches)
    register(sealed.volumes, ROUND, replace(made, batches=turned))
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.delete(tables.envelope))
        for batch in batches.batches(connection):
            connection.execute(
                sa.update(tables.batch).where(tables.batch.c.id == batch.id).values(id=batch.id[::-1], accepted=0)
            )
    assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED
    assert sum(kept(sealed).values()) == 2


def test_a_closed_batch_takes_nothing(sealed: Sealed) -> None:
    assert sealed.send(UNIT, a_response()) is Outcome.ACCEPTED
    with write_transaction(sealed.engine) as connection:
        own = batches.public_batch(connection, ROUND, UNIT, "patient", "open")
        assert own is not None
        batches.settle(connection, own[0], counted=0, pooled=0, destroyed=1)
    assert sealed.send(UNIT, a_response()) is Outcome.CLOSED


CHANGED: dict[str, Callable[[RegisteredBatch], RegisteredBatch | None]] = {
    "another key": lambda made: replace(made, public_key=b"k" * 32),
    "another batch": lambda made: replace(made, id="b" * 32),
    "never made": lambda made: None,
}


@pytest.mark.parametrize("channel", ["open", "bg-open"])
@pytest.mark.parametrize("what", CHANGED)
def test_nothing_is_sealed_to_what_the_worker_has_not_made(sealed: Sealed, what: str, channel: str) -> None:
    made = registry_of(sealed.volumes, ROUND)
    changed = (CHANGED[what](each) if each.collection_mode == channel else each for each in made.batches)
    register(sealed.volumes, ROUND, replace(made, batches=tuple(each for each in changed if each)))
    with pytest.raises(KeysChanged):
        sealed.send(UNIT, a_response())
    assert not kept(sealed)


def test_without_its_pepper_nothing_is_accepted(sealed: Sealed) -> None:
    sealed.volumes.erase_pepper(ROUND)
    with pytest.raises(KeysMissing):
        sealed.send(UNIT, a_response())
    assert not kept(sealed)


def test_nothing_of_the_answer_stands_in_a_row(sealed: Sealed) -> None:
    (code,) = sealed.codes(UNIT)
    answers = Response("patient", {"trygghet": "dont_know"}, Background("woman", "80+", "sv-x-lattlast", "alone"))
    sealed.send(UNIT, answers, code)
    form = sealed.submission(UNIT, answers)
    accept(sealed.engine, sealed.volumes, form)
    with read_transaction(sealed.engine) as connection:
        written = b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in tables.metadata.sorted_tables
            for row in connection.execute(sa.select(table))
            for value in row
        )
    for word in (code, code.lower(), form.form_id or "", "dont_know", "lattlast", "80+"):
        assert word.encode() not in written


def test_every_answer_pattern_leaves_rows_of_one_size(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    for response in [*responses(20), Response("patient", {})]:
        assert sealed.send(UNIT, response) is Outcome.ACCEPTED
    assert sum(kept(sealed).values()) == 42


def test_where_a_sheet_is_sealed_to_is_looked_up_once(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    found = batches.public_batch
    monkeypatch.setattr(batches, "public_batch", lambda *asked: looked.append(asked) or found(*asked))
    assert [sealed.send(UNIT, a_response()) for _ in range(3)] == [Outcome.ACCEPTED] * 3
    assert len(looked) == 1


def test_a_resident_is_not_asked_where_no_second_envelope_can_go(sealed: Sealed) -> None:
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.delete(tables.batch).where(tables.batch.c.collection_mode == "bg-open"))
    assert sealed.send(UNIT, a_response()) is Outcome.CLOSED
    assert sealed.send(UNIT, a_response("provider")) is Outcome.ACCEPTED


def test_without_a_code_the_link_is_open_and_every_id_has_one_length(sealed: Sealed) -> None:
    assert Submission(UNIT, ROUND, "patient", a_response(), form_id="f").collection_mode == "open"
    sealed.send(UNIT, a_response())
    with read_transaction(sealed.engine) as connection:
        assert {len(row.id) for row in connection.execute(sa.select(tables.envelope))} == {16}
