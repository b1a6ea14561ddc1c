"""Hosts lost, killed and cut off under a crowd with double taps: who was thanked has an answer that is stored, once.

Three database hosts and two app hosts, each in a network namespace, as deploy/ has them. The primary's server is killed
(kill -9), its host is lost with all that runs there, its network is cut, an app host is lost; each again and again, and
each time it is measured how long nobody is thanked. A last one falls behind before its primary is lost. The control
replicates without waiting: what it thanked for while the others lagged is gone.
"""

import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise

import pytest

from survey.sealing.checks.reconciliation import reconcile
from survey.store.maintenance.data_folder import DataFolder, data_folder
from tests.attacks.crowd import Crowd, faults, stored
from tests.attacks.full import FULL, Shown, sized
from tests.attacks.history import THANKED, breaches, kept, quantile
from tests.cluster.network import Host
from tests.cluster.whole import Whole, whole

pytestmark = [pytest.mark.xdist_group("web"), pytest.mark.slow]
TIMES = sized(1, 10)
BETWEEN, AFTERWARDS = sized(20, 60), sized(10, 30)
BACK_WITHIN = 15.0
WITHIN = 120.0
SEED = 11
ASYNCHRONOUS = {"synchronous_mode: true": "synchronous_mode: false", "_mode_strict: true": "_mode_strict: false"}


def kill_the_server(hosts: Whole, primary: Host) -> None:
    """kill -9 of the primary's PostgreSQL; Patroni is there to see it."""
    hosts.databases.kill_postgres(primary)


def lose_the_primary(hosts: Whole, primary: Host) -> None:
    """The primary's host is gone, with all that ran there."""
    primary.lose()


def lose_it_for_a_moment(hosts: Whole, primary: Host) -> None:
    """The same, and it is back as its place in etcd runs out: two may think that they have it."""
    primary.lose()
    time.sleep(random.Random(time.monotonic()).uniform(4.0, 9.0))
    primary.join()
    hosts.databases.start([primary])


def cut_the_primary(hosts: Whole, primary: Host) -> None:
    """The primary's host is cut from the network, and all on it runs on."""
    primary.cut()


def lose_an_app(hosts: Whole, primary: Host) -> None:
    """An app host is gone."""
    random.Random(SEED).choice(hosts.apps).host.lose()


DEEDS: Mapping[str, Callable[[Whole, Host], None]] = {
    "the primary's server killed": kill_the_server,
    "the primary's host lost": lose_the_primary,
    "the primary's host lost and back within seconds": lose_it_for_a_moment,
    "the primary cut from the network": cut_the_primary,
    "an app host lost": lose_an_app,
}
SHORT = ("the primary's host lost", "an app host lost")


def longest_silence(crowd: Crowd, since: float) -> float:
    """The longest that nobody was thanked, from a moment on."""
    heard = sorted(each.heard for each in list(crowd.told) if each.status == THANKED and each.heard > since)
    return max(later - before for before, later in pairwise([since, *heard]))


def thanked_again(crowd: Crowd, since: float, number: int) -> None:
    """Wait until so many have been thanked for what they sent after a moment."""
    end = time.monotonic() + WITHIN
    while sum(each.status == THANKED and each.pressed > since for each in list(crowd.told)) < number:
        assert time.monotonic() < end and not crowd.failed, f"{crowd.statuses}"
        time.sleep(0.1)


@contextmanager
def answering(hosts: Whole, codes: int) -> Iterator[Crowd]:
    """A crowd that answers until the block ends."""
    crowd = Crowd(None, hosts.made.codes(codes), size=sized(3, 8), double_taps=0.3, second_thoughts=0.05, reads=0.2)
    crowd.line = hosts.line
    crowd.begin()
    try:
        yield crowd
    finally:
        crowd.end()


def wrong(hosts: Whole, crowd: Crowd) -> list[str]:
    """What the thank-yous promised and the primary does not hold, or holds twice."""
    runs = {app.host.name for app in hosts.apps}
    return breaches(crowd.told, kept(hosts.made), runs) + faults(crowd, stored(hosts.made, crowd))


def test_every_thank_you_is_stored_once_whatever_host_is_lost(shown: Shown) -> None:
    silences: dict[str, list[float]] = {}
    with whole() as hosts:
        # The road is on this machine, and the server is not: its disk is another's to see.
        assert data_folder(hosts.made.engine) == DataFolder(None)
        with answering(hosts, sized(100, 3000)) as crowd:
            for _ in range(TIMES):
                for name in DEEDS if FULL else SHORT:
                    crowd.until(len(crowd.thanked) + BETWEEN)
                    primary = hosts.databases.wait(1)
                    at = time.monotonic()
                    DEEDS[name](hosts, primary)
                    thanked_again(crowd, at + 1.0, AFTERWARDS)
                    silences.setdefault(name, []).append(longest_silence(crowd, at))
                    hosts.heal()
        broken = wrong(hosts, crowd)
        for name, found in silences.items():
            shown("hosts", f"{name}, {len(found)} times under {crowd.size} senders with double taps",
                  f"thanked again after {quantile(found, 0.5):.1f} s, p99 {quantile(found, 0.99):.1f} s", n=len(found),
                  seed=SEED)  # fmt: skip
        shown("hosts", "all of these", f"{crowd.statuses[THANKED]} thank-yous for {len(crowd.thanked)} answers: "
              f"{broken or 'each stored once'}", n=len(crowd.sent))  # fmt: skip
        assert broken == []
        assert all(line.ok for line in reconcile(hosts.made.engine))
        assert not FULL or max(quantile(found, 0.99) for found in silences.values()) <= BACK_WITHIN


def lag_then_lose(hosts: Whole, crowd: Crowd, patience: float) -> int:
    """Let the primary's log reach nobody for so long, then lose its host; how many were thanked meanwhile."""
    primary = hosts.databases.wait(2)
    for each in primary.all_here():
        if "walsender" in " ".join(each.cmdline()):
            each.send_signal(signal.SIGSTOP)
    before, end = len(crowd.thanked), time.monotonic() + patience
    while time.monotonic() < end and len(crowd.thanked) < before + 20:
        time.sleep(0.1)
    primary.lose()
    return len(crowd.thanked) - before


@pytest.mark.parametrize("kind", sized(["control"], ["synchronous", "control"]))
def test_standbys_that_lag_lose_nothing_unless_nobody_waits_for_them(kind: str, shown: Shown) -> None:
    control = kind == "control"
    with whole(ASYNCHRONOUS if control else None) as hosts:
        with answering(hosts, 0) as crowd:
            crowd.until(BETWEEN)
            meanwhile = lag_then_lose(hosts, crowd, 30.0 if control else 5.0)
            at = time.monotonic()
            thanked_again(crowd, at, AFTERWARDS)
        broken = wrong(hosts, crowd)
    shown("hosts", "both standbys fall behind, then the primary's host is lost"
          + (", replication that no commit waits for" if control else ""),
          f"{meanwhile} thanked meanwhile; {', '.join(broken) or 'each stored once'}", n=len(crowd.sent), seed=SEED,
          control=control)  # fmt: skip
    assert any("thanked and lost" in each for each in broken) is control, broken
