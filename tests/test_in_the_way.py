"""What stands in a command's way is said in a sentence that tells what to do, and nothing is half done."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from survey.app import create_app
from survey.cli.errors import with_clear_errors
from survey.config import SettingsError, read_settings
from survey.domain.places.place_tree import Place
from survey.store.core import places
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.maintenance.migrate import upgrade
from tests.postgres import Cluster

Install = Callable[..., Flask]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """An instance with a database of its own; without an address, a SQLite file that is not there yet."""

    def install(database: str = "") -> Flask:
        (tmp_path / "config.toml").write_text(f'secret = "{"s" * 40}"\ndemo = true\ndatabase = "{database}"\n')
        return create_app("all", tmp_path)

    return install


def run(app: Flask, *arguments: str) -> Result:
    with app.app_context():
        done = app.test_cli_runner().invoke(args=[*arguments])
    assert done.exit_code == 1 and "Traceback" not in done.output
    assert isinstance(done.exception, SystemExit), done.exception
    return done


def test_a_server_that_lets_nobody_in_is_quoted(install: Install, cluster: Cluster, tmp_path: Path) -> None:
    said = run(install(cluster.url("postgres", user="a_stranger")), "db", "upgrade").output
    assert "The database can't be reached:" in said and '"a_stranger" does not exist' in said and "config.toml" in said
    said = run(install(f"postgresql+psycopg://survey@/survey?host={tmp_path}"), "check").output
    assert "The database can't be reached:" in said and "No such file" in said


def test_a_database_without_its_tables_is_to_be_upgraded(install: Install, cluster: Cluster) -> None:
    cluster.execute("CREATE DATABASE bare")
    for address in ("", cluster.url("bare")):
        assert "flask --app wsgi db upgrade" in run(install(address), "accounts", "new-link", "a@region.example").output


def test_a_file_that_may_not_be_touched_is_named() -> None:
    @with_clear_errors
    def refused() -> None:
        raise PermissionError(13, "Permission denied", "/keys-a/private")

    with pytest.raises(Exception, match=r"^/keys-a/private: Permission denied\. Run it as the worker's account"):
        refused()


def test_the_demo_is_not_mixed_with_somebodys_own_places(install: Install) -> None:
    app = install()
    engine = app.extensions["services"].engine
    upgrade(engine)
    own = [Place("prov", "Region Prov", "region")]
    with write_transaction(engine) as connection:
        places.save_places(connection, own)
    assert "places of your own" in run(app, "demo").output
    with read_transaction(engine) as connection:
        assert places.all_places(connection) == own


def test_a_key_that_nothing_waits_under_is_no_change_of_somebody_elses(install: Install) -> None:
    app = install()
    upgrade(app.extensions["services"].engine)
    assert "Nothing waits with the key x. `accounts waiting`" in run(app, "accounts", "confirm", "x").output


def test_who_has_no_settings_is_led_to_some(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as stopped:
        read_settings(tmp_path)
    assert "docs/operating.md" in stopped.value.message
