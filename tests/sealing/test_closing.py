"""What is opened is opened in a crowd and counted rightly; the rest is never opened; nothing else stays.

Exact counts are had again here by the round's dice, which are taken before it closes (`tests.denoised`).
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.responses import Response
from survey.domain.rounds.lifecycle import RoundError
from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.checks.watch import watch
from survey.sealing.intake import envelope
from survey.sealing.intake.submit import Outcome
from survey.sealing.rounds import decryption
from survey.sealing.rounds.close_round import close_round
from survey.store import tables
from survey.store.answers import envelopes
from survey.store.answers.batches import Batch
from survey.store.answers.envelopes import Envelope
from survey.store.channels import issued_codes, outbox
from survey.store.channels.outbox import OutboxMessage
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from tests.denoised import Figures, closed, threes_of
from tests.factories import make_round
from tests.sealed import ROUND, Sealed, make_sealed, responses


def numbers(batch: Batch) -> tuple[int, int, int]:
    return batch.counted, batch.pooled, batch.destroyed


def test_every_answer_is_counted_once_where_it_was_opened(sealed: Sealed) -> None:
    invented = responses(60, seed="counts")
    for response in invented:
        sealed.send("vast-ett", response)
    exact = closed(sealed)
    assert {key[0] for key in exact.opened()} == {"vast-ett"}
    assert exact.answered == {("vast-ett", "patient", "open"): 60}
    for question in QUESTIONS:
        expected = counts(invented, question)
        # Nobody else answered, so all above copy the unit's; the whole collection mode is the same persons too.
        assert [exact.of(place, question) for place in ("vast-ett", "vast", "regionen")] == [expected] * 3
        assert exact.of("ost-ett", question) == exact.of("vast-ett", question, "provider") == nobody()
        for grouping in ("gender_age", "language", "help"):
            some = [each for key, each in exact.groups.items() if (key[0], key[2]) == (grouping, question)]
            assert {name: sum(each[name] for each in some) for name in expected} == expected


def counts(some: list[Response], question: str) -> Figures:
    found = sum((threes_of(each.answers) for each in some), Counter[tuple[str, str]]())
    return {name: found[question, name] for name in ("yes", "not_yes", "non_substantive")}


def nobody() -> Figures:
    return {"yes": 0, "not_yes": 0, "non_substantive": 0}


def test_nothing_but_counts_stays(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12, "ost-ett": 3})
    watch(sealed.engine, sealed.volumes)
    sealed.close()
    assert sealed.waiting() == 0
    assert [list(folder.iterdir()) for folder in sealed.volumes.private_folders] == [[]]
    assert all(line.ok for line in reconcile(sealed.engine))
    with read_transaction(sealed.engine) as connection:
        found = rounds.get_round(connection, ROUND)
    assert found is not None and found.state == "closed"
    assert json.loads(found.tree)["vast-ett"] == ["unit", "vast"]
    assert len(sealed.volumes.pepper_of(ROUND)) == 32


def test_what_was_sealed_stands_in_no_file_of_sqlites_either(
    sqlite_url: str, open_engine: Callable[..., Engine], tmp_path: Path
) -> None:
    sealed = make_sealed(open_engine(sqlite_url), tmp_path)
    sealed.fill({"vast-ett": 12})
    with read_transaction(sealed.engine) as connection:
        some = [each.sealed[:32] for each in envelopes.of_round(connection, ROUND)]
    files = [tmp_path / "survey.sqlite", tmp_path / "survey.sqlite-wal"]

    def stand() -> int:
        return sum(piece in b"".join(path.read_bytes() for path in files) for piece in some)

    assert stand() == 24
    sealed.close()
    assert stand() == 0


def test_messages_that_still_wait_go_unread_and_are_told_as_not_delivered(sealed: Sealed) -> None:
    where = {"unit": "vast-ett", "round": ROUND, "role": "patient", "channel": "mail"}
    with write_transaction(sealed.engine) as connection:
        issued_codes.add(connection, 3, **where)
        outbox.add(connection, [OutboxMessage(bytes([n]) * 16, **where, sealed=b"sealed") for n in range(2)])
    sealed.close()
    with read_transaction(sealed.engine) as connection:
        assert outbox.count_of_round(connection, ROUND) == {}
        (count,) = issued_codes.of_unit(connection, "vast-ett", ROUND).values()
    assert (count.n, count.refused) == (3, 2)


def test_a_database_from_before_the_closing_takes_no_more_answers(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 12})
    sealed.close()
    with write_transaction(sealed.engine) as connection:
        connection.execute(sa.update(tables.round_).values(state="open"))
        connection.execute(sa.update(tables.batch).values(state="open"))
    assert sealed.send("vast-ett", responses(1)[0]) is Outcome.CLOSED


def test_units_under_the_threshold_join_upwards_and_say_what_moved(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 16, "vast-tva": 7, "ost-ett": 6, "ost-tva": 5})
    sealed.close()
    assert sealed.totals() == {
        ("vast-ett", "patient", "open"): 14,
        ("regionen", "patient", "open"): 10,
        ("ost", "patient", "open"): 10,
    }
    found = sealed.batches()
    assert {
        unit: numbers(found[unit, "patient", "open"]) for unit in ("vast-ett", "vast-tva", "ost-ett", "ost-tva")
    } == {
        "vast-ett": (14, 2, 0),
        "vast-tva": (0, 7, 0),
        "ost-ett": (0, 6, 0),
        "ost-tva": (0, 5, 0),
    }


def test_roles_and_channel_classes_never_meet(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 9}, channel="invited")
    sealed.fill({"vast-ett": 9}, channel="open")
    sealed.fill({"vast-ett": 10}, channel="paper")
    sealed.fill({"vast-ett": 5}, role="provider", channel="invited")
    sealed.fill({"vast-ett": 4}, role="provider", channel="open")
    sealed.close()
    assert sealed.totals() == {
        ("vast-ett", "patient", "paper"): 10,
        ("vast-ett", "provider", "invited"): 5,
    }
    found = sealed.batches()
    assert numbers(found["vast-ett", "patient", "invited"]) == (0, 0, 9)
    assert numbers(found["vast-ett", "provider", "open"]) == (0, 0, 4)


@pytest.mark.parametrize("rest", [1, 5, 9])
def test_fewer_than_a_crowd_in_the_region_are_destroyed_unopened(
    sealed: Sealed, rest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed.fill({"vast-ett": rest})
    opened: list[bytes] = []
    monkeypatch.setattr(decryption.envelope, "open_", lambda *given: opened.append(given[0]) or b"")
    sealed.close()
    assert not opened and not sealed.totals() and sealed.background_size() == 0
    assert numbers(sealed.batches()["vast-ett", "patient", "open"]) == (0, 0, rest)


def test_the_threshold_is_the_rounds_own(engine: Engine, tmp_path: Path) -> None:
    sealed = make_sealed(engine, tmp_path, threshold_patient=15, threshold_provider=7)
    sealed.fill({"vast-ett": 14, "vast-tva": 16, "ost-ett": 15})
    sealed.fill({"vast-ett": 6}, role="provider")
    sealed.close()
    assert set(sealed.totals().items()) == {((p, "patient", "open"), 15) for p in ("vast-tva", "ost-ett", "regionen")}


@pytest.mark.parametrize(("size", "opened"), [(49, 0), (50, 50)])
def test_second_envelopes_are_opened_from_fifty(sealed: Sealed, size: int, opened: int) -> None:
    sealed.fill({"vast-ett": size})
    sealed.close()
    assert sealed.background_size() == opened
    assert numbers(sealed.batches()["regionen", "patient", "bg-open"]) == (opened, 0, size - opened)


def test_a_higher_threshold_than_fifty_holds_for_the_second_envelopes_too(engine: Engine, tmp_path: Path) -> None:
    sealed = make_sealed(engine, tmp_path, threshold_patient=60)
    sealed.fill({"vast-ett": 55})
    sealed.close()
    assert not sealed.totals() and sealed.background_size() == 0


def test_an_unreadable_envelope_is_destroyed_and_the_second_ones_with_it(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 60})
    own = sealed.batches()["vast-ett", "patient", "open"]
    with write_transaction(sealed.engine) as connection:
        some = connection.scalar(sa.select(tables.envelope.c.id).where(tables.envelope.c.batch == own.id).limit(1))
        connection.execute(sa.update(tables.envelope).where(tables.envelope.c.id == some).values(sealed=b"x" * 96))
    sealed.close()
    assert numbers(sealed.batches()["vast-ett", "patient", "open"]) == (59, 0, 1)
    # Counted, the second envelopes would give the sixtieth person's answers as a difference.
    assert sealed.background_size() == 0
    assert all(line.ok for line in reconcile(sealed.engine))


def test_unreadable_envelopes_do_not_make_a_crowd(sealed: Sealed) -> None:
    sealed.fill({"vast-ett": 9})
    own = sealed.batches()["vast-ett", "patient", "open"]
    key = envelope.public_key(own.public_key)
    with write_transaction(sealed.engine) as connection:
        planted = [Envelope(bytes([n]) * 16, own.id, envelope.seal(b"x" * 48, key, own.id)) for n in range(5)]
        envelopes.add_envelopes(connection, planted)
    sealed.close()
    assert not sealed.totals()
    assert numbers(sealed.batches()["vast-ett", "patient", "open"]) == (0, 0, 14)


def test_a_round_that_was_never_open_is_refused(engine: Engine, sealed: Sealed) -> None:
    with write_transaction(engine) as connection:
        for key in ("draft", "opening"):
            rounds.add_round(connection, make_round(key))
        rounds.set_state(connection, "opening", "opening")
    for key in ("draft", "opening", "nowhere"):
        with pytest.raises(RoundError):
            close_round(engine, sealed.volumes, key)


def test_an_empty_round_closes(sealed: Sealed) -> None:
    sealed.close()
    assert not sealed.totals() and sealed.volumes.private_rounds() == set()


@pytest.mark.parametrize("unreadable", [False, True])
def test_second_envelopes_of_others_than_the_counted_stay_closed(sealed: Sealed, unreadable: bool) -> None:
    def one_of(connection: sa.Connection, batch: Batch) -> bytes:
        return connection.scalars(sa.select(tables.envelope.c.id).where(tables.envelope.c.batch == batch.id)).all()[0]

    sealed.fill({"vast-ett": 60})
    found = sealed.batches()
    own, second = found["vast-ett", "patient", "open"], found["regionen", "patient", "bg-open"]
    with write_transaction(sealed.engine) as connection:
        # One is missing; and where an answer can't be read either, the two numbers are the same again.
        connection.execute(sa.delete(tables.envelope).where(tables.envelope.c.id == one_of(connection, second)))
        if unreadable:
            one = tables.envelope.c.id == one_of(connection, own)
            connection.execute(sa.update(tables.envelope).where(one).values(sealed=b"x" * 96))
    sealed.close()
    assert sealed.totals() == {("vast-ett", "patient", "open"): 60 - unreadable}
    assert sealed.background_size() == 0
