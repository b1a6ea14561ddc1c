"""The named queries of what is asked, of whom, by whom: on both databases, as their callers rely on them."""

from datetime import date

import pytest
from sqlalchemy import Engine

from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import RoundError
from survey.store.answers import access_codes, batches, envelopes, used_form_ids
from survey.store.answers.batches import Batch
from survey.store.answers.envelopes import Envelope
from survey.store.core import health, places, rounds
from survey.store.core.health import HealthLine
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.staff import accounts
from tests import factories
from tests.store import rows

ROUND = "host-2026"


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """A database with the small places and a draft round."""
    with write_transaction(engine) as connection:
        factories.furnish(connection, (), factories.make_round(ROUND))
    return engine


def test_every_table_takes_a_row_and_gives_it_back(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        written = rows.fill(connection)
    with read_transaction(engine) as connection:
        assert rows.read(connection) == written


def test_places_come_back_as_they_were(furnished: Engine) -> None:
    with read_transaction(furnished) as connection:
        assert sorted(places.all_places(connection), key=lambda p: p.key) == sorted(
            factories.small_places(), key=lambda p: p.key
        )


def test_places_may_be_saved_children_first_and_again(furnished: Engine) -> None:
    new = [
        Place("lit", "Lit", "unit", "norr", filial_of="lugnvik"),
        Place("lugnvik", "Lugnvik", "unit", "norr", hsa_id="SE2321000214-L1"),
        Place("norr", "Norr", "municipality", factories.REGION),
        Place("ost-ett", "Öst Ett", "unit", "ost", valid_to=date(2026, 1, 1), merged_into="ost-tva"),
    ]
    for _ in range(2):
        with write_transaction(furnished) as connection:
            places.save_places(connection, new)
            places.save_places(connection, [])
    with read_transaction(furnished) as connection:
        here = {place.key: place for place in places.all_places(connection)}
    assert len(here) == 10
    assert [here[each.key] for each in new] == new


def test_a_unit_is_found_by_its_key_only_if_it_is_one(furnished: Engine) -> None:
    with read_transaction(furnished) as connection:
        found = places.unit_by_key(connection, "vast-ett")
        assert found is not None and found.name == "Vast Ett"
        assert places.unit_by_key(connection, factories.WEST) is None
        assert places.unit_by_key(connection, "nowhere") is None


def test_rounds_come_back_as_they_were_oldest_first(furnished: Engine) -> None:
    earlier = factories.make_round("var-2026", opens=date(2026, 3, 2), closes=date(2026, 3, 29))
    with write_transaction(furnished) as connection:
        rounds.add_round(connection, earlier)
    with read_transaction(furnished) as connection:
        assert rounds.rounds(connection) == [earlier, factories.make_round(ROUND)]
        assert rounds.get_round(connection, "var-2026") == earlier
        assert rounds.get_round(connection, "nowhere") is None


def test_a_faulty_round_is_not_kept(furnished: Engine) -> None:
    with pytest.raises(RoundError, match="low_threshold_patient"), write_transaction(furnished) as connection:
        rounds.add_round(connection, factories.make_round("liten", threshold_patient=9))
    with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
        rounds.add_round(connection, factories.make_round(ROUND))


def test_a_round_goes_step_by_step(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        factories.step_to(connection, ROUND, "open")
        rounds.set_state(connection, ROUND, "open")
        assert rounds.lock_round_for_closing(connection, ROUND) == "open"
        assert rounds.lock_round_for_closing(connection, "nowhere") is None
    for wrong in ("opening", "closed", "nonsense"):
        with pytest.raises(RoundError), write_transaction(furnished) as connection:
            rounds.set_state(connection, ROUND, wrong)
    with pytest.raises(RoundError), write_transaction(furnished) as connection:
        rounds.set_state(connection, "nowhere", "opening")


def test_a_unit_is_asked_while_a_round_with_its_batches_is_open(furnished: Engine) -> None:
    days = [date(2026, 9, 13), date(2026, 9, 14), date(2026, 10, 12), date(2026, 10, 13)]

    def asked(unit: str) -> list[bool]:
        with read_transaction(furnished) as connection:
            return [rounds.open_round_for(connection, unit, day) is not None for day in days]

    with write_transaction(furnished) as connection:
        batches.add_batches(connection, [Batch("a" * 32, "vast-ett", ROUND, "patient", "open", b"k" * 32)])
    assert asked("vast-ett") == [False, False, False, False]
    with write_transaction(furnished) as connection:
        factories.step_to(connection, ROUND, "open")
    assert asked("vast-ett") == [False, True, True, False]
    assert asked("vast-tva") == [False, False, False, False]


def test_codes_are_known_and_forgotten(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        access_codes.add(connection, [b"1" * 32, b"2" * 32], "vast-ett", ROUND, "patient")
        access_codes.add(connection, [b"3" * 32], "vast-ett", ROUND, "provider")
        access_codes.add(connection, [], "vast-ett", ROUND, "provider")
        assert access_codes.is_known(connection, b"1" * 32, "vast-ett", ROUND, "patient")
        assert not access_codes.is_known(connection, b"1" * 32, "vast-ett", ROUND, "provider")
        assert not access_codes.is_known(connection, b"1" * 32, "vast-tva", ROUND, "patient")
        assert used_form_ids.remember(connection, b"f" * 32, ROUND) == 1
        assert (access_codes.delete(connection, ROUND), used_form_ids.delete(connection, ROUND)) == (3, 1)
        assert not access_codes.is_known(connection, b"1" * 32, "vast-ett", ROUND, "patient")


def test_envelopes_wait_in_the_order_of_random_ids(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        made = [
            Batch(name * 32, unit, ROUND, "patient", "open", b"k" * 32)
            for name, unit in (("a", "vast-ett"), ("b", "vast-tva"))
        ]
        batches.add_batches(connection, made)
        batches.add_batches(connection, [])
        sent = [Envelope(bytes([n]) * 16, "a" * 32, bytes([n])) for n in (3, 1, 2)]
        envelopes.add_envelopes(connection, sent)
        assert [each.sealed for each in envelopes.envelopes(connection, "a" * 32)] == [b"\x01", b"\x02", b"\x03"]
        assert envelopes.waiting(connection, ROUND) == envelopes.waiting(connection) == {"a" * 32: 3}
        assert envelopes.waiting(connection, "annan") == {}
        assert [len(part) for part in envelopes.sealed_by(connection, "a" * 32, 2)] == [2, 1]
        assert [each.id[0] for each in envelopes.of_round(connection, ROUND)] == [1, 2, 3]
        assert list(envelopes.of_round(connection, "annan")) == []
        assert envelopes.delete_of_round(connection, "annan") == {}
        assert envelopes.delete_of_round(connection, ROUND) == {"a" * 32: 3}
        assert envelopes.waiting(connection) == {}
        batches.settle(connection, "a" * 32, counted=2, pooled=1, destroyed=0)
        found = {batch.id: batch for batch in batches.batches(connection, ROUND)}
        settled = found["a" * 32]
        assert (settled.counted, settled.pooled, settled.state) == (2, 1, "closed")
        assert found["b" * 32] == made[1]
        assert batches.batches(connection) == list(found.values())


def test_an_envelope_needs_its_batch(furnished: Engine) -> None:
    with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
        envelopes.add_envelopes(connection, [Envelope(b"1" * 16, "nowhere", b"x")])


def test_people_are_found_changed_and_closed(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        accounts.add_account(connection, " Anna@Example.org", "hash", "followup", factories.REGION)
        anna = accounts.account_by_email(connection, "anna@example.ORG ")
        assert anna is not None and (anna.role, anna.active) == ("followup", True)
        assert accounts.account_by_uniquifier(connection, anna.fs_uniquifier) == anna
        assert accounts.account_by_email(connection, "nobody@example.org") is None
        accounts.change_sign_in(connection, anna.id, "new", "mark")
        accounts.set_active(connection, anna.id, False)
        (changed,) = accounts.accounts(connection)
        assert (changed.password, changed.fs_uniquifier, changed.active) == ("new", "mark", False)
        with pytest.raises(ValueError):
            accounts.add_account(connection, "eva@example.org", "hash", "chief", factories.REGION)
    with pytest.raises(DatabaseConflict), write_transaction(furnished) as connection:
        accounts.add_account(connection, "ANNA@example.org", "hash", "unit", factories.REGION)


def test_a_person_may_be_set_again(furnished: Engine) -> None:
    with write_transaction(furnished) as connection:
        accounts.set_account(connection, "anna@example.org", "hash", "unit", "vast-ett")
        first = accounts.account_by_email(connection, "anna@example.org")
        accounts.set_account(connection, "Anna@example.org", "other", "followup", factories.REGION)
        (again,) = accounts.accounts(connection)
    assert first is not None and again.id == first.id and again.fs_uniquifier != first.fs_uniquifier
    assert (again.password, again.role, again.place) == ("other", "followup", factories.REGION)


def test_health_keeps_the_latest_line_of_each_check(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        health.write(connection, [HealthLine("sums", True), HealthLine("keys", True)])
        health.write(connection, [HealthLine("sums", False, "1 batch")])
        health.write(connection, [])
        assert health.lines(connection) == [HealthLine("keys", True), HealthLine("sums", False, "1 batch")]
