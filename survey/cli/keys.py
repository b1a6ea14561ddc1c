"""`flask keys`: a round's keys on several hosts. Run it as the worker's account.

They go by a pipe from host to host, `keys send | ssh HOST … keys receive`: encrypted on the way by SSH, and never in a
file but on a key volume.
"""

import os
import stat
import sys

import click
from flask.cli import AppGroup

from survey.domain.rounds.lifecycle import ASKING, OVER, Round
from survey.sealing.keys.handing_over import KeysDiffer, RoundKeys, keep, keys_here, packed, unpacked
from survey.sealing.keys.key_storage import KeysRefused, prepare_volumes, refuse_shared_device
from survey.store.answers import batches
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from survey.web.request import services

command = AppGroup("keys", help="Hand a round's keys to other hosts, and say what this one has.")


@command.command("send")
@click.option("--private", is_flag=True, help="The private keys too: to a host whose worker may take over.")
def send_command(private: bool) -> None:
    """Write the keys of all rounds that have any here to a pipe, for `keys receive` on another host."""
    if not _is_pipe(sys.stdout.fileno()):
        raise click.ClickException("Keys go into a pipe alone: … keys send | ssh HOST … keys receive")
    for round_ in _known():
        found = keys_here(services.volumes(), round_.key, private=private and round_.state in ASKING)
        if found.pepper and found.registry:
            click.echo(packed(found))


@command.command("receive")
def receive_command() -> None:
    """Keep what `keys send` writes on another host; what is here already stays."""
    known = {round_.key for round_ in _known()}
    try:
        refuse_shared_device(services.settings(), services.engine())
        volumes = prepare_volumes(services.settings())
        for line in sys.stdin:
            keys = unpacked(line)
            if keys.round not in known:
                raise click.ClickException(f"This database has no ongoing round {keys.round}.")
            new = keep(volumes, keys)
            click.echo(f"{keys.round}: {new} new. {_line(keys_here(volumes, keys.round))}")
    except (KeysRefused, KeysDiffer, ValueError) as refused:
        raise click.ClickException(str(refused)) from None


@command.command("status")
def status_command() -> None:
    """Say what this host has of each round that needs keys; exit status 1 when the web's are missing.

    The letters and digits are the same on all hosts that have the same keys.
    """
    missing = False
    for round_ in _known():
        found = keys_here(services.volumes(), round_.key)
        click.echo(f"{round_.key}: {_line(found)}")
        missing |= round_.state in ("open", "closing") and not (found.pepper and found.registry)
    sys.exit(1 if missing else 0)


def _known() -> list[Round]:
    with read_transaction(services.engine()) as connection:
        return [each for each in rounds.rounds(connection) if each.state in (*ASKING, *OVER)]


def _line(found: RoundKeys) -> str:
    web = f"the web's {found.fingerprint}" if found.pepper and found.registry else "the web's MISSING"
    with read_transaction(services.engine()) as connection:
        wanted = set(batches.batch_ids(connection, found.round))
    have = len(wanted & found.private.keys())
    if not have:
        return f"{web}, no private keys"
    return f"{web}, private {found.private_fingerprint} ({have} of {len(wanted)} batches)"


def _is_pipe(descriptor: int) -> bool:
    kind = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)
