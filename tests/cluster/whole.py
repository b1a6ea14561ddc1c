"""A whole installation on several hosts: three databases, two apps, what stands in front, and an open round."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from survey.config import read_settings
from survey.sealing.keys.handing_over import keep, keys_here
from survey.sealing.keys.key_storage import volumes_of
from tests.attacks.running import ROUND, Client, Instance, free_port, instance
from tests.cluster.apps import App, balancer, road
from tests.cluster.databases import Databases
from tests.cluster.network import Network, network
from tests.deploy.proxies import Front

PASSWORD = "survey-of-the-tests"
# In memory where there is such a folder: nothing here cuts the power, and a busy disk would be measured with the rest.
FOLDERS = "/dev/shm" if Path("/dev/shm").is_dir() else None


@dataclass(frozen=True)
class Whole:
    """The parts of it."""

    net: Network
    databases: Databases
    apps: list[App]
    made: Instance
    front: Front

    def line(self) -> Client:
        """A resident's line to whatever stands in front."""
        return self.front.client()

    def heal(self) -> None:
        """Start again what was lost, join what was cut, and wait until all is as at the beginning."""
        for host in self.net.hosts.values():
            host.join()
        gone = [host for host in self.databases.hosts if not host.runs("patroni")]
        if gone:
            self.databases.start(gone)
        for app in self.apps:
            if not app.host.runs("resident"):
                app.start()
        self.databases.wait(len(self.databases.hosts) - 1)
        for app in self.apps:
            app.wait()


def app_folder(made: Instance, name: str) -> Path:
    """An app host's own instance: the same settings, and key volumes with nothing on them."""
    folder = made.folder.parent / f"{name}-instance"
    folder.mkdir()
    shutil.copy(made.folder / "config.toml", folder / "config.toml")
    return folder


@contextmanager
def whole(change: Mapping[str, str] | None = None) -> Iterator[Whole]:
    """An installation on hosts of its own until the block ends; `change`: what a control's Patroni has otherwise."""
    with (
        tempfile.TemporaryDirectory(prefix="sju-hosts-", dir=FOLDERS, ignore_cleanup_errors=True) as name,
        network(Path(name)) as net,
    ):
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        hosts = [net.add(f"db{n}") for n in (1, 2, 3)]
        databases = Databases(hosts, folder, change)
        databases.start()
        databases.wait()
        databases.execute(f"CREATE ROLE survey LOGIN PASSWORD '{PASSWORD}' IN ROLE pg_read_all_settings")
        databases.execute("CREATE DATABASE survey OWNER survey")
        url = f"postgresql://survey:{PASSWORD}@127.0.0.1:{port}/survey?sslmode=require&target_session_attrs=read-write"
        with road(port, hosts, folder, url), instance(folder / "instance", url) as made:
            apps = [App(net.add(f"app{n}"), hosts, app_folder(made, f"app{n}"), port) for n in (1, 2)]
            for app in apps:
                app.start()
            for app in apps:
                app.wait("keys")
                keep(volumes_of(read_settings(app.instance, "resident")), keys_here(made.volumes, ROUND, private=False))
                app.wait()
            with balancer(folder / "front", apps) as front:
                yield Whole(net, databases, apps, made, front)
