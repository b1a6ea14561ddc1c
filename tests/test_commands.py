"""The command line as an operator meets it: what is refused with a sentence, and what may be run again."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from click.testing import Result

from survey.__main__ import note_port
from survey.cli.errors import ROUND_FAULTS
from survey.domain.rounds.lifecycle import RoundFault
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts, translation_approvals
from tests.answering import ROUND, Answering, make_answering
from tests.language_folders import SHOWN

Run = Callable[..., Result]
PASSWORD = ("--password", "ett lösenord som är långt nog")


@pytest.fixture
def trial(tmp_path: Path) -> Answering:
    return make_answering(tmp_path / "instance", part="all", demo=True)


@pytest.fixture
def run(trial: Answering) -> Run:
    def run(*arguments: str) -> Result:
        with trial.app.app_context():
            return trial.app.test_cli_runner().invoke(args=[*arguments])

    return run


@pytest.mark.parametrize(
    ("email", "role", "place", "words"),
    [
        ("inte en adress", "unit", "froso", "is no e-mail address"),
        ("a@", "unit", "froso", "is no e-mail address"),
        ("a@region.example", "unit", "nowhere", "There is no place nowhere"),
        ("a@region.example", "unit", "jamtland-harjedalen", "a unit account needs a unit"),
        ("a@region.example", "followup", "froso", "a followup account needs a region or municipality"),
        ("a@region.example", "coordinator", "froso", "a coordinator account needs a region or municipality"),
    ],
)
def test_an_account_that_could_not_work_is_refused(
    trial: Answering, run: Run, email: str, role: str, place: str, words: str
) -> None:
    refused = run("accounts", "add", email, "--role", role, "--place", place, *PASSWORD)
    assert refused.exit_code == 1
    assert words in refused.output
    with read_transaction(trial.house.engine) as connection:
        assert accounts.account_by_email(connection, email) is None


def test_an_account_is_added_once(run: Run) -> None:
    wanted = ("accounts", "add", "lena@region.example", "--role", "unit", "--place", "froso", *PASSWORD)
    assert run(*wanted).output == "lena@region.example can sign in at /staff.\n"
    assert run(*wanted).exit_code == 1


def test_a_text_on_the_command_line_is_written_as_anywhere_else(run: Run, trial: Answering) -> None:
    days = ("--opens", "2027-02-01", "--closes", "2027-03-01")
    assert run("round", "add", "2027-var\u200b", "--name", " Va\u030aren\u00a02027\u202e", *days).exit_code == 0
    with read_transaction(trial.house.engine) as connection:
        found = rounds.get_round(connection, "2027-var")
    assert found is not None and found.name == "Våren 2027"
    refused = run("round", "add", "x", "--name", "a\ue0ff", *days)
    assert refused.exit_code == 2 and "can't be shown" in refused.output


def test_a_round_may_be_added_again_just_so(run: Run) -> None:
    wanted = ("round", "add", "2027-var", "--name", "Våren 2027", "--opens", "2027-02-01", "--closes", "2027-03-01")
    assert run(*wanted).exit_code == 0
    again = run(*wanted)
    assert (again.exit_code, again.output) == (0, "Round 2027-var is here already, just so. It is draft.\n")
    other = run(*wanted[:-1], "2027-04-01")
    assert other.exit_code == 1
    assert "with other days or settings" in other.output


def test_the_codes_say_what_they_are_for_beside_them(run: Run) -> None:
    made = run("codes", "froso", "--role", "provider", "--count", "3")
    assert made.exit_code == 0, made.output
    assert made.stderr == "Codes for Frösö hälsocentral, Hösten 2026, provider: 3. They can't be shown again.\n"
    assert len(made.stdout.splitlines()) == 3


def test_a_round_that_is_in_the_way_is_named_in_the_commands_own_language(run: Run) -> None:
    wanted = ("round", "add", "2027-var", "--name", "Våren 2027", "--opens", "2027-02-01", "--closes", "2027-03-01")
    assert run(*wanted).exit_code == 0
    refused = run("round", "open", "2027-var")
    assert refused.exit_code == 1
    said = f"Error: Round 2027-var: Another round is open: {ROUND}. Close that one first."
    assert refused.output.splitlines()[-1] == said


def test_a_round_that_a_command_opens_keeps_its_languages(run: Run, trial: Answering) -> None:
    with write_transaction(trial.house.engine) as connection:
        rounds.set_state(connection, ROUND, "closing")
        rounds.set_state(connection, ROUND, "closed")
    wanted = ("round", "add", "2027-var", "--name", "Våren 2027", "--opens", "2027-02-01", "--closes", "2027-03-01")
    assert run(*wanted).exit_code == 0
    opened = run("round", "open", "2027-var")
    assert opened.exit_code == 0, opened.output
    with read_transaction(trial.house.engine) as connection:
        assert translation_approvals.languages_offered_in(connection, "2027-var") == {*SHOWN}


def test_a_link_made_beside_a_demo_has_the_demos_port(run: Run, trial: Answering) -> None:
    run("accounts", "add", "lena@region.example", "--role", "unit", "--place", "froso", *PASSWORD)
    assert run("accounts", "new-link", "lena@region.example").output.startswith("http://127.0.0.1:8000/staff/")
    note_port(trial.house.settings.instance, 8013)
    assert run("accounts", "new-link", "lena@region.example").output.startswith("http://127.0.0.1:8013/staff/")


def test_every_code_why_a_round_is_refused_has_its_words() -> None:
    assert set(ROUND_FAULTS) == set(get_args(RoundFault))


def test_faults_of_a_file_are_told_in_the_commands_own_language(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "platser.csv"
    file.write_text(
        "nyckel;namn;nivå;hör_till;huvudman;hsa_id\nåre;Åre;kommun;ingen;;\nx;;by;;;\ny;;by;;;\n", encoding="utf-8"
    )
    refused = run("places", "import", str(file))
    assert refused.exit_code == 1
    assert "Line 2: the key “åre” may have only a–z, 0–9 and single hyphens" in refused.output
    assert "Line 2: there is no place “ingen”, which it belongs to." in refused.output
    assert "Line 3–4: the name is missing." in refused.output
    assert not set("åäö") & set(refused.output.replace("åre", "").replace("nivå", "").replace("å, ä, ö", ""))
    file.write_bytes(b"PK\x03\x04\0\0")
    assert "Save it as CSV" in run("places", "import", str(file)).output
