"""Hosts in network namespaces of their own, joined by a bridge: each can be cut off, or lose all that runs on it.

This needs root, as the containers that tests run in give it. Where it can't be had the tests fail and say so: a
failover that nobody has tried is none.
"""

import itertools
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_numbers = itertools.count(1)


def run(*command: str) -> str:
    """Run a command of the system's; its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr or done.stdout}"
    return done.stdout


@dataclass
class Host:
    """A host: a name, an address, and what runs there."""

    name: str
    address: str
    namespace: str
    link: str
    folder: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        environ: Mapping[str, str] | None = None,
        user: str = "",
        cwd: Path = Path("/"),
    ) -> None:
        """Start a program there; what it prints stands in a file of its name."""
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        inside = ["ip", "netns", "exec", self.namespace, *as_user, *map(str, command)]
        with self.log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                inside, env={**os.environ, **(environ or {})}, stdout=log, stderr=log, cwd=cwd, start_new_session=True
            )

    def log(self, name: str) -> Path:
        """Where a program's words are."""
        return self.folder / f"{self.name}-{name}.log"

    def runs(self, name: str) -> bool:
        """Whether a program runs there."""
        return name in self.processes and self.processes[name].poll() is None

    def cut(self) -> None:
        """Pull the plug of its network."""
        run("ip", "link", "set", self.link, "down")

    def join(self) -> None:
        """Put the plug back."""
        run("ip", "link", "set", self.link, "up")

    def family(self, name: str) -> list[psutil.Process]:
        """A program and what it has started, itself first."""
        with suppress(psutil.NoSuchProcess):
            mother = psutil.Process(self.processes[name].pid)
            return [mother, *mother.children(recursive=True)]
        return []

    def all_here(self) -> list[psutil.Process]:
        """Everything that runs in the namespace."""
        pids = run("ip", "netns", "pids", self.namespace).split()
        found = []
        for pid in pids:
            with suppress(psutil.NoSuchProcess):
                found.append(psutil.Process(int(pid)))
        return found

    def lose(self) -> None:
        """Lose the host: all of it at once, kill -9."""
        self.cut()
        for each in self.all_here():
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
        for process in self.processes.values():
            process.wait(20)
        psutil.wait_procs(self.all_here(), timeout=20)
        self.processes.clear()


class Network:
    """A bridge, and the hosts on it."""

    def __init__(self, folder: Path) -> None:
        """Make the bridge; this process's own address on it is the last one."""
        number = next(_numbers)
        self.folder, self.tag = folder, f"{os.getpid()}x{number}"
        self.prefix = f"10.{200 + os.getpid() % 50}.{os.getpid() // 50 % 250}"
        self.bridge = f"sju{self.tag}"[:15]
        self.hosts: dict[str, Host] = {}
        assert os.geteuid() == 0, "The tests of several hosts make network namespaces, which only root may do."
        run("ip", "link", "add", self.bridge, "type", "bridge")
        run("ip", "addr", "add", f"{self.prefix}.254/24", "dev", self.bridge)
        run("ip", "link", "set", self.bridge, "up")

    @property
    def here(self) -> str:
        """The address of this process's own end."""
        return f"{self.prefix}.254"

    def add(self, name: str) -> Host:
        """Another host."""
        number = len(self.hosts) + 1
        space, link, inner = f"sju{self.tag}{name}", f"sj{self.tag}{number}"[:15], f"si{self.tag}{number}"[:15]
        host = Host(name, f"{self.prefix}.{number}", space, link, self.folder)
        run("ip", "netns", "add", space)
        self.hosts[name] = host
        run("ip", "link", "add", link, "type", "veth", "peer", "name", inner)
        run("ip", "link", "set", inner, "netns", space)
        run("ip", "link", "set", link, "master", self.bridge, "up")
        for command in (
            ("addr", "add", f"{host.address}/24", "dev", inner),
            ("link", "set", inner, "up"),
            ("link", "set", "lo", "up"),
        ):
            run("ip", "-n", space, *command)
        return host

    def remove(self) -> None:
        """End what runs on the hosts, and take them away."""
        for host in self.hosts.values():
            host.lose()
            run("ip", "netns", "del", host.namespace)
            with suppress(AssertionError):  # goes with its namespace, in a moment
                run("ip", "link", "del", host.link)
        run("ip", "link", "del", self.bridge)


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """A network until the block ends."""
    made = Network(folder)
    try:
        yield made
    finally:
        made.remove()
