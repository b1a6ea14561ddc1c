"""Sealed messages: the worker alone can read the address and the code in them, until they are sent.

For the unit's page, which puts them in, and the worker, which takes them out. Codes and messages commit together, so
none is lost and none is made twice; after a message has gone nothing joins its address and its code.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from survey.channels.transport.messages import Message, unpack
from survey.domain.rounds import access_codes
from survey.domain.rounds.lifecycle import RoundError
from survey.sealing.intake import envelope
from survey.sealing.intake.allowance import check_allowance
from survey.sealing.keys.key_volumes import OUTBOX_KEY, KeyVolumes
from survey.sealing.keys.keyed_hash import hash_of_code
from survey.sealing.keys.registry import KeysChanged, registry_of
from survey.store.answers import access_codes as code_hashes
from survey.store.channels import issued_codes, outbox
from survey.store.channels.outbox import OutboxMessage
from survey.store.core import rounds
from survey.store.database.engine import write_transaction

_STEP = 512
_LENGTH = 4
Compose = Callable[[str], Message]


class StillSending(Exception):
    """A new list while the unit's last one has not been sent yet."""


@dataclass(frozen=True)
class Mailing:
    """A list of messages: its unit, round, role and channel."""

    unit: str
    round: str
    role: str
    channel: str


def enqueue(
    engine: Engine,
    volumes: KeyVolumes,
    mailing: Mailing,
    compose: Sequence[Compose],
    *,
    coded: bool = True,
    note: Callable[[Connection], None] | None = None,
) -> None:
    """Make a code for each message, or none for a reminder, and store the sealed messages.

    `note` logs who handed them in, in the same transaction.

    Raises RoundError when the round is not open, StillSending when messages of this unit wait for the same channel,
    and AllowanceExceeded when there are more codes than the unit's staff need.
    """
    pepper = volumes.pepper_of(mailing.round)
    made = [access_codes.make_code() if coded else "" for _ in compose]
    messages = [each(code) for each, code in zip(compose, made, strict=True)]
    named = vars(mailing)
    with write_transaction(engine) as connection:
        public = _key(connection, volumes, mailing.round)
        check_allowance(connection, len(made) if coded else 0, **named)
        # The row of the counts is locked first: a second press of the button waits here, and then finds the list.
        issued_codes.add(connection, len(made) if coded else 0, **named)
        if (mailing.role, mailing.channel) in outbox.count_of_unit(connection, mailing.unit, mailing.round):
            raise StillSending
        hashes = [hash_of_code(pepper, code) for code in made if code]
        code_hashes.add(connection, hashes, mailing.unit, mailing.round, mailing.role)
        waiting = [(secrets.token_bytes(16), message) for message in messages]
        outbox.add(
            connection,
            [OutboxMessage(name, **named, sealed=_seal(public, name, each)) for name, each in waiting],
        )
        if note:
            note(connection)


def open_message(volumes: KeyVolumes, waiting: OutboxMessage) -> Message:
    """Open a waiting message; for the worker, which has the key."""
    key = envelope.private_key(volumes.private_key(waiting.round, OUTBOX_KEY))
    content = envelope.open_(waiting.sealed, key, waiting.id.hex())
    length = int.from_bytes(content[:_LENGTH])
    return unpack(content[_LENGTH : _LENGTH + length])


def _key(connection: Connection, volumes: KeyVolumes, round_key: str) -> bytes:
    found, public = rounds.get_round(connection, round_key), outbox.key(connection, round_key)
    if found is None or found.state != "open" or public is None:
        raise RoundError(round_key, "not_open")
    if public != registry_of(volumes, round_key).outbox_key:
        # Who can write to the database could else read whom messages go to, and with which code.
        raise KeysChanged("the key of waiting messages is not as it was made")
    return public


def _seal(public: bytes, name: bytes, message: Message) -> bytes:
    content = message.pack()
    content = len(content).to_bytes(_LENGTH) + content
    # In steps, so that the length of an address does not show.
    padded = content.ljust(-(-len(content) // _STEP) * _STEP, b"\0")
    return envelope.seal(padded, envelope.public_key(public), name.hex())
