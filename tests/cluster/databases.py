"""Three database hosts as deploy/ has them: etcd, Patroni and PostgreSQL on each, with the files that stand there.

Only what differs between installations is written here, as in place.env: names, addresses, folders, passwords.
"""

import json
import os
import secrets
import shutil
import signal
import time
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from tests.attacks.running import ROOT
from tests.cluster.network import Host, run

DEPLOY = ROOT / "deploy"
OWNER = "postgres"
WITHIN = 120.0


def place(path: Path) -> list[str]:
    """The names that a place.env sets."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[0] for line in lines if line and not line.startswith("#")]


def filled(path: Path, values: Mapping[str, str]) -> Mapping[str, str]:
    """A place.env with other values; exactly those that stand there."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = {name: value for name, _, value in (line.partition("=") for line in lines)}
    assert set(values) <= set(found), set(values) - set(found)
    return {**found, **values}


class Databases:
    """etcd, Patroni and PostgreSQL on some hosts."""

    def __init__(self, hosts: Iterable[Host], folder: Path, change: Mapping[str, str] | None = None) -> None:
        """Write what each host needs; nothing is started yet. `change`: what a control has otherwise."""
        self.hosts, self.folder, self.change = list(hosts), folder, change or {}
        self.passwords = {name: secrets.token_hex(16) for name in ("SUPERUSER", "REPLICATION", "REWIND")}
        for host in self.hosts:
            for each in ("", "etcd", "etc", "run"):
                (self.home(host) / each).mkdir(mode=0o700)
            self._configure(self.home(host))
            for each in (self.home(host), *self.home(host).rglob("*")):
                shutil.chown(each, OWNER, OWNER)

    def home(self, host: Host) -> Path:
        """A host's own folder."""
        return self.folder / host.name

    def _configure(self, home: Path) -> None:
        """Write /etc/patroni of a host: the file of deploy/ with other folders, and a certificate."""
        text = (DEPLOY / "patroni" / "patroni.yml").read_text(encoding="utf-8")
        for there, here in (("/etc/patroni/", f"{home}/etc/"), ("/var/run/postgresql", f"{home}/run")):
            assert there in text
            text = text.replace(there, here)
        for pattern, other in self.change.items():
            assert pattern in text
            text = text.replace(pattern, other)
        (home / "etc" / "config.yml").write_text(text, encoding="utf-8")
        key, crt = home / "etc" / "server.key", home / "etc" / "server.crt"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=database",
            "-keyout", str(key), "-out", str(crt))  # fmt: skip
        key.chmod(0o600)

    def etcd_environ(self, host: Host) -> Mapping[str, str]:
        """What /etc/default/etcd says on a host."""
        peers = ",".join(f"{each.name}=http://{each.address}:2380" for each in self.hosts)
        return filled(
            DEPLOY / "etcd" / "place.env",
            {
                "ETCD_NAME": host.name,
                "ETCD_LISTEN_PEER_URLS": f"http://{host.address}:2380",
                "ETCD_INITIAL_ADVERTISE_PEER_URLS": f"http://{host.address}:2380",
                "ETCD_LISTEN_CLIENT_URLS": f"http://{host.address}:2379,http://127.0.0.1:2379",
                "ETCD_ADVERTISE_CLIENT_URLS": f"http://{host.address}:2379",
                "ETCD_INITIAL_CLUSTER": peers,
                "ETCD_DATA_DIR": str(self.home(host) / "etcd"),
            },
        )

    def patroni_environ(self, host: Host) -> Mapping[str, str]:
        """What /etc/patroni_env.conf says on a host."""
        return filled(
            DEPLOY / "patroni" / "place.env",
            {
                "PATRONI_NAME": host.name,
                "PATRONI_RESTAPI_LISTEN": f"{host.address}:8008",
                "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{host.address}:8008",
                "PATRONI_POSTGRESQL_LISTEN": f"{host.address}:5432",
                "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{host.address}:5432",
                "PATRONI_POSTGRESQL_DATA_DIR": str(self.data(host)),
                "PATRONI_POSTGRESQL_PGPASS": str(self.home(host) / "pgpass"),
                "PATRONI_ETCD_HOSTS": ",".join(f"'{each.address}:2379'" for each in self.hosts),
                **{f"PATRONI_{name}_PASSWORD": word for name, word in self.passwords.items()},
            },
        )

    def data(self, host: Host) -> Path:
        """Where PostgreSQL's files are on a host."""
        return self.home(host) / "data"

    def start(self, hosts: Iterable[Host] = ()) -> None:
        """Start etcd and Patroni, on all hosts or on these."""
        for host in hosts or self.hosts:
            host.start("etcd", ["/usr/bin/etcd"], self.etcd_environ(host), OWNER)
            environ = {**self.patroni_environ(host), "HOME": str(self.home(host))}
            host.start("patroni", ["/usr/bin/patroni", self.home(host) / "etc" / "config.yml"], environ, OWNER)

    def status(self, host: Host) -> Mapping[str, object]:
        """What a host's Patroni says of itself; nothing where it does not answer."""
        with (
            suppress(OSError, ValueError),
            urllib.request.urlopen(f"http://{host.address}:8008/patroni", timeout=1) as it,
        ):
            return dict(json.load(it))
        return {}

    def primary(self) -> Host | None:
        """The host whose Patroni holds the leader's place."""
        return next((host for host in self.hosts if self._is(host, "primary")), None)

    def stands_by(self, host: Host) -> bool:
        """Whether a host is the one that may take over: it has all that was thanked for, and etcd says so."""
        return self._is(host, "sync")

    def _is(self, host: Host, what: str) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://{host.address}:8008/{what}", timeout=1) as reply:
            reply.read()
            return bool(reply.status == 200)
        return False

    def wait(self, replicas: int = 2, within: float = WITHIN) -> Host:
        """Wait for a primary with so many that stream from it, one of them synchronous; the primary."""
        end = time.monotonic() + within
        while True:
            primary = self.primary()
            if primary and len(self.streaming(primary)) >= replicas and self._covered():
                return primary
            assert time.monotonic() < end, self.said()
            time.sleep(0.2)

    def _covered(self) -> bool:
        """Whether somebody may take over; always so where no commit waits for anybody."""
        return bool(self.change) or any(map(self.stands_by, self.hosts))

    def streaming(self, primary: Host) -> Mapping[str, str]:
        """Who streams from a host, and how: sync or async."""
        replication = self.status(primary).get("replication") or []
        assert isinstance(replication, list)
        return {
            each["application_name"]: each["sync_state"] for each in replication if each.get("state") == "streaming"
        }

    def kill_postgres(self, host: Host) -> None:
        """kill -9 of the server, not of what minds it."""
        pid = int((self.data(host) / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the administrator, on the primary over its own socket."""
        primary = self.wait(1)
        command = [
            "psql",
            "-h",
            str(self.home(primary) / "run"),
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            statement,
        ]
        run("setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups", *command)

    def said(self) -> str:
        """The last words of every program."""
        found = []
        for host in self.hosts:
            for path in sorted(self.folder.glob(f"{host.name}-*.log")):
                found.append(f"== {path.name}\n{path.read_text(errors='replace')[-1500:]}")
        return "\n".join(found)
