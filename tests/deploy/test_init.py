"""`flask init`: from ten answers to a green check, on both databases; run again it changes nothing that is there."""

import hashlib
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from survey.cli.install import peer_map
from survey.cli.install.accounts import Owners
from survey.cli.install.answers import OVER_THE_SOCKET, QUESTIONS, Answers, ask
from survey.cli.install.command import command
from survey.cli.install.folders import ensure_key_folders
from survey.cli.install.report import Report
from survey.cli.install.settings_files import as_toml, inner_settings, resident_database, resident_settings
from survey.config import Settings, SettingsError, read_settings
from survey.store.database.engine import DatabaseFault, read_transaction
from survey.store.tables import place
from tests.attacks.running import ROOT
from tests.postgres import Cluster

PLACES = str(ROOT / "docs" / "examples" / "places.csv")
TRIAL = ("--trial", "--region-name", "Region Exempel", "--contact", "enkat@region.example")
# As root hands over to the worker's account, which a machine that tests has not: here all is one account's.
MINE = Owners(0, 0, 0, 0, switch=False)


@pytest.fixture
def init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    def run(*arguments: str, answers: str = "") -> Result:
        return CliRunner().invoke(command, [*TRIAL, *arguments], input=answers)

    return run


def files(folder: Path) -> dict[str, str]:
    """Every file but what SQLite lays beside its own, by its hash."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def made(result: Result) -> list[str]:
    return [line for line in result.output.splitlines() if line.startswith("made")]


@pytest.mark.slow
def test_sqlite_ends_green_and_again_changes_nothing(init: Callable[..., Result], tmp_path: Path) -> None:
    first = init("--database", "", "--resident-folder", "", "--places", PLACES)
    assert first.exit_code == 0, first.output
    assert "All is as promised" in first.output and "FAULT" not in first.output
    before = files(tmp_path)
    again = init()
    assert again.exit_code == 0 and made(again) == [], again.output
    assert files(tmp_path) == before
    assert (tmp_path / "instance" / "config.toml").stat().st_mode & 0o777 == 0o640


@pytest.fixture
def region(cluster: Cluster) -> Iterator[str]:
    """A name of database and role that is nobody's, gone afterwards."""
    name = f"survey_{secrets.token_hex(4)}"
    yield name
    for each in (name, f"{name}_drill"):
        cluster.execute(f"DROP DATABASE IF EXISTS {each} WITH (FORCE)")
    cluster.execute(f"DROP ROLE IF EXISTS {name}_resident, {name}_staff, {name}_worker, {name}")
    cluster.execute("ALTER SYSTEM RESET ALL")
    cluster.execute("SELECT pg_reload_conf()")


@pytest.mark.slow
def test_postgresql_gets_roles_database_and_rights(
    init: Callable[..., Result], region: str, cluster: Cluster, tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    url = cluster.url(region, region).replace("postgresql:", "postgresql+psycopg:")
    where = ("--administrator", cluster.url("postgres"), "--resident-folder", str(tmp_path / "resident"))
    first = init("--database", url, *where, "--places", PLACES)
    assert first.exit_code == 0, first.output
    inner, outer = read_settings(tmp_path / "instance"), read_settings(tmp_path / "resident", "resident")
    assert outer.resident_key("x") == inner.resident_key("x") and not outer.secret
    resident = open_engine(outer.database_url)
    with read_transaction(resident) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(place)) > 1
        with pytest.raises(DatabaseFault):
            connection.execute(sa.text("SELECT sealed FROM envelope"))
    before = files(tmp_path)
    again = init(*where)
    assert again.exit_code == 0 and made(again) == [], again.output
    assert files(tmp_path) == before


def test_a_server_that_nobody_may_ask_is_said_and_the_rest_goes_on(init: Callable[..., Result], tmp_path: Path) -> None:
    result = init(
        "--database", "postgresql+psycopg://survey@db.invalid/survey", "--resident-folder", "", "--places", ""
    )
    assert result.exit_code == 1
    assert "FAULT  database" in result.output and "--administrator" in result.output
    assert "FAULT  tables" in result.output and "Put right each FAULT" in result.output


ANSWERS = Answers(
    region_name="Region Åland",
    resident_address="https://svara.region.example",
    staff_address="https://enkat.region.example",
    contact="enkat@region.example",
    database=OVER_THE_SOCKET,
    resident_folder="/var/lib/sju-fragor-resident",
    private_volume="/srv/private-keys",
    pepper_volume="/srv/pepper-keys",
    keys_not_backed_up=True,
    places="",
)


