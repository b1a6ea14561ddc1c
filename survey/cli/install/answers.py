"""The ten questions of `flask init`, and what was answered. Each is an option too; none is asked twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from survey.domain.text.web_address import AddressFault, parse_origin

POSTGRES = "postgresql"
OVER_THE_SOCKET = f"{POSTGRES}+psycopg:///survey"
RESIDENT_FOLDER = "/var/lib/sju-fragor-resident"


@dataclass(frozen=True)
class Question:
    """A question: the option's name, the words, what is suggested, and how an answer is read."""

    name: str
    words: str
    suggested: Any
    read: Callable[[str], Any] = str
    in_trial: bool = True

    @property
    def option(self) -> str:
        """Return the question as an option of the command line."""
        return f"--{self.name.replace('_', '-')}"


@dataclass(frozen=True)
class Answers:
    """The answers, as they are written into the settings."""

    region_name: str
    resident_address: str
    staff_address: str
    contact: str
    database: str
    resident_folder: str
    private_volume: str
    pepper_volume: str
    keys_not_backed_up: bool
    places: str
    trial: bool = False

    @property
    def on_postgres(self) -> bool:
        """Return whether the database is PostgreSQL; else it is SQLite."""
        return self.database.startswith(POSTGRES)


def _folder(text: str) -> str:
    if text and not Path(text).is_absolute():
        raise click.BadParameter("A folder is named from the top: /srv/…")
    return text


def _origin(text: str) -> str:
    try:
        return parse_origin(text, trial=True)
    except AddressFault as fault:
        raise click.BadParameter(f"It {fault}.") from None


def _database(text: str) -> str:
    if text and not text.startswith((POSTGRES, "sqlite:////")):
        raise click.BadParameter("It begins with postgresql+psycopg:// or sqlite:////, or is empty.")
    return text


def _file(text: str) -> str:
    if text and not Path(text).is_file():
        raise click.BadParameter(f"There is no file {text}.")
    return str(Path(text).absolute()) if text else ""


def _word(text: str) -> bool:
    return click.BOOL.convert(text, None, None)


QUESTIONS = (
    Question("region_name", "The region's name, as residents read it", "Region Exempel"),
    Question("resident_address", "Where residents reach it, https://…", "", _origin, in_trial=False),
    Question("staff_address", "Where staff reach it, https://…", "", _origin, in_trial=False),
    Question("contact", "Where a reader turns with a question about the survey", ""),
    Question("database", "The database; empty: SQLite, for one account alone", OVER_THE_SOCKET, _database),
    Question("resident_folder", "The folder of the settings of residents' part; empty: none", RESIDENT_FOLDER, _folder),
    Question(
        "private_volume", "Where the private keys' volume is mounted", "/srv/private-keys", _folder, in_trial=False
    ),
    Question("pepper_volume", "Where the peppers' volume is mounted", "/srv/pepper-keys", _folder, in_trial=False),
    Question(
        "keys_not_backed_up", "Is it so that no backup or snapshot holds them? yes or no", "no", _word, in_trial=False
    ),
    Question("places", "A CSV file of the region's places; empty: read in later", "", _file),
)


def ask(given: Mapping[str, str | None], trial: bool) -> Answers:
    """Return the answers: those given as options, and the others asked for; raise a usage error for a wrong option."""
    found: dict[str, Any] = {}
    for each in QUESTIONS:
        answer = given.get(each.name)
        if answer is not None:
            found[each.name] = _read(each, answer)
        elif trial and not each.in_trial:
            found[each.name] = False if each.read is _word else ""
        else:
            found[each.name] = click.prompt(each.words, default=each.suggested, value_proc=each.read)
    return Answers(**found, trial=trial)


def _read(question: Question, answer: str) -> Any:
    try:
        return question.read(answer)
    except click.BadParameter as refused:
        raise click.BadParameter(refused.message, param_hint=question.option) from None