def test_there_are_ten_questions_and_each_is_an_option() -> None:
    assert len(QUESTIONS) <= 10
    assert {each.option for each in QUESTIONS} < {option for param in command.params for option in param.opts}


def test_what_is_not_given_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def prompt(words: str, **options: object) -> object:
        asked.append(words)
        return options["default"]

    monkeypatch.setattr("survey.cli.install.answers.click.prompt", prompt)
    ask({"region_name": "Region Exempel"}, trial=False)
    assert asked == [each.words for each in QUESTIONS[1:]]
    asked.clear()
    trial = ask({}, trial=True)
    assert asked == [each.words for each in QUESTIONS if each.in_trial]
    assert (trial.private_volume, trial.keys_not_backed_up) == ("", False)


def test_a_wrong_answer_leaves_nothing_behind(init: Callable[..., Result], tmp_path: Path) -> None:
    given = ("--database", "", "--resident-folder", "", "--places", "")
    assert init(*given, "--staff-address", "enkat.region.example").exit_code == 2
    assert init("--database", "mysql://x", "--resident-folder", "", "--places", "").exit_code == 2
    assert init("--database", "", "--resident-folder", "", "--places", str(tmp_path / "none.csv")).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_settings_that_are_half_there_are_not_mixed(init: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "resident").mkdir()
    (tmp_path / "resident" / "config.toml").write_text("# from before\n", encoding="utf-8")
    refused = init("--database", "", "--resident-folder", str(tmp_path / "resident"), "--places", "")
    assert refused.exit_code == 1 and "which it belongs with" in refused.output
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize("part", ["all", "resident"])
def test_each_part_starts_with_its_file(part: str, tmp_path: Path) -> None:
    database = resident_database(ANSWERS, tmp_path)
    both = {"all": inner_settings(ANSWERS, "s" * 40), "resident": resident_settings(ANSWERS, "s" * 40, database)}
    (tmp_path / "config.toml").write_text(as_toml(both[part]), encoding="utf-8")
    found = read_settings(tmp_path, part)
    assert (found.region_name, found.contact) == ("Region Åland", "enkat@region.example")
    assert (str(found.private_folder), str(found.pepper_folder)) == (
        "/srv/private-keys/private",
        "/srv/pepper-keys/peppers",
    )
    if part == "resident":
        assert database == "postgresql+psycopg://survey_resident@/survey" and not found.secret
        with pytest.raises(SettingsError):
            read_settings(tmp_path, "staff")


def test_a_password_is_each_roles_own(tmp_path: Path) -> None:
    given = Answers(**{**ANSWERS.__dict__, "database": "postgresql+psycopg://survey:hemligt@db/survey"})
    url = sa.make_url(resident_database(given, tmp_path))
    assert url.username == "survey_resident" and url.password and url.password != "hemligt"


def test_a_volume_that_is_not_mounted_gets_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    there = Settings(
        instance=tmp_path, private_keys=str(tmp_path / "a/private"), pepper_keys=str(tmp_path / "b/peppers")
    )
    ensure_key_folders(there, MINE, report)
    assert not report.ok and "is not mounted" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_the_accounts_way_in_is_written_once_and_first(tmp_path: Path) -> None:
    hba, ident = tmp_path / "pg_hba.conf", tmp_path / "pg_ident.conf"
    hba.write_text("local all all peer\n", encoding="utf-8")
    hba.chmod(0o640)
    ident.write_text("# MAPNAME\n", encoding="utf-8")
    asked: list[str] = []

    def ask_server(script: str) -> list[str]:
        asked.append(script)
        return [str(hba), str(ident)] if "SHOW" in script else []

    for address in ("postgresql:///survey", "postgresql://survey@/survey"):
        peer_map.ensure_peer_map(ask_server, sa.make_url(address), Report())
    assert hba.read_text().splitlines() == [
        "local  survey,survey_drill  survey,survey_worker,survey_staff,survey_resident  peer map=survey",
        "local all all peer",
    ]
    assert ident.read_text().splitlines()[1:] == [
        "survey  survey  survey",
        "survey  survey-worker  survey_worker",
        "survey  survey-staff  survey_staff",
        "survey  survey-resident  survey_resident",
    ]
    assert hba.stat().st_mode & 0o777 == 0o640
    assert sum("reload" in script for script in asked) == 1


@pytest.mark.parametrize("typed", ["check", "worker", "db"])
def test_without_settings_only_init_is_a_command(typed: str, tmp_path: Path) -> None:
    run = [sys.executable, "-m", "flask", "--app", "wsgi", typed]
    environ = {"INSTANCE": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    said = subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert said.returncode == 1 and said.stderr.startswith("Error: There is no config.toml"), said.stderr
